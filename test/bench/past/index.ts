import type { BenchCluster } from "../cluster.ts";
import type { Line } from "../report.ts";
import { measureBackfill } from "./backfill.ts";
import { measureCadence } from "./cadence.ts";
import { measureMemory } from "./memory.ts";

/** Measures what asking for the past costs: calls, time, memory, and what it does to the live poll. */
export async function measurePast(cluster: BenchCluster, { full }: { full: boolean }): Promise<Line[]> {
  return [
    ...(await measureCadence(cluster)),
    ...(await measureBackfill(cluster, full)),
    ...(await measureMemory(cluster)),
  ];
}
