import { expect, vi } from "vitest";
import type { Stack } from "./harness.ts";
import { size } from "./size.ts";
import type { TrueDeeds } from "./world.ts";

/** Jobs that ask for the past, with the tick that plans each. */
export const TICKS = {
  alarms: "*/5 * * * *",
  trips: "*/15 * * * *",
  parking: "*/15 * * * *",
  tracks: "*/30 * * * *",
} as const;
export type PastJob = keyof typeof TICKS;

/** [from, to), Unix seconds. */
export interface TimeSpan {
  fromS: number;
  toS: number;
}

/** So long ago everything has reached the vendor that will. */
const SETTLED_S = 20 * 60;

/** A span of the past that ends a while ago. */
export function pastHours(hours: number): TimeSpan {
  const toS = Math.floor(Date.now() / 1_000) - SETTLED_S;
  return { fromS: toS - hours * 3_600, toS };
}

/**
 * The same, for what is about to be asked: a device that has no network at that moment may tell of the span while, or
 * after, it is asked for. That need not be stored, and may be.
 */
export function beforeAsking(hours: number): TimeSpan & { knownAtS: number } {
  return { ...pastHours(hours), knownAtS: Math.floor(Date.now() / 1_000) };
}

/** Makes the vehicles known. */
export async function register(stack: Stack): Promise<void> {
  expect(await stack.tick("* * * * *")).toBe("ok");
  const run = await stack.lastRun("live");
  await vi.waitFor(async () => {
    const devices = await stack.sql`select from tracksolid.devices`;
    expect(devices.length).toBe(run.rows_received);
  });
}

/** Resolves when no window is open and everything that windows sent is written. */
export async function written({ sql }: Stack, timeoutMs = size(120_000, 1_500_000)): Promise<void> {
  await vi.waitFor(
    async () => {
      const [row] = await sql`
        select (select count(*)::int from private.job_windows where ended_at is null) as open, (
          select count(*)::int from private.job_runs r
          where r.items > (select coalesce(sum(items), 0) from private.receipts where receipt = r.id and kind <> 'run')
        ) as unwritten`;
      expect(row).toEqual({ open: 0, unwritten: 0 });
    },
    { timeout: timeoutMs, interval: 300 },
  );
}

/** Forgets everything that was stored of the past, and what was covered. */
export async function forget(stack: Stack): Promise<void> {
  await stack.sql`
    truncate tracksolid.position_history, tracksolid.trips, tracksolid.parking_events, tracksolid.alarms,
      tracksolid.poll_watermarks, tracksolid.coverage_gaps, reporting.coverage_hours, private.dirty_days,
      private.job_runs, private.job_windows`;
}

/** Ticks jobs and waits until what they asked for is written. @returns The outcomes of the ticks. */
export async function askPast(stack: Stack, ...jobs: PastJob[]): Promise<string[]> {
  const outcomes: string[] = [];
  for (const cron of new Set(jobs.map((job) => TICKS[job]))) outcomes.push(await stack.tick(cron));
  await written(stack);
  return outcomes;
}

/** Rows as texts, sorted: what the tables and the truth are compared by. */
interface Lists {
  trips: string[];
  parking: string[];
  alarms: string[];
  tracks: string[];
}

/** What tables are compared with. */
interface Compared extends TimeSpan {
  /** What was told later than this may be stored, and need not be. */
  knownAtS?: number;
  /** Whether what a vehicle did at a time is compared; everything unless told. */
  isAsked?: (imei: string, at: string) => boolean;
}

/** Expects that the tables hold exactly what vehicles did in a span: nothing less, nothing twice, nothing else. */
export async function expectTruth(
  stack: Stack,
  { knownAtS, isAsked: isAskedAt = () => true, ...span }: Compared,
  ...jobs: PastJob[]
): Promise<Lists> {
  const truth = await truthOf(stack, span);
  const early = knownAtS === undefined ? truth : await truthOf(stack, { ...span, knownAtS });
  const tables = await tablesOf(stack, span, truth);
  const isAsked = (row: string) => {
    const [imei = "", ...rest] = row.split(" ");
    return rest.filter((word) => ISO_TIME.test(word)).every((at) => isAskedAt(imei, at));
  };
  for (const job of jobs) {
    const stored = new Set(tables[job]);
    const done = new Set(truth[job]);
    expect(
      {
        missing: early[job].filter((row) => isAsked(row) && !stored.has(row)).slice(0, 5),
        untrue: tables[job].filter((row) => isAsked(row) && !done.has(row)).slice(0, 5),
        twice: tables[job].length - stored.size,
      },
      job,
    ).toEqual({ missing: [], untrue: [], twice: 0 });
  }
  return early;
}

