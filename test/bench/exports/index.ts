import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { BenchCluster } from "../cluster.ts";
import type { Line } from "../report.ts";
import { measurePois } from "./pois.ts";
import { measureRows } from "./rows.ts";

/** What leaves the product: rows of the database, places of OpenStreetMap. */
export async function measureExports(cluster: BenchCluster): Promise<Line[]> {
  const folder = await mkdtemp(join(tmpdir(), "tracksolid-bench-"));
  try {
    return [...(await measureRows(cluster, folder)), ...(await measurePois(folder))];
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
