import postgres from "postgres";
import freshness from "#sql/workers/analyst/wall/freshness.sql";
import type { AnalystConfig } from "../../../shared/config.ts";
import { classifyDatabaseError, sqlState } from "../../../shared/database.ts";
import { log } from "../../../shared/log.ts";
import { ToolRefusal } from "../tool.ts";

/** Values travel as the text they are: what they mean the server knows from the statement. */
const AS_TEXT = { serialize: (value: unknown) => value, parse: (value: unknown) => value };
const types = {
  string: { to: 25, from: null, ...AS_TEXT },
  number: { to: 0, from: [21, 23, 26, 700, 701], serialize: AS_TEXT.serialize, parse: Number },
  json: { to: 114, from: [114, 3802], serialize: AS_TEXT.serialize, parse: JSON.parse },
  boolean: { to: 16, from: 16, serialize: AS_TEXT.serialize, parse: (text: string) => text === "t" },
  date: { to: 1184, from: [1082, 1114, 1184], ...AS_TEXT },
  bytea: { to: 17, from: 17, ...AS_TEXT },
};

/** Ends a transaction that has given what it was for. */
class Done<Result> extends Error {
  readonly result: Result;

  constructor(result: Result) {
    super("done");
    this.result = result;
  }
}

/** What an answer rests on. */
export interface Freshness {
  /** When the transaction began to look, ISO 8601 UTC. */
  as_of: string;
  /** Null where all jobs are in time. */
  warning: string | null;
}

/** Whose transaction it is. */
export interface Session {
  env: Env;
  config: AnalystConfig;
  /** The role with fewer schemas that it changes to; null for the role of analysts itself. */
  role: string | null;
}

/**
 * Works as the role of analysts, in a transaction that only reads and is always rolled back: whatever a statement may have set
 * for its session, the next one that the pool gives this connection to does not have. A connection that was dead already is
 * replaced once.
 * @throws whatever the database says
 */
export async function asAnalyst<Result>(
  session: Session,
  work: (tx: postgres.TransactionSql) => Promise<Result>,
): Promise<Freshness & { result: Result }> {
  try {
    return await inReadOnly(open(session.env), session, work);
  } catch (error) {
    if (classifyDatabaseError(error) !== "unreachable") throw error;
    log("warn", "analyst_retried", { sqlState: sqlState(error) });
    return inReadOnly(open(session.env), session, work);
  }
}

/**
 * Sends a statement by the extended protocol, whether it has parameters or not: the simple one, which postgres.js takes for
 * those without, would run several statements that stand in one text. It is sent at once, not when somebody waits for it, so
 * that statements run in the order in which they stand in the code: the role is narrowed before a cursor is declared.
 */
export const extended = <Row extends object>(
  tx: postgres.TransactionSql,
  statement: string,
  parameters: (string | null)[] = [],
) =>
  tx
    .unsafe<Row[]>(statement, parameters, { prepare: true, simple: false } as postgres.UnsafeQueryOptions)
    .execute();

function open(env: Env): postgres.Sql {
  return postgres(env.DB_ANALYST.connectionString, {
    max: 1,
    fetch_types: false,
    connect_timeout: 10,
    onnotice: () => {},
    types: types as never,
  });
}

async function inReadOnly<Result>(
  sql: postgres.Sql,
  { config, role }: Session,
  work: (tx: postgres.TransactionSql) => Promise<Result>,
): Promise<Freshness & { result: Result }> {
  try {
    await sql.begin("read only", async (tx) => {
      if (role !== null) await requireClosed(tx);
      // One trip with the first statements of the work. How fresh the data are is asked before the role is narrowed.
      const [, , [fresh], , result] = await Promise.all([
        // A cursor is planned for its first tenth unless told otherwise: here all of it is read.
        extended(tx, "set local cursor_tuple_fraction = 1"),
        extended(tx, `set local statement_timeout = ${config.ANALYST_STATEMENT_S * 1_000}`),
        extended<Freshness>(tx, freshness),
        role === null ? null : extended(tx, `set local role ${role}`),
        work(tx),
      ]);
      throw new Done({ ...(fresh as Freshness), result });
    });
  } catch (error) {
    if (error instanceof Done) return error.result as Freshness & { result: Result };
    throw error;
  }
  throw new Error("A transaction ended without a result.");
}

/** Who may call `set_config` may leave a role by it: where `db:roles` has not run, a narrower role would hold nobody. */
async function requireClosed(tx: postgres.TransactionSql): Promise<void> {
  const [row] = await extended<{ open: boolean }>(
    tx,
    "select has_function_privilege('pg_catalog.set_config(text, text, boolean)', 'execute') as open",
  );
  if (row?.open === false) return;
  throw new ToolRefusal(
    "roles_open",
    "This database does not keep analysts within their schemas yet. Whoever runs it has to run db:roles.",
  );
}
