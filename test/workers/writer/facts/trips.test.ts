import { expect, it } from "vitest";
import { deliver, isoOf, newImei, vendorTime } from "../deliver.ts";
import { push, pushOf, rowsOf } from "./push.ts";

const trip = (imei: string, fromS: number, toS: number, distance = 1_000) => ({
  deviceImei: imei,
  startTime: vendorTime(fromS),
  endTime: vendorTime(toS),
  distance,
});
const at = (agoS: number) => new Date(isoOf(vendorTime(agoS)));

async function tripsOf(imei: string) {
  const rows = await rowsOf("trips", imei);
  return rows.map(({ start_time, end_time, distance_km }) => [start_time, end_time, distance_km]);
}

it("puts a later report in the place of those it overlaps, and leaves those it touches", async () => {
  const imei = newImei();
  await push("pushtripreport", [trip(imei, 900, 800), trip(imei, 700, 600), trip(imei, 500, 400)], 300);
  await push("pushtripreport", [trip(imei, 800, 500, 2_000)], 200);
  expect(await tripsOf(imei)).toEqual([
    [at(900), at(800), 1],
    [at(800), at(500), 2],
    [at(500), at(400), 1],
  ]);
});

it("keeps the beginning of a trip that turns out to be several", async () => {
  const imei = newImei();
  await push("pushtripreport", [trip(imei, 900, 500)], 300);
  await push("pushtripreport", [trip(imei, 900, 800, 2_000), trip(imei, 700, 500, 3_000)], 200);
  expect(await tripsOf(imei)).toEqual([
    [at(900), at(800), 2],
    [at(700), at(500), 3],
  ]);
});

it("leaves out an earlier report that comes late", async () => {
  const imei = newImei();
  const earlier = pushOf("pushtripreport", [trip(imei, 900, 700)], 600);
  await deliver([earlier]);
  await push("pushtripreport", [trip(imei, 800, 500, 2_000)], 300);
  await deliver([earlier]);
  expect(await tripsOf(imei)).toEqual([[at(800), at(500), 2]]);
});

it("corrects a trip with the same start, in one batch and in two", async () => {
  const [once, twice] = [newImei(), newImei()];
  await push("pushtripreport", [trip(once, 900, 700), trip(once, 900, 600, 3_000)]);
  await push("pushtripreport", [trip(twice, 900, 700)], 60);
  await push("pushtripreport", [trip(twice, 900, 600, 3_000)], 30);
  expect(await tripsOf(once)).toEqual([[at(900), at(600), 3]]);
  expect(await tripsOf(twice)).toEqual([[at(900), at(600), 3]]);
});

it("never lets trips overlap that are written at the same time", async () => {
  const imeis = Array.from({ length: 20 }, newImei);
  const write = (shiftS: number, order: string[]) =>
    push(
      "pushtripreport",
      order.map((imei) => trip(imei, 900 + shiftS, 600 + shiftS)),
    );
  await Promise.all([write(0, imeis), write(100, imeis.toReversed()), write(-100, imeis)]);
  for (const imei of imeis) {
    const rows = await tripsOf(imei);
    for (const [index, [, endAt]] of rows.entries()) {
      const next = rows[index + 1];
      if (next) expect(endAt <= next[0]).toBe(true);
    }
    expect(rows.length).toBeGreaterThan(0);
  }
});

it("keeps a report that does not say when the trip began", async () => {
  const imei = newImei();
  await push("pushtripreport", [{ deviceImei: imei, endTime: vendorTime(60), distance: 5 }]);
  expect(await tripsOf(imei)).toEqual([]);
  expect(await rowsOf("device_events", imei)).toMatchObject([
    { kind: "pushtripreport", event_time: at(60), undated: false },
  ]);
});
