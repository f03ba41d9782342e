import type postgres from "postgres";
import { classifyDatabaseError, openDatabase } from "../../shared/database.ts";
import { log, messageOf } from "../../shared/log.ts";
import { nowMs } from "../../shared/time.ts";
import type { JobContext } from "../polls/outcome.ts";
import { everyKept, type Kept } from "./listing.ts";
import { writeKept } from "./write-kept.ts";

/** What goes into one transaction; compressed to a twentieth, so up to 6 MB of text, and its objects in memory. */
const MOST_MESSAGES = 1_000;
const MOST_BYTES = 300_000;
/** Each is a read of R2, and six may wait at once. */
const MOST_OBJECTS = 24;

/** Every minute: writes what was parked while the database was away, oldest first, until the minute is over. */
export async function feedParked({ env, deadlineMs, outcome }: JobContext): Promise<void> {
  let sql: postgres.Sql | undefined;
  for await (const group of groups(everyKept(env, "parked/waiting/"))) {
    if (nowMs() > deadlineMs) return;
    sql ??= openDatabase(env.DB_INGEST);
    try {
      outcome.itemsReceived += await feed(env, sql, group);
    } catch (error) {
      // They have waited for it, and go on waiting: that is no failure of this job.
      log("warn", "parked_still_waiting", { error: messageOf(error) });
      return;
    }
  }
}

/** @returns How many messages were written. @throws when the database does not answer. */
async function feed(env: Env, sql: postgres.Sql, group: Kept[]): Promise<number> {
  try {
    return (await writeKept(env, sql, keysOf(group))).messages;
  } catch (error) {
    if (classifyDatabaseError(error) === "unreachable") throw error;
    log("error", "parked_not_written", { objects: group.length, error: messageOf(error) });
    if (group.length === 1) return 0;
  }
  // One of them is to blame; it must not hold up the others, and stays for the next minute.
  let messages = 0;
  for (const one of group) messages += await feed(env, sql, [one]);
  return messages;
}

/** Objects that go into one transaction, in their order. */
export async function* groups(objects: AsyncIterable<Kept> | Iterable<Kept>): AsyncGenerator<Kept[]> {
  let group: Kept[] = [];
  for await (const object of objects) {
    const messages = group.reduce((sum, kept) => sum + kept.messages, object.messages);
    const bytes = group.reduce((sum, kept) => sum + kept.bytes, object.bytes);
    const isFull = group.length === MOST_OBJECTS || messages > MOST_MESSAGES || bytes > MOST_BYTES;
    if (isFull && group.length > 0) {
      yield group;
      group = [];
    }
    group.push(object);
  }
  if (group.length > 0) yield group;
}

const keysOf = (group: Kept[]) => group.map(({ key }) => key);
