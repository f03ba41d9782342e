import { rm } from "node:fs/promises";
import { join } from "node:path";
import postgres from "postgres";
import { startEmbeddedPostgres } from "../../scripts/database/embedded.ts";
import { makeFastFolder } from "./fast-folder.ts";

/** A server of one's own, for what would reach into the tests of others: roles belong to all of a server. */
export interface OwnServer extends AsyncDisposable {
  /** Superuser URL of a database of it. */
  adminUrl(database?: string): string;
  /** That superuser, in the database `postgres`. */
  sql: postgres.Sql;
}

/** Starts an embedded Postgres. */
export async function startOwnServer(maxConnections = 100): Promise<OwnServer> {
  const folder = await makeFastFolder("tracksolid-server-");
  const server = await startEmbeddedPostgres(join(folder, "postgres"), { volatile: true, maxConnections });
  const adminUrl = (database = "postgres") => server.adminUrl(database);
  const sql = postgres(adminUrl(), { max: 2, onnotice: () => {} });
  return {
    adminUrl,
    sql,
    async [Symbol.asyncDispose]() {
      await sql.end({ timeout: 1 });
      await server.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
