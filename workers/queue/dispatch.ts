import { isReader } from "../../shared/config.ts";
import { reportFailure } from "../../shared/failure-reports.ts";
import { log } from "../../shared/log.ts";
import { consumeJobs } from "../polls/consume-jobs.ts";
import { consumeWrites } from "../writer/consume-writes.ts";
import { consumeDead } from "./consume-dead.ts";

type Consumer = (batch: MessageBatch, env: Env) => Promise<void>;

/** Which consumer a queue has, by its full name. */
export const consumers: Record<string, Consumer> = Object.fromEntries(
  ["dev", "staging", "production"].flatMap((environment) => [
    [`tracksolid-writes-${environment}`, consumeWrites],
    [`tracksolid-jobs-${environment}`, consumeJobs],
    [`tracksolid-dead-${environment}`, consumeDead],
  ]),
);

/** Hands a batch to the consumer of its queue. */
export async function dispatchBatch(batch: MessageBatch, env: Env): Promise<void> {
  const consume = isReader(env) ? undefined : consumers[batch.queue];
  if (!consume) {
    // Thrown, so that the queue keeps the messages and tries again: a Worker that knows it may be on its way.
    const error = new Error(
      isReader(env)
        ? `A reader consumes no queue: take ${batch.queue} from its consumers in wrangler.toml`
        : `No consumer for queue ${batch.queue}: add it to workers/queue/dispatch.ts`,
    );
    const { queue } = batch;
    log("error", "batch_without_consumer", { queue, messages: batch.messages.length, error: error.message });
    reportFailure(env, { event: "batch_without_consumer", error, alike: [queue], tags: { queue } });
    throw error;
  }
  await consume(batch, env);
}
