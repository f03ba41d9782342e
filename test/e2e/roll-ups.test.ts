import { expect, it } from "vitest";
import { checkCommand } from "../../scripts/db-check.ts";
import { zoneCommand } from "../../scripts/db-zone.ts";
import { callCommand } from "../setup/command.ts";
import { type Stack, startStack } from "../setup/harness.ts";
import { askPast, derived, pastHours, register, written } from "../setup/history.ts";

const changeZone = (url: string | undefined, ...options: string[]) =>
  callCommand(zoneCommand, options, { DATABASE_URL: url });
const check = (url: string, ...options: string[]) =>
  callCommand(checkCommand, options, { DATABASE_URL: url });

interface Finding {
  name: string;
  count: number;
  examples: string[];
}

/** What the check of the database finds. */
async function found(stack: Stack): Promise<Finding[]> {
  // Ticks bring positions of today, which is not compared: their marks would have the vehicle left out.
  await written(stack);
  await stack.sql`delete from private.dirty_days`;
  const { stdout } = await check(stack.adminUrl, "--json");
  return (JSON.parse(stdout) as Finding[]).filter(({ count }) => count > 0);
}

const sumsOf = (stack: Stack) => stack.sql<Record<string, number>[]>`
  select imei, sum(moving_s)::int as moving_s, sum(idling_s)::int as idling_s, sum(parked_s)::int as parked_s,
    sum(gps_km) as gps_km, sum(odometer_km) as odometer_km, sum(trips)::int as trips, sum(alarms)::int as alarms,
    sum(vendor_km) as vendor_km, extract(epoch from max(known_to))::int as known_to_s, sum(moving_s + idling_s + parked_s + unknown_s)::int as all_s, count(*)::int as days
  from reporting.vehicle_day group by imei order by imei`;

it("adds up to what vehicles really did, in whatever zone days are counted", {
  timeout: 180_000,
}, async () => {
  await using stack = await startStack({ world: { vehicles: 8, seed: 92 } });
  await register(stack);
  await askPast(stack, "trips", "parking", "alarms", "tracks");
  await derived(stack);
  const sums = await sumsOf(stack);
  for (const { days, all_s } of sums) expect(all_s).toBe((days ?? 0) * 86_400);

  const truth = await stack.world.truePoints(pastHours(20));
  const known = await stack.sql`select imei, gps_time from tracksolid.position_history`;
  const stored = Map.groupBy(known, ({ imei }) => imei as string);
  let driven = 0;
  for (const { imei, points } of truth) {
    const [first, last] = [points[0], points.at(-1)];
    const sum = sums.find((row) => String(row.imei) === imei);
    if (!first || !last || !sum || !stored.has(imei)) continue;
    const km = (last.odometerM - first.odometerM) / 1_000;
    // More is stored than these twenty hours.
    expect(sum.gps_km, imei).toBeGreaterThan(km * 0.95);
    driven += km;
  }
  expect(driven).toBeGreaterThan(50);
  const [trips] =
    await stack.sql`select count(*)::int as trips, sum(distance_km) as km from tracksolid.trips`;
  expect(sums.reduce((sum, row) => sum + (row.trips ?? 0), 0)).toBe(trips?.trips);
  expect(sums.reduce((sum, row) => sum + (row.vendor_km ?? 0), 0)).toBeCloseTo(trips?.km, 0);
  const [alarms] = await stack.sql`select count(*)::int as n from tracksolid.alarms`;
  expect(sums.reduce((sum, row) => sum + (row.alarms ?? 0), 0)).toBe(alarms?.n);

  // Half an hour off whole hours: every hour begins elsewhere.
  const url = stack.adminUrl;
  expect((await changeZone(url, "Asia/Calcutta")).stdout).toContain("Add --apply");
  expect(await stack.sql`select zone from tracksolid.fleet`).toEqual([{ zone: "Africa/Nairobi" }]);
  expect((await changeZone(url, "Asia/Calcutta", "--apply")).stdout).toMatch(
    /\d+ days of vehicles are to be computed/,
  );
  expect(await stack.sql`select from reporting.vehicle_day`).toEqual([]);
  await derived(stack);
  for (const [index, sum] of (await sumsOf(stack)).entries()) {
    const before = sums[index] ?? {};
    const off = (name: string) => Math.abs((sum[name] ?? 0) - (before[name] ?? 0));
    // Ticks brought positions meanwhile, and each hour leaves off less than a second.
    const laterS = off("known_to_s") + 60;
    for (const name of ["moving_s", "idling_s", "parked_s"]) expect(off(name), name).toBeLessThan(laterS);
    for (const name of ["gps_km", "odometer_km"]) expect(off(name), name).toBeLessThan(laterS / 60);
    for (const name of ["trips", "alarms"]) expect(off(name), name).toBe(0);
  }
  const [hour] =
    await stack.sql`select distinct extract(minute from hour)::int as minute from reporting.vehicle_hour`;
  expect(hour).toEqual({ minute: 30 });
  expect((await changeZone(url, "Asia/Calcutta", "--apply")).stdout).toContain("already");
});

