import { expect, it } from "vitest";
import { derived } from "../derive/run.ts";
import { database, deliver, isoOf, locationItem, messageOf, newImei, vendorTime } from "./deliver.ts";

const HOUR_S = 3_600;

const iso = (agoS: number) => isoOf(vendorTime(agoS));

/** The row with its version, which any write to it changes. */
const liveOf = (imei: string) => database()`
  select xmin::text as version, * from tracksolid.live_positions where imei = ${imei}`;

const driverAt = async (imei: string, at: unknown) =>
  (await database()`select driver_name from reporting.fn_driver_at(${imei}, ${at as string})`)[0]
    ?.driver_name;

it("takes a fix six hours late into the track, its day and its driver's time, and leaves the map alone", async () => {
  const imei = newImei();
  const sql = database();
  await deliver([messageOf("location", [locationItem(imei, { gpsTime: vendorTime(5) })])]);
  const detail = (driverName: string, agoS: number) =>
    messageOf("device_detail", [{ imei, driverName }], { account: null, receivedAt: iso(agoS) });
  await deliver([detail("Juma", 24 * HOUR_S), detail("Wanjiku", 3 * HOUR_S)]);
  await derived(imei);
  const live = await liveOf(imei);
  expect(live).toMatchObject([{ fix_at: new Date(iso(5)) }]);

  // A minute of driving, and the fix that it is about.
  const point = (agoS: number, lat: number) => ({
    ...{ lat, lng: 36.8, gpsTime: vendorTime(agoS), gpsSpeed: 40, direction: 0, posType: 1 },
  });
  const [before, late] = [point(6 * HOUR_S + 60, -1.301), point(6 * HOUR_S, -1.295)];
  expect(await deliver([messageOf("track_point", [before, late], { imei })])).toEqual({
    acked: 1,
    retried: 0,
  });

  // In the track, at its own time.
  const track = await sql`
    select gps_time, lat, lng, source from tracksolid.position_history where imei = ${imei} order by gps_time`;
  expect(track).toMatchObject([
    { gps_time: new Date(iso(6 * HOUR_S + 60)), source: "track_list" },
    { gps_time: new Date(iso(6 * HOUR_S)), lat: -1.295, lng: 36.8, source: "track_list" },
    { gps_time: new Date(iso(5)), source: "poll" },
  ]);

  // Its day where the fleet is, and not today for its receipt.
  const days = await sql`
    select day::text, changed_from, changed_to from private.dirty_days where imei = ${imei} order by day`;
  const expected = await sql`
    select distinct (at at time zone zone)::date::text as day
    from tracksolid.fleet, unnest(array[${iso(6 * HOUR_S + 60)}, ${iso(6 * HOUR_S)}]::timestamptz[]) as at order by 1`;
  expect(days.map(({ day }) => day)).toEqual(expected.map(({ day }) => day));
  expect(days.at(-1)?.changed_to).toEqual(new Date(iso(6 * HOUR_S)));

  // The driver of its own time, not of now.
  expect(await driverAt(imei, iso(6 * HOUR_S))).toBe("Juma");
  expect(await driverAt(imei, iso(5))).toBe("Wanjiku");

  // The marker was not touched.
  expect(await liveOf(imei)).toEqual(live);

  // What is derived from its hours has it.
  await derived(imei);
  const hours = await sql`
    select sum(have_s)::int as have_s, min(hour) as first_hour from reporting.coverage_hours
    where imei = ${imei} and have_s > 0`;
  const firstHour = new Date(iso(6 * HOUR_S + 60));
  firstHour.setUTCMinutes(0, 0, 0);
  expect(hours).toEqual([{ have_s: 60, first_hour: firstHour }]);
  expect(await liveOf(imei)).toEqual(live);
});
