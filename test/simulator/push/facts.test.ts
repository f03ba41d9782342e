import { beforeAll, describe, expect, inject, it } from "vitest";
import { startCustomer } from "../../setup/customer.ts";
import { type Push, type PushTruth, World } from "../../setup/world.ts";
import { outageAt } from "../fleet/coverage.ts";
import { reportsBetween } from "../fleet/reports.ts";
import { cityNetworks } from "../roads/cities.ts";
import { createWorlds } from "../world/worlds.ts";

const HOUR_S = 3600;
const TO_S = Date.UTC(2026, 0, 15, 9) / 1000;
const FROM_S = TO_S - 6 * HOUR_S;
const FLEET = { seed: 4, vehicles: 34, imeiBase: "86111100000000" };

const { fleet } = createWorlds(cityNetworks()).create(FLEET);

const isoTime = (atS: number) => new Date(atS * 1000).toISOString();
const sorted = (facts: unknown[]) => facts.map((fact) => JSON.stringify(fact)).sort();

async function pushed(options: Partial<Push> = {}, prepare?: (world: World) => Promise<unknown>) {
  await using customer = await startCustomer();
  const world = await World.make(inject("simulatorUrl"), FLEET);
  await prepare?.(world);
  const report = await world.push({ url: customer.url, fromS: FROM_S, toS: TO_S, ...options });
  return { report, truth: await world.pushTruth(), received: customer.received };
}

let truth: PushTruth;
beforeAll(async () => {
  ({ truth } = await pushed());
});

describe("positions", () => {
  it("are exactly the fixes that arrive within the span", () => {
    const expected = fleet.flatMap((vehicle) =>
      reportsBetween(vehicle, FROM_S - 5 * HOUR_S, TO_S)
        .filter(({ arrivedS }) => arrivedS >= FROM_S && arrivedS < TO_S)
        .map(({ fixS, arrivedS, stored }) => [vehicle.imei, isoTime(fixS), isoTime(arrivedS), stored]),
    );
    const said = truth.gps.map(({ imei, gpsTime, gateTime, late }) => [imei, gpsTime, gateTime, late]);
    expect(said.length).toBeGreaterThan(5000);
    expect(sorted(said)).toEqual(sorted(expected));
  });

  it("come late and out of order after a loss of network", async () => {
    expect(truth.gps.filter(({ late }) => late).length).toBeGreaterThan(20);
    const { received } = await pushed({ kinds: ["pushgps"], concurrency: 1 });
    const newest = new Map<string, string>();
    let late = 0;
    let backwards = 0;
    for (const { body } of received) {
      for (const item of JSON.parse(new URLSearchParams(body).get("data_list") ?? "")) {
        if (item.gpsMode === 1) late++;
        if (item.gpsTime < (newest.get(item.deviceImei) ?? "")) backwards++;
        else newest.set(item.deviceImei, item.gpsTime);
      }
    }
    expect(late).toBe(truth.gps.filter((fix) => fix.late).length);
    expect(backwards).toBeGreaterThan(20);
  });
});

it("says the same in one span as in two, whatever the envelope", async () => {
  const middleS = FROM_S + 1234;
  const halves = await Promise.all([
    pushed({ toS: middleS, envelope: "E1", itemsPerBody: 500 }),
    pushed({ fromS: middleS, envelope: "E5", itemsPerBody: 700 }),
  ]);
  for (const list of Object.keys(truth) as (keyof PushTruth)[]) {
    expect(sorted(halves.flatMap((half) => half.truth[list])), list).toEqual(sorted(truth[list]));
  }
});

it("logs out before it logs in, and switches on before off", async () => {
  const longer = await pushed({
    fromS: TO_S - 48 * HOUR_S,
    kinds: ["pushevent", "pushalarm"],
    itemsPerBody: 500,
  });
  const inTurn = (facts: [imei: unknown, at: unknown, what: unknown][]) => {
    const latest = new Map<unknown, unknown>();
    for (const [imei, , what] of facts.toSorted((a, b) => (String(a[1]) < String(b[1]) ? -1 : 1))) {
      expect(latest.get(imei)).not.toBe(what);
      latest.set(imei, what);
    }
    expect(facts.length).toBeGreaterThan(10);
  };
  inTurn(longer.truth.events.map(({ imei, gateTime, type }) => [imei, gateTime, type]));
  const isIgnition = ({ code }: { code?: unknown }) => [254, 255, 3075, 3076].includes(Number(code));
  inTurn(longer.truth.alarms.filter(isIgnition).map(({ imei, alarmTime, code }) => [imei, alarmTime, code]));
});

