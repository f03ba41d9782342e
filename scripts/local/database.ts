import { join } from "node:path";
import postgres from "postgres";
import { startEmbeddedPostgres } from "../database/embedded.ts";
import { migrate, readMigrations } from "../database/migrations.ts";
import { localRoleUrls, openLocalRoles, type RoleUrls } from "../database/roles.ts";

/** The database of the local stack. */
export interface LocalDatabase {
  /** Where it is, for the screen. */
  name: string;
  urls: RoleUrls;
  /** For the figures on the screen. */
  sql: postgres.Sql;
  stop(): Promise<void>;
}

const LOOPBACK = new Set(["localhost", "127.0.0.1", "[::1]"]);

/**
 * Opens and migrates the database: `DATABASE_URL` where it is set, the embedded Postgres otherwise.
 *
 * A database on another machine keeps its passwords, so `DATABASE_URL_INGEST` and `DATABASE_URL_READ`
 * have to say how the Worker's roles log in there.
 */
export async function openLocalDatabase(
  root: string,
  folder: string,
  environment: NodeJS.ProcessEnv,
): Promise<LocalDatabase> {
  const { DATABASE_URL, DATABASE_URL_INGEST, DATABASE_URL_READ } = environment;
  if (DATABASE_URL === undefined) {
    const embedded = await startEmbeddedPostgres(join(folder, "postgres"));
    const adminUrl = embedded.adminUrl("postgres");
    const sql = await migrated(root, adminUrl);
    await openLocalRoles(sql);
    return {
      name: `embedded Postgres, port ${embedded.port}`,
      urls: localRoleUrls(adminUrl),
      sql,
      async stop() {
        await sql.end({ timeout: 1 });
        await embedded.stop();
      },
    };
  }
  const { hostname, pathname } = new URL(DATABASE_URL);
  const remote = !LOOPBACK.has(hostname);
  if (remote && !(DATABASE_URL_INGEST && DATABASE_URL_READ)) {
    throw new Error(
      `DATABASE_URL names ${hostname}: set DATABASE_URL_INGEST (role ingest_app) and DATABASE_URL_READ (role dashboard_ro) too. ` +
        "Passwords are set here only on a database of this machine.",
    );
  }
  const sql = await migrated(root, DATABASE_URL);
  if (!remote) await openLocalRoles(sql);
  const local = localRoleUrls(DATABASE_URL);
  return {
    name: `${hostname}${pathname}`,
    urls: { ingest: DATABASE_URL_INGEST ?? local.ingest, read: DATABASE_URL_READ ?? local.read },
    sql,
    stop: () => sql.end({ timeout: 1 }),
  };
}

async function migrated(root: string, url: string): Promise<postgres.Sql> {
  const sql = postgres(url, { max: 2, onnotice: () => {} });
  await migrate(sql, await readMigrations(join(root, "migrations")));
  return sql;
}
