import type postgres from "postgres";
import type { ParameterOrJSON } from "postgres";
import { openDatabase, sqlState } from "../../shared/database.ts";
import { ApiProblem } from "../../shared/errors.ts";
import { log, messageOf } from "../../shared/log.ts";

/** SQLSTATE classes that blame the statement: our bug, and not cured by waiting. */
const OUR_FAULT = /^(22|23|42)/;

/**
 * Runs one statement as the reader.
 * @throws ApiProblem `database_unavailable` when it was not answered: no connection, too many, timed out.
 */
export async function select<Row extends postgres.Row>(
  env: Env,
  statement: string,
  parameters: ParameterOrJSON<never>[] = [],
): Promise<Row[]> {
  try {
    return await openDatabase(env.DB_READ).unsafe<Row[]>(statement, parameters, { prepare: true });
  } catch (error) {
    const state = sqlState(error);
    if (state !== null && OUR_FAULT.test(state)) throw error;
    log("error", "database_unavailable", { sqlState: state, error: messageOf(error) });
    throw new ApiProblem("database_unavailable", "Try again in a few seconds.", { "retry-after": "5" });
  }
}

/** The `body` of a statement whose one row is an answer that Postgres has built as text; null without a row. */
export async function selectBody(
  env: Env,
  statement: string,
  parameters: ParameterOrJSON<never>[],
): Promise<string | null> {
  const [row] = await select<{ body: string }>(env, statement, parameters);
  return row?.body ?? null;
}
