import postgres from "postgres";
import { openLane } from "../backup/lane.ts";
import { END_PATIENCE_S } from "../command.ts";

/** With `--into`, whatever a command is called with stands in the list of processes, for every user of a machine. */
export function readTarget(
  option: string | undefined,
  environment: Record<string, string | undefined>,
): string {
  const url =
    option === undefined
      ? readUrl("INTO_DATABASE_URL", environment.INTO_DATABASE_URL)
      : readUrl("--into", option);
  if (option !== undefined && (url.password !== "" || url.searchParams.has("password"))) {
    throw new Error(
      "--into has a password, which the list of processes shows: set INTO_DATABASE_URL to the URL instead.",
    );
  }
  const live = URL.parse(environment.DATABASE_URL ?? "");
  if (live && placeOf(live) === placeOf(url)) {
    throw new Error(
      "That is the database of DATABASE_URL: restore into an empty one, and point the Worker at it when it is whole (docs/backup.md).",
    );
  }
  return url.href;
}

function readUrl(name: string, text: string | undefined): URL {
  const url = URL.parse(text ?? "");
  if (!url || !/^postgres(ql)?:$/.test(url.protocol)) {
    throw new Error(`${name} is no URL of a database: write postgres://administrator@host:5432/database.`);
  }
  return url;
}

const placeOf = ({ hostname, port, pathname }: URL) => `${hostname}:${port || "5432"}${pathname}`;

/** The administrator may be a role with limits. */
const PATIENCE = { statement_timeout: 0, idle_session_timeout: 0 };

/** Connections of a restore, one each. */
export interface Target {
  /** As an administrator has it. */
  sql: postgres.Sql;
  /** Speaks of values as the backup does. */
  rows: postgres.Sql;
}

/** Works on a database. */
export async function withTarget<Result>(
  url: string,
  work: (target: Target) => Promise<Result>,
): Promise<Result> {
  const sql = postgres(url, { max: 1, max_lifetime: null, onnotice() {}, connection: PATIENCE });
  const lane = openLane(url);
  try {
    // Where rows meet a chunk that is compressed already. Other servers take the name for one of somebody's own.
    await lane.sql`set timescaledb.max_tuples_decompressed_per_dml_transaction = 0`;
    return await work({ sql, rows: lane.sql });
  } finally {
    await Promise.all([sql.end({ timeout: END_PATIENCE_S }), lane.close()]);
  }
}
