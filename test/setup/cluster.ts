import { randomUUID } from "node:crypto";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import postgres from "postgres";
import { startEmbeddedPostgres } from "../../scripts/database/embedded.ts";
import { migrate, readMigrations } from "../../scripts/database/migrations.ts";
import { localRoleUrls, openLocalRoles } from "../../scripts/database/roles.ts";
import { makeFastFolder } from "./fast-folder.ts";

/** Of the writer's and the read API's; analysts' connections are few. */
const CONNECTIONS_PER_ROLE = 700;

/** Tests inside workerd are one long invocation, whose connections nobody closes. */
const IDLE_FOR = "5s";

/** What administrators and the server itself need. */
const OTHER_CONNECTIONS = 50;

/** The server that all tests share. */
export interface TestCluster {
  /** Superuser URL of its `postgres` database. */
  adminUrl: string;
  /** Database with the whole schema that others are copied from; nobody else may be connected to it. */
  template: string;
  /** Superuser URL of a copy of it, for tests that share one. */
  sharedUrl: string;
  /** The same of another copy, in which one test file inside workerd may change tables and rights. */
  adoptedUrl: string;
  stop(): Promise<void>;
}

/**
 * The embedded Postgres, or the server behind `TIMESCALE_URL`: a superuser's URL of a server that is for tests alone, as roles
 * belong to all of it.
 */
export async function startTestCluster(): Promise<TestCluster> {
  const server = process.env.TIMESCALE_URL ? foreign(process.env.TIMESCALE_URL) : await embedded();
  const admin = postgres(server.adminUrl, { max: 1, onnotice: () => {} });
  const suffix = randomUUID().replaceAll("-", "");
  // Where the server can compile statements it does so for seconds. Our roles have that off, the tests' superuser has it, too.
  if (process.env.TIMESCALE_URL) await admin`alter role current_user set jit = off`;
  const [template, shared, adopted] = [`template_${suffix}`, `shared_${suffix}`, `adopted_${suffix}`];
  await admin`create database ${admin(template)}`;
  const sql = postgres(urlOf(server.adminUrl, template), { max: 2, onnotice: () => {} });
  await migrate(sql, await readMigrations("migrations"));
  const [limit] = await sql`show max_connections`;
  await openLocalRoles(
    sql,
    Math.min(CONNECTIONS_PER_ROLE, Math.floor((Number(limit?.max_connections) - OTHER_CONNECTIONS) / 2)),
  );
  await sql.end();
  // TimescaleDB keeps a connection to every database for its jobs.
  await admin`alter database ${admin(template)} allow_connections false`;
  await admin`select pg_terminate_backend(pid) from pg_stat_activity where datname = ${template}`;
  for (const name of [shared, adopted]) {
    await admin`create database ${admin(name)} template ${admin(template)}`;
  }
  for (const name of [shared, adopted]) {
    for (const { username } of Object.values(localRoleUrls(server.adminUrl)).map((url) => new URL(url))) {
      await admin.unsafe(
        `alter role ${username} in database ${name} set idle_session_timeout = '${IDLE_FOR}'`,
      );
    }
  }
  return {
    adminUrl: server.adminUrl,
    template,
    sharedUrl: urlOf(server.adminUrl, shared),
    adoptedUrl: urlOf(server.adminUrl, adopted),
    async stop() {
      for (const name of [shared, adopted, template]) await admin`drop database ${admin(name)} with (force)`;
      await admin.end();
      await server.stop();
    },
  };
}

interface Server {
  adminUrl: string;
  stop(): Promise<void>;
}

const foreign = (adminUrl: string): Server => ({ adminUrl, stop: async () => {} });

async function embedded(): Promise<Server> {
  const folder = await makeFastFolder("tracksolid-test-");
  const cluster = await startEmbeddedPostgres(join(folder, "postgres"), {
    volatile: true,
    maxConnections: 2 * CONNECTIONS_PER_ROLE + OTHER_CONNECTIONS,
  });
  return {
    adminUrl: cluster.adminUrl("postgres"),
    async stop() {
      await cluster.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

function urlOf(adminUrl: string, database: string): string {
  const url = new URL(adminUrl);
  url.pathname = `/${database}`;
  return url.href;
}
