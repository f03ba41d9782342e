import type postgres from "postgres";
import { classifyDatabaseError, openDatabase, sqlState } from "../../shared/database.ts";
import { log, messageOf } from "../../shared/log.ts";
import { anyMessage, MESSAGE_KINDS, MESSAGE_VERSION, message } from "../../shared/message.ts";
import { nowMs } from "../../shared/time.ts";
import { type ParkReason, park } from "../queue/park.ts";
import applySweep from "./apply-sweep.sql";
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
  const startedMs = nowMs();
  const accepted: Accepted[] = [];
  for (const delivery of batch.messages) {
    const read = understand(delivery.body);
    if ("park" in read) await parkDelivery(env, delivery, read.park);
    else accepted.push({ delivery, read });
  }
  if (accepted.length === 0) return;

  const sql = openDatabase(env.DB_INGEST);
  try {
    await writeAndAcknowledge(env, sql, accepted, startedMs);
  } catch (error) {
    if (classifyDatabaseError(error) === "poison") await writeOneByOne(env, sql, accepted, startedMs);
    else retryLater(accepted, error);
  }
  if (await sweepIfListed(sql, accepted)) await heedLiveMap(env);
}

/** A message of the queue with its items read. */
interface Accepted {
  delivery: globalThis.Message;
  read: ReadMessage;
}

async function writeAndAcknowledge(
  env: Env,
  sql: postgres.Sql,
  accepted: Accepted[],
  startedMs: number,
): Promise<void> {
  const { changed, ...written } = await write(
    sql,
    accepted.map(({ read }) => read),
    startedMs,
  );
  for (const { delivery } of accepted) delivery.ack();
  log("info", "batch_written", {
    messages: accepted.length,
    ...written,
    moved: changed.positions.length,
    durationMs: nowMs() - startedMs,
  });
  await hintLiveMap(env, changed);
}

/** The database refuses a batch although no item is to blame: a fault of ours. Whom it concerns is kept whole. */
async function writeOneByOne(
  env: Env,
  sql: postgres.Sql,
  accepted: Accepted[],
  startedMs: number,
): Promise<void> {
  for (const one of accepted) {
    try {
      await writeAndAcknowledge(env, sql, [one], startedMs);
    } catch (error) {
      if (classifyDatabaseError(error) === "poison")
        await parkDelivery(env, one.delivery, "refused_by_database");
      else retryLater([one], error);
    }
  }
}

function retryLater(accepted: Accepted[], error: unknown): void {
  for (const { delivery } of accepted) delivery.retry({ delaySeconds: retryDelayS(delivery.attempts) });
  log("error", "batch_failed", {
    messages: accepted.length,
    attempts: Math.max(...accepted.map(({ delivery }) => delivery.attempts)),
    sqlState: sqlState(error),
    error: messageOf(error),
  });
}

async function write(sql: postgres.Sql, messages: ReadMessage[], startedMs: number): Promise<Written> {
  try {
    return await commit(sql, messages, startedMs);
  } catch (error) {
    if (classifyDatabaseError(error) !== "poison") throw error;
    log("error", "poison_in_batch", { sqlState: sqlState(error), error: messageOf(error) });
    return commit(sql, await isolatePoison(sql, messages), startedMs);
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

async function parkDelivery(env: Env, delivery: globalThis.Message, reason: ParkReason): Promise<void> {
  try {
    await park(env, delivery.body, reason);
    delivery.ack();
  } catch (error) {
    delivery.retry({ delaySeconds: retryDelayS(delivery.attempts) });
    log("error", "parking_failed", { reason, error: messageOf(error) });
  }
}

/** Full jitter below a doubling, capped ceiling. */
function retryDelayS(attempts: number): number {
  const capS = attempts <= PROMPT_ATTEMPTS ? LONGEST_PROMPT_RETRY_S : LONGEST_RETRY_S;
  return Math.ceil(Math.random() * Math.min(capS, 2 ** attempts));
}
