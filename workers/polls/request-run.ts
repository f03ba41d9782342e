import type postgres from "postgres";
import { newId } from "../../shared/ids.ts";
import type { Span } from "../../shared/jimi/methods.ts";
import type { JobMessage } from "./job-message.ts";
import type { JobName } from "./schedule.ts";
import { type PlannedRun, planSpan } from "./windows/plan-run.ts";
import { sendWindows } from "./windows/send-windows.ts";
import type { WindowedJobName } from "./windows/windowed-jobs.ts";

/**
 * Plans a span somebody wants asked and sends its first windows. What is asked again brings nothing new.
 * @param imeis null: every enabled vehicle
 * @throws TooManyWindows
 */
export async function requestSpan(
  env: Env,
  sql: postgres.Sql,
  job: WindowedJobName,
  plannedMs: number,
  span: Span,
  imeis: string[] | null,
): Promise<PlannedRun> {
  const run = await planSpan(sql, { id: newId(), job, cause: "request", plannedMs }, span, imeis);
  if (run.windows > 0) await sendWindows(env, sql, job);
  return run;
}

/** Has a job run once, apart from its ticks. */
export async function requestJob(env: Env, job: JobName): Promise<void> {
  const message: JobMessage = { v: 1, what: "job", job };
  await env.JOBS.send(message);
}
