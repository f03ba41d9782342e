import { expect, it } from "vitest";
import { computed, DAY_S, DAY_START_MS, drive, type Fix, messagesOf } from "../derive/days.ts";
import { database, deliver, newImei } from "../writer/deliver.ts";

const at = (atS: number) => new Date(DAY_START_MS + atS * 1_000);

/** Polled live, which makes the vehicle known. */
const live = (fixes: Fix[]) => fixes.map((fix) => ({ ...fix, odometerKm: 1_000 + fix.northKm }));

it("tells a vehicle's day so far, adding up to what has gone of it", async () => {
  const imei = newImei();
  const fixes = live([
    { atS: 6 * 3_600, northKm: 0, speedKmh: 0, ignition: false },
    ...drive(9 * 3_600, 30),
    { atS: 9 * 3_600 + 1_830, northKm: 30, speedKmh: 0, ignition: false },
  ]);
  await deliver(messagesOf(imei, fixes));
  await computed(imei);
  const sql = database();
  const today = async (atS: number) =>
    (await sql`select *, day::text from reporting.fn_fleet_today(${at(atS)}) where imei = ${imei}`)[0];
  const noon = await today(12 * 3_600);
  expect(noon).toMatchObject({
    ...{ day: "2026-10-06", moving_s: 1_830, idling_s: 0, parked_s: 3 * 3_600, status: "parked" },
    ...{ distance_source: "odometer", distance_km: expect.closeTo(30, 1) },
  });
  // Nobody knows of the night, nor of the time since it was heard of.
  expect(noon?.unknown_s).toBe(12 * 3_600 - 1_830 - 3 * 3_600);
  // A heartbeat says that it stands there still.
  await sql`update tracksolid.live_positions set contact_at = ${at(11 * 3_600)} where imei = ${imei}`;
  expect(await today(12 * 3_600)).toMatchObject({ parked_s: 3 * 3_600 + 3_600 + 1_800 - 30 });
});

it("lists who did not move on a day, and whether they were seen standing", async () => {
  const [moved, stood, silent] = [newImei(), newImei(), newImei()];
  await deliver(messagesOf(moved, live(drive(DAY_S + 9 * 3_600, 10))));
  const night: Fix = { atS: 3_600, northKm: 0, speedKmh: 0, ignition: false };
  await deliver(messagesOf(stood, live([...drive(0, 10), night, { ...night, atS: DAY_S + 3_600 }])));
  await deliver(messagesOf(silent, live(drive(9 * 3_600, 10))));
  for (const imei of [moved, stood, silent]) await computed(imei);
  const rows = await database()`
    select imei, last_moved_day::text, days_since, known from reporting.fn_vehicles_not_moved('2026-10-07')
    where imei in ${database()([moved, stood, silent])} order by imei`;
  expect(rows).toEqual([
    { imei: stood, last_moved_day: "2026-10-06", days_since: 1, known: true },
    { imei: silent, last_moved_day: "2026-10-06", days_since: 1, known: false },
  ]);
});

it("says since when a vehicle idles", async () => {
  const imei = newImei();
  const idle = (atS: number): Fix => ({ atS, northKm: 10, speedKmh: 0, ignition: true });
  await deliver(messagesOf(imei, live([...drive(9 * 3_600, 10), idle(33_090), idle(33_300), idle(33_500)])));
  const idling = (atS: number) => database()`
    select idle_since, idle_s from reporting.fn_currently_idle(${at(atS)}) where imei = ${imei}`;
  expect(await idling(33_550)).toEqual([{ idle_since: at(33_090), idle_s: 460 }]);
  // Not yet for long, and no longer heard of.
  expect(await idling(33_200)).toEqual([]);
  expect(await idling(35_000)).toEqual([]);
});
