import { expect, it } from "vitest";
import { database, deliver, messageOf, newImei } from "../writer/deliver.ts";
import { computed, DAY_START_MS, drive, messagesOf, vendorTime } from "./days.ts";

const named = (imei: string, atS: number, driverName: string) =>
  messageOf("device_detail", [{ imei, driverName }], {
    receivedAt: new Date(DAY_START_MS + atS * 1_000).toISOString(),
  });

const driversOf = async (imei: string) => {
  await computed(imei);
  return database()`
    select d.*, d.day::text from reporting.driver_day d where imei = ${imei} order by d.day, d.first_moving_at`;
};

/** An hour at 60 km/h from nine. */
const NINE_S = 9 * 3_600;

it("gives the day to who had the vehicle all day", async () => {
  const imei = newImei();
  await deliver([named(imei, -3_600, "Juma"), ...messagesOf(imei, drive(NINE_S, 60))]);
  const [day] = await computed(imei);
  expect(await driversOf(imei)).toMatchObject([
    {
      driver_name: "Juma",
      moving_s: 3_600,
      distance_km: day?.distance_km,
      first_moving_at: day?.first_moving_at,
    },
  ]);
});

it("shares out a trip in whose middle the driver changed, and again when a naming comes late", async () => {
  const imei = newImei();
  await deliver([
    named(imei, -3_600, "Juma"),
    messageOf("trip", [
      { imei, startTime: vendorTime(NINE_S), endTime: vendorTime(NINE_S + 3_600), distance: 60_000 },
    ]),
    ...messagesOf(imei, drive(NINE_S, 60)),
  ]);
  expect(await driversOf(imei)).toMatchObject([{ driver_name: "Juma", moving_s: 3_600, trips: 1 }]);
  await deliver([named(imei, NINE_S + 1_800, "Wanjiku")]);
  expect(await driversOf(imei)).toMatchObject([
    { driver_name: "Juma", moving_s: 1_800, distance_km: expect.closeTo(30, 1), trips: 1 },
    { driver_name: "Wanjiku", moving_s: 1_800, distance_km: expect.closeTo(30, 1), trips: 0 },
  ]);
  // She had it a quarter of an hour earlier than was known.
  await deliver([named(imei, NINE_S + 900, "Wanjiku")]);
  expect(await driversOf(imei)).toMatchObject([
    { driver_name: "Juma", moving_s: 900 },
    { driver_name: "Wanjiku", moving_s: 2_700 },
  ]);
});

it("shares out a day without a fix by its trips, and nothing of one without a way", async () => {
  const [told, parked] = [newImei(), newImei()];
  const trip = (fromS: number, distance: number) =>
    messageOf("trip", [
      { imei: told, startTime: vendorTime(fromS), endTime: vendorTime(fromS + 1_800), distance },
    ]);
  const stop = { northKm: 0, speedKmh: 0, ignition: false };
  await deliver([
    ...[told, parked].flatMap((imei) => [named(imei, -3_600, "Juma"), named(imei, 12 * 3_600, "Wanjiku")]),
    ...[trip(NINE_S, 20_000), trip(15 * 3_600, 10_000)],
    ...messagesOf(parked, [
      { ...stop, atS: 600 },
      { ...stop, atS: 23 * 3_600 },
    ]),
  ]);
  expect((await driversOf(told)).map(({ driver_name, distance_km }) => [driver_name, distance_km])).toEqual([
    ["Juma", 20],
    ["Wanjiku", 10],
  ]);
  expect(await driversOf(parked)).toMatchObject([{ distance_km: 0 }, { distance_km: 0 }]);
});

it("gives nobody the time before the first naming", async () => {
  const imei = newImei();
  await deliver([...messagesOf(imei, drive(NINE_S, 60)), named(imei, NINE_S + 2_700, "Juma")]);
  expect(await driversOf(imei)).toMatchObject([{ driver_name: "Juma", moving_s: 900 }]);
});
