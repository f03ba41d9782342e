import { connect } from "node:net";
import postgres from "postgres";
import { END_PATIENCE_S } from "../command.ts";
import { TEXT_SETTINGS } from "./text.ts";

/**
 * Roles have limits for what a service asks: a copy waits for its store between two statements, sorts a chunk of a table, and may
 * meet a migration. Policies that hide rows from the role make an error of the statement.
 */
const PATIENCE = {
  statement_timeout: "0",
  idle_in_transaction_session_timeout: "30min",
  lock_timeout: "60s",
  work_mem: "64MB",
  row_security: "off",
} as const;

/** What postgres.js calls it when a connection ends. */
export const LOST_CODE = "CONNECTION_CLOSED";

/** A connection to the database that is never replaced by another: its transaction is what counts. */
export interface Lane {
  sql: postgres.Sql;
  /** Ends it at once, whatever the server is sending. */
  cut(): void;
  /** Ends it when what was asked is answered. */
  close(): Promise<void>;
}

/** Opens one. Nothing is sent before the first statement. */
export function openLane(url: string): Lane {
  let socket: ReturnType<typeof connect> | undefined;
  const dial = ({ host: [host = "localhost"], port: [port = 5432] }: { host: string[]; port: number[] }) => {
    if (socket) throw Object.assign(new Error("it ended between two statements"), { code: LOST_CODE });
    // Where the server speaks TLS, its certificate is for this name.
    socket = Object.assign(connect({ host, port, noDelay: true }), { host, port });
    return socket;
  };
  const sql = postgres(url, {
    max: 1,
    max_lifetime: null,
    fetch_types: false,
    onnotice: () => {},
    connection: { ...TEXT_SETTINGS, ...PATIENCE },
    // A COPY whose rows nobody takes any more holds up every later statement: only cutting the line ends it.
    socket: dial,
  } as unknown as postgres.Options<Record<string, never>>);
  return {
    sql,
    cut: () => void socket?.destroy(),
    async close() {
      // To one that was cut there is nobody to say goodbye to: TLS above it would fail with that.
      if (socket?.destroyed) return;
      await sql.end({ timeout: END_PATIENCE_S });
      socket?.destroy();
    },
  };
}
