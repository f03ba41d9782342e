import { afterAll, beforeAll, beforeEach, expect, it } from "vitest";
import { parityCommand } from "../../scripts/db-parity.ts";
import { callCommand } from "../setup/command.ts";
import { createDatabase, type OwnDatabase } from "../setup/database.ts";
import { createOldSchema, daysOf, fillAlike, ONE, SPAN, TWO } from "../setup/parity.ts";

let ours: OwnDatabase;
let theirs: OwnDatabase;
beforeAll(async () => {
  ours = await createDatabase("migrated");
});
afterAll(() => ours[Symbol.asyncDispose]());
beforeEach(async () => {
  theirs = await createDatabase("empty");
  await createOldSchema(theirs);
  await fillAlike(ours, theirs);
  return () => theirs[Symbol.asyncDispose]();
});

const urls = () => ({ DATABASE_URL: ours.url, OTHER_DATABASE_URL: theirs.url });
const compare = (...words: string[]) =>
  callCommand(parityCommand, [...SPAN, "--tolerance-km", "0.005", ...words], urls());

it("lets kilometres differ by the tolerance, and by no more", async () => {
  const at = async (km: string) => (await compare("--tolerance-km", km)).code;
  expect([await at("0.0049"), await at("0.005"), await at("0.5"), await at("0")]).toEqual([1, 0, 0, 1]);
  const usual = await callCommand(parityCommand, SPAN, urls());
  expect(usual.stdout).toContain("18 differ\n");
  // On both sides of what the digests round at.
  await ours.sql`update tracksolid.trips set distance_km = 12.5`;
  await theirs.sql`update tracksolid.trips set distance_km = 12.49`;
  expect([await at("0.01"), await at("0.009"), await at("1")]).toEqual([0, 1, 0]);
  await theirs.sql`alter table tracksolid.trips alter distance_km type real using 12.5`;
  expect(await at("0")).toBe(0);
});

it("takes facts that are there twice for one, and says so of either side", async () => {
  await theirs.sql`
    insert into tracksolid.alarms (imei, alarm_time, alarm_type)
    select imei, alarm_time, alarm_type from tracksolid.alarms, generate_series(1, 2) where imei = ${ONE}`;
  await theirs.sql`
    insert into tracksolid.trips (imei, start_time, end_time, distance_km, driving_time_s)
    select imei, start_time, end_time, distance_km, driving_time_s from tracksolid.trips where imei = ${TWO} limit 1`;
  await ours.sql`
    insert into tracksolid.alarms (imei, canonical_code, fence_id, alarm_time, code, alarm_type, source, sources, raw, received_at)
    select imei, canonical_code, 'depot', alarm_time, code, alarm_type, source, sources, raw, received_at
    from tracksolid.alarms where imei = ${TWO} and alarm_time = '2026-10-01T03:00Z'`;
  const { stdout, code } = await compare("--most", "2");
  expect(code).toBe(0);
  expect(stdout).toContain("1 more than once here\n");
  expect(stdout).toContain(`${TWO} 2026-10-01 03:00:00 UTC, 2 times: alarm_type 48, alarm_name –\n`);
  expect(stdout).toContain("24 more than once there, the first 2\n");
  expect(stdout.match(/, 3 times: alarm_type 48/g)).toHaveLength(2);
  expect(stdout).toContain("1 more than once there\n");
  expect(stdout).toContain("2 times: end_time 2026-09-30 21:20:00, distance_km 12.35, driving_time_s 1200\n");
  expect(stdout).toContain("alarms: 25 here, 48 there\n");
  expect(daysOf(stdout, "alarms")).toEqual([6, 6, 0, 0, 0]);
});

it("compares what both have, and says what it left out", async () => {
  await theirs.sql`alter table tracksolid.trips drop driving_time_s, alter end_time type text`;
  await theirs.sql`alter table tracksolid.position_history drop longitude`;
  await theirs.sql`alter table tracksolid.position_history rename latitude to lat`;
  await theirs.sql`update tracksolid.position_history set lat = lat + 1 where gps_time = '2026-10-01 06:00'`;
  const { stdout, code } = await compare();
  expect(stdout).toContain(
    "Not compared: trips.end_time (text there), trips.driving_time_s (missing there), position_history.lng (missing there).\n",
  );
  expect(code).toBe(1);
  expect(daysOf(stdout, "trips")).toEqual([6, 6, 0, 0, 0]);
  expect(daysOf(stdout, "position_history")).toEqual([6, 4, 2, 0, 0]);
});

