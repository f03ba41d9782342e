import { reportFailure } from "../../shared/failure-reports.ts";
import { redact } from "../../shared/log.ts";
import type { RunRecord } from "../../shared/message.ts";
import { sendPolled } from "../queue/send.ts";
import { PollFailed } from "./poll-failed.ts";

/** Sends what became of a run the way of the data: with the database down it waits in the queue like them. */
export async function sendRecord(env: Env, record: RunRecord): Promise<void> {
  const origin = { receipt: record.id, kind: "run", account: null, receivedAt: record.runAt } as const;
  await sendPolled(env, origin, [record]);
}

/** Tells whoever hears of failures, and returns what to throw. */
export function reportRun(
  env: Env,
  event: "poll" | "job_run",
  { id: runId, job }: RunRecord,
  failure: { kind: string; message: string; cause?: unknown },
): PollFailed {
  const error = new PollFailed(redact(`${job}: ${failure.message}`));
  reportFailure(env, {
    event,
    error: failure.cause ?? error,
    alike: [job, failure.kind],
    tags: { job, runId, errorCode: failure.kind },
  });
  return error;
}