async function truthOf(stack: Stack, span: TimeSpan & { knownAtS?: number }): Promise<Lists> {
  const expired = new Set(
    (await stack.world.vehicles()).filter(({ condition }) => condition === "expired").map(({ imei }) => imei),
  );
  // The vendor tells no track of a device that has expired.
  const deeds = (await stack.world.truePoints(span)).map((vehicle) =>
    expired.has(vehicle.imei) ? { ...vehicle, points: [] } : vehicle,
  );
  return listsOf(deeds, span);
}

const ISO_TIME = /^\d{4}-\d\d-\d\dT/;

const second = (iso: string) => `${iso.slice(0, 19)}Z`;

type Deeds = Omit<TrueDeeds, "points"> & { points: { at: string }[] };

function listsOf(vehicles: Deeds[], { fromS, toS }: TimeSpan): Lists {
  const inside = (iso: string) => Date.parse(iso) >= fromS * 1_000 && Date.parse(iso) < toS * 1_000;
  const lists: Lists = { trips: [], parking: [], alarms: [], tracks: [] };
  for (const { imei, trips, parkings, alarms, points } of vehicles) {
    for (const { startTime, endTime, distanceM } of trips) {
      if (inside(startTime) && inside(endTime)) {
        lists.trips.push(`${imei} ${second(startTime)} ${second(endTime)} ${distanceM}`);
      }
    }
    for (const { startTime, endTime } of parkings) {
      if (endTime !== null && inside(startTime) && inside(endTime)) {
        lists.parking.push(`${imei} ${second(startTime)} ${second(endTime)}`);
      }
    }
    for (const { time, code, geoid } of alarms) {
      if (inside(time)) lists.alarms.push(`${imei} ${second(time)} ${code} ${geoid ?? ""}`);
    }
    for (const { at } of points) if (inside(at)) lists.tracks.push(`${imei} ${second(at)}`);
  }
  for (const list of Object.values(lists)) list.sort();
  return lists;
}

async function tablesOf({ sql }: Stack, { fromS, toS }: TimeSpan, truth: Lists): Promise<Lists> {
  const from = new Date(fromS * 1_000);
  const to = new Date(toS * 1_000);
  const time = (value: Date) => second(value.toISOString());
  const trips = await sql`
    select imei, start_time, end_time, round(distance_km * 1000)::int as m,
      not exists (select from tracksolid.trips l where l.imei = t.imei and l.start_time > t.start_time) as newest
    from tracksolid.trips t where start_time >= ${from} and end_time < ${to}`;
  const stays = await sql`
    select imei, start_time, end_time from tracksolid.parking_events
    where acc = 'off' and start_time >= ${from} and end_time < ${to}`;
  const alarms = await sql`
    select imei, alarm_time, alarm_type, fence_id from tracksolid.alarms
    where alarm_time >= ${from} and alarm_time < ${to}`;
  const points = await sql`
    select imei, gps_time from tracksolid.position_history
    where gps_time >= ${from} and gps_time < ${to} and sources & 4 > 0`;
  const ended = new Set(truth.trips);
  const lists: Lists = {
    trips: trips
      .map((row) => ({
        line: `${row.imei} ${time(row.start_time)} ${time(row.end_time)} ${row.m}`,
        newest: row.newest,
      }))
      // One under way is not told by the truth: the device may have lost its network on it.
      .filter(({ line, newest }) => !newest || ended.has(line))
      .map(({ line }) => line),
    parking: stays.map((row) => `${row.imei} ${time(row.start_time)} ${time(row.end_time)}`),
    alarms: alarms.map((row) => `${row.imei} ${time(row.alarm_time)} ${row.alarm_type} ${row.fence_id}`),
    tracks: points.map((row) => `${row.imei} ${time(row.gps_time)}`),
  };
  for (const list of Object.values(lists)) list.sort();
  return lists;
}

/** Lets the job that derives run until nothing is left to compute: a run of a tick before may still be at it. */
export async function derived(stack: Stack): Promise<void> {
  const left = async () => {
    await stack.tick("* * * * *");
    return stack.sql`select from private.dirty_days`;
  };
  await expect.poll(left, { timeout: 60_000, interval: 500 }).toEqual([]);
}
