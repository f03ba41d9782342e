import { nextMessageId } from "../../shared/ids.ts";
import { MESSAGE_VERSION, type Message } from "../../shared/message.ts";
import { park } from "./park.ts";

/** The queue bills by 64 KB (of 1,000 bytes, with some 100 of its own): a fuller message costs double. */
const MESSAGE_BYTES = 64_000;

/** The queue refuses a message over 128 KB; an item so large cannot be cut and waits in R2. */
const LARGEST_ITEM_BYTES = 100_000;

/** One `sendBatch` takes 100 messages and 256 KB in all. */
const BATCH_MESSAGES = 100;
const BATCH_BYTES = 250_000;

/** Where items come from: everything in a message but its id and the items. */
export type Origin = Pick<Message, "receipt" | "kind" | "account" | "receivedAt">;

/**
 * Puts items on the queue, cut at item borders. Resolves once the queue has taken all of them; when it
 * throws, some may have been taken, and sending all of them again is harmless.
 */
export async function sendItems(env: Env, origin: Origin, items: unknown[]): Promise<void> {
  let batch: { body: Message }[] = [];
  let batchBytes = 0;
  for (const { chunk, bytes } of cut(items)) {
    const body: Message = {
      v: MESSAGE_VERSION,
      id: nextMessageId(),
      source: "poll",
      ...origin,
      items: chunk,
    };
    if (bytes > LARGEST_ITEM_BYTES) {
      await park(env, body, "too_large_for_the_queue");
      continue;
    }
    if (batch.length === BATCH_MESSAGES || batchBytes + bytes > BATCH_BYTES) {
      await env.WRITES.sendBatch(batch);
      batch = [];
      batchBytes = 0;
    }
    batch.push({ body });
    batchBytes += bytes;
  }
  if (batch.length > 0) await env.WRITES.sendBatch(batch);
}

/** Cuts items into chunks of at most {@link MESSAGE_BYTES} of JSON; a larger item travels alone. */
export function* cut(items: unknown[]): Generator<{ chunk: unknown[]; bytes: number }> {
  const encoder = new TextEncoder();
  let chunk: unknown[] = [];
  let bytes = ENVELOPE_BYTES;
  for (const item of items) {
    const size = encoder.encode(JSON.stringify(item)).byteLength + 1;
    if (chunk.length > 0 && bytes + size > MESSAGE_BYTES) {
      yield { chunk, bytes };
      chunk = [];
      bytes = ENVELOPE_BYTES;
    }
    chunk.push(item);
    bytes += size;
  }
  if (chunk.length > 0) yield { chunk, bytes };
}

/** What a message weighs without its items: ids, times and an account name, rounded up. */
const ENVELOPE_BYTES = 600;
