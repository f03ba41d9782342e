import { newId } from "../../shared/ids.ts";
import { nowMs, toIso } from "../../shared/time.ts";
import { copyRows, type Destination } from "./copy.ts";
import { CUT_SIZES } from "./cut.ts";
import { readFacts } from "./facts.ts";
import { readKnown } from "./known.ts";
import {
  type BackedUpTable,
  BEGUN,
  FORMAT,
  MANIFESTS,
  type Manifest,
  manifest,
  type Piece,
} from "./manifest.ts";
import { backupId, keyOf } from "./manifests.ts";
import { onSnapshot, type Snapshot } from "./snapshot.ts";
import { LONGEST_MS } from "./unneeded.ts";

/** What a backup is made of, and where it goes. */
export interface BackupRequest extends Pick<Destination, "store" | "recipients" | "signal" | "onPiece"> {
  /** A direct connection to the database, as a role that reads everything. */
  url: string;
  /** How many rows there are, as the server thinks. */
  onBegin?(rowsEstimated: number): void;
  sizes?: Destination["sizes"];
}

/**
 * Makes a backup. What the store has of it already is not put again, so one that was broken off goes on where it was.
 * @returns what it says of itself, once that is in the store
 */
export async function backUp({
  url,
  onBegin,
  sizes = CUT_SIZES,
  ...request
}: BackupRequest): Promise<Manifest> {
  const { store, recipients, signal } = request;
  const begunMs = nowMs();
  return onSnapshot(url, async (snapshot) => {
    const snapshotAt = toIso(snapshot.atMs);
    const id = backupId(snapshotAt, newId());
    const begun = keyOf(BEGUN, id);
    await store.put(begun, Buffer.from(JSON.stringify({ id, begunAt: toIso(begunMs) })));
    const [leader] = snapshot.lanes as [Snapshot["lanes"][0]];
    const facts = await readFacts(leader.sql);
    const known = await readKnown(store, recipients);
    onBegin?.(snapshot.tables.reduce((sum, { rowsEstimated }) => sum + rowsEstimated, 0));
    const tables = await copyTables(snapshot, { ...request, sizes, known });
    signal.throwIfAborted();
    if (nowMs() - begunMs > LONGEST_MS) {
      throw new Error(
        "It took more than a day: pieces that it counts on may be gone. Run it again, it goes on where it was.",
      );
    }
    const made = manifest.parse({
      ...{ format: FORMAT, id, snapshotAt, finishedAt: toIso(nowMs()), recipients, ...facts, tables },
    });
    await store.put(keyOf(MANIFESTS, id), Buffer.from(JSON.stringify(made)));
    await store.remove([begun]);
    return made;
  });
}

/** Every connection takes the next rows that nobody has taken. */
async function copyTables({ lanes, tables }: Snapshot, destination: Destination): Promise<BackedUpTable[]> {
  const { signal } = destination;
  const parts = tables.map(({ selects }) => selects.map((): Piece[] => []));
  const left = tables
    .flatMap(({ selects }, table) => selects.map((select, part) => ({ table, part, select })))
    .values();
  // A table that is being sorted sends nothing that could be waited for.
  const cut = () => {
    for (const lane of lanes) lane.cut();
  };
  signal.addEventListener("abort", cut);
  const failures: unknown[] = [];
  await Promise.all(
    lanes.map(async (lane) => {
      try {
        for (const { table, part, select } of left) {
          signal.throwIfAborted();
          (parts[table] as Piece[][])[part] = await copyRows(lane, select, destination);
        }
      } catch (error) {
        failures.push(error);
        cut();
      }
    }),
  );
  signal.removeEventListener("abort", cut);
  signal.throwIfAborted();
  if (failures.length > 0) throw failures[0];
  return tables.map(({ name, columns, nullable }, table) => {
    const pieces = (parts[table] ?? []).flat();
    return { name, columns, nullable, rows: pieces.reduce((sum, { rows }) => sum + rows, 0), pieces };
  });
}
