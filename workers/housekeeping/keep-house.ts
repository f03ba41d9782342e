import { openDatabase } from "../../shared/database.ts";
import { log, messageOf } from "../../shared/log.ts";
import { nowMs, toIso } from "../../shared/time.ts";
import type { JobContext } from "../polls/outcome.ts";
import { retainedTables } from "./retained.ts";

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
  for (const { table, days, statement } of await retainedTables(env, sql)) {
    const before = toIso(startedMs - days * DAY_MS);
    removed[table] = 0;
    try {
      let count: number;
      do {
        ({ count } = await sql.unsafe(statement, [before, ROWS_PER_ROUND]));
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
