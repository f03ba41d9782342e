import type postgres from "postgres";
import { classifyDatabaseError, databaseAnswers, openDatabase } from "../../shared/database.ts";
import { log, messageOf } from "../../shared/log.ts";
import { nowMs } from "../../shared/time.ts";
import type { JobContext } from "../polls/outcome.ts";
import { bury } from "./bury.ts";
import { everyKept, type Kept } from "./listing.ts";
import { writeKept } from "./write-kept.ts";

/** What goes into one transaction; compressed to a twentieth, so up to 6 MB of text, and its objects in memory. */
const MOST_MESSAGES = 1_000;
const MOST_BYTES = 300_000;
/** Each is a read of R2, and six may wait at once. */
const MOST_OBJECTS = 24;

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
  const [only, ...others] = group;
  try {
    return { messages: (await writeKept(env, sql, keysOf(group))).messages };
  } catch (error) {
    const failure = classifyDatabaseError(error);
    if (failure === "unreachable" && !(await databaseAnswers(sql))) throw error;
    log("error", "parked_not_written", {
      objects: group.length,
      key: only?.key,
      error: messageOf(error),
    });
    if (only && others.length === 0) {
      // A statement that fails may succeed after a migration; what else fails alone would only fail again.
      if (failure === "transient" || !(await bury(env, only, messageOf(error)))) {
        return { messages: 0, left: only };
      }
      return { messages: 0 };
    }
  }
  // One of them is to blame; it must not hold up the others.
  const fed: Fed = { messages: 0 };
  for (const one of group) {
    const { messages, left } = await feed(env, sql, [one]);
    fed.messages += messages;
    if (left) fed.left ??= left;
  }
  return fed;
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
