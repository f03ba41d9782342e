import { nowMs } from "../../shared/time.ts";
import { reasonOf } from "../command.ts";
import type { Store } from "../store/store.ts";
import { BEGUN, type Manifest, type Verification } from "./manifest.ts";
import { idOf, listBackups, type Named, readManifest, snapshotMsOf } from "./manifests.ts";
import { readVerifications } from "./verified.ts";
import { ago, counted, megabytes } from "./words.ts";

/** A backup of a store. */
interface Shown extends Named {
  state: "whole" | "unreadable" | "unfinished";
  /** Why it cannot be read. */
  reason?: string;
  rows?: number;
  textBytes?: number;
  bytes?: number;
  verified?: Verification;
}

/** The backups of a store, oldest first, then those that have no manifest yet. */
export async function showBackups(store: Store): Promise<Shown[]> {
  const verified = await readVerifications(store);
  const whole = await listBackups(store);
  const shown: Shown[] = [];
  for (const backup of whole) {
    const noted = verified.get(backup.id);
    shown.push({ ...backup, ...(await contentsOf(store, backup.id)), ...(noted && { verified: noted }) });
  }
  for await (const { key } of store.list(BEGUN)) {
    const id = idOf(key, BEGUN);
    if (id === null || whole.some((backup) => backup.id === id)) continue;
    shown.push({ id, snapshotMs: snapshotMsOf(id) as number, state: "unfinished" });
  }
  return shown;
}

async function contentsOf(store: Store, id: string): Promise<Omit<Shown, keyof Named>> {
  try {
    return { state: "whole", ...sizeOf(await readManifest(store, id)) };
  } catch (error) {
    return { state: "unreadable", reason: reasonOf(error) };
  }
}

/** What the pieces of a backup add up to. */
export function sizeOf({ tables }: Pick<Manifest, "tables">) {
  const size = { pieces: 0, rows: 0, textBytes: 0, bytes: 0 };
  for (const piece of tables.flatMap(({ pieces }) => pieces)) {
    size.pieces += 1;
    size.rows += piece.rows;
    size.textBytes += piece.textBytes;
    size.bytes += piece.bytes;
  }
  return size;
}

/** The same for people. */
export const rowOf = ({
  id,
  snapshotMs,
  rows,
  textBytes,
  bytes,
  ...backup
}: Shown): Record<string, string> => ({
  id,
  taken: ago(nowMs() - snapshotMs),
  rows: rows === undefined ? "" : counted(rows),
  "text MB": textBytes === undefined ? "" : megabytes(textBytes),
  "stored MB": bytes === undefined ? "" : megabytes(bytes),
  verified: stateWords(backup),
});

const LEVELS = { objects: "every object", rows: "every row", restored: "restored" } as const;

function stateWords({ state, reason = "", verified }: Pick<Shown, "state" | "reason" | "verified">): string {
  if (state === "unfinished") return "being made, or broken off: the next one goes on where it was";
  if (state === "unreadable") return reason;
  if (!verified) return "not yet";
  const when = ago(nowMs() - Date.parse(verified.at));
  return verified.isWell
    ? `${LEVELS[verified.level]}, ${when}`
    : `NOT WELL, ${when}: ${verified.faults[0] ?? ""}`;
}