it("finds what was changed past the writer, and nothing else", { timeout: 120_000 }, async () => {
  await using stack = await startStack({ world: { vehicles: 6, seed: 94 } });
  await register(stack);
  await derived(stack);
  const { sql } = stack;
  const imeis = (await sql`select imei from tracksolid.devices order by imei`).map(
    ({ imei }) => imei as string,
  );
  // Five days of some fixes each: the first and the newest two are not compared.
  await sql`
    insert into tracksolid.position_history (imei, gps_time, lat, lng, speed_kmh, ignition, source, sources, received_at)
    select imei, date_trunc('day', now()) - day * interval '1 day' + s * interval '30 s', -1.3 + s / 1000.0, 36.8, 40, true,
      'push', 2, now()
    from tracksolid.devices, generate_series(1, 5) day, generate_series(0, 20) s`;
  await sql`
    insert into private.dirty_days (imei, day, changed_from, changed_to, mark)
    select imei, (gps_time at time zone zone)::date, min(gps_time), max(gps_time), '1'
    from tracksolid.position_history, tracksolid.fleet where source = 'push' group by 1, 2`;
  await sql`
    insert into tracksolid.geofences (name, kind, geometry, radius_m)
    values ('Depot', 'depot', '{"type": "Point", "coordinates": [36.8, -1.295]}', 700)`;
  await derived(stack);
  expect(await sql`select from tracksolid.geofence_visits`).not.toEqual([]);
  expect(await found(stack)).toEqual([]);

  const [one = "", two = "", three = "", four = ""] = imeis;
  const [day] = await sql`
    select day::text from reporting.vehicle_day group by day order by day offset 1 limit 1`;
  await sql`update reporting.vehicle_day set gps_km = gps_km + 1 where imei = ${one} and day = ${day?.day}`;
  await sql`update reporting.vehicle_day set parked_s = parked_s - 5 where imei = ${two} and day > ${day?.day}`;
  await sql`
    insert into tracksolid.trips (imei, start_time, end_time, distance_km, source, raw, received_at)
    select imei, now() - h * interval '1 hour', now() - (h - 2) * interval '1 hour', 9000, 'push', '{}', now()
    from unnest(array[${three}, '860000000000009']) imei, generate_series(4, 5) h`;
  // A visit that is none, one that is no longer there, and a refill that is none.
  await sql`
    insert into tracksolid.geofence_visits (geofence_id, imei, entered_at, last_inside_at, left_at, fixes)
    select geofence_id, ${four}, at, at, at, 1
    from tracksolid.geofences, (select ${day?.day}::date + interval '9 hours' as at) nine`;
  await sql`
    insert into tracksolid.obd_readings (imei, reading_time, hash, undated, raw, received_at)
    values (${four}, ${day?.day}::date - interval '5 days', '', false, '{}', now())`;
  const [visit] = await sql`
    delete from tracksolid.geofence_visits where imei = ${one}
      and entered_at >= ${day?.day}::date and entered_at < ${day?.day}::date + interval '1 day'
    returning imei || ' ' || entered_at as name`;
  await sql`
    insert into reporting.fuel_events (imei, at, source, sensor, unit_code, kind, before_at, from_level, to_level, unexplained,
      driven_km, confidence)
    values (${four}, ${day?.day}, 'obd', '', '', 'refill', ${day?.day}, 10, 50, 40, 0, 1)`;
  const findings = await found(stack);
  expect(findings).toMatchObject([
    { name: "orphans in tracksolid.trips", count: 1, examples: ["860000000000009"] },
    { name: "trips that overlap", count: 2 },
    { name: "impossible trips", count: 4 },
    { name: "days that do not add up" },
    { name: expect.stringMatching(/^rows that differ from a recompute, of \d+ days$/) },
  ]);
  // A vehicle of which something has yet to be computed is left out.
  const told = async () => (await found(stack)).at(-1)?.examples.join("\n");
  for (const row of [
    `vehicle_day ${one} ${day?.day}`,
    `geofence_visits ${four}`,
    `geofence_visits ${visit?.name}`,
    `fuel_events ${four}`,
  ]) {
    await expect.poll(told).toContain(row);
  }
  const shown = await check(stack.adminUrl);
  expect(shown).toMatchObject({ code: 1, stdout: expect.stringContaining("BAD trips that overlap: 2") });
  expect(await check("")).toMatchObject({ code: 2 });
});

