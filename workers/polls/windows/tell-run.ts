import type postgres from "postgres";
import { log } from "../../../shared/log.ts";
import type { RunRecord } from "../../../shared/message.ts";
import { reportRun, sendRecord } from "../record-run.ts";
import type { RunRow } from "./end-windows.ts";
import { judgeRun } from "./judge-run.ts";

/** Says once, in the log, in `ingestion_log` and to whoever hears of failures, what became of a run. */
export async function tellRun(env: Env, sql: postgres.Sql, run: RunRow): Promise<void> {
  const { id, job, windows, done, postponed, failed, lost } = run;
  const failure = await judgeRun(sql, run);
  const durationMs = (run.ended_at?.getTime() ?? 0) - run.planned_at.getTime();
  const record: RunRecord = {
    ...{ id, job, durationMs },
    runAt: run.planned_at.toISOString(),
    success: failure === null,
    apiCalls: run.api_calls,
    rowsReceived: run.items,
    accountsListed: null,
    vehiclesListed: null,
    errorCode: failure?.kind ?? null,
    error: failure?.message ?? null,
  };
  await sendRecord(env, record);
  log(failure ? "error" : "info", "job_run", {
    ...{ job, runId: id, cause: run.cause, durationMs, windows, done, postponed, failed, lost },
    ...{ vehicles: run.vehicles, apiCalls: run.api_calls, items: run.items },
    ...{ errorCode: failure?.kind ?? null, error: failure?.message ?? null },
  });
  if (failure !== null) reportRun(env, "job_run", record, failure);
}
