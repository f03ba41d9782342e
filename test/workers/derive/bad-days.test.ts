import { expect, it } from "vitest";
import { database, deliver, messageOf, newImei } from "../writer/deliver.ts";
import { computed, DAY_S, DAY_START_MS, drive, type Fix, messagesOf, vendorTime } from "./days.ts";
import { derived } from "./run.ts";

const marksOf = (imei: string) => database()`
  select day::text, changed_from, changed_to from private.dirty_days where imei = ${imei}`;

it("computes a day with a fix every second", async () => {
  const imei = newImei();
  const at = (second: number) => new Date(DAY_START_MS + second * 1_000);
  // Every other minute under way at 36 km/h: ten metres a second.
  await database()`
    insert into tracksolid.position_history (imei, gps_time, lat, lng, speed_kmh, ignition, source, sources, received_at)
    select ${imei}, ${at(0)}::text::timestamptz + s * interval '1 s',
      -1.3 + ((s / 120) * 60 + least(s % 120, 60)) * 10 / 111320.0, 36.8, case when s % 120 < 60 then 36 else 0 end, true,
      'push', 2, now()
    from generate_series(0, ${DAY_S}::int) s`;
  await database()`
    insert into private.dirty_days (imei, day, changed_from, changed_to, mark)
    values (${imei}, '2026-10-06', ${at(0)}, ${at(DAY_S - 1)}, '1')`;
  const [day] = await computed(imei);
  expect(day).toMatchObject({
    // From the fix before those under way to the one after them; at both ends of the day it was under way.
    ...{ fixes: DAY_S, moving_s: 720 * 61, unknown_s: 0, parked_s: 0 },
    ...{ gps_km: expect.closeTo(432, 0), distance_source: "gps" },
  });
});

it("computes a day with two fixes", async () => {
  const imei = newImei();
  const fix = (atS: number): Fix => ({ atS, northKm: 0, speedKmh: 0, ignition: true });
  await deliver(messagesOf(imei, [fix(3_600), fix(3_900)]));
  expect(await computed(imei)).toMatchObject([
    { moving_s: 0, idling_s: 300, parked_s: 0, unknown_s: DAY_S - 300, fixes: 1, gps_km: 0, trips: 0 },
  ]);
});

it("computes a day that is dirtied by a thousand messages", async () => {
  const imei = newImei();
  const fixes = drive(3_600, 500);
  const messages = messagesOf(imei, fixes);
  expect(messages.length).toBeGreaterThan(1_000);
  for (let from = 0; from < messages.length; from += 100) await deliver(messages.slice(from, from + 100));
  const [day] = await computed(imei);
  expect(day).toMatchObject({ fixes: fixes.length - 1, moving_s: 500 * 60, gps_km: expect.closeTo(500, 0) });
});

it("computes again what a fix changes that comes a month late", async () => {
  const imei = newImei();
  const parked = (atS: number, northKm = 0): Fix => ({ atS, northKm, speedKmh: 0, ignition: false });
  await deliver(messagesOf(imei, [parked(0), parked(20 * DAY_S)]));
  const days = async () => (await computed(imei)).map(({ parked_s }) => parked_s as number);
  expect(await days()).toEqual(Array(20).fill(DAY_S));
  // It was somewhere else in between: nobody knows when it drove there, nor when it came back.
  const late = parked(10 * DAY_S + 3_600, 5);
  const [message] = messagesOf(imei, [late]);
  expect(message).toBeDefined();
  await deliver([message]);
  expect(await days()).toEqual([0, 0, 0]);
  // Its way counts on the days on which it was seen again; days on which nothing was seen have no row.
  expect(await computed(imei)).toMatchObject([
    { day: "2026-10-06", gps_km: 0, unknown_s: DAY_S },
    { day: "2026-10-16", gps_km: 5, distance_km: 5 },
    { day: "2026-10-25", gps_km: 5 },
  ]);
  await deliver([message]);
  expect(await marksOf(imei)).toEqual([]);
  await derived(imei);
});

it("has no day of a trip that ends before it begins or lasts for months, and shares out one of a month", async () => {
  const imei = newImei();
  const trip = (startS: number, endS: number) =>
    messageOf("trip", [{ imei, startTime: vendorTime(startS), endTime: vendorTime(endS), distance: 5_000 }]);
  await deliver([trip(3_600, 1_800), trip(-60 * DAY_S, 10 * DAY_S)]);
  expect(await computed(imei)).toEqual([]);
  await deliver([trip(0, 30 * DAY_S)]);
  const days = await computed(imei);
  expect(days).toHaveLength(30);
  for (const { vendor_km } of days) expect(vendor_km).toBeCloseTo(5 / 30, 2);
});
