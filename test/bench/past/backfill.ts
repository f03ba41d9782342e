import type { BenchCluster } from "../cluster.ts";
import { templates } from "../fleet.ts";
import { median } from "../measure.ts";
import type { Line } from "../report.ts";
import type { Rounds, RoundsRequest } from "../worker/rounds.ts";
import { benchWorker } from "../workers.ts";
import { withLanes } from "./lanes.ts";
import { measureLiveBeside } from "./live-beside.ts";
import { type Stand, startStand } from "./stand.ts";

/** The first fleet, and as much of it as is asked for unless the whole is wanted. */
const WHOLE_FLEET = 150;
const PART = 12;

const SECTION = "A day of points, one every 10 s, from the first call to the last row";
const DAY_MS = 24 * 3_600_000;
const TRACK = "jimi.device.track.list";

/** `PACE_MS` of the session. */
const PACE_S = 0.5;

/** COPY before and after. */
const COPY = { rowsPerStatement: 1_000, statementsPerRound: 8, warmUp: 2, rounds: 7 };

/** Times the backfill of a day, then live polls beside one of a week. */
export async function measureBackfill(cluster: BenchCluster, full: boolean): Promise<Line[]> {
  const stand = await startStand(cluster, "past_backfill", {
    world: { vehicles: full ? WHOLE_FLEET : PART, fixEveryS: 10 },
    workers: [{ name: "bench", ...benchWorker }],
  });
  try {
    const lines = await measureDay(stand);
    await stand.sql`truncate tracksolid.position_history`;
    return [...lines, ...(await measureLiveBeside(stand, full ? 1 : 7))];
  } finally {
    await stand.stop();
  }
}

async function measureDay(stand: Stand): Promise<Line[]> {
  const { sql, world } = stand;
  const copyBefore = await copyRates(stand, 0);
  await world.clearCalls();
  const endMs = await withLanes(stand, async () => {
    await stand.ask("tracks", Date.now() - DAY_MS);
    await stand.settled();
    return Date.now();
  });
  const calls = await world.calls(TRACK);
  const copyPerS = median([...copyBefore, ...(await copyRates(stand, 1))]);

  const startMs = Date.parse(calls[0]?.at ?? "");
  const tookS = (endMs - startMs) / 1_000;
  const askedS = (Date.parse(calls.at(-1)?.at ?? "") - startMs) / 1_000;
  const [counts] = await sql`
    select (select count(*)::int from tracksolid.position_history where sources & 4 > 0) as rows, (
      select sum(duration_ms)::int from tracksolid.ingestion_log
      where endpoint = 'writer' and run_at >= ${new Date(startMs)}
    ) as writing_ms`;
  const rows = Number(counts?.rows);
  const perS = rows / tookS;
  const writing = Number(counts?.writing_ms) / 1_000 / tookS;
  const pace = (calls.length * PACE_S) / tookS;
  const limit = writing > pace ? "the writer" : "the pace of calls";
  const vehicles = calls.length;
  const wholeFleetS = (tookS * WHOLE_FLEET) / vehicles;
  return [
    {
      section: SECTION,
      what: `${vehicles} vehicles`,
      value: perS,
      measured: `${whole(perS)} rows/s`,
      figures:
        `${whole(rows)} rows in ${tookS.toFixed(1)} s, the last call after ${askedS.toFixed(1)} s; ` +
        `${percent(pace)} of the pace, writer busy ${percent(writing)} of the time: ${limit} is the limit`,
    },
    {
      section: SECTION,
      what: "of COPY into the same table",
      value: perS / copyPerS,
      measured: (perS / copyPerS).toFixed(2),
      figures: `COPY ${whole(copyPerS)} rows/s; the writer alone ${(perS / writing / copyPerS).toFixed(2)}`,
    },
    {
      section: SECTION,
      what: `${WHOLE_FLEET} vehicles${vehicles < WHOLE_FLEET ? ", extrapolated" : ""}`,
      value: wholeFleetS / 60,
      measured: `${(wholeFleetS / 60).toFixed(1)} min`,
      figures: `${whole((rows * WHOLE_FLEET) / vehicles)} rows; the pace alone needs ${((WHOLE_FLEET * PACE_S) / 60).toFixed(1)} min`,
    },
  ];
}

/** Rows/s of COPY from a Worker, each series in a month of its own. */
async function copyRates({ served }: Stand, series: number): Promise<number[]> {
  const request: RoundsRequest = {
    ...{ ...COPY, templates: templates(WHOLE_FLEET), what: ["copy"] },
    startMs: Date.UTC(2026, series, 2),
  };
  const url = new URL("/rounds", await served.url("bench"));
  const response = await fetch(url, { method: "POST", body: JSON.stringify(request) });
  if (!response.ok) throw new Error(`/rounds answered ${response.status}: ${await response.text()}`);
  const { copy = [] } = (await response.json()) as Rounds;
  return copy.map((ms) => (COPY.rowsPerStatement * COPY.statementsPerRound * 1_000) / ms);
}

const whole = (value: number): string => Math.round(value).toLocaleString("en");
const percent = (share: number): string => `${(share * 100).toFixed(0)} %`;
