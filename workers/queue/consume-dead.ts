import { log, messageOf } from "../../shared/log.ts";
import { bury } from "./park.ts";

/** 100 tries an hour apart: R2 may be away for days before the queue lets go of a message. */
const RETRY_S = 3_600;

/** Consumer of the dead-letter queue: keeps each message in R2, where it waits to be sent again. */
export async function consumeDead(batch: MessageBatch, env: Env): Promise<void> {
  for (const delivery of batch.messages) {
    try {
      await bury(env, delivery.body);
      delivery.ack();
    } catch (error) {
      delivery.retry({ delaySeconds: RETRY_S });
      log("error", "burying_failed", { error: messageOf(error) });
    }
  }
}
