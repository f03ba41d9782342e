import type { BenchCluster, BenchDatabase } from "../cluster.ts";
import { fill } from "../fill.ts";
import { type Served, serve } from "../served.ts";
import { benchWorker, productWorker } from "../workers.ts";

/** A fleet in a database, and the Workers that show it. */
export interface ShownFleet {
  vehicles: number;
  database: BenchDatabase;
  served: Served;
  product: URL;
  bare: URL;
  /** The next batch that the writer commits, ms since the epoch. */
  nextCommitMs(): Promise<number>;
}

/**
 * Fills a database and serves the product on it, with a bare Worker beside it.
 * @param inspected Whether to open the inspector, which makes a line of the log half as dear again.
 * @param servesPages Whether it is looked at by a browser.
 */
export async function showFleet(
  cluster: BenchCluster,
  vehicles: number,
  { inspected = false, servesPages = false }: { inspected?: boolean; servesPages?: boolean },
): Promise<ShownFleet> {
  const database = await cluster.create(`live_${vehicles}`);
  let committed = (_: number) => {};
  const served = await serve(
    database.urls,
    [
      { name: "product", ...productWorker(), servesPages },
      { name: "bench", ...benchWorker },
      { name: "bare", configPath: "test/bench/bare/wrangler.toml" },
    ],
    {
      ...(inspected ? { inspectorPort: 0 } : {}),
      onLog({ message, timestamp }) {
        if (message.includes("batch_written")) committed(timestamp);
      },
    },
  );
  const items = new URL("/items", await served.url("bench"));
  await fill(vehicles, async (messages) => {
    const response = await fetch(items, { method: "POST", body: JSON.stringify(messages) });
    if (!response.ok) throw new Error(`/items answered ${response.status}: ${await response.text()}`);
    await response.arrayBuffer();
  });
  await database.sql`vacuum analyze`;
  return {
    vehicles,
    database,
    served,
    product: await served.url("product"),
    bare: await served.url("bare"),
    nextCommitMs: () => {
      const { promise, resolve } = Promise.withResolvers<number>();
      committed = resolve;
      return promise;
    },
  };
}
