import { expect, it } from "vitest";
import { database, deliver, messageOf, newImei } from "../writer/deliver.ts";
import { computed, DAY_S, DAY_START_MS, drive, type Fix, messagesOf, vendorTime } from "./days.ts";
import { run } from "./run.ts";

it("adds up to the day, and calls unknown what nobody saw", async () => {
  const imei = newImei();
  const stop: Fix = { atS: 8 * 3_600, northKm: 0, speedKmh: 0, ignition: false };
  await deliver(
    messagesOf(imei, [
      stop,
      // Stands until nine, drives an hour, idles five minutes, is parked for two hours, and is seen no more.
      ...drive(9 * 3_600, 60),
      { atS: 10 * 3_600 + 300, northKm: 60, speedKmh: 0, ignition: false },
      { atS: 12 * 3_600 + 300, northKm: 60, speedKmh: 0, ignition: false },
    ]),
  );
  const [day, ...others] = await computed(imei);
  expect(others).toEqual([]);
  // The last fix under way has its speed, so the time to the next counts as under way.
  const moving_s = 3_600 + 300;
  const parked_s = 3_600 + 7_200;
  expect(day).toMatchObject({
    ...{ day: "2026-10-06", moving_s, idling_s: 0, parked_s, unknown_s: DAY_S - moving_s - parked_s },
    ...{ gps_km: expect.closeTo(60, 1), odometer_km: null, vendor_km: null, distance_source: "gps" },
    ...{ trips: 0, max_speed_kmh: 60, alarms: 0, fuel_l: null },
    first_ignition_at: new Date(DAY_START_MS + 9 * 3_600_000),
  });
});

it("shares what goes over midnight out between the days, once the fix after it has come", async () => {
  const imei = newImei();
  const night: Fix = { atS: 22 * 3_600, northKm: 3, speedKmh: 0, ignition: false };
  await deliver(messagesOf(imei, [night]));
  expect(await computed(imei)).toEqual([]);
  await deliver(messagesOf(imei, [{ ...night, atS: DAY_S + 6 * 3_600 }]));
  expect(await computed(imei)).toMatchObject([
    { day: "2026-10-06", parked_s: 2 * 3_600, unknown_s: 22 * 3_600, fixes: 1 },
    { day: "2026-10-07", parked_s: 6 * 3_600, unknown_s: 18 * 3_600, fixes: 0, gps_km: 0 },
  ]);
  // A fix of the night says that it was driven and brought back: nobody knows when.
  await deliver(messagesOf(imei, [{ ...night, atS: 23 * 3_600, northKm: 9 }]));
  expect(await computed(imei)).toMatchObject([
    { day: "2026-10-06", parked_s: 0, unknown_s: DAY_S },
    { day: "2026-10-07", parked_s: 0, unknown_s: DAY_S },
  ]);
});

it("was parked where it was left with the ignition on and found with it off, unless it stood for the length of a gap with it on", async () => {
  const [found, left] = [newImei(), newImei()];
  const stop: Fix = { atS: 18 * 3_600, northKm: 0, speedKmh: 0, ignition: true };
  const next = { ...stop, atS: 20 * 3_600 };
  await deliver([
    ...messagesOf(found, [stop, { ...next, ignition: false }]),
    ...messagesOf(left, [stop, next]),
  ]);
  expect(await computed(found)).toMatchObject([{ parked_s: 7_200 }]);
  expect(await computed(left)).toMatchObject([{ parked_s: 0, idling_s: 0, unknown_s: DAY_S }]);
});

