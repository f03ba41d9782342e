import type postgres from "postgres";
import { classifyDatabaseError, openDatabase } from "../../shared/database.ts";
import { log, messageOf } from "../../shared/log.ts";
import { hintGeocoder } from "../addresses/hint.ts";
import { archive } from "../kept/archive.ts";
import { type KeepReason, keep } from "../kept/keep.ts";
import { keptMessage, keptMessageOf } from "../kept/kept-object.ts";
import { LargeItemMissing, namesLargeItem } from "../queue/large-items.ts";
import { addRead, addWritten, type BatchOutcome, emptyBatch, tellBatch } from "./batch-outcome.ts";
import { heedLiveMap, hintLiveMap } from "./hint.ts";
import type { ReadMessage } from "./parse.ts";
import { notePushFields } from "./push-fields.ts";
import { databaseIsAway, noteAnswer, noteError } from "./standing.ts";
import { sweepIfListed } from "./sweep.ts";
import { understand } from "./understand.ts";
import { TooMuchRefused, writeBatch } from "./write-batch.ts";

/** Full jitter below a ceiling that doubles up to a minute: so many tries take about five minutes. */
const LAST_ATTEMPT = 12;
const LONGEST_RETRY_S = 60;

/** With R2 away too, the queue alone keeps a message: 100 tries, half of this apart on average, last for a week. */
const LONGEST_R2_RETRY_S = 4 * 3_600;

/** A message of the queue with its items read. */
interface Accepted {
  delivery: globalThis.Message;
  read: ReadMessage;
}

/**
 * Consumer of the writes queue: items in, rows out. Acknowledges a message once its rows are committed, or once it is
 * kept in R2 because it cannot be written now.
 */
export async function consumeWrites(batch: MessageBatch, env: Env): Promise<void> {
  const outcome = emptyBatch(batch.messages.length);
  const accepted = await readAll(env, batch, outcome);
  if (accepted.length === 0) return tellBatch(env, outcome);
  if (databaseIsAway()) {
    await keepDeliveries(env, accepted, "database_away", "", outcome);
    return tellBatch(env, outcome);
  }

  const sql = openDatabase(env.DB_INGEST);
  try {
    await writeAndAcknowledge(env, sql, accepted, outcome);
  } catch (error) {
    noteError(error);
    await dealWith(env, sql, accepted, error, outcome);
  }
  tellBatch(env, outcome);
  if (
    outcome.written > 0 &&
    (await sweepIfListed(
      sql,
      accepted.map(({ read }) => read),
    ))
  ) {
    await heedLiveMap(env);
  }
}

/** Reads every message; what this Worker cannot read is kept for one that can. */
async function readAll(env: Env, batch: MessageBatch, outcome: BatchOutcome): Promise<Accepted[]> {
  const accepted: Accepted[] = [];
  let hasLarge = false;
  for (const delivery of batch.messages) {
    if (namesLargeItem(delivery.body)) {
      // One at a time: each may have megabytes, and an isolate 128.
      if (hasLarge) {
        retryDelivery(delivery, null, outcome, 1);
        continue;
      }
      hasLarge = true;
    }
    try {
      const read = await understand(env, delivery.body);
      if ("keep" in read) {
        await keepDeliveries(env, [{ delivery }], read.keep, "", outcome);
      } else {
        accepted.push({ delivery, read });
        addRead(outcome, read);
      }
    } catch (error) {
      if (error instanceof LargeItemMissing) {
        await keepDeliveries(env, [{ delivery }], "fails_alone", messageOf(error), outcome);
        continue;
      }
      // Its item waits in R2, and R2 does not answer.
      retryDelivery(delivery, error, outcome, LONGEST_R2_RETRY_S);
    }
  }
  return accepted;
}

async function writeAndAcknowledge(
  env: Env,
  sql: postgres.Sql,
  accepted: Accepted[],
  outcome: BatchOutcome,
  id = outcome.batchId,
): Promise<void> {
  const messages = accepted.map(({ read }) => read);
  const written = await writeBatch(sql, messages, { id, startedMs: outcome.startedMs });
  noteAnswer();
  const kept = accepted.map(({ delivery, read }) => keptMessageOf(delivery.body, read.message));
  await Promise.all([
    archive(env, kept),
    hintLiveMap(env, written.changed),
    hintGeocoder(env, written.wanted),
    notePushFields(sql, messages),
  ]);
  for (const { delivery } of accepted) delivery.ack();
  addWritten(outcome, accepted.length, written);
}

/** What could not be written is tried again later; after the last try, or where trying is useless, it is kept in R2. */
async function dealWith(
  env: Env,
  sql: postgres.Sql,
  accepted: Accepted[],
  error: unknown,
  outcome: BatchOutcome,
): Promise<void> {
  if (error instanceof TooMuchRefused) {
    return keepDeliveries(env, accepted, "too_much_refused", messageOf(error), outcome);
  }
  // The database refuses a batch although no item is to blame: whom it concerns is found one by one.
  if (classifyDatabaseError(error) === "poison") return writeOneByOne(env, sql, accepted, outcome);
  const [tired, fresh] = partition(accepted, ({ delivery }) => delivery.attempts >= LAST_ATTEMPT);
  for (const { delivery } of fresh) retryDelivery(delivery, error, outcome, LONGEST_RETRY_S);
  if (tired.length === 0) return;
  outcome.failure = { error };
  await keepDeliveries(env, tired, "retries_exhausted", messageOf(error), outcome);
}

async function writeOneByOne(
  env: Env,
  sql: postgres.Sql,
  accepted: Accepted[],
  outcome: BatchOutcome,
): Promise<void> {
  for (const [index, one] of accepted.entries()) {
    try {
      await writeAndAcknowledge(env, sql, [one], outcome, `${outcome.batchId}.${index}`);
    } catch (error) {
      outcome.failure = { error };
      if (classifyDatabaseError(error) === "poison") {
        await keepDeliveries(env, [one], "fails_alone", messageOf(error), outcome);
      } else retryDelivery(one.delivery, error, outcome, LONGEST_RETRY_S);
    }
  }
}

/** Keeps messages in R2 as one object and acknowledges them; if R2 fails too, the queue goes on keeping them. */
async function keepDeliveries(
  env: Env,
  accepted: Pick<Accepted, "delivery">[],
  reason: KeepReason,
  why: string,
  outcome: BatchOutcome,
): Promise<void> {
  try {
    const kept = accepted.map(({ delivery }) => keptMessage(delivery.body));
    await keep(env, kept, reason, why);
    for (const { delivery } of accepted) delivery.ack();
    outcome.parked += accepted.length;
  } catch (error) {
    log("error", "keeping_failed", { batchId: outcome.batchId, reason, error: messageOf(error) });
    for (const { delivery } of accepted) retryDelivery(delivery, error, outcome, LONGEST_R2_RETRY_S);
  }
}

function retryDelivery(
  delivery: globalThis.Message,
  error: unknown,
  outcome: BatchOutcome,
  longestS: number,
): void {
  const ceilingS = Math.min(longestS, 2 ** delivery.attempts);
  delivery.retry({ delaySeconds: Math.ceil(Math.random() * ceilingS) });
  outcome.retried += 1;
  outcome.attempts = Math.max(outcome.attempts, delivery.attempts);
  if (error !== null) outcome.failure = { error };
}

function partition<Value>(values: Value[], test: (value: Value) => boolean): [Value[], Value[]] {
  return [values.filter(test), values.filter((value) => !test(value))];
}
