import { reportFailure } from "../../shared/failure-reports.ts";
import { newId } from "../../shared/ids.ts";
import { log, messageOf } from "../../shared/log.ts";
import { nowMs } from "../../shared/time.ts";
import { bury } from "./park.ts";

/** 100 tries an hour apart: R2 may be away for days before the queue lets go of a message. */
const RETRY_S = 3_600;

/** Consumer of the dead-letter queue: keeps each message in R2, where it waits to be sent again. */
export async function consumeDead(batch: MessageBatch, env: Env): Promise<void> {
  const startedMs = nowMs();
  const batchId = newId();
  let retried = 0;
  for (const delivery of batch.messages) {
    try {
      await bury(env, delivery.body);
      delivery.ack();
    } catch (error) {
      retried += 1;
      delivery.retry({ delaySeconds: RETRY_S });
      log("error", "burying_failed", { batchId, error: messageOf(error) });
    }
  }
  const messages = batch.messages.length;
  log("error", "batch_buried", {
    batchId,
    messages,
    buried: messages - retried,
    retried,
    durationMs: nowMs() - startedMs,
  });
  reportFailure(env, {
    event: "batch_buried",
    error: new Error(`The queue gave up on ${messages} messages: they wait under dead/ in R2`),
    alike: [],
    tags: { batchId },
  });
}
