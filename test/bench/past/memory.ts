import { newId } from "../../../shared/ids.ts";
import { within } from "../../../shared/time.ts";
import type { BenchCluster } from "../cluster.ts";
import { heapMb } from "../inspector.ts";
import type { Line } from "../report.ts";
import { withLanes } from "./lanes.ts";
import { type Stand, startStand } from "./stand.ts";

const SECTION = "What the Worker's isolate needs while points are asked, sent and written";

/**
 * Half of what an isolate has. Also the limit of the runtime's heap: it dies of what comes and goes between two looks, and
 * of garbage that it cannot collect in time.
 */
const MOST_MB = 64;

/** A look that the busy isolate does not answer by then is given up for another. */
const LOOK_PATIENCE_MS = 5_000;

const DAY_MS = 24 * 3_600_000;

/** The job asks so much earlier than its window begins. */
const OVERLAP_MS = 5 * 60_000;

/** As many vehicles as a window of tracks has, and so many windows at once. */
const VEHICLES_PER_WINDOW = 10;
const WINDOWS = 4;

/** Some devices of a fleet are silent or expired. */
const SPARE_VEHICLES = 5;

/** Weighs the isolate while the longest answers of the vendor pass through it. */
export async function measureMemory(cluster: BenchCluster): Promise<Line[]> {
  const stand = await startStand(cluster, "past_memory", {
    world: { vehicles: WINDOWS * VEHICLES_PER_WINDOW + SPARE_VEHICLES, fixEveryS: 10 },
    inspectorPort: 0,
    heapLimitMb: MOST_MB,
  });
  try {
    const beforeMb = await heapMb(stand.served.runtime, "product");
    const lively = (await stand.world.vehicles()).filter(({ condition }) => condition === "lively");
    const imeis = lively.map(({ imei }) => imei).slice(0, WINDOWS * VEHICLES_PER_WINDOW);
    const days = (windows: number) =>
      weigh(stand, () =>
        stand.ask("tracks", Date.now() - DAY_MS, imeis.slice(0, windows * VEHICLES_PER_WINDOW)),
      );
    const weighed = {
      "a window: 10 vehicles, a day each, one after the other": await days(1),
      "four such windows at once": await days(WINDOWS),
      "one vehicle, 7 days in one answer, the vendor's longest": await weigh(stand, () => askWeek(stand)),
    };
    return Object.entries(weighed).map(([what, weight]) => line(what, weight, beforeMb));
  } catch (error) {
    throw new Error(`The windows did not get through with a heap of ${MOST_MB} MB`, { cause: error });
  } finally {
    await stand.stop();
  }
}

interface Weight {
  highestMb: number;
  looks: number;
  points: number;
}

/** Looks again and again until everything that was asked for is written. */
async function weigh(stand: Stand, ask: () => Promise<void>): Promise<Weight> {
  let settled = false;
  let looks = 0;
  let highestMb = 0;
  await ask();
  const look = async () => {
    while (!settled) {
      const mb = await within(heapMb(stand.served.runtime, "product"), LOOK_PATIENCE_MS);
      if (mb === undefined) continue;
      highestMb = Math.max(highestMb, mb);
      looks += 1;
    }
  };
  const settle = async () => {
    await stand.settled();
    settled = true;
  };
  await withLanes(stand, () => Promise.all([look(), settle()]));
  const [run] = await stand.sql`
    select items, done, windows from private.job_runs where job = 'tracks' order by planned_at desc limit 1`;
  if (run?.done !== run?.windows) throw new Error(`Of ${run?.windows} windows ${run?.done} are done`);
  return { highestMb, looks, points: Number(run?.items) };
}

/** A window of seven days: no job plans it, but the vendor would answer. */
async function askWeek({ sql, served, world }: Stand): Promise<void> {
  const runId = newId();
  const [vehicle] = await world.vehicles();
  const toMs = Date.now() - 60_000;
  const from = new Date(toMs - 7 * DAY_MS + OVERLAP_MS).toISOString();
  const to = new Date(toMs).toISOString();
  await sql`
    insert into private.job_runs (id, job, cause, planned_at, windows, windows_left, vehicles)
    values (${runId}, 'tracks', 'request', now(), 1, 1, 1)`;
  await sql`
    insert into private.job_windows (run_id, number, job, imeis, from_time, to_time, sent_at)
    values (${runId}, 1, 'tracks', json_build_array(${vehicle?.imei ?? ""}::text), ${from}, ${to}, now())`;
  const jobs = await served.runtime.getQueueProducer("JOBS", "product");
  await jobs.send({ v: 1, what: "window", runId, number: 1 });
}

function line(what: string, { highestMb, looks, points }: Weight, beforeMb: number): Line {
  return {
    section: SECTION,
    what,
    value: highestMb,
    measured: `${highestMb.toFixed(0)} MB`,
    bound: `≤ ${MOST_MB} MB`,
    holds: highestMb <= MOST_MB,
    figures:
      `${points.toLocaleString("en")} points; heap after a collection and buffers, the highest of ${looks} looks; ` +
      `${beforeMb.toFixed(0)} MB before; the heap could not grow beyond ${MOST_MB} MB`,
  };
}
