import type { BenchCluster } from "../cluster.ts";
import { startStand } from "../past/stand.ts";
import type { Line } from "../report.ts";
import { countAddresses } from "./addresses.ts";
import { type Counted, FLEETS, keepCounted, readCounted } from "./counted.ts";
import { linesOf } from "./lines.ts";
import { METER } from "./metered.ts";
import { countMinute, countTicks, VARS } from "./polls.ts";
import { countPushes } from "./pushes.ts";
import { extrasTable, partsTable } from "./table.ts";
import { sum, type Usage } from "./usage.ts";
import { countWatched } from "./watched.ts";
import { countWeek } from "./week.ts";

/** The device costs the same beside any fleet. */
const CANARY_FLEET = 150;

/**
 * Counts what the code has the platform bill, and computes what that costs; beside what docs/cost.md says of it.
 * @param keep docs/cost.md is computed from what is counted now.
 */
export async function measureCost(cluster: BenchCluster, { keep }: { keep: boolean }): Promise<Line[]> {
  const counted = await count(cluster);
  if (keep) await keepCounted(counted);
  const documented = await readCounted();
  process.stderr.write(`\n${partsTable(counted)}\n\n${extrasTable(counted)}\n`);
  return linesOf(counted, documented);
}

/** A minute with the canary device on. */
async function countCanary(cluster: BenchCluster): Promise<Usage> {
  const stand = await startStand(cluster, "cost_canary", {
    ...{ world: { vehicles: CANARY_FLEET }, vars: { ...VARS, CANARY: "on" }, before: METER },
  });
  try {
    return await countMinute(stand);
  } finally {
    await stand.stop();
  }
}

async function count(cluster: BenchCluster): Promise<Counted> {
  const minute = {} as Counted["minute"];
  const watched = {} as Counted["watched"];
  let pushed: Awaited<ReturnType<typeof countPushes>> | undefined;
  for (const vehicles of FLEETS) {
    const stand = await startStand(cluster, `cost_live_${vehicles}`, {
      ...{ world: { vehicles }, vars: VARS, before: METER },
    });
    try {
      minute[vehicles] = await countMinute(stand);
      watched[vehicles] = await countWatched(stand, minute[vehicles]);
      pushed ??= await countPushes(stand);
    } finally {
      await stand.stop();
    }
  }
  const withCanary = await countCanary(cluster);
  if (pushed === undefined) throw new Error("There is no fleet to count pushes of");
  return {
    on: new Date().toISOString().slice(0, 10),
    ...(await countWeek()),
    ...{ minute, watched },
    canary: sum([withCanary, 1], [minute[CANARY_FLEET], -1]),
    ...pushed,
    address: await countAddresses(cluster),
    ...(await countTicks(cluster)),
  };
}
