import { reportFailure } from "../../shared/failure-reports.ts";
import { log, messageOf } from "../../shared/log.ts";
import { jobMessage } from "./job-message.ts";
import { runRequested } from "./run.ts";
import { runWindow } from "./windows/run-window.ts";

/** A database that is away comes back in minutes: soon enough for a window, seldom enough for the database. */
const WINDOW_RETRY_S = 30;

/**
 * Consumer of the queue of jobs. A message is done with when its job failed, which who asked for it sees, and when its
 * window was asked: what that did not cover the next tick plans again. The message of a window that could not be taken
 * comes again, or the window would stand until it counts as lost; one that was taken is left alone then.
 */
export async function consumeJobs(batch: MessageBatch, env: Env): Promise<void> {
  for (const message of batch.messages) {
    const { body } = message;
    const parsed = jobMessage.safeParse(body);
    const isWindow = parsed.success && parsed.data.what === "window";
    try {
      if (!parsed.success) throw parsed.error;
      const work = parsed.data;
      if (work.what === "window") await runWindow(env, work.runId, work.number);
      else await runRequested(env, work.job);
      message.ack();
    } catch (error) {
      log("error", "job_message_failed", { body: JSON.stringify(body), error: messageOf(error) });
      reportFailure(env, { event: "job_message_failed", error, alike: [], tags: {} });
      if (isWindow) message.retry({ delaySeconds: WINDOW_RETRY_S });
      else message.ack();
    }
  }
}