it("does not compare how long stays lasted where one side keeps no end", async () => {
  await theirs.sql`alter table tracksolid.parking_events drop end_time`;
  await theirs.sql`update tracksolid.parking_events set duration_seconds = 5`;
  const { stdout, code } = await compare();
  expect(code).toBe(0);
  expect(stdout).toContain(
    "Not compared: parking_events.end_time (missing there), parking_events.duration_s (which may still grow, without end_time).\n",
  );
});

it("finds numbers equal that are kept as real or double precision", async () => {
  await theirs.sql`alter table tracksolid.position_history alter latitude type real, alter longitude type real`;
  await theirs.sql`alter table tracksolid.trips alter distance_km type real, alter driving_time_s type double precision`;
  await ours.sql`update tracksolid.trips set distance_km = 12.35`;
  expect(await compare("--tolerance-km", "0")).toMatchObject({ code: 0 });
  await theirs.sql`
    update tracksolid.position_history set longitude = longitude + 0.00003 where imei = ${ONE} and gps_time = '2026-10-01 06:00'`;
  const { stdout } = await compare();
  expect(stdout).toContain("1 differ\n");
  expect(stdout).toContain(`${ONE} 2026-10-01 06:00:00 UTC\n`);
});

it("adds up kilometres that are absurd", async () => {
  for (const type of ["numeric", "double precision"]) {
    await theirs.sql.unsafe(`alter table tracksolid.trips alter distance_km type ${type}`);
    await theirs.sql`update tracksolid.trips set distance_km = 1e308 where imei = ${TWO}`;
    const { stdout, stderr } = await compare();
    expect(stderr).toBe("");
    expect(stdout).toContain("distance_km 222.21 here, Infinity there");
    expect(daysOf(stdout, "trips")).toEqual([6, 3, 3, 0, 0]);
  }
  await theirs.sql`alter table tracksolid.trips alter distance_km type numeric`;
  await theirs.sql`update tracksolid.trips set distance_km = case when imei = ${TWO} then 1e400 else 1e-400 end`;
  expect(await compare()).toMatchObject({ code: 1, stderr: "" });
});

it("counts facts of no vehicle", async () => {
  await theirs.sql`alter table tracksolid.trips alter imei drop not null`;
  await theirs.sql`
    insert into tracksolid.trips (imei, start_time) values (null, '2026-10-01'), (null, '2026-10-02'), (null, '2025-01-01')`;
  const { stdout, code } = await compare();
  expect(code).toBe(0);
  expect(stdout).toContain("Without a vehicle, not compared: 2 of trips (there).\n");
  expect((await compare("--imei", ONE)).stdout).not.toContain("Without a vehicle");
});

it("reads tables without an index, and vehicles that are numbers", async () => {
  await theirs.sql`alter table tracksolid.position_history drop constraint position_history_pkey`;
  await theirs.sql`drop index tracksolid.trips_imei_start_time_idx`;
  await theirs.sql`alter table tracksolid.trips alter imei type bigint using imei::bigint`;
  await theirs.sql`alter table tracksolid.alarms alter imei type char(20)`;
  expect(await compare()).toMatchObject({ code: 0 });
  await theirs.sql`create index on tracksolid.trips (imei, start_time)`;
  await theirs.sql`create index on tracksolid.alarms (imei, alarm_time)`;
  expect(await compare("--imei", ONE)).toMatchObject({ code: 0 });
  await theirs.sql`delete from tracksolid.trips where start_time = '2026-10-01 05:00'`;
  await theirs.sql`delete from tracksolid.position_history where imei = ${ONE} and gps_time = '2026-10-01 06:00'`;
  await theirs.sql`delete from tracksolid.alarms where imei = ${ONE} and alarm_time = '2026-10-01T03:00Z'`;
  await ours.sql`
    update tracksolid.trips set imei = 'no number' where imei = ${ONE} and start_time = '2026-10-01T21:00Z'`;
  const { stdout, stderr } = await compare();
  expect(stderr).toBe("");
  expect(stdout).toContain("no number 2026-10-01 21:00:00 UTC\n      here   end_time");
  expect(stdout).toContain("  4 differ\n");
  expect(stdout.match(/there {2}missing/g)).toHaveLength(5);
});

