import { waitUntil } from "cloudflare:workers";
import type postgres from "postgres";
import { heard, inOneTrip, openDatabase, type Parameter, sqlState } from "../../shared/database.ts";
import { ApiProblem } from "../../shared/errors.ts";
import { log, messageOf } from "../../shared/log.ts";
import { settings } from "../../shared/settings.ts";
import { nowMs } from "../../shared/time.ts";
import type { ApiContext } from "./context.ts";
import { routeOf } from "./request-log.ts";
import { logSlowQuery } from "./slow-query.ts";

/** SQLSTATE classes that blame the statement: our bug, and not cured by waiting. */
export const OUR_FAULT = /^(22|23|42)/;

/** On whose behalf a statement runs. */
export interface Asker {
  env: Env;
  requestId: string;
  /** Pattern of the route, or who asks instead of one. */
  route: string;
  /** Asks as the ingest's own role, which alone sees `private`. */
  isPrivate?: true;
  /** Of whoever asks many times in one request: each client opens a connection that stays until the request ends. */
  sql?: postgres.Sql;
}

/** A request as an asker. Whatever it asks one after the other takes one connection: between, only the way to the pool stays open. */
export function askerOf(c: ApiContext): Asker {
  const sql = c.get("sql") ?? openDatabase(c.env.DB_READ);
  c.set("sql", sql);
  return { ...requestOf(c), sql };
}

/** The same of a request of an administrator, for what no reader may see. */
export const privateAskerOf = (c: ApiContext): Asker => ({ ...requestOf(c), isPrivate: true });

const requestOf = (c: ApiContext) => ({
  env: c.env,
  requestId: c.get("requestId"),
  route: routeOf(c),
});

/**
 * Runs one statement as the reader. One that takes long is logged after the answer.
 * @throws ApiProblem `database_unavailable` when it was not answered: no connection, too many, timed out.
 */
export const select = <Row extends postgres.Row>(
  asker: Asker,
  statement: string,
  parameters: Parameter[] = [],
): Promise<Row[]> => ask(asker, statement, parameters, (sql) => inOneTrip<Row>(sql, statement, parameters));

/**
 * The same for one row of large texts: its values as the UTF-8 that the server sent, for whoever passes them on.
 * @returns undefined without a row
 */
export async function selectBytes(
  asker: Asker,
  statement: string,
  parameters: Parameter[],
): Promise<(Uint8Array | null)[] | undefined> {
  const [row] = await ask(asker, statement, parameters, (sql) => inOneTrip(sql, statement, parameters).raw());
  return row as unknown as (Uint8Array | null)[] | undefined;
}

async function ask<Rows>(
  { env, requestId, route, isPrivate, sql: own }: Asker,
  statement: string,
  parameters: Parameter[],
  read: (sql: postgres.Sql) => PromiseLike<Rows>,
): Promise<Rows> {
  const sql = own ?? openDatabase(isPrivate ? env.DB_INGEST : env.DB_READ);
  const startedMs = nowMs();
  let answered = true;
  try {
    return await heard(read(sql), settings.silentDatabaseMs);
  } catch (error) {
    const state = sqlState(error);
    answered = state !== null;
    if (state !== null && OUR_FAULT.test(state)) throw error;
    log("error", "database_unavailable", { requestId, sqlState: state, error: messageOf(error) });
    throw new ApiProblem(
      "database_unavailable",
      "Try again in a few seconds.",
      { "retry-after": "5" },
      error,
    );
  } finally {
    const durationMs = nowMs() - startedMs;
    if (durationMs > settings.slowQueryMs) {
      waitUntil(logSlowQuery({ sql, statement, parameters, requestId, route, durationMs, answered }));
    }
  }
}

/** The `body` of a statement whose one row is an answer that Postgres has built as text; null without a row. */
export async function selectBody(
  asker: Asker,
  statement: string,
  parameters: Parameter[],
): Promise<string | null> {
  const [row] = await select<{ body: string }>(asker, statement, parameters);
  return row?.body ?? null;
}
