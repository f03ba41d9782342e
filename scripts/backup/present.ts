import type { Store } from "../store/store.ts";
import { type Manifest, piecesOf } from "./manifest.ts";
import { ofOtherSize } from "./pieces.ts";

/** The pieces of a backup that are not there, or of another size: what one listing tells. */
export async function missingPieces(
  store: Store,
  { recipients, tables }: Pick<Manifest, "recipients" | "tables">,
): Promise<{ key: string; fault: string }[]> {
  const expected = new Map(tables.flatMap(({ pieces }) => pieces.map(({ key, bytes }) => [key, bytes])));
  const faults: { key: string; fault: string }[] = [];
  for await (const { key, bytes } of store.list(piecesOf(recipients))) {
    const size = expected.get(key);
    if (size !== undefined && size !== bytes)
      faults.push({ key, fault: `${key} ${ofOtherSize(bytes, size)}` });
    expected.delete(key);
  }
  for (const key of expected.keys()) faults.push({ key, fault: `${key} is missing.` });
  return faults;
}
