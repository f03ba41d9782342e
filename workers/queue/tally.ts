import { waitUntil } from "cloudflare:workers";
import { tally } from "../../durable-objects/tally/index.ts";
import type { MessageId } from "../../shared/ids.ts";
import { log, messageOf } from "../../shared/log.ts";
import { nowMs, sleep } from "../../shared/time.ts";

/** A busy isolate tells once a second, not once a message. */
const TELL_AFTER_MS = 1_000;

/** A request that was to tell and has not done so by now has been cut off: the next one tells. */
const OVERDUE_MS = 5_000;

let newest: MessageId | null = null;
let refused: number[] = [];
let tellingSinceMs = 0;

/** Notes messages that the queue took: how far this isolate has counted is told to the tally, soon. */
export function noteTaken(env: Env, ids: MessageId[]): void {
  for (const id of ids) if (newest === null || id.sequence > newest.sequence) newest = id;
  tellSoon(env);
}

/** Notes messages that never went. */
export function noteRefused(env: Env, ids: MessageId[]): void {
  const [first] = ids;
  if (!first) return;
  for (const id of ids) if (newest === null || id.sequence > newest.sequence) newest = id;
  refused.push(...ids.map(({ sequence }) => sequence));
  tellSoon(env);
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
  try {
    await tally(env).note({ producer: newest.producer, sequence: newest.sequence, refused: told });
  } catch (error) {
    refused.unshift(...told);
    log("warn", "tally_not_told", { error: messageOf(error) });
  }
}