it("bears what no vehicle sends", async () => {
  const broken = `86,"0{\n\u001b[31m'`;
  await theirs.sql`insert into tracksolid.devices (imei) values (null), (${broken})`;
  await theirs.sql`alter table tracksolid.position_history alter latitude type float8, alter longitude type real`;
  await theirs.sql`
    insert into tracksolid.position_history (imei, gps_time, latitude, longitude) values
      (${broken}, '2026-10-01 06:00', 'NaN', '-Infinity'), (${broken}, '2026-10-01 06:01', null, 1e30),
      (${ONE}, '2026-10-01 06:00:00.000001', 1e300, null), (${ONE}, 'infinity', 0, 0)`;
  await theirs.sql`insert into tracksolid.alarms (imei, alarm_time, alarm_type) values (${broken}, '2026-10-01', repeat('long', 1000))`;
  await theirs.sql`insert into tracksolid.trips (imei, start_time, distance_km) values (${broken}, '2026-10-01', 'NaN')`;
  const { stdout, stderr } = await compare();
  expect(stderr).toBe("");
  expect(stdout).toContain(`1 only there: 86,"0{��[31m'\n`);
  expect(stdout).toContain("lat NaN, lng -Infinity, source –\n");
  expect(stdout).toContain(`${ONE} 2026-10-01 06:00:00.000001 UTC\n`);
  expect(stdout).toMatch(/alarm_type (long){25}…,/);
  expect(stdout).toContain("distance_km 222.21 here, NaN there");
  expect(daysOf(stdout, "position_history")).toEqual([7, 5, 1, 0, 1]);
});

it("finds one fact in a day of a hundred thousand", async () => {
  const seconds =
    "generate_series(timestamptz '2026-10-02T00:00Z', '2026-10-02T23:59:59Z', interval '1 s') at";
  const bearing = "extract(epoch from at)::bigint % 1000 * 0.0001";
  const busy = "'{860000000000003,860000000000004}'::text[]";
  await ours.sql.unsafe(`
    insert into tracksolid.position_history (imei, gps_time, lat, lng, source, sources, received_at)
    select imei, at, -1.3, 36 + ${bearing}, 'push', 2, at from unnest(${busy}) imei, ${seconds}`);
  await theirs.sql.unsafe(`
    insert into tracksolid.position_history (imei, gps_time, latitude, longitude)
    select imei, at at time zone 'UTC', -1.3, 36 + ${bearing} from unnest(${busy}) imei, ${seconds}`);
  await theirs.sql`delete from tracksolid.position_history where imei = '860000000000003' and gps_time = '2026-10-02 12:34:56'`;
  await ours.sql`delete from tracksolid.position_history where imei = '860000000000004' and gps_time = '2026-10-02T20:00:01Z'`;
  const { stdout } = await compare();
  expect(stdout).toContain("position_history: 173663 here, 173663 there\n  2 differ\n");
  expect(stdout).toContain("860000000000003 2026-10-02 12:34:56 UTC\n");
  expect(stdout).toContain("860000000000004 2026-10-02 20:00:01 UTC\n      here   missing\n");
  expect(daysOf(stdout, "position_history")).toEqual([10, 8, 2, 0, 0]);
});

it("counts days in the zone of the fleet, through a change of clocks", async () => {
  await ours.sql`update tracksolid.fleet set zone = 'Europe/Berlin'`;
  try {
    await ours.sql`update tracksolid.trips set start_time = start_time + interval '24 days', end_time = end_time + interval '24 days'`;
    await theirs.sql`update tracksolid.trips set start_time = start_time + interval '24 days', end_time = end_time + interval '24 days'`;
    const { stdout, code } = await compare("--from", "2026-10-25", "--to", "2026-10-26");
    expect(code).toBe(0);
    expect(stdout).toContain("from 2026-10-24T22:00:00.000000Z until 2026-10-25T23:00:00.000000Z");
    expect(daysOf(stdout, "trips")).toEqual([2, 2, 0, 0, 0]);
    expect(stdout).toContain("trips: 6 here, 6 there");
  } finally {
    await ours.sql`update tracksolid.fleet set zone = 'Africa/Nairobi'`;
  }
});
