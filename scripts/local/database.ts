import { join } from "node:path";
import postgres from "postgres";
import { startEmbeddedPostgres } from "../database/embedded.ts";
import { MigrationRefused, migrate, readMigrations } from "../database/migrations.ts";
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

/**
 * Opens and migrates the database: `DATABASE_URL` where it is set, the embedded Postgres otherwise.
 *
 * A database of one's own keeps its passwords, also when it seems to be on this machine: a tunnel to
 * production looks the same. So the URLs of the Worker's roles have to be given too.
 *
 * @throws when they are not, or when nobody has agreed to `DATABASE_URL` being migrated and written to.
 */
export async function openLocalDatabase(
  root: string,
  folder: string,
  agreed: boolean,
  environment: NodeJS.ProcessEnv,
): Promise<LocalDatabase> {
  const { DATABASE_URL, DATABASE_URL_INGEST, DATABASE_URL_READ, DATABASE_URL_ANALYST } = environment;
  if (DATABASE_URL === undefined) {
    const embedded = await startEmbeddedPostgres(join(folder, "postgres"));
    const adminUrl = embedded.adminUrl("postgres");
    const sql = await migrated(root, adminUrl).catch(async (error: unknown) => {
      await embedded.stop();
      if (!(error instanceof MigrationRefused)) throw error;
      throw new MigrationRefused(`${error.message}\nOr forget the local database: npm start -- --fresh`);
    });
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
  const { host, pathname } = new URL(DATABASE_URL);
  if (!DATABASE_URL_INGEST || !DATABASE_URL_READ || !DATABASE_URL_ANALYST) {
    throw new Error(
      "With DATABASE_URL set, DATABASE_URL_INGEST (role ingest_app), DATABASE_URL_READ (role dashboard_ro) and DATABASE_URL_ANALYST\n" +
        "(role analytics_ro) have to be set too.",
    );
  }
  if (!agreed) {
    throw new Error(
      `This would migrate ${host}${pathname} and write what it polls into it. If that is meant: npm start -- --yes`,
    );
  }
  const sql = await migrated(root, DATABASE_URL);
  return {
    name: `${host}${pathname}`,
    urls: { ingest: DATABASE_URL_INGEST, read: DATABASE_URL_READ, analyst: DATABASE_URL_ANALYST },
    sql,
    stop: () => sql.end({ timeout: 1 }),
  };
}

async function migrated(root: string, url: string): Promise<postgres.Sql> {
  const sql = postgres(url, { max: 2, onnotice: () => {} });
  await migrate(sql, await readMigrations(join(root, "migrations")));
  return sql;
}
