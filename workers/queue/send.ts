import { nextMessageId } from "../../shared/ids.ts";
import { MESSAGE_VERSION, type Message } from "../../shared/message.ts";
import { storeLargeItem } from "./large-items.ts";
import { type Numbered, noteRefused, noteTaken } from "./tally.ts";

/** The queue bills by 64 KB (of 1,000 bytes, with some 100 of its own): a fuller message costs double. */
const MESSAGE_BYTES = 64_000;

/** The queue refuses a message over 128 KB; an item so large cannot be cut and waits in R2. */
const LARGEST_ITEM_BYTES = 100_000;

/** One `sendBatch` takes 100 messages and 256 KB in all. */
const BATCH_MESSAGES = 100;
const BATCH_BYTES = 250_000;

/** Where items come from: everything in a message but its id, its part and the items. */
export type Origin = Pick<Message, "receipt" | "source" | "kind" | "account" | "imei" | "receivedAt" | "via">;

/** The same of items that a poll brought, or of our own. */
export type PollOrigin = Omit<Origin, "source" | "via" | "imei"> & { imei?: string };

/** Puts what a poll brought on the queue, like {@link sendItems}. */
export function sendPolled(env: Env, origin: PollOrigin, items: unknown[]): Promise<void> {
  return sendItems(env, { imei: null, ...origin, source: "poll", via: null }, items);
}

/**
 * Puts items on the queue, cut at item borders. Resolves once the queue has taken all of them; when it
 * throws, some may have been taken, and sending all of them again is harmless.
 * @throws RangeError for an item nested too deeply to be written down.
 */
export async function sendItems(env: Env, origin: Origin, items: unknown[]): Promise<void> {
  const chunks = [...cut(items)];
  const waiting: Numbered[] = [];
  let batch: { body: string; contentType: "text" }[] = [];
  let batchBytes = 0;
  const ship = async () => {
    await env.WRITES.sendBatch(batch);
    noteTaken(env, waiting.splice(0, batch.length));
    batch = [];
    batchBytes = 0;
  };
  try {
    for (const [index, { json, count, bytes }] of chunks.entries()) {
      const id = nextMessageId(count);
      waiting.push({ ...id, items: count });
      const isLarge = bytes > LARGEST_ITEM_BYTES;
      const stored = isLarge ? await storeLargeItem(env, origin.receivedAt, json) : null;
      const part = { number: index + 1, of: chunks.length };
      if (batch.length === BATCH_MESSAGES || batchBytes + (isLarge ? ENVELOPE_BYTES : bytes) > BATCH_BYTES) {
        await ship();
      }
      batch.push({
        body: messageText({ ...origin, id, part, stored }, isLarge ? "" : json),
        contentType: "text",
      });
      batchBytes += isLarge ? ENVELOPE_BYTES : bytes;
    }
    if (batch.length > 0) await ship();
  } catch (error) {
    // Numbers that were given and never went: without this they would count as lost.
    noteRefused(env, waiting);
    throw error;
  }
}

/** A message as it travels: its items were made text when they were weighed, and need not be again. */
function messageText(rest: Omit<Message, "v" | "items">, json: string): string {
  return `${JSON.stringify({ v: MESSAGE_VERSION, ...rest }).slice(0, -1)},"items":[${json}]}`;
}

/** Items of one message, as JSON text. */
interface Chunk {
  /** The items with commas between. */
  json: string;
  count: number;
  /** Of the message they make, UTF-8. */
  bytes: number;
}

/** Cuts items into chunks of at most {@link MESSAGE_BYTES}; a larger item travels alone. */
export function* cut(items: unknown[]): Generator<Chunk> {
  let texts: string[] = [];
  let bytes = ENVELOPE_BYTES;
  for (const item of items) {
    const text = JSON.stringify(item);
    const size = Buffer.byteLength(text) + 1;
    if (texts.length > 0 && bytes + size > MESSAGE_BYTES) {
      yield { json: texts.join(), count: texts.length, bytes };
      texts = [];
      bytes = ENVELOPE_BYTES;
    }
    texts.push(text);
    bytes += size;
  }
  if (texts.length > 0) yield { json: texts.join(), count: texts.length, bytes };
}

/** What a message weighs without its items: ids, times, an account name, path and headers, rounded up. */
const ENVELOPE_BYTES = 3_000;
