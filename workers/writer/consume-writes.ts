import type postgres from "postgres";
import { classifyDatabaseError, openDatabase, sqlState } from "../../shared/database.ts";
import { log, messageOf } from "../../shared/log.ts";
import { anyMessage, MESSAGE_KINDS, MESSAGE_VERSION, message } from "../../shared/message.ts";
import { type ParkReason, park } from "../queue/park.ts";
import applySweep from "./apply-sweep.sql";
import { addRead, addWritten, type BatchOutcome, emptyBatch, tellBatch } from "./batch-outcome.ts";
import { commit, type Written } from "./commit.ts";
import { heedLiveMap, hintLiveMap } from "./hint.ts";
import { isolatePoison } from "./isolate.ts";
import { type ReadMessage, readMessage } from "./parse.ts";

/** First quickly, since most outages are short; then patiently: 100 tries last some 17 hours. */
const PROMPT_ATTEMPTS = 30;
const LONGEST_PROMPT_RETRY_S = 60;
const LONGEST_RETRY_S = 1_800;

/** Consumer of the writes queue: items in, rows out. Acknowledges a message once its rows are committed. */
export async function consumeWrites(batch: MessageBatch, env: Env): Promise<void> {
  const outcome = emptyBatch(batch.messages.length);
  const accepted: Accepted[] = [];
  for (const delivery of batch.messages) {
    const read = understand(delivery.body);
    if ("park" in read) {
      await parkDelivery(env, delivery, read.park, outcome);
    } else {
      accepted.push({ delivery, read });
      addRead(outcome, read);
    }
  }
  if (accepted.length === 0) return tellBatch(env, outcome);

  const sql = openDatabase(env.DB_INGEST);
  try {
    await writeAndAcknowledge(sql, accepted, outcome.batchId, outcome);
  } catch (error) {
    if (classifyDatabaseError(error) === "poison") await writeOneByOne(env, sql, accepted, outcome);
    else retryLater(accepted, error, outcome);
  }
  tellBatch(env, outcome);
  await hintLiveMap(env, outcome.changed);
  if (await sweepIfListed(sql, accepted)) await heedLiveMap(env);
}

/** A message of the queue with its items read. */
interface Accepted {
  delivery: globalThis.Message;
  read: ReadMessage;
}

async function writeAndAcknowledge(
  sql: postgres.Sql,
  accepted: Accepted[],
  id: string,
  outcome: BatchOutcome,
): Promise<void> {
  const messages = accepted.map(({ read }) => read);
  const written = await write(sql, messages, { id, startedMs: outcome.startedMs });
  for (const { delivery } of accepted) delivery.ack();
  addWritten(outcome, accepted.length, written);
}

/** The database refuses a batch although no item is to blame: a fault of ours. Whom it concerns is kept whole. */
async function writeOneByOne(
  env: Env,
  sql: postgres.Sql,
  accepted: Accepted[],
  outcome: BatchOutcome,
): Promise<void> {
  for (const [index, one] of accepted.entries()) {
    try {
      await writeAndAcknowledge(sql, [one], `${outcome.batchId}.${index}`, outcome);
    } catch (error) {
      if (classifyDatabaseError(error) === "poison") {
        outcome.failure = { error };
        await parkDelivery(env, one.delivery, "refused_by_database", outcome);
      } else retryLater([one], error, outcome);
    }
  }
}

function retryLater(accepted: Accepted[], error: unknown, outcome: BatchOutcome): void {
  for (const { delivery } of accepted) retryDelivery(delivery, error, outcome);
}

function retryDelivery(delivery: globalThis.Message, error: unknown, outcome: BatchOutcome): void {
  delivery.retry({ delaySeconds: retryDelayS(delivery.attempts) });
  outcome.retried += 1;
  outcome.attempts = Math.max(outcome.attempts, delivery.attempts);
  outcome.failure = { error };
}

async function write(
  sql: postgres.Sql,
  messages: ReadMessage[],
  batch: { id: string; startedMs: number },
): Promise<Written> {
  try {
    return await commit(sql, messages, batch);
  } catch (error) {
    if (classifyDatabaseError(error) !== "poison") throw error;
    log("error", "poison_in_batch", {
      batchId: batch.id,
      sqlState: sqlState(error),
      error: messageOf(error),
    });
    return commit(sql, await isolatePoison(sql, messages), batch);
  }
}

/**
 * Disabling what a device sync no longer lists is recomputed from the committed listings, in a transaction of
 * its own: it takes device rows in its own order. A failure is made good by the next listing.
 * @returns Whether devices were disabled.
 */
async function sweepIfListed(sql: postgres.Sql, accepted: Accepted[]): Promise<boolean> {
  if (!accepted.some(({ read }) => read.message.kind === "device" || read.message.kind === "sweep"))
    return false;
  try {
    const [swept] = await sql.unsafe<{ disabled: number; held_back: boolean }[]>(applySweep);
    if (swept?.disabled) log("warn", "devices_disabled", { devices: swept.disabled });
    if (swept?.held_back) log("error", "device_sweep_held_back");
    return (swept?.disabled ?? 0) > 0;
  } catch (error) {
    log("error", "device_sweep_failed", { error: messageOf(error) });
    return false;
  }
}

function understand(body: unknown): ReadMessage | { park: ParkReason } {
  const any = anyMessage.safeParse(body);
  if (!any.success) return { park: "unreadable_message" };
  if (any.data.v !== MESSAGE_VERSION) return { park: "unknown_version" };
  if (!(MESSAGE_KINDS as readonly string[]).includes(any.data.kind)) return { park: "unknown_kind" };
  const known = message.safeParse(body);
  return known.success ? readMessage(known.data) : { park: "unreadable_message" };
}

async function parkDelivery(
  env: Env,
  delivery: globalThis.Message,
  reason: ParkReason,
  outcome: BatchOutcome,
): Promise<void> {
  try {
    await park(env, delivery.body, reason);
    delivery.ack();
    outcome.parked += 1;
  } catch (error) {
    log("error", "parking_failed", { batchId: outcome.batchId, reason, error: messageOf(error) });
    retryDelivery(delivery, error, outcome);
  }
}

/** Full jitter below a doubling, capped ceiling. */
function retryDelayS(attempts: number): number {
  const capS = attempts <= PROMPT_ATTEMPTS ? LONGEST_PROMPT_RETRY_S : LONGEST_RETRY_S;
  return Math.ceil(Math.random() * Math.min(capS, 2 ** attempts));
}
