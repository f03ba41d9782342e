import type postgres from "postgres";
import lastRuns from "#sql/workers/polls/windows/last-runs.sql";
import silentWindows from "#sql/workers/polls/windows/silent-windows.sql";
import { openDatabase } from "../../../shared/database.ts";
import { log } from "../../../shared/log.ts";
import { nowMs, toIso } from "../../../shared/time.ts";
import type { JobContext, JobFailure, PollOutcome } from "../outcome.ts";
import { type EndedWindow, endWindows, type RunRow } from "./end-windows.ts";
import { LEASE_LIMIT_MS } from "./hold-window.ts";
import { planMissing } from "./plan-run.ts";
import { sendWindows } from "./send-windows.ts";
import { tellRun } from "./tell-run.ts";
import { WINDOWED_JOBS, type WindowedJobName } from "./windowed-jobs.ts";

/** A message that nobody took for so long is lost, or its queue stands. */
const UNTAKEN_MS = 3_600_000;

/** A run that takes longer than so many of its job's periods is overdue. */
const OVERDUE_PERIODS = 4;

/**
 * The tick of a job whose runs are cut into windows: gives up windows nobody was heard of, plans what is missing and
 * sends it. It fails where the run before failed or is overdue, so that the platform shows it.
 */
export async function planWindows(context: JobContext, job: WindowedJobName, everyS: number): Promise<void> {
  const { env, runId, startedMs, outcome } = context;
  const sql = openDatabase(env.DB_INGEST);
  await giveUpSilent(env, sql, job);
  outcome.failures.push(...(await formerFailures(sql, job, startedMs - OVERDUE_PERIODS * everyS * 1000)));
  await WINDOWED_JOBS[job].beforePlanning?.(sql, startedMs);
  const { windows } = await planMissing(sql, { id: runId, job, plannedMs: startedMs });
  outcome.windows = windows;
  await sendWindows(env, sql, job);
}

/** Keeps windows going that somebody asked for, and plans none. */
export async function tendWindows(env: Env, job: WindowedJobName): Promise<void> {
  const sql = openDatabase(env.DB_INGEST);
  await giveUpSilent(env, sql, job);
  await sendWindows(env, sql, job);
}

/** Windows of which nothing was heard for too long are planned again, here and now. */
async function giveUpSilent(env: Env, sql: postgres.Sql, job: WindowedJobName): Promise<void> {
  const now = nowMs();
  const silent = await sql.unsafe<{ run_id: string; number: number; holder: string | null }[]>(
    silentWindows,
    [job, toIso(now - 2 * LEASE_LIMIT_MS), toIso(now - UNTAKEN_MS)],
    { prepare: true },
  );
  if (silent.length === 0) return;
  const message = "Nothing was heard of the window for too long: another run takes over from what is covered";
  const lost = silent.map(
    ({ run_id: runId, number, holder }): EndedWindow => ({
      ...{ runId, number, holder, outcome: "lost", missing: null, apiCalls: 0, items: 0 },
      ...{ errorCode: "lost", error: message },
    }),
  );
  const runs = await endWindows(sql, lost, now);
  for (const { run_id: runId, number, holder } of silent) {
    log("warn", "window_lost", { job, runId, number, holder });
  }
  for (const run of runs) await tellRun(env, sql, run);
}

/** What is wrong with the runs before: those that ended since the last tick, and the oldest that did not. */
async function formerFailures(
  sql: postgres.Sql,
  job: WindowedJobName,
  overdueBeforeMs: number,
): Promise<PollOutcome["failures"]> {
  const runs = await sql.unsafe<RunRow[]>(lastRuns, [job], { prepare: true });
  return runs.flatMap((run) => {
    const failure = failureOf(run, overdueBeforeMs);
    return failure === null ? [] : [{ what: `run ${run.id}`, failure }];
  });
}

function failureOf(run: RunRow, overdueBeforeMs: number): JobFailure | null {
  if (run.ended_at !== null) {
    if (run.failed + run.lost + run.postponed === 0) return null;
    return { kind: "former_run", message: `did not cover everything: ${run.error ?? "see its windows"}` };
  }
  if (run.planned_at.getTime() > overdueBeforeMs) return null;
  const message = `is overdue: ${run.windows_left} of ${run.windows} windows have not ended`;
  return { kind: "overdue", message };
}
