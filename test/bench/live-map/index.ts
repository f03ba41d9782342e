import type { BenchCluster } from "../cluster.ts";
import type { Line } from "../report.ts";
import { measureBytes } from "./bytes.ts";
import { showFleet } from "./fleet.ts";
import { measureRates } from "./rates.ts";
import { measureRebuild } from "./rebuild.ts";
import { measureStream } from "./stream.ts";
import { measureUpkeep } from "./upkeep.ts";

/** The first fleet, one ten times and one a hundred times as large. */
const FLEETS = [150, 1_500, 15_000];

/** Measures the live map: what it answers, how fast, and what it needs. */
export async function measureLive(cluster: BenchCluster): Promise<Line[]> {
  const lines: Line[] = [];
  for (const vehicles of FLEETS) {
    const fleet = await showFleet(cluster, vehicles, { inspected: vehicles === FLEETS.at(-1) });
    try {
      if (vehicles === FLEETS.at(-1)) lines.push(...(await measureRebuild(fleet)));
      lines.push(...(await measureBytes(fleet)), ...(await measureRates(fleet)));
      if (vehicles === FLEETS.at(-1)) lines.push(...(await measureUpkeep(fleet)));
      if (vehicles === FLEETS[0]) lines.push(...(await measureStream(fleet)));
    } finally {
      await fleet.served.stop();
    }
  }
  return lines.sort((a, b) => a.section.localeCompare(b.section));
}