it("leaves days as they were computed once their positions are no longer kept", async () => {
  await using stack = await startStack({
    world: { vehicles: 1, seed: 95 },
    vars: { RETAIN_POSITIONS_DAYS: "100" },
  });
  await register(stack);
  const { sql } = stack;
  const add = (days: number) => sql`
    with fix as (
      insert into tracksolid.position_history (imei, gps_time, lat, lng, speed_kmh, ignition, source, sources, received_at)
      select imei, date_trunc('day', now()) - ${days} * interval '1 day' + s * interval '30 s', -1.3 + s / 1000.0, 36.8, 40,
        true, 'push', 2, now()
      from tracksolid.devices, generate_series(1, 20) s
      returning imei, gps_time
    )
    insert into private.dirty_days (imei, day, changed_from, changed_to, mark)
    select imei, (gps_time at time zone zone)::date, min(gps_time), max(gps_time), '1' from fix, tracksolid.fleet group by 1, 2`;
  await add(90);
  await derived(stack);
  const days = () =>
    sql`select * from reporting.vehicle_day where day < now() - interval '80 days' order by day`;
  const before = await days();
  expect(before.length).toBeGreaterThan(0);
  const revision = async () =>
    (
      await sql`select reporting.fn_revision((now() - interval '112 days')::date, (now() - interval '108 days')::date)`
    )[0]?.fn_revision;
  const was = await revision();
  await add(110);
  await derived(stack);
  expect(await days()).toEqual(before);
  // What came late shows in lists and tracks of those days nevertheless.
  expect(await revision()).not.toBe(was);

  // Nobody can count them in another zone: all others are.
  await add(75);
  await add(60);
  await derived(stack);
  const counted = await days();
  const url = stack.adminUrl;
  expect((await changeZone(url, "Asia/Calcutta")).stdout).not.toContain("would stay");
  await sql`delete from tracksolid.position_history where gps_time < now() - interval '80 days'`;
  const [zone] = await sql`select (now() - interval '66 days')::date::text as day`;
  const staying = `days of vehicles before ${zone?.day} would stay as they were counted`;
  expect((await changeZone(url, "Asia/Calcutta")).stdout).toContain(staying);
  const applied = await changeZone(url, "Asia/Calcutta", "--apply");
  expect(applied.stdout).toContain(staying.replace("would stay", "stay"));
  expect(await days()).toEqual(counted);
  await derived(stack);
  expect(await days()).toEqual(counted);
  expect(
    await sql`
      select distinct extract(minute from hour)::int as minute from reporting.vehicle_hour
      where hour > now() - interval '61 days'`,
  ).toEqual([{ minute: 30 }]);
  expect(await found(stack)).toEqual([]);
});

it("leaves geofences their turn where over a hundred days cannot be computed", async () => {
  await using stack = await startStack({ world: { vehicles: 1, seed: 96 } });
  await register(stack);
  await derived(stack);
  const { sql } = stack;
  // Added up they are more than a column can hold.
  await sql`
    with trip as (
      insert into tracksolid.trips (imei, start_time, end_time, distance_km, source, raw, received_at)
      select imei, at, at + interval '1 hour', 1e308, 'push', '{}', now()
      from tracksolid.devices, generate_series(1, 101) day, generate_series(1, 2) hour,
        lateral (select date_trunc('day', now()) - day * interval '1 day' + hour * interval '1 hour' as at) t
      returning imei, start_time
    )
    insert into private.dirty_days (imei, day, changed_from, changed_to, mark)
    select imei, (start_time at time zone zone)::date, min(start_time), max(start_time), '1'
    from trip, tracksolid.fleet group by 1, 2`;
  await sql`
    insert into tracksolid.geofences (name, kind, geometry, radius_m)
    values ('Depot', 'depot', '{"type": "Point", "coordinates": [36.8, -1.295]}', 700)`;
  expect(await stack.tick("* * * * *")).toBe("exception");
  expect(await sql`select from private.dirty_geofences`).toEqual([]);
  expect((await sql`select from private.dirty_days`).length).toBeGreaterThanOrEqual(101);
});

it.each<[string[], string | undefined, number, RegExp]>([
  [[], "postgres://x", 2, /npm run db:zone -- Africa/],
  [["Africa/Nairobi"], "", 2, /Set DATABASE_URL/],
  [["Africa/Nairobi", "twice"], "postgres://x", 2, /npm run db:zone -- Africa/],
])("refuses %j", async (options, url, code, words) => {
  const outcome = await changeZone(url, ...options);
  expect(outcome).toMatchObject({ code });
  expect(outcome.stdout + outcome.stderr).toMatch(words);
});

it("refuses a zone that is none, and changes nothing", async () => {
  await using stack = await startStack({ world: { vehicles: 1, seed: 93 } });
  const outcome = await changeZone(stack.adminUrl, "Nairobi", "--apply");
  expect(outcome).toMatchObject({
    code: 1,
    stderr: expect.stringContaining("There is no time zone Nairobi"),
  });
  expect(await stack.sql`select zone from tracksolid.fleet`).toEqual([{ zone: "Africa/Nairobi" }]);
});
