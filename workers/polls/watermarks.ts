import type postgres from "postgres";
import advance from "#sql/workers/polls/advance-watermarks.sql";
import forget from "#sql/workers/polls/forget-asked.sql";

/** Has these jobs ask for everything again, a part in each run as ever. */
export async function forgetAsked(sql: postgres.Sql, jobs: string[]): Promise<void> {
  await sql.unsafe(forget, [JSON.stringify(jobs)], { prepare: true });
}

/** Notes that a job has asked for these devices. To be called only after the queue took the answer. */
export async function noteAsked(
  sql: postgres.Sql,
  job: string,
  imeis: string[],
  askedAt: string,
): Promise<void> {
  await sql.unsafe(advance, [job, JSON.stringify(imeis), askedAt], { prepare: true });
}
