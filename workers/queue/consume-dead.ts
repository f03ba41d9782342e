import { reportFailure } from "../../shared/failure-reports.ts";
import { newId } from "../../shared/ids.ts";
import { log, messageOf } from "../../shared/log.ts";
import { nowMs } from "../../shared/time.ts";
import { keep } from "../kept/keep.ts";
import { keptMessage } from "../kept/kept-object.ts";

/** 100 tries an hour apart: R2 may be away for days before the queue lets go of a message. */
const RETRY_S = 3_600;

/** Consumer of the dead-letter queue: keeps its messages in R2, where they wait to be sent again. */
export async function consumeDead(batch: MessageBatch, env: Env): Promise<void> {
  const startedMs = nowMs();
  const batchId = newId();
  const messages = batch.messages.length;
  let buried = true;
  try {
    const kept = batch.messages.map(({ body }) => keptMessage(body));
    await keep(env, kept, "queue_gave_up");
    batch.ackAll();
  } catch (error) {
    buried = false;
    batch.retryAll({ delaySeconds: RETRY_S });
    log("error", "burying_failed", { batchId, error: messageOf(error) });
  }
  log("error", "batch_buried", {
    batchId,
    messages,
    buried: buried ? messages : 0,
    retried: buried ? 0 : messages,
    durationMs: nowMs() - startedMs,
  });
  reportFailure(env, {
    event: "batch_buried",
    error: new Error(`The queue gave up on ${messages} messages: they wait under dead/ in R2`),
    alike: [],
    tags: { batchId },
  });
}
