import { reportFailure } from "../../shared/failure-reports.ts";
import { log, messageOf } from "../../shared/log.ts";
import { jobMessage } from "./job-message.ts";
import { runRequested } from "./run.ts";
import { runWindow } from "./windows/run-window.ts";

/**
 * Consumer of the queue of jobs. Whatever happens, a message is done with: what a window did not cover the next tick
 * plans again, and who asked for a job sees that it failed.
 */
export async function consumeJobs(batch: MessageBatch, env: Env): Promise<void> {
  for (const message of batch.messages) {
    const { body } = message;
    try {
      const work = jobMessage.parse(body);
      if (work.what === "window") await runWindow(env, work.runId, work.number);
      else await runRequested(env, work.job);
    } catch (error) {
      log("error", "job_message_failed", { body: JSON.stringify(body), error: messageOf(error) });
      reportFailure(env, { event: "job_message_failed", error, alike: [], tags: {} });
    }
    message.ack();
  }
}
