import type postgres from "postgres";
import { classifyDatabaseError, databaseAnswers } from "../../shared/database.ts";
import { log, messageOf } from "../../shared/log.ts";
import type { Kept } from "./listing.ts";
import { type KeptWritten, writeKept } from "./write-kept.ts";

/** What goes into one transaction; compressed to a twentieth, so up to 6 MB of text, and its objects in memory. */
const MOST_MESSAGES = 1_000;
const MOST_BYTES = 300_000;
/** Each is a read of R2, and six may wait at once. */
const MOST_OBJECTS = 24;

/** What came of a group of objects. */
export interface GroupWritten extends KeptWritten {
  /** Objects that cannot be written even alone, the oldest first. */
  refused: { object: Kept; error: unknown }[];
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

/**
 * Writes a group of objects; where that is refused, each alone.
 * @param event the log line of a refusal
 * @throws when the database does not answer.
 */
export async function writeGroup(
  env: Env,
  sql: postgres.Sql,
  group: Kept[],
  event: "parked_not_written" | "redrive_refused",
): Promise<GroupWritten> {
  const [object, ...others] = group;
  const sum: GroupWritten = { messages: 0, stillHeld: 0, refused: [] };
  if (object === undefined) return sum;
  try {
    const keys = group.map(({ key }) => key);
    return { ...(await writeKept(env, sql, keys)), refused: [] };
  } catch (error) {
    if (classifyDatabaseError(error) === "unreachable" && !(await databaseAnswers(sql))) throw error;
    log("error", event, { objects: group.length, key: object.key, error: messageOf(error) });
    if (others.length === 0) return { ...sum, refused: [{ object, error }] };
  }
  // One of them is to blame; it must not hold up the others.
  for (const one of group) {
    const { messages, stillHeld, refused } = await writeGroup(env, sql, [one], event);
    sum.messages += messages;
    sum.stillHeld += stillHeld;
    sum.refused.push(...refused);
  }
  return sum;
}
