import postgres from "postgres";
import { expect, inject, it } from "vitest";
import { computed } from "../workers/derive/days.ts";
import { derived } from "../workers/derive/run.ts";
import { database, deliver, messageOf, newImei } from "../workers/writer/deliver.ts";

// Only where TIMESCALE_URL is set: what no other server has.

const TABLES = [
  "fuel_readings",
  "heartbeats",
  "lbs_readings",
  "obd_readings",
  "position_history",
  "temperature_readings",
];

/** A superuser of the shared database. */
const administrator = () => postgres(inject("cluster").sharedUrl, { max: 1, onnotice: () => {} });

const isLicensed = async () => {
  const [row] =
    await administrator()`select current_setting('timescaledb.license') = 'timescale' as licensed`;
  return row?.licensed === true;
};

/** Weeks of months ago, one for each test: nobody else writes there. */
const weekStart = (week: number) => Date.UTC(2026, 1, 5 + 7 * week, 0, 0, 30);

/** An hour of driving north, a point every 30 s; `from` and `step` leave some out. */
const hour = (startMs: number, from: number, step: number) =>
  Array.from({ length: 120 }, (_, index) => index)
    .filter((index) => index % step === from)
    .map((index) => ({
      ...{ lat: -1.3 + index / 240, lng: 36.8, gpsSpeed: 55, direction: 0, posType: 1, accStatus: "ON" },
      gpsTime: new Date(startMs + index * 30_000).toISOString().slice(0, 19).replace("T", " "),
    }));

const track = (imei: string, points: unknown[]) => deliver([messageOf("track_point", points, { imei })]);

async function compress(startMs: number): Promise<void> {
  const admin = administrator();
  const [from, to] = [new Date(startMs), new Date(startMs + 3_600_000)];
  const compressed = await admin`
    select compress_chunk(chunk, true) from show_chunks('tracksolid.position_history', older_than => ${to}::timestamptz
      + interval '7 days', newer_than => ${from}::timestamptz - interval '7 days') as chunk`;
  expect(compressed.length).toBeGreaterThan(0);
}

it("keeps what grows with time in chunks of a week, and compresses them by vehicle where the licence allows", async () => {
  const admin = administrator();
  const kept = await admin`
    select hypertable_name as table, time_interval as week from timescaledb_information.dimensions order by 1`;
  expect(kept.map(({ table }) => table)).toEqual(TABLES);
  for (const { week } of kept) expect(week).toBe("7 days");
  const segments = await admin`
    select hypertable_name as table from timescaledb_information.compression_settings
    where attname = 'imei' and segmentby_column_index = 1 order by 1`;
  const policies = await admin`
    select hypertable_name as table from timescaledb_information.jobs where proc_name = 'policy_compression' order by 1`;
  const expected = (await isLicensed()) ? TABLES : [];
  expect(segments.map(({ table }) => table)).toEqual(expected);
  expect(policies.map(({ table }) => table)).toEqual(expected);
});

it("takes late points into compressed chunks, once, and computes with them as if they had come in time", async (context) => {
  if (!(await isLicensed())) return context.skip();
  const start = weekStart(0);
  const [late, inTime] = [newImei(), newImei()];
  await track(late, hour(start, 0, 2));
  await track(inTime, hour(start, 0, 1));
  await compress(start);
  // The other half, with some that are there already.
  await track(late, [...hour(start, 1, 2), ...hour(start, 0, 4)]);
  await track(late, hour(start, 1, 2));
  const known = await database()`
    select imei, count(*)::int as points from tracksolid.position_history where imei in ${database()([late, inTime])}
    group by imei`;
  expect(known.map(({ points }) => points)).toEqual([120, 120]);
  const days = async (imei: string) => (await computed(imei)).map((day) => ({ ...day, imei: "" }));
  expect(await days(late)).toEqual(await days(inTime));
  expect(await days(late)).toMatchObject([{ fixes: 119, moving_s: 119 * 30 }]);
});

it("takes a late point of each of many vehicles in one batch, however many rows lie compressed around it", async (context) => {
  if (!(await isLicensed())) return context.skip();
  const start = weekStart(2);
  const imeis = Array.from({ length: 120 }, newImei);
  const admin = administrator();
  await admin`
    insert into tracksolid.position_history (imei, gps_time, lat, lng, speed_kmh, source, sources, received_at)
    select imei, ${new Date(start)}::timestamptz + s * interval '10 s', -1.3, 36.8, 0, 'poll', 1, now()
    from unnest(${imeis}::text[]) imei, generate_series(0, 1999) s`;
  await compress(start);
  const [, point] = hour(start + 5_000, 0, 1);
  const batch = imeis.map((imei) => messageOf("track_point", [point], { imei }));
  expect(await deliver(batch)).toEqual({ acked: imeis.length, retried: 0 });
  const [written] = await database()`
    select count(*)::int as points from tracksolid.position_history
    where imei in ${database()(imeis)} and source = 'track_list'`;
  expect(written).toEqual({ points: imeis.length });
  await admin`delete from private.dirty_days where imei = any(${imeis})`;
});

it("reads of a vehicle's day only the chunk it lies in", async () => {
  const imei = newImei();
  for (const week of [4, 5, 6]) await track(imei, hour(weekStart(week), 0, 10));
  await derived(imei);
  const from = new Date(weekStart(5));
  const chunks = await administrator()`
    explain (costs off) select * from tracksolid.position_history
    where imei = ${imei} and gps_time >= ${from}::timestamptz and gps_time < ${from}::timestamptz + interval '1 day'`;
  const names = new Set(
    chunks.flatMap((row) => (row["QUERY PLAN"] as string).match(/_hyper_\d+_\d+_chunk/g) ?? []),
  );
  expect(names.size).toBe(1);
});
