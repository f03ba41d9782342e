import type postgres from "postgres";
import { databaseAnswers, openDatabase, sqlState } from "../../shared/database.ts";
import { ApiProblem } from "../../shared/errors.ts";
import { log, messageOf } from "../../shared/log.ts";
import type { ApiContext } from "./context.ts";
import { OUR_FAULT } from "./select.ts";

/**
 * Does for an administrator what takes more than one statement, as the ingest's own role.
 * @param remedy What became of the work, and what to do, where the database went away.
 * @throws ApiProblem `database_unavailable` where the database is away, or busy for the moment
 */
export async function workOnDatabase<Done>(
  c: ApiContext,
  remedy: string,
  work: (sql: postgres.Sql) => Promise<Done>,
): Promise<Done> {
  const sql = openDatabase(c.env.DB_INGEST);
  try {
    return await work(sql);
  } catch (error) {
    if (error instanceof ApiProblem) throw error;
    const state = sqlState(error);
    if (state === null ? await databaseAnswers(sql) : OUR_FAULT.test(state)) throw error;
    const requestId = c.get("requestId");
    log("error", "database_unavailable", { requestId, sqlState: state, error: messageOf(error) });
    throw new ApiProblem("database_unavailable", remedy, { "retry-after": "5" }, error);
  }
}