it("counts a trip on the day it began, and its distance by its time", async () => {
  const imei = newImei();
  const trip = (startS: number, endS: number, receivedS: number, distance: number) =>
    messageOf("trip", [{ imei, startTime: vendorTime(startS), endTime: vendorTime(endS), distance }], {
      receivedAt: new Date(DAY_START_MS + receivedS * 1_000).toISOString(),
    });
  await deliver([trip(DAY_S - 3_600, DAY_S + 1_800, DAY_S * 2, 90_000)]);
  expect(await computed(imei)).toMatchObject([
    { day: "2026-10-06", trips: 1, vendor_km: 60, distance_km: 60, distance_source: "vendor", gps_km: null },
    { day: "2026-10-07", trips: 0, vendor_km: 30, unknown_s: DAY_S },
  ]);
  // The vendor corrects itself: the day on which nothing is left of it changes with it.
  await deliver([trip(DAY_S - 1_800, DAY_S - 900, DAY_S * 3, 10_000)]);
  expect(await computed(imei)).toMatchObject([{ day: "2026-10-06", trips: 1, vendor_km: 10 }]);
});

it("believes the odometer until it breaks", async () => {
  const sound = newImei();
  const broken = newImei();
  const stuck = newImei();
  const fixes = drive(9 * 3_600, 60).map((fix) => ({ ...fix, odometerKm: 1_000 + fix.northKm * 1.05 }));
  await deliver(messagesOf(sound, fixes));
  expect(await computed(sound)).toMatchObject([
    { distance_source: "odometer", distance_km: expect.closeTo(63, 1), odometer_breaks: 0 },
  ]);
  const reset = fixes.map((fix, index) =>
    index < 60 ? fix : { ...fix, odometerKm: fix.odometerKm - 1_000 },
  );
  await deliver(messagesOf(broken, reset));
  expect(await computed(broken)).toMatchObject([
    { distance_source: "gps", distance_km: expect.closeTo(60, 1), odometer_breaks: 1 },
  ]);
  await deliver(
    messagesOf(
      stuck,
      fixes.map((fix) => ({ ...fix, odometerKm: 7 })),
    ),
  );
  expect(await computed(stuck)).toMatchObject([{ distance_source: "gps", odometer_km: 0 }]);
  // Of a trip that is told and one that is not yet the vendor knows the first.
  const early = newImei();
  const trip = {
    imei: early,
    startTime: vendorTime(9 * 3_600),
    endTime: vendorTime(9 * 3_600 + 300),
    distance: 5_000,
  };
  await deliver([messageOf("trip", [trip]), ...messagesOf(early, drive(9 * 3_600, 60))]);
  expect(await computed(early)).toMatchObject([
    { distance_source: "gps", distance_km: expect.closeTo(60, 1), vendor_km: 5 },
  ]);
});

it("says nothing of the time between fixes that are months apart, in whatever order they come", async () => {
  const parked = (days: number): Fix => ({ atS: days * DAY_S, northKm: 0, speedKmh: 0, ignition: false });
  const [forwards, backwards] = [newImei(), newImei()];
  for (const [imei, order] of [
    [forwards, [-40, 0, 10]],
    [backwards, [10, 0, -40]],
  ] as const) {
    for (const days of order) {
      await deliver(messagesOf(imei, [parked(days)]));
      await computed(imei);
    }
  }
  const expected = await computed(forwards);
  expect(expected.map(({ parked_s }) => parked_s)).toEqual(Array(10).fill(DAY_S));
  expect((await computed(backwards)).map((day) => ({ ...day, imei: forwards }))).toEqual(expected);
  // One between them brings them near enough.
  for (const imei of [forwards, backwards]) await deliver(messagesOf(imei, [parked(-20)]));
  expect(await computed(backwards)).toHaveLength(50);
  expect(await computed(forwards)).toHaveLength(50);
});

