import { mkdtemp, rm } from "node:fs/promises";
import { connect as dial } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import postgres from "postgres";
import { startEmbeddedPostgres } from "../../scripts/database/embedded.ts";
import { migrate, readMigrations } from "../../scripts/database/migrations.ts";
import { localRoleUrls, openLocalRoles, type RoleUrls } from "../../scripts/database/roles.ts";

/** A migrated database of the bench. */
export interface BenchDatabase {
  /** Superuser, direct. */
  sql: postgres.Sql;
  url: string;
  urls: RoleUrls;
}

/** A Postgres that waits for its disk, as production does. */
export interface BenchCluster {
  create(name: string, content?: "migrated" | "empty"): Promise<BenchDatabase>;
  stop(): Promise<void>;
}

/** Nothing of Postgres' own may fall into one round and not into the next; a checkpoint is asked for between sections. */
const SETTINGS = ["autovacuum = off", "checkpoint_timeout = '1h'", "max_wal_size = '16GB'"];

/** Starts a cluster in a folder of its own, or uses the server behind `TIMESCALE_URL`. */
export async function startCluster(): Promise<BenchCluster> {
  const server = process.env.TIMESCALE_URL ? foreign(process.env.TIMESCALE_URL) : await embedded();
  const admin = connect(server.adminUrl("postgres"));
  for (const setting of SETTINGS) await admin.unsafe(`alter system set ${setting}`);
  await admin`select pg_reload_conf()`;
  const databases: { name: string; sql: postgres.Sql }[] = [];
  return {
    async create(section, content = "migrated") {
      const name = `bench_${section}_${Date.now()}`;
      await admin`create database ${admin(name)}`;
      const sql = connect(server.adminUrl(name));
      databases.push({ name, sql });
      const url = server.adminUrl(name);
      if (content === "migrated") {
        const migrator = postgres(url, { max: 2, onnotice: () => {} });
        await migrate(migrator, await readMigrations("migrations"));
        await openLocalRoles(migrator);
        await migrator.end();
      }
      return { sql, url, urls: localRoleUrls(url) };
    },
    async stop() {
      for (const { name, sql } of databases) {
        await sql.end({ timeout: 1 });
        await admin`drop database ${admin(name)} with (force)`;
      }
      // A server that is not ours goes on as it was.
      for (const setting of SETTINGS) await admin.unsafe(`alter system reset ${setting.split(" ")[0]}`);
      await admin`select pg_reload_conf()`;
      await admin.end({ timeout: 1 });
      await server.stop();
    },
  };
}

interface Server {
  /** A superuser's URL of a database. */
  adminUrl(database: string): string;
  stop(): Promise<void>;
}

function foreign(url: string): Server {
  return {
    adminUrl: (database) => Object.assign(new URL(url), { pathname: `/${database}` }).href,
    stop: async () => {},
  };
}

async function embedded(): Promise<Server> {
  const folder = await mkdtemp(join(tmpdir(), "tracksolid-bench-"));
  const cluster = await startEmbeddedPostgres(join(folder, "postgres"), { maxConnections: 100 });
  return {
    adminUrl: (database) => cluster.adminUrl(database),
    async stop() {
      await cluster.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** A direct connection. */
export function connect(url: string): postgres.Sql {
  const { hostname, port } = new URL(url);
  return postgres(url, {
    max: 1,
    fetch_types: false,
    onnotice: () => {},
    // workerd sends at once. Node waits for the acknowledgement of what went before: 40 ms for every COPY.
    socket: () => dial({ host: hostname, port: Number(port), noDelay: true }),
  } as postgres.Options<Record<string, never>>);
}
