import type postgres from "postgres";
import { isOff, type JobName, schedule } from "../polls/schedule.ts";

/** A row of `reporting.v_job_health`. */
export interface JobHealth extends postgres.Row {
  endpoint: string;
  last_run_at: Date;
  last_run_success: boolean;
  last_error_code: string | null;
  last_error: string | null;
  last_rows_received: number;
  last_vehicles_left_out: number | null;
  last_success_at: Date | null;
  /** First run of any job that is known. */
  logging_since?: Date | null;
}

/** What jobs are judged by, as {@link JobHealth}. */
export const selectHealth = `
  select *, (select min(run_at) from tracksolid.ingestion_log) as logging_since from reporting.v_job_health`;

/** A job is late when it has not succeeded for two and a half of its periods: one missed tick is not news. */
export const LATE_AFTER_PERIODS = 2.5;

/**
 * Judges every scheduled job, and nothing else: what one-shot tools log does not make ingest unhealthy.
 * `failing`: its newest run failed. `late`: no success for {@link LATE_AFTER_PERIODS} periods; the first of a job that has
 * never run is awaited for as long, since a daily one is not late on the day of the deployment. Of one that is
 * off nobody expects anything.
 */
export function judgeIngest(env: object, rows: readonly JobHealth[], nowMs: number) {
  return (Object.keys(schedule) as JobName[]).map((name) => {
    const { everyS } = schedule[name];
    const row = rows.find(({ endpoint }) => endpoint === name);
    const lastSuccessAgeS = row?.last_success_at ? (nowMs - row.last_success_at.getTime()) / 1000 : null;
    const since = row ? row.last_success_at : rows[0]?.logging_since;
    const late = !since || (nowMs - since.getTime()) / 1000 > LATE_AFTER_PERIODS * everyS;
    const off = isOff(env, name);
    const judged = row && !row.last_run_success ? "failing" : late ? "late" : "ok";
    const status = off ? "ok" : judged;
    return {
      job: name,
      status: status as "ok" | "late" | "failing",
      off,
      everyS,
      lastRunAt: row?.last_run_at.toISOString() ?? null,
      lastSuccessAt: row?.last_success_at?.toISOString() ?? null,
      lastSuccessAgeS,
      rowsReceived: row?.last_rows_received ?? null,
      vehiclesLeftOut: row?.last_vehicles_left_out ?? null,
      errorCode: row?.last_error_code ?? null,
    };
  });
}
