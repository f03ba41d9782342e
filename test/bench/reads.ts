import { readFile } from "node:fs/promises";
import { gzipSync } from "node:zlib";
import type { RoleUrls } from "../../scripts/database/roles.ts";
import { type BenchCluster, connect } from "./cluster.ts";
import { fill } from "./fill.ts";
import { interleave, median } from "./measure.ts";
import { startPooler } from "./pooler.ts";
import type { Line } from "./report.ts";
import { benchWorker, post, productWorker, type Running, startWorkers } from "./workers.ts";

const SECTION = "A read that goes to the database, p50 beyond a route that passes equal bytes through";
const FLEET = 1_500;
const PRODUCT = "tracksolid-edge-dev";
const REQUESTS = { warmUp: 15, rounds: 81 };

/** Design §7: 1.3 × the query's own time + 1 ms. */
const FACTOR = 1.3;
const ALLOWANCE_MS = 1;

/**
 * Compares GET /v1/vehicles with what it cannot do without. Local Hyperdrive opens a backend for every request, so
 * the query's own time is that of a new direct connection. Reported beside it: both on backends that were used
 * before, which is how deployed Hyperdrive has them and what the pooler imitates.
 */
export async function measureReads(cluster: BenchCluster): Promise<Line[]> {
  const { sql, urls } = await cluster.create("reads");
  await onWorkers(urls, (workers) => fill(FLEET, (messages) => post(workers, "bench", "/items", messages)));
  await sql`vacuum analyze`;
  await sql`checkpoint`;
  const direct = connect(urls.read);
  const pooler = await startPooler(urls.read);
  const pooled = { ...urls, read: pooler.url };
  const lines: Line[] = [];
  try {
    for (const limit of [150, 1_000]) {
      lines.push(
        await onWorkers(urls, (workers) => measure(workers, direct, urls.read, limit, "new backend")),
        await onWorkers(pooled, (workers) => measure(workers, direct, urls.read, limit, "pooled backend")),
      );
    }
  } finally {
    pooler.stop();
    await direct.end();
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
  limit: number,
  backend: string,
): Promise<Line> {
  const text = await readFile("workers/api/vehicles.sql", "utf8");
  const route = () => get(workers, PRODUCT, `/v1/vehicles?limit=${limit}`);
  const body = await route();
  const { vehicles } = JSON.parse(body.toString("utf8")) as { vehicles: unknown[] };
  if (vehicles.length !== limit)
    throw new Error(`/v1/vehicles shows ${vehicles.length} of ${limit} vehicles`);

  const query = (sql = direct) =>
    sql.unsafe(text, ["", limit, ...Array.from({ length: 5 }, () => null), false], { prepare: true });
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
    what: `GET /v1/vehicles?limit=${limit}, ${backend}`,
    value: beyondMs,
    measured: `${beyondMs.toFixed(2)} ms`,
    ...(judged ? { bound: `≤ ${boundMs.toFixed(2)} ms`, holds: beyondMs <= boundMs } : {}),
    figures:
      `route ${routeMs.toFixed(2)} ms, pass-through ${passThroughMs.toFixed(2)} ms, query ${queryMs.toFixed(2)} ms (${median(times.firstQuery).toFixed(2)} ms on a new backend); ` +
      `${body.length.toLocaleString("en")} bytes, ${gzipSync(body).length.toLocaleString("en")} gzip`,
  };
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
