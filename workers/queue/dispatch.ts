import { consumeWrites } from "../writer/consume-writes.ts";
import { consumeDead } from "./consume-dead.ts";

type Consumer = (batch: MessageBatch, env: Env) => Promise<void>;

/** Which consumer a queue has, by its full name. */
export const consumers: Record<string, Consumer> = Object.fromEntries(
  ["dev", "staging", "production"].flatMap((environment) => [
    [`tracksolid-writes-${environment}`, consumeWrites],
    [`tracksolid-dead-${environment}`, consumeDead],
  ]),
);

/** Hands a batch to the consumer of its queue. */
export async function dispatchBatch(batch: MessageBatch, env: Env): Promise<void> {
  const consume = consumers[batch.queue];
  if (!consume) {
    // Thrown, so that the queue keeps the messages and tries again: a Worker that knows it may be on its way.
    throw new Error(`No consumer for queue ${batch.queue}: add it to workers/queue/dispatch.ts`);
  }
  await consume(batch, env);
}
