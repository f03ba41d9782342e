import { readFile } from "node:fs/promises";
import { gzipSync } from "node:zlib";
import type { RoleUrls } from "../../scripts/database/roles.ts";
import { settings } from "../../shared/settings.ts";
import { type BenchCluster, connect } from "./cluster.ts";
import { detailItems, locationItems, makeFleet } from "./fleet.ts";
import type { Item } from "./items.ts";
import { interleave, median } from "./measure.ts";
import { startPooler } from "./pooler.ts";
import type { Line } from "./report.ts";
import { benchWorker, post, productWorker, type Running, startWorkers } from "./workers.ts";

const SECTION = "GET /v1/live, p50 beyond a route that passes equal bytes through";
const PRODUCT = "tracksolid-edge-dev";
const REQUESTS = { warmUp: 15, rounds: 81 };

/** Design §7: 1.3 × the query's own time + 1 ms. */
const FACTOR = 1.3;
const ALLOWANCE_MS = 1;

/**
 * Compares the live route with what it cannot do without. Local Hyperdrive opens a backend for every request, so
 * the query's own time is that of a new direct connection. Reported beside it: both on backends that were used
 * before, which is how deployed Hyperdrive has them and what the pooler imitates.
 */
export async function measureLive(cluster: BenchCluster): Promise<Line[]> {
  const lines: Line[] = [];
  for (const vehicles of [150, 1_500]) {
    const { sql, urls } = await cluster.create(`live_${vehicles}`);
    await onWorkers(urls, (workers) => fill(workers, vehicles));
    await sql`vacuum analyze`;
    await sql`checkpoint`;
    const direct = connect(urls.read);
    const pooler = await startPooler(urls.read);
    try {
      lines.push(
        await onWorkers(urls, (workers) => measure(workers, direct, urls.read, vehicles, "new backend")),
      );
      const pooled = { ...urls, read: pooler.url };
      lines.push(
        await onWorkers(pooled, (workers) => measure(workers, direct, urls.read, vehicles, "pooled backend")),
      );
    } finally {
      pooler.stop();
      await direct.end();
    }
  }
  return lines;
}

async function onWorkers<Value>(urls: RoleUrls, act: (workers: Running) => Promise<Value>): Promise<Value> {
  const workers = await startWorkers(urls, [productWorker(), benchWorker]);
  try {
    return await act(workers);
  } finally {
    await workers.stop();
  }
}

async function measure(
  workers: Running,
  direct: ReturnType<typeof connect>,
  directUrl: string,
  vehicles: number,
  backend: string,
): Promise<Line> {
  const text = await readFile("workers/api/live.sql", "utf8");
  const route = () => get(workers, PRODUCT, "/v1/live");
  const body = await route();
  const features = (JSON.parse(body.toString("utf8")) as { features: unknown[] }).features.length;
  if (features !== vehicles) throw new Error(`/v1/live shows ${features} of ${vehicles} vehicles`);

  const query = (sql = direct) =>
    sql.unsafe(
      text,
      [
        new Date().toISOString(),
        settings.silentAfterS,
        settings.staleAfterS,
        ...Array.from({ length: 7 }, () => null),
      ],
      { prepare: true },
    );
  // What the same query takes where nothing was asked before but `select 1`: no Worker, no route.
  const firstQuery = async () => {
    const fresh = connect(directUrl);
    await fresh`select 1`;
    const ms = await timed(() => query(fresh))();
    await fresh.end();
    return ms;
  };
  const times = await interleave(
    {
      route: timed(route),
      passThrough: timed(() => get(workers, "bench", `/pass-through?bytes=${body.length}`)),
      query: timed(() => query()),
      firstQuery,
    },
    REQUESTS,
  );
  const routeMs = median(times.route);
  const passThroughMs = median(times.passThrough);
  const queryMs = median(times.query);
  const beyondMs = median(times.route.map((ms, round) => ms - (times.passThrough[round] ?? 0)));
  const judged = backend === "new backend";
  const boundMs = FACTOR * (judged ? median(times.firstQuery) : queryMs) + ALLOWANCE_MS;
  return {
    section: SECTION,
    what: `${vehicles.toLocaleString("en")} vehicles, ${backend}`,
    value: beyondMs,
    measured: `${beyondMs.toFixed(2)} ms`,
    ...(judged ? { bound: `≤ ${boundMs.toFixed(2)} ms`, holds: beyondMs <= boundMs } : {}),
    figures:
      `route ${routeMs.toFixed(2)} ms, pass-through ${passThroughMs.toFixed(2)} ms, query ${queryMs.toFixed(2)} ms (${median(times.firstQuery).toFixed(2)} ms on a new backend); ` +
      `${body.length.toLocaleString("en")} bytes, ${gzipSync(body).length.toLocaleString("en")} gzip`,
  };
}

/** Registers a fleet and where it is, as the polls would. */
async function fill(workers: Running, vehicles: number): Promise<void> {
  const fleet = makeFleet(vehicles);
  const message = (kind: string, sequence: number, items: Item[]) => ({
    ...{ v: 1, id: { producer: "bench", sequence }, receipt: "bench", source: "poll", kind },
    ...{ account: "fireside", receivedAt: new Date().toISOString(), items },
  });
  await post(workers, "bench", "/items", [
    message("device_detail", 1, detailItems(fleet)),
    message("location", 2, locationItems(fleet, Date.now() / 1000)),
  ]);
}

async function get(workers: Running, name: string, path: string): Promise<Buffer> {
  const response = await workers.worker(name).fetch(`http://${name}${path}`);
  const body = Buffer.from(await response.arrayBuffer());
  if (response.status !== 200) throw new Error(`${path} answered ${response.status}: ${body}`);
  return body;
}

const timed = (act: () => Promise<unknown>) => async () => {
  const startMs = performance.now();
  await act();
  return performance.now() - startMs;
};
