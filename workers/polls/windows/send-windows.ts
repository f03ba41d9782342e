import type postgres from "postgres";
import nextWindows from "#sql/workers/polls/windows/next-windows.sql";
import unsendWindows from "#sql/workers/polls/windows/unsend-windows.sql";
import { nowMs, toIso } from "../../../shared/time.ts";
import type { JobMessage } from "../job-message.ts";
import type { WindowedJobName } from "./windowed-jobs.ts";

/** Windows of a job that are with the queue at once: a long backfill leaves room for the other jobs. */
const WITH_QUEUE = 8;

/**
 * Sends the next windows of a job, as many as there is room for.
 * @throws what the queue throws; the windows wait for the next that sends
 */
export async function sendWindows(env: Env, sql: postgres.Sql, job: WindowedJobName): Promise<void> {
  const next = await sql.unsafe<{ run_id: string; number: number }[]>(
    nextWindows,
    [job, WITH_QUEUE, toIso(nowMs())],
    { prepare: true },
  );
  if (next.length === 0) return;
  const windows = next
    .sort((a, b) => a.number - b.number)
    .map(({ run_id: runId, number }) => ({ runId, number }));
  try {
    await env.JOBS.sendBatch(
      windows.map((window): { body: JobMessage } => ({ body: { v: 1, what: "window", ...window } })),
    );
  } catch (error) {
    // They would keep their vehicles, and the room of others, until they count as lost.
    await sql.unsafe(unsendWindows, [JSON.stringify(windows)], { prepare: true });
    throw error;
  }
}
