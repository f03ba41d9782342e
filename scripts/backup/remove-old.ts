import type { Store } from "../store/store.ts";
import { BEGUN, MANIFESTS, VERIFIED } from "./manifest.ts";
import { keyOf, listBackups, type Named, readManifest } from "./manifests.ts";
import { backupsToRemove } from "./retention.ts";
import { GRACE_MS, removeUnneeded } from "./unneeded.ts";
import { readVerifications } from "./verified.ts";

/** What was taken away. */
export interface Removed {
  backups: string[];
  pieces: number;
}

/** The backups that would go if there was one more. */
export async function whatIsOld(store: Store, coming: Named[] = []): Promise<Named[]> {
  const backups = await listBackups(store);
  const verified = await readVerifications(store);
  const newestWell = backups.findLast(({ id }) => verified.get(id)?.isWell);
  return backupsToRemove([...backups, ...coming], newestWell?.id);
}

/**
 * Takes away backups that retention does not keep, then pieces that none names.
 * @param id The backup after which it is done.
 * @throws before anything is removed where a manifest cannot be read: nobody knows which pieces it names
 */
export async function removeOld(store: Store, id: string, nowMs: number): Promise<Removed> {
  const going = new Set((await whatIsOld(store)).map((backup) => backup.id));
  const named = new Set<string>();
  const kept = new Set<string>();
  for (const backup of await listBackups(store)) {
    const { tables } = await readManifest(store, backup.id);
    if (going.has(backup.id)) continue;
    kept.add(backup.id);
    for (const { pieces } of tables) for (const { key } of pieces) named.add(key);
  }
  // A backup without its manifest is none: its pieces may go whenever.
  const backups = [...going];
  await store.remove(backups.map((one) => keyOf(MANIFESTS, one)));
  // What says that a piece is damaged stays while another names it: whoever makes the next must not count on it.
  const notes = [...(await readVerifications(store))].filter(
    ([one, { damaged }]) => !kept.has(one) && !damaged.some((key) => named.has(key)),
  );
  await store.remove(notes.map(([one]) => keyOf(VERIFIED, one)));
  const brokenOff: string[] = [];
  for await (const { key, putAtMs } of store.list(BEGUN)) if (nowMs - putAtMs > GRACE_MS) brokenOff.push(key);
  await store.remove(brokenOff);
  return { backups, pieces: await removeUnneeded(store, id, named, nowMs) };
}
