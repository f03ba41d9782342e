import { expect, it } from "vitest";
import { database, deliver, messageOf, newImei, vendorTime } from "../writer/deliver.ts";
import { derived, PATIENCE_MS, run } from "./run.ts";

const deliverPoint = (imei: string, agoS: number) =>
  deliver([
    messageOf(
      "track_point",
      [{ lat: -1.3 - agoS / 1e5, lng: 36.8, gpsTime: vendorTime(agoS), gpsSpeed: 40 }],
      {
        imei,
      },
    ),
  ]);

it("computes a day again that another run computed meanwhile", async () => {
  const imei = newImei();
  const sql = database();
  for (const agoS of [3_600, 3_500]) await deliverPoint(imei, agoS);
  await derived(imei);
  await deliverPoint(imei, 3_400);
  let slow: Promise<unknown> | undefined;
  await sql.begin(async (other) => {
    await other`update reporting.coverage_hours set have_s = have_s where imei = ${imei}`;
    slow = run();
    const waiting = async () =>
      (
        await sql`select from pg_stat_activity where wait_event_type = 'Lock' and query like '%how much is known%'`
      ).length;
    await expect.poll(waiting, { timeout: PATIENCE_MS }).toBeGreaterThan(0);
    // The other run saw one more point than the slow one, which is about to write what it makes of less.
    await deliverPoint(imei, 3_300);
    await other`delete from private.dirty_days where imei = ${imei}`;
  });
  await slow;
  const known = async () => {
    await run();
    const [row] = await sql`select sum(have_s)::int as s from reporting.coverage_hours where imei = ${imei}`;
    return row?.s;
  };
  await expect.poll(known, { timeout: PATIENCE_MS }).toBe(300);
});

it("computes all others when a day cannot be computed, says so, and has it wait behind them", async () => {
  const [stuck, other] = [newImei(), newImei()];
  const sql = database();
  const trip = { startTime: vendorTime(9_000), endTime: vendorTime(8_000) };
  for (const imei of [stuck, other]) await deliver([messageOf("trip", [{ imei, ...trip, distance: 9_000 }])]);
  await derived(stuck);
  // More than a column can hold, once a year of it is added up.
  await sql`update tracksolid.trips set fuel_l = 3.4e38, distance_km = 1e308 where imei = ${stuck}`;
  await sql`
    insert into tracksolid.trips (imei, start_time, end_time, distance_km, fuel_l, source, raw, received_at)
    select imei, start_time - interval '60 s', start_time, distance_km, fuel_l, source, raw, received_at
    from tracksolid.trips where imei = ${stuck}`;
  for (const imei of [stuck, other]) for (const agoS of [8_900, 8_800]) await deliverPoint(imei, agoS);
  const kmOf = async (imei: string) =>
    (await sql`select sum(gps_km) > 0 as is_known from reporting.vehicle_day where imei = ${imei}`)[0]
      ?.is_known;
  const failed = async () => (await run()).failures;
  await expect.poll(failed, { timeout: PATIENCE_MS }).toContainEqual({
    what: expect.stringContaining(stuck),
    failure: { kind: "underived", message: expect.stringContaining("out of range") },
  });
  expect(await kmOf(other)).toBe(true);
  expect(await kmOf(stuck)).toBeNull();
  await sql`update tracksolid.trips set fuel_l = null, distance_km = 1 where imei = ${stuck}`;
  const mended = async () => {
    await run();
    return kmOf(stuck);
  };
  await expect.poll(mended, { timeout: PATIENCE_MS }).toBe(true);
});
