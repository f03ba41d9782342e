import { waitUntil } from "cloudflare:workers";
import { type Refused, tally } from "../../durable-objects/tally/index.ts";
import type { MessageId } from "../../shared/ids.ts";
import { log, messageOf } from "../../shared/log.ts";
import { nowMs, sleep } from "../../shared/time.ts";

/** A busy isolate tells once a second, not once a message. */
const TELL_AFTER_MS = 1_000;

/** A request that was to tell and has not done so by now has been cut off: the next one tells. */
const OVERDUE_MS = 5_000;

/** A message that was numbered. */
export interface Numbered extends MessageId {
  items: number;
}

let newest: Numbered | null = null;
let refused: Refused[] = [];
let tellingSinceMs = 0;

/** Notes messages that the queue took: how far this isolate has counted is told to the tally, soon. */
export function noteTaken(env: Env, messages: Numbered[]): void {
  heed(messages);
  tellSoon(env);
}

/** Notes messages that never went. */
export function noteRefused(env: Env, messages: Numbered[]): void {
  if (messages.length === 0) return;
  heed(messages);
  refused.push(...messages.map(({ sequence, items }) => ({ sequence, items })));
  tellSoon(env);
}

function heed(messages: Numbered[]): void {
  for (const message of messages) {
    if (newest === null || message.sequence > newest.sequence) newest = message;
  }
}

function tellSoon(env: Env): void {
  const now = nowMs();
  if (now - tellingSinceMs < OVERDUE_MS) return;
  tellingSinceMs = now;
  waitUntil(tell(env));
}

/** Never rejects: a batch whose `waitUntil` does is delivered again. What could not be told is told the next time. */
async function tell(env: Env): Promise<void> {
  await sleep(TELL_AFTER_MS);
  tellingSinceMs = 0;
  if (newest === null) return;
  const told = refused;
  refused = [];
  const { producer, sequence, itemsBefore, items } = newest;
  try {
    await tally(env).note({ producer, sequence, items: itemsBefore + items, refused: told });
  } catch (error) {
    refused.unshift(...told);
    log("warn", "tally_not_told", { error: messageOf(error) });
  }
}
