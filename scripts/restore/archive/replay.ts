import type postgres from "postgres";
import { classifyDatabaseError } from "../../../shared/database.ts";
import { newId } from "../../../shared/ids.ts";
import { nowMs } from "../../../shared/time.ts";
import { decodeObject } from "../../../workers/kept/kept-object.ts";
import { LargeItemMissing } from "../../../workers/queue/large-items.ts";
import { SkippedList } from "../../../workers/replay/skipped.ts";
import type { ReadMessage } from "../../../workers/writer/parse.ts";
import type { Understood } from "../../../workers/writer/understand.ts";
import { inOrder } from "../../backup/in-order.ts";
import type { Store, Stored } from "../../store/store.ts";
import type { ArchivedHour } from "./hours.ts";
import type { LeftOutReason } from "./left-out.ts";
import { bucketOf, loadWriter } from "./writer.ts";

/** Objects are small and far away. */
const AT_ONCE = 16;

/** Far more than a full batch of the queue can hold, and that uncompressed: such an object is not ours. */
const MOST_BYTES = 8_000_000;

/** What goes into one transaction: as when the Worker writes parked messages. */
const MOST_MESSAGES = 1_000;
const MOST_CHARACTERS = 4_000_000;

/** What came of a replay. */
export interface Replayed {
  objects: number;
  messages: number;
  items: number;
  inserted: number;
  updated: number;
  duplicate: number;
  rejected: number;
  /** When the newest message was received, ms; null without any. */
  newestMs: number | null;
  leftOut: SkippedList<LeftOutReason>;
}

export const nothingReplayed = (): Replayed => ({
  ...{ objects: 0, messages: 0, items: 0, inserted: 0, updated: 0, duplicate: 0, rejected: 0 },
  ...{ newestMs: null, leftOut: new SkippedList<LeftOutReason>() },
});

/** Where messages come from, and go to. */
export interface Replay {
  store: Store;
  /** As the Worker has it. */
  sql: postgres.Sql;
  /** What was received later is not written. */
  untilMs: number;
}

/** A message of the archive, read. */
interface Found {
  key: string;
  read: ReadMessage;
  /** What it takes in memory, about. */
  characters: number;
}

/**
 * Writes all that was archived of an hour as the Worker does, to which what was written before is nothing new. What cannot be read,
 * or is refused, is left out and told.
 * @throws where the store or the database does not answer
 */
export async function playHour(replay: Replay, { objects }: ArchivedHour, replayed: Replayed): Promise<void> {
  let batch: Found[] = [];
  let characters = 0;
  for await (const found of readObjects(replay, objects, replayed)) {
    batch.push(found);
    characters += found.characters;
    if (batch.length < MOST_MESSAGES && characters < MOST_CHARACTERS) continue;
    await write(replay, batch, replayed);
    [batch, characters] = [[], 0];
  }
  await write(replay, batch, replayed);
}

async function* readObjects(
  { store, untilMs }: Replay,
  objects: Stored[],
  replayed: Replayed,
): AsyncGenerator<Found> {
  const { understand } = await loadWriter();
  const env = bucketOf(store);
  for await (const { key, texts } of inOrder(objects, AT_ONCE, (object) => open(store, object))) {
    replayed.objects += 1;
    if ("reason" in texts) replayed.leftOut.add(key, texts.reason, "object");
    else {
      for (const text of texts) {
        const read = await understood(understand(env, text));
        if ("keep" in read) replayed.leftOut.add(key, read.keep, "message");
        else if (Date.parse(read.message.receivedAt) <= untilMs) {
          const characters = read.message.stored === null ? text.length : MOST_CHARACTERS;
          yield { key, read, characters };
        }
      }
    }
  }
}

/** The messages of an object, or why there are none. */
async function open(
  store: Store,
  { key, bytes }: Stored,
): Promise<{ key: string; texts: string[] | { reason: LeftOutReason } }> {
  if (bytes > MOST_BYTES) return { key, texts: { reason: "too_large" } };
  const body = await store.get(key);
  try {
    return { key, texts: decodeObject(new Uint8Array(body ?? []).buffer) };
  } catch {
    return { key, texts: { reason: "unreadable_object" } };
  }
}

/** @throws whatever the store throws */
async function understood(reading: Promise<Understood>): Promise<ReadMessage | { keep: LeftOutReason }> {
  try {
    return await reading;
  } catch (error) {
    // It is not there, or no JSON.
    if (error instanceof LargeItemMissing || error instanceof SyntaxError) return { keep: "item_missing" };
    throw error;
  }
}

async function write(replay: Replay, found: Found[], replayed: Replayed): Promise<void> {
  if (found.length === 0 || (await isWritten(replay, found, replayed))) return;
  // One of them is to blame; it must not hold up the others.
  for (const one of found) {
    if (!(await isWritten(replay, [one], replayed))) replayed.leftOut.add(one.key, "refused", "message");
  }
}

/** @returns whether the database took it; @throws where it does not answer */
async function isWritten({ sql }: Replay, found: Found[], replayed: Replayed): Promise<boolean> {
  const { writeBatch, TooMuchRefused } = await loadWriter();
  const reads = found.map(({ read }) => read);
  try {
    const written = await writeBatch(sql, reads, { id: newId(), startedMs: nowMs() });
    for (const count of ["inserted", "updated", "duplicate", "rejected"] as const)
      replayed[count] += written[count];
  } catch (error) {
    if (error instanceof TooMuchRefused || classifyDatabaseError(error) === "poison") return false;
    throw error;
  }
  for (const { message, items } of reads) {
    replayed.messages += 1;
    replayed.items += items.length;
    replayed.newestMs = Math.max(replayed.newestMs ?? 0, Date.parse(message.receivedAt));
  }
  return true;
}
