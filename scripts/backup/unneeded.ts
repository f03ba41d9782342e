import * as z from "zod";
import { parseJson } from "../../shared/text.ts";
import type { Store } from "../store/store.ts";
import { PIECES, UNNEEDED } from "./manifest.ts";
import { idOf, keyOf } from "./manifests.ts";

/** A backup that takes longer is none. */
export const LONGEST_MS = 24 * 3_600_000;

/**
 * A piece that no manifest names may be one that a backup counts on which is being made: it goes so much after it was listed as
 * unneeded. Whoever begins meanwhile does not count on it, and whoever had begun has its manifest there by then, whatever the clocks
 * of two hosts differ by, or takes too long.
 */
export const GRACE_MS = 2 * LONGEST_MS;

const list = z.object({ keys: z.array(z.string().startsWith(PIECES)) });

interface UnneededList {
  key: string;
  putAtMs: number;
  pieces: string[];
}

/** The lists that are kept. @throws where one cannot be read: nobody knows then what is going to go */
export async function readUnneeded(store: Store): Promise<UnneededList[]> {
  const lists: UnneededList[] = [];
  for await (const { key, putAtMs } of store.list(UNNEEDED)) {
    if (idOf(key, UNNEEDED) === null) continue;
    const body = await store.get(key);
    // Somebody else has just done with it.
    if (body === null) continue;
    const { data } = list.safeParse(parseJson(new TextDecoder().decode(body)));
    if (!data) throw new Error(`${key} in ${store.name} cannot be read: remove it, and try again.`);
    lists.push({ key, putAtMs, pieces: data.keys });
  }
  return lists;
}

/**
 * Removes pieces that were listed long enough ago and that still no manifest names, and lists those that none names now.
 * @param id The backup after which it is done.
 * @param named Keys that manifests name.
 * @returns how many went
 */
export async function removeUnneeded(
  store: Store,
  id: string,
  named: ReadonlySet<string>,
  nowMs: number,
): Promise<number> {
  const lists = await readUnneeded(store);
  const old = lists.filter(({ putAtMs }) => nowMs - putAtMs > GRACE_MS);
  const going = new Set(old.flatMap(({ pieces }) => pieces).filter((key) => !named.has(key)));
  await store.remove([...going]);
  await store.remove(old.map(({ key }) => key));

  const waiting = new Set(lists.filter((one) => !old.includes(one)).flatMap(({ pieces }) => pieces));
  const keys: string[] = [];
  for await (const { key } of store.list(PIECES)) {
    if (!named.has(key) && !waiting.has(key)) keys.push(key);
  }
  if (keys.length > 0) await store.put(keyOf(UNNEEDED, id), Buffer.from(JSON.stringify({ keys })));
  return going.size;
}
