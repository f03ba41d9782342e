import postgres from "postgres";
import { within } from "./time.ts";

/**
 * A client for this invocation. Workers forbid sharing a connection between invocations, and the runtime
 * closes it at the end of each: never call `end()` on it.
 */
export function openDatabase(hyperdrive: Hyperdrive): postgres.Sql {
  return postgres(hyperdrive.connectionString, {
    // Six connections may wait for headers at once; one is left for the queue and R2.
    max: 5,
    // Parameters travel as text or JSON, so no type needs to be looked up.
    fetch_types: false,
    prepare: true,
    connect_timeout: 10,
    onnotice: () => {},
  });
}

/** What a statement takes: the server reads each as what the statement makes of it. */
export type Parameter = string | number | boolean | null;

/**
 * A statement by the extended protocol, in one trip. With parameters postgres.js takes two, since it asks for their types before it
 * writes them; those that it finds on a query already it writes as they are. What follows on the connection need not wait.
 */
export const inOneTrip = <Row extends object>(
  sql: postgres.ISql,
  statement: string,
  parameters: readonly Parameter[] = [],
): postgres.PendingQuery<Row[]> =>
  Object.assign(
    sql.unsafe<Row[]>(statement, [], { prepare: true, simple: false } as postgres.UnsafeQueryOptions),
    { parameters: [...parameters] },
  );

/** What a database answers. @throws after so long without any: of a connection that was not closed nobody tells that its other end is gone */
export async function heard<Answer>(answer: PromiseLike<Answer>, forMs: number): Promise<Answer> {
  const come = await within(
    Promise.resolve(answer).then((value) => ({ value })),
    forMs,
  );
  if (come === undefined) throw new Error(`The database has said nothing for ${forMs / 1_000} s.`);
  return come.value;
}

/** What a database error says about the statement that met it. */
export type DatabaseFailure =
  /** SQLSTATE 22, 23 and 54: a value in it can never be stored; 54 is one nested too deeply or too long. */
  | "poison"
  /** No answer, or that there is no room or no service: every statement would fail now. */
  | "unreachable"
  /** Everything else: the same statement can succeed later. */
  | "transient";

const POISON = /^(22|23|54)/;

/**
 * Connection lost, log-in refused, no such database, too many connections, shutting down; 58 is what Hyperdrive says of
 * an origin it cannot reach.
 */
const UNREACHABLE = /^(08|28|3D|53|57P|58)/;

/** Classifies an error of a statement (SQLSTATE classes in the manual, appendix A). */
export function classifyDatabaseError(error: unknown): DatabaseFailure {
  const code = sqlState(error);
  if (code === null || UNREACHABLE.test(code)) return "unreachable";
  return POISON.test(code) ? "poison" : "transient";
}

/**
 * Whether the database answers. What fails beside it without an SQLSTATE, like a read of R2, looks like a database that is
 * away: so it is asked.
 */
export async function databaseAnswers(sql: postgres.Sql): Promise<boolean> {
  try {
    await sql`select 1`;
    return true;
  } catch {
    return false;
  }
}

/** The SQLSTATE of an error, or null where the server did not answer at all. */
export function sqlState(error: unknown): string | null {
  const code = error instanceof Error && "code" in error ? error.code : null;
  return typeof code === "string" && /^[0-9A-Z]{5}$/.test(code) ? code : null;
}
