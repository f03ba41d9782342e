import type postgres from "postgres";
import { literal } from "../../shared/quote.ts";
import { reasonOf } from "../command.ts";

/** Where a row is: in the database of DATABASE_URL or in the other. */
export type Where = "here" | "there";

/** One of the two databases, as it was when the comparison began. */
export interface Side {
  where: Where;
  /** @throws with the name of the database */
  rows<Row>(statement: string, parameters?: (string | null)[]): Promise<Row[]>;
  /** The same, some at a time. */
  stream<Row>(statement: string, parameters: string[]): AsyncGenerator<Row>;
}

/** Rows that are fetched at once. */
const ROWS_A_FETCH = 1_000;

/**
 * Roles may have times that a long comparison exceeds, while one database waits for the other too. Policies that hide rows from the
 * role make an error of the statement.
 */
const SETTINGS = {
  ...{ statement_timeout: "0", transaction_timeout: "0", idle_in_transaction_session_timeout: "0" },
  ...{ timezone: "UTC", datestyle: "ISO", row_security: "off", jit: "off", search_path: "pg_catalog" },
};

const NAMES = { here: "The database of DATABASE_URL", there: "The other database" };

/** What is wrong with one of the two. */
export const problemOf = (where: Where, reason: string) => new Error(`${NAMES[where]}: ${reason}`);

const BEGIN = "begin isolation level repeatable read read only";
const STARTED = "select transaction_timestamp()::text as at";

/**
 * Works on a database in one transaction that sees one state of it and changes nothing. The transaction ends with the connection:
 * postgres.js would roll it back, and break down where the server has gone away.
 * @param sql Of one connection, which is to be ended afterwards.
 */
export async function onSnapshot<Result>(
  where: Where,
  sql: postgres.Sql,
  work: (side: Side) => Promise<Result>,
): Promise<Result> {
  const side = sideOf(where, sql);
  await side.rows(BEGIN);
  // What a server does not know is left out: transaction_timeout is new in 17. Readers may not call set_config.
  const known = await side.rows<{ name: string; value: string }>(
    `select s.key as name, s.value from json_each_text($1::text::json) s
     where s.key in (select lower(name) from pg_settings)`,
    [JSON.stringify(SETTINGS)],
  );
  for (const { name, value } of known) await side.rows(`set local ${name} = ${literal(value)}`);
  const [begun] = await side.rows<{ at: string }>(STARTED);
  const result = await work(side);
  // A connection that was lost is opened again unasked, outside of the transaction.
  const [ended] = await side.rows<{ at: string }>(STARTED);
  if (begun?.at !== ended?.at) throw problemOf(where, "the connection was lost meanwhile. Try again.");
  return result;
}

function sideOf(where: Where, sql: postgres.Sql): Side {
  return {
    where,
    async rows<Row>(statement: string, parameters: (string | null)[] = []) {
      try {
        return (await sql.unsafe(statement, parameters)) as unknown as Row[];
      } catch (error) {
        throw problemOf(where, reasonOf(error));
      }
    },
    async *stream<Row>(statement: string, parameters: string[]) {
      try {
        for await (const rows of sql.unsafe(statement, parameters).cursor(ROWS_A_FETCH)) {
          yield* rows as unknown as Row[];
        }
      } catch (error) {
        throw problemOf(where, reasonOf(error));
      }
    },
  };
}
