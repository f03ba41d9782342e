import type postgres from "postgres";
import { type KeyRecord, keyName, newKey } from "../../../shared/access.ts";
import { schedule } from "../../../workers/polls/schedule.ts";
import { vendorSettings, World } from "../../setup/world.ts";
import { startSimulator } from "../../simulator/server.ts";
import type { WorldOptions } from "../../simulator/world/options.ts";
import type { BenchCluster } from "../cluster.ts";
import { type Served, type ServedWorker, type ServeOptions, serve } from "../served.ts";
import { productWorker } from "../workers.ts";

/** Longer than what is asked for here takes, also with the whole fleet and a second load. */
const PATIENCE_MS = 30 * 60_000;

const REGISTERED_WITHIN_MS = 60_000;

const LOOK_EVERY_MS = 50;

/** The product with a vendor and a database of its own. */
export interface Stand {
  world: World;
  served: Served;
  /** Superuser, direct. */
  sql: postgres.Sql;
  /** Runs the jobs of a cron expression. @throws when one of them fails */
  tick(cron: string): Promise<void>;
  /** Has a span of the past asked for, of every vehicle or some. */
  ask(job: string, fromMs: number, imeis?: string[]): Promise<void>;
  /** Resolves when no window is open and everything that windows brought is written. */
  settled(): Promise<void>;
  stop(): Promise<void>;
}

/** How a stand differs from the ordinary one. */
export interface StandOptions extends ServeOptions {
  world: WorldOptions;
  /** Variables and secrets of the product. */
  vars?: Record<string, string>;
  /** What stands before the product. */
  before?: string;
  /** Beside the product. */
  workers?: ServedWorker[];
}

/** Starts a stand whose vehicles are registered and were heard of. */
export async function startStand(
  cluster: BenchCluster,
  name: string,
  { world: worldOptions, vars: own, before, workers = [], ...options }: StandOptions,
): Promise<Stand> {
  const { sql, urls } = await cluster.create(name);
  const simulator = await startSimulator();
  const world = await World.make(simulator.url, worldOptions);
  const { TRACKSOLID_API_URL = "", TRACKSOLID_TARGETS = "", ...secrets } = vendorSettings(world.info);
  const vars = { TRACKSOLID_API_URL, TRACKSOLID_TARGETS, GEOCODER_URL: "" };
  const served = await serve(
    urls,
    [
      {
        name: "product",
        ...productWorker(vars, { ...secrets, ...own }),
        ...(before === undefined ? {} : { before }),
      },
      ...workers,
    ],
    options,
  );
  const product = await served.url("product");
  const key = await makeAdminKey(served);
  const worker = await served.handlers("product");

  const stand: Stand = {
    ...{ world, served, sql },
    async tick(cron) {
      const { outcome } = await worker.scheduled({ cron, scheduledTime: new Date() });
      if (outcome !== "ok") throw new Error(`The tick "${cron}" ended with ${outcome}`);
    },
    async ask(job, fromMs, imeis) {
      const response = await fetch(new URL(`/v1/jobs/${job}/runs`, product), {
        method: "POST",
        headers: { "content-type": "application/json", authorization: `Bearer ${key}` },
        body: JSON.stringify({ from: new Date(fromMs).toISOString(), imeis }),
      });
      if (response.status !== 202) throw new Error(`${job} was refused: ${await response.text()}`);
      await response.arrayBuffer();
    },
    settled: () => until(() => isSettled(sql), PATIENCE_MS),
    async stop() {
      await served.stop();
      await simulator.close();
    },
  };
  await register(stand);
  return stand;
}

/** Makes the vehicles known that the lists of positions name. */
async function register({ tick, sql }: Stand): Promise<void> {
  await tick(schedule.live.cron);
  await until(async () => {
    const [row] = await sql`
      select count(*) > 0 and count(*) >= (
        select rows_received from tracksolid.ingestion_log where endpoint = 'live'
      ) as registered from tracksolid.devices`;
    return row?.registered === true;
  }, REGISTERED_WITHIN_MS);
}

async function until(holds: () => Promise<boolean>, patienceMs: number): Promise<void> {
  const untilMs = Date.now() + patienceMs;
  while (!(await holds())) {
    if (Date.now() > untilMs) throw new Error("What was asked for was not written in time");
    await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
  }
}

async function isSettled(sql: postgres.Sql): Promise<boolean> {
  const [row] = await sql`
    select (select count(*)::int from private.job_windows where ended_at is null) as open, (
      select count(*)::int from private.job_runs r
      where r.items > (select coalesce(sum(items), 0) from private.receipts where receipt = r.id and kind <> 'run')
    ) as unwritten`;
  return row?.open === 0 && row?.unwritten === 0;
}

async function makeAdminKey({ runtime }: Served): Promise<string> {
  const key = newKey("sk");
  const record: KeyRecord = {
    ...{ id: crypto.randomUUID(), kind: "sk", label: "bench", scopes: ["admin"], origins: [] },
    ...{ createdAt: new Date().toISOString(), expiresAt: null },
  };
  const keys = (await runtime.getKVNamespace("KEYS", "product")) as unknown as KVNamespace;
  await keys.put(await keyName(key), JSON.stringify(record));
  return key;
}
