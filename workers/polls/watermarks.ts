import type postgres from "postgres";
import advance from "./advance-watermarks.sql";

/** Notes that a job has asked for these devices. To be called only after the queue took the answer. */
export async function noteAsked(
  sql: postgres.Sql,
  job: string,
  imeis: string[],
  askedAt: string,
): Promise<void> {
  await sql.unsafe(advance, [job, JSON.stringify(imeis), askedAt], { prepare: true });
}
