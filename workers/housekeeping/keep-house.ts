import type postgres from "postgres";
import { openDatabase } from "../../shared/database.ts";
import { log, messageOf } from "../../shared/log.ts";
import { nowMs, toIso } from "../../shared/time.ts";
import type { VehicleDay } from "../derive/compute-visits.ts";
import { noteVersions } from "../derive/version-days.ts";
import type { JobContext } from "../polls/outcome.ts";
import { type Retained, retainedTables } from "./retained.ts";

/** A fraction of a second of work, so that nobody waits for its locks. */
const ROWS_PER_ROUND = 5_000;

const DAY_MS = 24 * 3_600_000;

/**
 * Once a day: takes away rows that are older than they need be, in rounds until none is left or the time is over; the next
 * day goes on. Two at once share the work.
 */
export async function keepHouse({ env, startedMs, deadlineMs, outcome }: JobContext): Promise<void> {
  const sql = openDatabase(env.DB_INGEST);
  const removed: Record<string, number> = {};
  const unfinished: string[] = [];
  const errors: unknown[] = [];
  for (const retained of await retainedTables(env, sql)) {
    const { table, days } = retained;
    const before = toIso(startedMs - days * DAY_MS);
    removed[table] = 0;
    try {
      let count: number;
      do {
        count = await removeSome(sql, retained, before);
        removed[table] += count;
        outcome.itemsReceived += count;
      } while (count === ROWS_PER_ROUND && nowMs() < deadlineMs);
      if (count === ROWS_PER_ROUND) unfinished.push(table);
    } catch (error) {
      // One table must not keep the others from being cleared.
      log("error", "rows_not_removed", { table, error: messageOf(error) });
      errors.push(error);
    }
  }
  log("info", "housekeeping", { ...removed, unfinished: unfinished.join() });
  if (errors.length > 0) throw errors[0];
}

/** Takes away a round of rows. @returns How many. */
async function removeSome(
  sql: postgres.Sql,
  { statement, tellsDays }: Retained,
  before: string,
): Promise<number> {
  if (!tellsDays) return (await sql.unsafe(statement, [before, ROWS_PER_ROUND])).count;
  return sql.begin(async (tx) => {
    const rows = await tx.unsafe<VehicleDay[]>(statement, [before, ROWS_PER_ROUND]);
    await noteVersions(tx, rows);
    return rows.length;
  });
}
