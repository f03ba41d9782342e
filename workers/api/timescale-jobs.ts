import type postgres from "postgres";

/** A row of `reporting.fn_timescale_jobs` that is not ok. */
export interface TroubledJob extends postgres.Row {
  job_id: number;
  procedure: string;
  relation: string | null;
  status: "failing" | "overdue";
  last_run_at: Date | null;
  last_success_at: Date | null;
}

/** Jobs of TimescaleDB that are not ok at $1. */
export const selectTroubledJobs = `
  select job_id, procedure, relation, status, last_run_at, last_success_at
  from reporting.fn_timescale_jobs($1::text::timestamptz) where status <> 'ok' order by job_id`;

/** What is wrong with a job, for the operator. */
export function wordsOf({
  job_id,
  procedure,
  relation,
  status,
  last_run_at,
  last_success_at,
}: TroubledJob): string {
  // Anybody may read this: which schema it is in is nobody's business.
  const table = relation?.split(".").at(-1);
  const name = `TimescaleDB's job ${job_id} (${procedure}${table ? ` of ${table}` : ""})`;
  const trouble =
    status === "failing"
      ? `failed at its last run, ${instant(last_run_at)}`
      : `is overdue: it last ran ${instant(last_run_at)}`;
  return `${name} ${trouble}; it last succeeded ${instant(last_success_at)}. See "a job of TimescaleDB fails" in docs/runbook.md.`;
}

const instant = (at: Date | null) => at?.toISOString() ?? "never";
