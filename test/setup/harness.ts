import { convertV4MiniflareOptions, Miniflare, type WorkerdStructuredLog } from "miniflare";
import type postgres from "postgres";
import { inject, vi } from "vitest";
import { localRoleUrls } from "../../scripts/database/roles.ts";
import { type KeyRecord, keyName, newKey, type Scope } from "../../shared/access.ts";
import { createDatabase, type OwnDatabase } from "./database.ts";
import { handlersOf } from "./handlers.ts";
import { vendorSettings, World } from "./world.ts";

/** The built Worker with a database and a simulated world of its own. */
export interface Stack extends AsyncDisposable {
  world: World;
  /** Superuser of the stack's database. */
  sql: postgres.Sql;
  /** How to connect as that superuser. */
  adminUrl: string;
  fetch(path: string, init?: RequestInit): Promise<Response>;
  /** Ticks a Cron Trigger. @returns The outcome the platform would show, `ok` or `exception`. */
  tick(cron: string): Promise<string>;
  /** Log lines of the Worker since its start, as text. */
  logs(): string;
  /** The lines of an event, as a console shows them: one `name: value` per line of text. */
  lines(event: string): string[];
  /** Where a browser finds it. */
  url: string;
  /** Vehicles on the map now. */
  live(): Promise<LiveFeature[]>;
  /** The Worker's bindings, from outside. */
  bindings(): Promise<Pick<Env, "WRITES" | "JOBS" | "BUCKET" | "KEYS" | "ALERT_DESK">>;
  /** Kills the Worker, with its queues and objects, and starts a new one. */
  restart(): Promise<void>;
  /** Makes a secret key. */
  makeKey(scopes: Scope[], expiresAt?: string): Promise<string>;
  /** Takes a key back. */
  revokeKey(key: string): Promise<void>;
  /** Ends the life of the live map's object: asleep it keeps its sockets, closed as after a deploy. */
  evictLiveMap(webSockets: "hibernate" | "close"): Promise<void>;
  /** Ends the life of the analysts' gate: what it keeps is all that it knows after. */
  evictAnalystGate(): Promise<void>;
  /** Result of the newest run of a job, once there are `runs` of them. */
  lastRun(job: string, runs?: number): Promise<postgres.Row>;
}

/** A feature of `/v1/live`, as far as the tests look at it. */
export interface LiveFeature {
  id: string;
  geometry: { coordinates: [number, number] } | null;
  properties: { account: string; name: string; status: string; fixAt: string | null };
}

/** What a stack may have different from the usual. */
export interface StackOptions {
  world?: Record<string, unknown> | World;
  /** A database that is there already, and stays. */
  database?: OwnDatabase;
  vars?: Record<string, string>;
  secrets?: Record<string, string>;
  /** Where the Worker finds the database server, when not at its own port. */
  databasePort?: number;
}

/** What pushes to a stack authenticate with. */
export const PUSH_TOKEN = "stack-push-token-0001";

/** Starts a stack. */
export async function startStack(options: StackOptions = {}): Promise<Stack> {
  const database = options.database ?? (await createDatabase("migrated"));
  const { sql } = database;
  const workerUrl = new URL(database.url);
  if (options.databasePort) workerUrl.port = String(options.databasePort);
  const urls = localRoleUrls(workerUrl.href);
  const world =
    options.world instanceof World
      ? options.world
      : await World.make(inject("simulatorUrl"), { vehicles: 20, ...options.world });
  const { TRACKSOLID_API_URL = "", TRACKSOLID_TARGETS = "", ...secrets } = vendorSettings(world.info);

  const built = inject("builtWorker");
  const logs: WorkerdStructuredLog[] = [];
  const listen = async () => {
    const runtime = new Miniflare(
      convertV4MiniflareOptions({
        host: "127.0.0.1",
        cf: false,
        handleStructuredLogs: (log) => logs.push(log),
        workers: [
          {
            ...built,
            bindings: {
              ...built.bindings,
              TRACKSOLID_API_URL,
              TRACKSOLID_TARGETS,
              OPEN_READS: "1",
              GEOCODER_URL: "",
              // A device and a row more in every minute of every test.
              CANARY: "off",
              ...options.vars,
              ...secrets,
              PUSH_TOKENS: PUSH_TOKEN,
              ...options.secrets,
            },
            hyperdrives: { DB_INGEST: urls.ingest, DB_READ: urls.read, DB_ANALYST: urls.analyst },
          },
        ],
      }),
    );
    return { runtime, url: await runtime.ready };
  };
  let { runtime, url } = await listen();

  return {
    async restart() {
      await runtime.dispose();
      logs.length = 0;
      ({ runtime, url } = await listen());
    },
    world,
    sql,
    adminUrl: database.url,
    fetch: (path, init) =>
      runtime.dispatchFetch(new URL(path, url).href, init as never) as unknown as Promise<Response>,
    tick: async (cron) => {
      const handlers = await handlersOf(runtime);
      return (await handlers.scheduled({ cron, scheduledTime: new Date() })).outcome;
    },
    logs: () => JSON.stringify(logs),
    lines: (event) => logs.flatMap(({ message }) => (message.includes(`event: '${event}'`) ? [message] : [])),
    get url() {
      return url.origin;
    },
    bindings: () => runtime.getBindings<Env>(),
    async makeKey(scopes, expiresAt) {
      const key = newKey("sk");
      const record: KeyRecord = {
        id: crypto.randomUUID(),
        kind: "sk",
        label: "test",
        scopes,
        origins: [],
        createdAt: new Date().toISOString(),
        expiresAt: expiresAt ?? null,
      };
      const { KEYS } = await runtime.getBindings<Env>();
      await KEYS.put(await keyName(key), JSON.stringify(record));
      return key;
    },
    async revokeKey(key) {
      const { KEYS } = await runtime.getBindings<Env>();
      await KEYS.delete(await keyName(key));
    },
    evictLiveMap: (webSockets) =>
      runtime.unsafeEvictDurableObject(built.name ?? "", "LiveMap", { name: "fleet", webSockets }),
    evictAnalystGate: () =>
      runtime.unsafeEvictDurableObject(built.name ?? "", "AnalystGate", { name: "all" }),
    async live() {
      const response = await runtime.dispatchFetch(new URL("/v1/live", url).href);
      const { features } = (await response.json()) as { features: LiveFeature[] };
      return features;
    },
    async lastRun(job, runs = 1) {
      return vi.waitFor(
        async () => {
          const rows = await sql`
            select * from tracksolid.ingestion_log where endpoint = ${job} order by run_at desc, run_id desc`;
          if (rows.length < runs || !rows[0])
            throw new Error(`${rows.length} of ${runs} runs of ${job} are logged`);
          return rows[0];
        },
        { timeout: 15_000, interval: 100 },
      );
    },
    async [Symbol.asyncDispose]() {
      await runtime.dispose();
      if (!options.database) await database[Symbol.asyncDispose]();
    },
  };
}
