import type { Store } from "../store/store.ts";
import type { Known } from "./copy.ts";
import { piecesOf } from "./manifest.ts";
import { readUnneeded } from "./unneeded.ts";
import { readVerifications } from "./verified.ts";

/** The pieces that the store has and will keep. */
export async function readKnown(store: Store, recipients: readonly string[]): Promise<Known> {
  const unfit = new Set((await readUnneeded(store)).flatMap(({ pieces }) => pieces));
  for (const { damaged } of (await readVerifications(store)).values())
    for (const key of damaged) unfit.add(key);
  const known: Known = new Map();
  const folder = piecesOf(recipients);
  for await (const { key, bytes } of store.list(folder)) {
    const [, textSha256, sha256] = /^([0-9a-f]{64})\.([0-9a-f]{64})$/.exec(key.slice(folder.length)) ?? [];
    if (textSha256 && sha256 && bytes > 0 && !unfit.has(key)) known.set(textSha256, { key, bytes, sha256 });
  }
  return known;
}
