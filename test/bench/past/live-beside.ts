import { schedule } from "../../../workers/polls/schedule.ts";
import { median } from "../measure.ts";
import type { Line } from "../report.ts";
import { withLanes } from "./lanes.ts";
import type { Stand } from "./stand.ts";

const SECTION = "From a live tick to its first call, while a long backfill runs";
const LOCATIONS = "jimi.user.device.location.list";
const DAY_MS = 24 * 3_600_000;

/** A minute's poll, so often that there is something to count. */
const TICK_EVERY_MS = 3_000;

/** What is shown of the minute is not to wait for what is fetched of the past. */
const MOST_WAIT_S = 10;

/** Ticks the live poll for as long as the tracks of some days take. */
export async function measureLiveBeside(stand: Stand, days: number): Promise<Line[]> {
  const waitsS = await withLanes(stand, async () => {
    await stand.ask("tracks", Date.now() - days * DAY_MS);
    return tickUntil(stand, stand.settled());
  });
  waitsS.sort((a, b) => a - b);
  const p99S = waitsS[Math.ceil(waitsS.length * 0.99) - 1] ?? Number.NaN;
  const [run] = await stand.sql`
    select api_calls, items from private.job_runs where job = 'tracks' order by planned_at desc limit 1`;
  return [
    {
      section: SECTION,
      what: "p99",
      value: p99S,
      measured: `${p99S.toFixed(2)} s`,
      bound: `< ${MOST_WAIT_S} s`,
      holds: p99S < MOST_WAIT_S,
      figures:
        `p50 ${median(waitsS).toFixed(2)} s of ${waitsS.length} ticks beside ${run?.api_calls} calls ` +
        `with ${Number(run?.items).toLocaleString("en")} points, four windows at once`,
    },
  ];
}

/** @returns Seconds from each tick to its first call. */
async function tickUntil(stand: Stand, settling: Promise<void>): Promise<number[]> {
  const waitsS: number[] = [];
  let settled = false;
  const noting = settling.then(() => {
    settled = true;
  });
  while (!settled) {
    const tickMs = Date.now();
    waitsS.push(await timeTick(stand, tickMs));
    const restMs = tickMs + TICK_EVERY_MS - Date.now();
    await Promise.race([noting, new Promise((resolve) => setTimeout(resolve, restMs))]);
  }
  return waitsS;
}

async function timeTick({ tick, world }: Stand, tickMs: number): Promise<number> {
  await tick(schedule.live.cron);
  const calls = (await world.calls(LOCATIONS)).map(({ at }) => Date.parse(at));
  const firstMs = calls.find((ms) => ms >= tickMs);
  if (firstMs === undefined) throw new Error("The tick made no call");
  return (firstMs - tickMs) / 1_000;
}
