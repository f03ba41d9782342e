import { beforeEach, expect, it } from "vitest";
import history from "#sql/workers/writer/history.sql";
import type { Fix, FixSource } from "../../../shared/records.ts";
import { FIX_SOURCES } from "../../../shared/records.ts";
import { fixLines } from "../../../workers/writer/fix-lines.ts";
import { database, newImei } from "./deliver.ts";

let imei = "";
beforeEach(() => {
  imei = newImei();
});

/** Stores one fix at one moment as an origin saw it. @returns What the statement counted. */
async function store(source: FixSource, change: Record<string, unknown> = {}) {
  const fix: Fix = {
    imei,
    gpsTime: "2026-11-01T08:00:00Z",
    lat: -1,
    lng: 36,
    speedKmh: null,
    headingDeg: null,
    altitudeM: null,
    satellites: null,
    posType: null,
    confidence: null,
    ignition: null,
    odometerKm: null,
    retransmitted: null,
    clockAhead: false,
    source,
    sources: FIX_SOURCES[source],
    receivedAt: "2026-11-01T08:00:05Z",
    ...change,
  };
  const [, counted] = await database().begin((sql) => [
    sql`select set_config('tracksolid.fixes', ${fixLines([fix])}, true), set_config('tracksolid.fix_count', '1', true)`,
    sql.unsafe(history),
  ]);
  return counted?.[0];
}

async function stored() {
  const [row] = await database()`select * from tracksolid.position_history where imei = ${imei}`;
  return row;
}

it("counts what it inserts, changes and leaves alone", async () => {
  const all = null;
  expect(await store("poll", { speedKmh: 10 })).toEqual({ inserted: 1, updated: 0, keys: all });
  expect(await store("poll", { speedKmh: 10 })).toEqual({ inserted: 0, updated: 0, keys: "" });
  expect(await store("push", { speedKmh: 11 })).toEqual({ inserted: 0, updated: 1, keys: all });
  expect(await store("push", { speedKmh: 12 })).toEqual({ inserted: 0, updated: 0, keys: "" });
});

it("lets the better witness overwrite and keeps the first origin", async () => {
  await store("poll", { speedKmh: 10, headingDeg: 90, lat: -1 });
  await store("track_list", { speedKmh: 20, satellites: 9, lat: -2 });
  expect(await stored()).toMatchObject({
    source: "poll",
    sources: 5,
    speed_kmh: 20,
    heading_deg: 90,
    satellites: 9,
    lat: -2,
  });
});

it("lets the lesser witness fill nulls only", async () => {
  await store("track_list", { speedKmh: 20, lat: -2 });
  await store("push", { speedKmh: 11, ignition: true, lat: -3 });
  expect(await stored()).toMatchObject({
    source: "track_list",
    sources: 6,
    speed_kmh: 20,
    ignition: true,
    lat: -2,
  });
});

it("ends the same in whatever order the witnesses come", async () => {
  const witnesses: [FixSource, Record<string, unknown>][] = [
    ["poll", { speedKmh: 1, headingDeg: 10, ignition: true }],
    ["push", { speedKmh: 2, altitudeM: 1600 }],
    ["track_list", { speedKmh: 3, headingDeg: 30, satellites: 8 }],
  ];
  const orders = [
    [0, 1, 2],
    [0, 2, 1],
    [1, 0, 2],
    [1, 2, 0],
    [2, 0, 1],
    [2, 1, 0],
  ];
  for (const order of orders) {
    imei = newImei();
    for (const index of order) await store(...(witnesses[index] as [FixSource, Record<string, unknown>]));
    expect(await stored(), order.join()).toMatchObject({
      sources: 7,
      speed_kmh: 3,
      heading_deg: 30,
      altitude_m: 1600,
      satellites: 8,
      ignition: true,
    });
  }
});

it("drops the mark of a fast clock once a receipt agrees with it", async () => {
  await store("poll", { clockAhead: true });
  await store("poll", { clockAhead: false });
  expect(await stored()).toMatchObject({ clock_ahead: false });
});

it("keeps tabs and line ends of a text from breaking the batch", async () => {
  await store("poll", { posType: "GPS\tor\nnot \\N" });
  expect(await stored()).toMatchObject({ pos_type: "GPS or not \\N", source: "poll" });
});
