import { expect, it } from "vitest";
import { database, deliver, messageOf, newImei, vendorTime } from "../writer/deliver.ts";
import { push, rowsOf } from "../writer/facts/push.ts";
import { derived, run } from "./run.ts";

/** Seconds before now at which the trip of these tests begins and ends. */
const START_S = 7_200;
const END_S = 3_600;

const tripItem = (imei: string, change: Record<string, unknown> = {}) => ({
  imei,
  startTime: vendorTime(START_S),
  endTime: vendorTime(END_S),
  runTimeSecond: START_S - END_S,
  distance: 16_840.2,
  ...change,
});

const point = (agoS: number, lat: number, gpsSpeed: number) => ({
  ...{ lat, lng: 36.8, gpsTime: vendorTime(agoS), gpsSpeed, direction: 90, posType: 1, accStatus: "ON" },
});

const deliverPoints = (imei: string, points: unknown[]) =>
  deliver([messageOf("track_point", points, { imei })]);

const deliverTrip = (imei: string, change: Record<string, unknown> = {}) =>
  deliver([messageOf("trip", [tripItem(imei, change)])]);

const points = [
  point(START_S, -1.28, 0),
  point(START_S - 60, -1.29, 40),
  point(START_S - 120, -1.3, 71),
  point(START_S - 180, -1.3, 0),
  point(START_S - 300, -1.31, 30),
  point(END_S + 30, -1.35, 20),
  point(END_S, -1.36, 0),
];

/** Standing for a minute at its start and for two on the way; then nothing for too long to say. */
const found = {
  ...{ start_lat: -1.28, start_lng: 36.8, end_lat: -1.36, end_lng: 36.8 },
  ...{ max_speed_kmh: 71, idle_time_s: 180, filled: 15, distance_km: 16.8402, driving_time_s: 3_600 },
};

it("finds in the track what the vendor leaves out of a trip, whichever comes first", async () => {
  const [trackFirst, tripFirst] = [newImei(), newImei()];
  await deliverPoints(trackFirst, points);
  await deliverTrip(trackFirst);
  await deliverTrip(tripFirst);
  await derived(trackFirst);
  await derived(tripFirst);
  expect(await rowsOf("trips", tripFirst)).toMatchObject([
    { start_lat: null, max_speed_kmh: null, filled: 0 },
  ]);
  await deliverPoints(tripFirst, points);
  await derived(tripFirst);
  expect(await rowsOf("trips", trackFirst)).toMatchObject([found]);
  expect(await rowsOf("trips", tripFirst)).toMatchObject([found]);
});

it("finds it again when late points tell more, and leaves alone what the vendor says", async () => {
  const imei = newImei();
  await deliverPoints(imei, points);
  await deliverTrip(imei, { startLat: -1.2, startLng: 36.7, maxSpeed: 60 });
  await derived(imei);
  expect(await rowsOf("trips", imei)).toMatchObject([
    { start_lat: -1.2, max_speed_kmh: 60, end_lat: -1.36, idle_time_s: 180, filled: 2 | 8 },
  ]);
  await deliverPoints(imei, [point(START_S - 600, -1.32, 0), point(START_S - 660, -1.32, 90)]);
  await derived(imei);
  expect(await rowsOf("trips", imei)).toMatchObject([{ max_speed_kmh: 60, idle_time_s: 240 }]);
  // The same report again takes nothing away, one that says more has the last word.
  await deliverTrip(imei, { startLat: -1.2, startLng: 36.7, maxSpeed: 60 });
  await derived(imei);
  expect(await rowsOf("trips", imei)).toMatchObject([{ idle_time_s: 240, filled: 2 | 8 }]);
  await deliverTrip(imei, { startLat: -1.2, startLng: 36.7, maxSpeed: 60, idleTime: 17 });
  await derived(imei);
  expect(await rowsOf("trips", imei)).toMatchObject([{ idle_time_s: 17, filled: 2 }]);
});

it("keeps what a push told of a trip that is polled, too", async () => {
  const imei = newImei();
  await push("pushtripreport", [
    { ...tripItem(imei), deviceImei: imei, duration: 3_600, fuel: 1.5, maxSpeed: 80 },
  ]);
  await deliverTrip(imei);
  expect(await rowsOf("trips", imei)).toMatchObject([{ fuel_l: 1.5, max_speed_kmh: 80, source: "poll" }]);
});

it("marks the day of a late fact in the zone of the fleet, until it is computed", async () => {
  const imei = newImei();
  const sql = database();
  const dirty = () => sql`select day::text from private.dirty_days where imei = ${imei} order by day`;
  // 22:30 UTC is half past one of the next day in Nairobi.
  const late = () => [
    messageOf("track_point", [{ ...point(0, -1.3, 10), gpsTime: "2026-11-10 22:30:00" }], { imei }),
  ];
  await deliver(late());
  expect(await dirty()).toEqual([{ day: "2026-11-11" }]);
  const computed = async () => {
    await run();
    return dirty();
  };
  // A run of another test, at the same time, has it computed once more.
  await expect.poll(computed, { timeout: 10_000 }).toEqual([]);
  const repeated = async () => {
    await deliver(late());
    return dirty();
  };
  // A pure repeat changes nothing, so there is nothing to compute.
  await expect.poll(repeated, { timeout: 10_000, interval: 500 }).toEqual([]);
});
