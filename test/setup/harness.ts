import { randomUUID } from "node:crypto";
import postgres from "postgres";
import { inject } from "vitest";
import { createTestHarness } from "wrangler";
import { localRoleUrls } from "../../scripts/database/roles.ts";
import { vendorSettings, World } from "./world.ts";

/** The built Worker with a database and a simulated world of its own. */
export interface Stack extends AsyncDisposable {
  world: World;
  /** Superuser of the stack's database. */
  sql: postgres.Sql;
  fetch(path: string, init?: RequestInit): Promise<Response>;
  /** Ticks a Cron Trigger. @returns The outcome the platform would show, `ok` or `exception`. */
  tick(cron: string): Promise<string>;
  /** Log lines of the Worker so far, as text. */
  logs(): string;
  bindings(): Promise<Env>;
}

/** What a stack may have different from the usual. */
export interface StackOptions {
  world?: Record<string, unknown>;
  vars?: Record<string, string>;
  /** Puts a proxy or another server between Worker and database. */
  database?: (port: number) => number;
}

/** Starts a stack. */
export async function startStack(options: StackOptions = {}): Promise<Stack> {
  const { adminUrl, template } = inject("cluster");
  const database = `stack_${randomUUID().replaceAll("-", "")}`;
  const admin = postgres(adminUrl, { max: 1, onnotice: () => {} });
  await admin`create database ${admin(database)} template ${admin(template)}`;
  const ownUrl = new URL(adminUrl);
  ownUrl.pathname = `/${database}`;
  const sql = postgres(ownUrl.href, { max: 3, onnotice: () => {} });

  const workerUrl = new URL(ownUrl);
  if (options.database) workerUrl.port = String(options.database(Number(ownUrl.port)));
  const urls = localRoleUrls(workerUrl.href);
  const world = await World.make(inject("simulatorUrl"), { vehicles: 20, ...options.world });
  const { TRACKSOLID_API_URL = "", TRACKSOLID_TARGETS = "", ...secrets } = vendorSettings(world.info);

  const server = createTestHarness({
    workers: [
      {
        configPath: "./wrangler.toml",
        vars: { TRACKSOLID_API_URL, TRACKSOLID_TARGETS, OPEN_READS: "1", ...options.vars },
        secrets,
        bindingOverrides: {},
      },
    ],
  });
  process.env.CLOUDFLARE_HYPERDRIVE_LOCAL_CONNECTION_STRING_DB_INGEST = urls.ingest;
  process.env.CLOUDFLARE_HYPERDRIVE_LOCAL_CONNECTION_STRING_DB_READ = urls.read;
  await server.listen();
  const worker = server.getWorker();

  return {
    world,
    sql,
    fetch: (path, init) => server.fetch(path, init as never) as unknown as Promise<Response>,
    tick: async (cron) => (await worker.scheduled({ cron, scheduledTime: new Date() })).outcome,
    logs: () => JSON.stringify(server.getLogs()),
    bindings: async () => (await worker.getEnv()) as unknown as Env,
    async [Symbol.asyncDispose]() {
      await server.close();
      await sql.end({ timeout: 1 });
      await admin`drop database ${admin(database)} with (force)`;
      await admin.end();
    },
  };
}
