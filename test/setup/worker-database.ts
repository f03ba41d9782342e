import { env } from "cloudflare:workers";
import type postgres from "postgres";
import { openDatabase } from "../../shared/database.ts";

/** Longer than a file rests: what the server ends while a statement is on its way fails. */
const IDLE_FOR = "60s";

let client: postgres.Sql | undefined;

/** The database of the tests in workerd as the Worker's own role. One client for a file: a connection costs thirty inserts. */
export function database(): postgres.Sql {
  client ??= openDatabase(lasting(env.DB_INGEST));
  return client;
}

/** Another file may not use the connections of this one. The server closes them: workerd has no way to without an error. */
export function leaveDatabase(): void {
  client = undefined;
}

function lasting({ connectionString }: Hyperdrive): Hyperdrive {
  const url = new URL(connectionString);
  url.searchParams.set("idle_session_timeout", IDLE_FOR);
  return { connectionString: url.href } as Hyperdrive;
}