it("reports trips in metres that their ends and times allow", () => {
  expect(truth.trips.length).toBeGreaterThan(20);
  for (const { start, end, distanceM, durationS, maxSpeedKmh } of truth.trips as {
    start: { lat: number; lng: number };
    end: { lat: number; lng: number };
    distanceM: number;
    durationS: number;
    maxSpeedKmh: number;
  }[]) {
    const straightM = 111_000 * Math.hypot(end.lat - start.lat, end.lng - start.lng);
    expect(distanceM).toBeGreaterThan(straightM * 0.95);
    expect((distanceM / durationS) * 3.6).toBeLessThanOrEqual(maxSpeedKmh + 1);
  }
});

it("sends heartbeats every 180 s while nothing changes, and none in an outage", () => {
  const vehicles = new Map(fleet.map((vehicle) => [vehicle.imei, vehicle]));
  const gapsS: number[] = [];
  for (const [imei, beats] of Map.groupBy(truth.heartbeats, (beat) => String(beat.imei))) {
    const vehicle = vehicles.get(imei);
    if (vehicle === undefined) throw new Error(`${imei} is not in the fleet`);
    const times = beats.map(({ gateTime }) => Date.parse(String(gateTime)) / 1000).sort((a, b) => a - b);
    for (const atS of times) expect(outageAt(vehicle, atS)).toBeUndefined();
    gapsS.push(...times.slice(1).map((atS, i) => atS - (times[i] ?? 0)));
  }
  expect(gapsS.length).toBeGreaterThan(1000);
  expect(Math.min(...gapsS)).toBeGreaterThan(0);
  expect(gapsS.filter((gapS) => gapS === 180).length / gapsS.length).toBeGreaterThan(0.8);
});

it("shifts what a device with a wrong clock says of itself, and nothing else", async () => {
  const imeis = [...new Set(truth.gps.map(({ imei }) => String(imei)))].sort();
  const [ahead = "", old = ""] = imeis;
  const offsets = new Map([
    [ahead, 47 * HOUR_S],
    [old, -213_000_000],
  ]);
  const wrong = await pushed({ kinds: ["pushgps", "pushhb"] }, async (world) => {
    for (const [imei, clockOffsetS] of offsets) await world.override(imei, { clockOffsetS });
  });
  const expected = truth.gps.map((fix) => {
    const clockOffsetS = offsets.get(String(fix.imei));
    if (clockOffsetS === undefined) return fix;
    const { imei, gpsTime, ...rest } = fix;
    return {
      imei,
      clockOffsetS,
      gpsTime: isoTime(Date.parse(String(gpsTime)) / 1000 + clockOffsetS),
      ...rest,
    };
  });
  expect(sorted(wrong.truth.gps)).toEqual(sorted(expected));
  expect(wrong.truth.gps.find(({ imei }) => imei === old)?.gpsTime).toMatch(/^2019-/);
  expect(wrong.received.map(({ body }) => body).join()).toContain(`${old}%22%2C%22gpsTime%22%3A%222019-`);
});

it("puts broken items among good ones and says nothing true of them", async () => {
  const { report, truth: said, received } = await pushed({ kinds: ["pushgps"], broken: 0.2 });
  expect(sorted(said.gps)).toEqual(sorted(truth.gps));
  expect(report.total.items - report.total.broken).toBe(truth.gps.length);
  expect(report.total.broken / truth.gps.length).toBeCloseTo(0.2, 1);

  const items = received.flatMap(({ body }) => JSON.parse(new URLSearchParams(body).get("data_list") ?? ""));
  const isText = (item: unknown) => typeof item === "string";
  const objects = items.filter((item) => item !== null && !isText(item));
  const ways = [
    items.filter((item) => item === null),
    items.filter(isText),
    objects.filter(({ deviceImei }) => deviceImei === undefined),
    objects.filter(({ deviceImei }) => deviceImei !== undefined && !/^\d{15}$/.test(deviceImei)),
    objects.filter(({ gpsTime }) => Number.isNaN(Date.parse(`${gpsTime.replace(" ", "T")}Z`))),
    objects.filter(({ lat }) => lat === 200),
  ];
  for (const way of ways) expect(way.length).toBeGreaterThan(10);
  expect(ways.reduce((sum, way) => sum + way.length, 0)).toBe(report.total.broken);
});

it("says nothing of devices that were removed or never activated", async () => {
  const gone = String(truth.gps[0]?.imei);
  const { truth: said } = await pushed({ kinds: ["pushgps"] }, (world) =>
    world.override(gone, { removed: true }),
  );
  expect(said.gps).toHaveLength(truth.gps.filter(({ imei }) => imei !== gone).length);
});
