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
  urls: RoleUrls;
}

/** An embedded Postgres that waits for its disk, as production does. */
export interface BenchCluster {
  create(name: string): Promise<BenchDatabase>;
  stop(): Promise<void>;
}

/** Nothing of Postgres' own may fall into one round and not into the next; a checkpoint is asked for between sections. */
const SETTINGS = ["autovacuum = off", "checkpoint_timeout = '1h'", "max_wal_size = '16GB'"];

/** Starts a cluster in a folder of its own. */
export async function startCluster(): Promise<BenchCluster> {
  const folder = await mkdtemp(join(tmpdir(), "tracksolid-bench-"));
  const cluster = await startEmbeddedPostgres(join(folder, "postgres"), { maxConnections: 100 });
  const admin = connect(cluster.adminUrl("postgres"));
  for (const setting of SETTINGS) await admin.unsafe(`alter system set ${setting}`);
  await admin`select pg_reload_conf()`;
  const open = [admin];
  return {
    async create(name) {
      await admin`create database ${admin(name)}`;
      const sql = connect(cluster.adminUrl(name));
      open.push(sql);
      const migrator = postgres(cluster.adminUrl(name), { max: 2, onnotice: () => {} });
      await migrate(migrator, await readMigrations("migrations"));
      await openLocalRoles(migrator);
      await migrator.end();
      return { sql, urls: localRoleUrls(cluster.adminUrl(name)) };
    },
    async stop() {
      await Promise.all(open.map((sql) => sql.end({ timeout: 1 })));
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
