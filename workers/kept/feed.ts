import type postgres from "postgres";
import { classifyDatabaseError, openDatabase } from "../../shared/database.ts";
import { log, messageOf } from "../../shared/log.ts";
import { nowMs } from "../../shared/time.ts";
import type { JobContext } from "../polls/outcome.ts";
import { bury } from "./bury.ts";
import { everyKept, type Kept } from "./listing.ts";
import { groups, writeGroup } from "./write-groups.ts";

/** With the database back, nothing waits for longer unless something is wrong. */
const STUCK_AFTER_MS = 15 * 60_000;

/** Every minute: writes what was parked while the database was away, oldest first, until the minute is over. */
export async function feedParked({ env, deadlineMs, outcome }: JobContext): Promise<void> {
  let sql: postgres.Sql | undefined;
  let left: Kept | undefined;
  for await (const group of groups(everyKept(env, "parked/waiting/"))) {
    if (nowMs() > deadlineMs) return;
    sql ??= openDatabase(env.DB_INGEST);
    try {
      const fed = await feed(env, sql, group);
      outcome.itemsReceived += fed.messages;
      left ??= fed.left;
    } catch (error) {
      // They have waited for it, and go on waiting: that is no failure of this job.
      log("warn", "parked_still_waiting", { error: messageOf(error) });
      return;
    }
  }
  if (left && nowMs() - left.keptAt.getTime() > STUCK_AFTER_MS) {
    const message = `${left.key} and perhaps others cannot be written, although the database answers: the log line parked_not_written says why`;
    outcome.failures.push({ what: "parked", failure: { kind: "stuck", message } });
  }
}

/** What came of a group of objects. */
interface Fed {
  messages: number;
  /** The oldest of those that could not be written now. */
  left?: Kept;
}

/** @throws when the database does not answer. */
async function feed(env: Env, sql: postgres.Sql, group: Kept[]): Promise<Fed> {
  const { messages, refused } = await writeGroup(env, sql, group, "parked_not_written");
  const fed: Fed = { messages };
  for (const { object, error } of refused) {
    // A statement that fails may succeed after a migration; what else fails alone would only fail again.
    const mayHeal = classifyDatabaseError(error) === "transient";
    if (mayHeal || !(await bury(env, object, messageOf(error)))) fed.left ??= object;
  }
  return fed;
}
