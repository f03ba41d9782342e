import type postgres from "postgres";
import { nowMs, toIso } from "../../../shared/time.ts";
import type { JobMessage } from "../job-message.ts";
import nextWindows from "./next-windows.sql";
import type { WindowedJobName } from "./windowed-jobs.ts";

/** Windows of a job that are with the queue at once: a long backfill leaves room for the other jobs. */
const WITH_QUEUE = 8;

/** Sends the next windows of a job, as many as there is room for. */
export async function sendWindows(env: Env, sql: postgres.Sql, job: WindowedJobName): Promise<void> {
  const next = await sql.unsafe<{ run_id: string; number: number }[]>(
    nextWindows,
    [job, WITH_QUEUE, toIso(nowMs())],
    { prepare: true },
  );
  if (next.length === 0) return;
  const messages = next
    .sort((a, b) => a.number - b.number)
    .map(({ run_id: runId, number }): { body: JobMessage } => ({
      body: { v: 1, what: "window", runId, number },
    }));
  await env.JOBS.sendBatch(messages);
}