it("knows of a vehicle that stands with its ignition off as far as it was heard of, hour by hour", async () => {
  const imei = newImei();
  const parked: Fix = { atS: 18 * 3_600, northKm: 0, speedKmh: 0, ignition: false, odometerKm: 7 };
  await deliver(messagesOf(imei, [parked]));
  const heard = (atS: number) => database()`
    update tracksolid.live_positions set contact_at = ${new Date(DAY_START_MS + atS * 1_000)} where imei = ${imei}`;
  const known = async () => {
    await run();
    return (await computed(imei)).map(({ day, parked_s, unknown_s }) => ({ day, parked_s, unknown_s }));
  };
  await heard(18.5 * 3_600);
  // Its fix came with a contact, and marked the day.
  expect(await known()).toEqual([{ day: "2026-10-06", parked_s: 1_800, unknown_s: DAY_S - 1_800 }]);
  await heard(DAY_S + 3 * 3_600);
  expect(await known()).toEqual([
    { day: "2026-10-06", parked_s: 6 * 3_600, unknown_s: 18 * 3_600 },
    { day: "2026-10-07", parked_s: 3 * 3_600, unknown_s: 21 * 3_600 },
  ]);
  // Within the hour nothing is computed again, which says it is done.
  await heard(DAY_S + 3 * 3_600 + 600);
  await run();
  expect(await database()`select from private.dirty_days where imei = ${imei}`).toEqual([]);
  // The ignition is on, and no fix yet: what was known of the night stays known, whatever is computed again.
  await database()`update tracksolid.live_positions set ignition = true where imei = ${imei}`;
  await deliver([
    messageOf("alarm", [{ imei, alertTypeId: "41", alertTime: vendorTime(23 * 3_600) }], { account: "a" }),
  ]);
  const night = { day: "2026-10-06", parked_s: 6 * 3_600, unknown_s: 18 * 3_600 };
  const parked_s = 3 * 3_600 + 600;
  expect(await known()).toMatchObject([night, { parked_s }]);
  // Seen again far away: it left after it was heard of.
  await deliver(
    messagesOf(imei, [{ ...parked, atS: DAY_S + 5 * 3_600, northKm: 5, ignition: true, odometerKm: 12 }]),
  );
  expect(await computed(imei)).toMatchObject([night, { parked_s, gps_km: 5, unknown_s: DAY_S - parked_s }]);
  // A point that comes late says that it stood elsewhere from then on.
  await deliver(messagesOf(imei, [{ ...parked, atS: 20 * 3_600, northKm: 2 }]));
  expect(await computed(imei)).toMatchObject([
    { parked_s: 4 * 3_600, gps_km: 2, fixes: 2 },
    { parked_s, gps_km: 3, fixes: 0 },
  ]);
});

it("does not know where a vehicle that was last seen under way was parked, nor believe contacts against its way", async () => {
  const [driving, asleep] = [newImei(), newImei()];
  const fix: Fix = { atS: 6 * 3_600, northKm: 0, speedKmh: 50, ignition: true };
  await deliver([
    ...messagesOf(driving, [{ ...fix, odometerKm: 1 }]),
    ...messagesOf(asleep, [{ ...fix, speedKmh: 0, ignition: false, odometerKm: 1 }]),
  ]);
  const at = (atS: number) => new Date(DAY_START_MS + atS * 1_000);
  await database()`
    insert into tracksolid.stands (imei, heard_at) values
      (${driving}, ${at(7 * 3_600)}), (${driving}, ${at(8 * 3_600)}), (${asleep}, ${at(7 * 3_600)}), (${asleep}, ${at(8 * 3_600)})`;
  // One came back; the other is ten kilometres away, a minute after a contact that cannot have known.
  await deliver([
    ...messagesOf(driving, [{ ...fix, atS: 9 * 3_600, speedKmh: 0, odometerKm: 1 }]),
    ...messagesOf(asleep, [{ ...fix, atS: 8 * 3_600 + 60, northKm: 10, odometerKm: 11 }]),
  ]);
  expect(await computed(driving)).toMatchObject([{ parked_s: 7_200, unknown_s: DAY_S - 7_200, gps_km: 0 }]);
  expect(await computed(asleep)).toMatchObject([
    { parked_s: 3_600, gps_km: 10, odometer_km: 10, odometer_breaks: 0, fixes: 1 },
  ]);
});
