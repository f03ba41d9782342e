import { schedule } from "../../../workers/polls/schedule.ts";
import type { BenchCluster } from "../cluster.ts";
import { coveredUntil, prepare } from "../past/cadence.ts";
import { type Stand, startStand } from "../past/stand.ts";
import { TOKEN } from "../pushes/bodies.ts";
import type { Counted, Tick } from "./counted.ts";
import { METER, metered, usageOf } from "./metered.ts";
import { sum, type Usage } from "./usage.ts";

/** Windows take 10 to 50 vehicles of three accounts: of both fleets all are full. */
const SMALL = 150;
const LARGE = 300;

/** The vehicles have gone on since they were registered. */
const LATER_MS = 60_000;

/** What the product is configured with; the canary device is counted by itself. */
export const VARS = { PUSH_TOKENS: TOKEN, CANARY: "off" };

const TRACK = "jimi.device.track.list";

/** What the ticks of a fleet caused. */
interface Day {
  ticks: Record<string, { usage: Usage; asked: number }>;
  details: Usage;
}

/** Counts what the ticks of all cron expressions but that of every minute cause. */
export async function countTicks(cluster: BenchCluster): Promise<Pick<Counted, "ticks" | "detail">> {
  const small = await countDay(cluster, SMALL, { withDetails: true });
  const large = await countDay(cluster, LARGE, { withDetails: false });
  const ticks = Object.entries(small.ticks).map(([cron, few]) => {
    const many = large.ticks[cron] ?? few;
    return [cron, lineThrough(few, many)] as const;
  });
  return { ticks: Object.fromEntries(ticks), detail: sum([small.details, 1 / SMALL]) };
}

/** What a minute of a fleet causes that nobody watches. */
export async function countMinute(stand: Stand): Promise<Usage> {
  await new Promise((resolve) => setTimeout(resolve, LATER_MS));
  return usageOf(await metered(stand.served, () => stand.tick(schedule.live.cron)));
}

/** @param withDetails Asking for them takes half a second a vehicle. */
async function countDay(
  cluster: BenchCluster,
  vehicles: number,
  { withDetails }: { withDetails: boolean },
): Promise<Day> {
  const stand = await startStand(cluster, `cost_${vehicles}`, {
    ...{ world: { vehicles }, vars: VARS, before: METER },
  });
  const count = async (cron: string) => {
    await stand.world.clearCalls();
    const usage = usageOf(
      await metered(stand.served, async () => {
        await stand.tick(cron);
        await stand.settled();
      }),
    );
    const tracks = (await stand.world.calls(TRACK)).length;
    return { usage, asked: cron === schedule.tracks.cron ? tracks : vehicles };
  };
  try {
    if (!withDetails) await coveredUntil(stand, "device-detail", 0);
    const first = await count(schedule.devices.cron);
    const ticks: Day["ticks"] = { [schedule.devices.cron]: await count(schedule.devices.cron) };
    await prepare(stand, vehicles);
    for (const { cron } of Object.values(schedule)) {
      if (cron !== schedule.live.cron) ticks[cron] ??= await count(cron);
    }
    const details = sum([first.usage, 1], [ticks[schedule.devices.cron]?.usage ?? {}, -1]);
    return { ticks, details };
  } finally {
    await stand.stop();
  }
}

/** @throws when both asked for as many: nothing can be told of one more */
function lineThrough(few: Day["ticks"][string], many: Day["ticks"][string]): Tick {
  const more = many.asked - few.asked;
  if (more <= 0) throw new Error("The larger fleet had no more vehicles to ask for");
  const each = sum([many.usage, 1 / more], [few.usage, -1 / more]);
  return { fixed: sum([few.usage, 1], [each, -few.asked]), each };
}
