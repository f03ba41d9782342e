import postgres from "postgres";
import freshness from "#sql/workers/analyst/wall/freshness.sql";
import type { AnalystConfig } from "../../../shared/config.ts";
import { classifyDatabaseError, inOneTrip, sqlState } from "../../../shared/database.ts";
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

/** What ends a transaction that has given what it was for. */
const ROLL_BACK = new Error("A transaction was rolled back.");

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
) => inOneTrip<Row>(tx, statement, parameters).execute();

function open(env: Env): postgres.Sql {
  return postgres(env.DB_ANALYST.connectionString, {
    max: 1,
    fetch_types: false,
    connect_timeout: 10,
    onnotice: () => {},
    types: types as never,
  });
}

/** The answer is there as soon as the work is: for the end of the transaction nobody has to wait. */
function inReadOnly<Result>(
  sql: postgres.Sql,
  { config, role }: Session,
  work: (tx: postgres.TransactionSql) => Promise<Result>,
): Promise<Freshness & { result: Result }> {
  return new Promise((resolve, reject) => {
    sql
      .begin("read only", async (tx) => {
        // One trip with the first statements of the work. How fresh the data are is asked before the role is narrowed.
        const opening = Promise.all([
          // A cursor is planned for its first tenth unless told otherwise: here all of it is read.
          extended(tx, "set local cursor_tuple_fraction = 1"),
          extended(tx, `set local statement_timeout = ${config.ANALYST_STATEMENT_S * 1_000}`),
          extended<Freshness>(tx, freshness),
          role === null ? null : narrowTo(tx, role),
        ]);
        const working = work(tx);
        // What fails in it after the opening failed does so because of that.
        working.catch(() => {});
        const [, , [fresh]] = await opening;
        resolve({ ...(fresh as Freshness), result: await working });
        throw ROLL_BACK;
      })
      // What follows an answer is nobody's failure.
      .catch(reject);
  });
}

/**
 * Changes to a role with fewer schemas. Who may call `set_config` may leave a role by it: where `db:roles` has not run, a narrower
 * role would hold nobody. A division by zero ends the transaction there, with every statement that is on its way already.
 */
async function narrowTo(tx: postgres.TransactionSql, role: string): Promise<void> {
  const closed = extended(
    tx,
    `select 1 / case when has_function_privilege('pg_catalog.set_config(text, text, boolean)', 'execute') then 0 else 1 end`,
  );
  const narrowed = extended(tx, `set local role ${role}`);
  try {
    await Promise.all([closed, narrowed]);
  } catch (error) {
    if (sqlState(error) !== DIVISION_BY_ZERO) throw error;
    throw new ToolRefusal(
      "roles_open",
      "This database does not keep analysts within their schemas yet. Whoever runs it has to run db:roles.",
    );
  }
}

const DIVISION_BY_ZERO = "22012";
