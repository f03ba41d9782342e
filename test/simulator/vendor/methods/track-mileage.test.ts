import { beforeAll, describe, expect, inject, it } from "vitest";
import { startCustomer } from "../../../setup/customer.ts";
import { logIn, type VendorCall } from "../../../setup/vendor-client.ts";
import { World } from "../../../setup/world.ts";
import { parseVendorTime, vendorTime } from "../../clock.ts";

const METHOD = "jimi.device.track.mileage";
const DAY_S = 86_400;
const TO_S = Date.UTC(2026, 0, 15, 9) / 1000;
const FROM_S = TO_S - DAY_S;
const FLEET = { seed: 4, vehicles: 34 };

interface Trip {
  imei: string;
  startTime: string;
  endTime: string;
  startLat?: number;
  runTimeSecond?: number;
  elapsed?: number;
  distance: number;
  maxSpeed?: number;
  startMileage: number;
  endMileage: number;
}

const text = (atS: number) => vendorTime(atS * 1000);
const windowOf = (fromS: number, toS: number) => ({ begin_time: text(fromS), end_time: text(toS) });
const tripsIn = ({ result }: { result?: unknown }) => result as Trip[];
const iso = (vendorText: string) => new Date(parseVendorTime(vendorText)).toISOString();
const sorted = (rows: unknown[]) => rows.map((row) => JSON.stringify(row)).sort();

let world: World;
let call: VendorCall;
let imeis: string[];
beforeAll(async () => {
  world = await World.make(inject("simulatorUrl"), FLEET);
  call = await logIn(world);
  imeis = (await world.vehicles()).map(({ imei }) => imei);
});

/** All pages. */
async function allTrips(ask: VendorCall, named: string[], window = windowOf(FROM_S, TO_S)): Promise<Trip[]> {
  const trips: Trip[] = [];
  for (;;) {
    const paging = { start_row: trips.length, page_size: 100 };
    const page = tripsIn(await ask(METHOD, { imeis: named.join(), ...window, ...paging }));
    trips.push(...page);
    if (page.length < 100) return trips;
  }
}

it("has every drive of the window, whole, in metres, as it was and as it was pushed", async () => {
  const trips = await allTrips(call, imeis);
  const said = trips.map(({ imei, startTime, endTime, distance }) => [
    imei,
    iso(startTime),
    iso(endTime),
    distance,
  ]);
  const truth = await world.truth({ fromS: FROM_S, toS: TO_S + 1 });
  expect(said.length).toBeGreaterThan(150);
  expect(sorted(said)).toEqual(
    sorted(
      truth.flatMap(({ imei, trips }) =>
        trips.map((trip) => [imei, trip.startTime, trip.endTime, trip.distanceM]),
      ),
    ),
  );

  await using customer = await startCustomer();
  await world.push({ url: customer.url, fromS: FROM_S, toS: TO_S + DAY_S, kinds: ["pushtripreport"] });
  const pushed = (await world.pushTruth()).trips
    .map(({ imei, startTime, endTime, distanceM }) => [imei, startTime, endTime, distanceM])
    .filter(([, startTime]) => Date.parse(String(startTime)) <= TO_S * 1000)
    .filter(([, , endTime]) => Date.parse(String(endTime)) > FROM_S * 1000);
  expect(sorted(said)).toEqual(sorted(pushed));
});

it("adds up a device's trips, and leaves out here what it says there", async () => {
  const trips = await allTrips(call, imeis);
  const { data } = await call(METHOD, { imeis: imeis.join(), ...windowOf(FROM_S, TO_S) });
  for (const { imei, totalMileage } of data as { imei: string; totalMileage: number }[]) {
    const sumM = trips.filter((trip) => trip.imei === imei).reduce((sum, { distance }) => sum + distance, 0);
    expect(totalMileage).toBe(sumM);
  }
  const share = (has: (trip: Trip) => boolean) => trips.filter(has).length / trips.length;
  expect(share(({ maxSpeed }) => maxSpeed === undefined)).toBeGreaterThan(0.2);
  expect(share(({ maxSpeed }) => maxSpeed !== undefined)).toBeGreaterThan(0.1);
  expect(share(({ startLat }) => startLat === undefined)).toBeGreaterThan(0.1);
  expect(
    share(({ startMileage, endMileage, distance }) => Math.abs(endMileage - startMileage - distance) < 0.1),
  ).toBe(1);
});

it("cuts at 100 without a word, and pages with a row to start from", async () => {
  const unpaged = tripsIn(await call(METHOD, { imeis: imeis.join(), ...windowOf(FROM_S, TO_S) }));
  expect(unpaged).toHaveLength(100);
  const paging = { start_row: 90, page_size: 20 };
  const page = tripsIn(await call(METHOD, { imeis: imeis.join(), ...windowOf(FROM_S, TO_S), ...paging }));
  expect(page.slice(0, 10)).toEqual(unpaged.slice(90));
});

describe("at the window's border", () => {
  it("gives a trip whole, or cut where the world is made so", async () => {
    const [trip] = await allTrips(call, imeis);
    if (trip === undefined) throw new Error("nobody drove");
    const startS = parseVendorTime(trip.startTime) / 1000;
    const middle = windowOf(startS + 60, parseVendorTime(trip.endTime) / 1000 - 60);
    expect(tripsIn(await call(METHOD, { imeis: trip.imei, ...middle }))).toEqual([trip]);

    const cutting = await World.make(inject("simulatorUrl"), { ...FLEET, cutTrips: true });
    const index = imeis.indexOf(trip.imei);
    const imei = (await cutting.vehicles())[index]?.imei ?? "";
    const [cut] = tripsIn(await (await logIn(cutting))(METHOD, { imeis: imei, ...middle }));
    expect([cut?.startTime, cut?.endTime]).toEqual([middle.begin_time, middle.end_time]);
    expect(cut?.distance).toBeLessThan(trip.distance);
    expect(cut?.distance).toBeGreaterThan(0);
  });
});

it("ends a trip under way at the newest point that has arrived, and lets it grow", async () => {
  const fast = await World.make(inject("simulatorUrl"), { seed: 9, vehicles: 12, daysBack: 1, speed: 300 });
  const ask = await logIn(fast);
  const clock = async () => {
    const door = `${inject("simulatorUrl")}/control/worlds/${fast.info.appKey}/clock`;
    return Date.parse(((await (await fetch(door)).json()) as { fleetAt: string }).fleetAt);
  };
  const named = (await fast.vehicles()).map(({ imei }) => imei);
  const grown = new Map<string, Set<string>>();
  await expect
    .poll(async () => {
      const nowMs = await clock();
      const window = windowOf(nowMs / 1000 - DAY_S, nowMs / 1000);
      for (const { imei, startTime, endTime } of await allTrips(ask, named, window)) {
        const key = `${imei} ${startTime}`;
        grown.set(key, (grown.get(key) ?? new Set()).add(endTime));
      }
      return Math.max(...[...grown.values()].map(({ size }) => size));
    })
    .toBeGreaterThan(2);
});

it("says elapsed where the world is made so", async () => {
  const other = await World.make(inject("simulatorUrl"), { ...FLEET, elapsedTrips: true });
  const trips = await allTrips(
    await logIn(other),
    (await other.vehicles()).map(({ imei }) => imei),
  );
  for (const { runTimeSecond, elapsed } of trips)
    expect([runTimeSecond, elapsed]).toEqual([undefined, expect.any(Number)]);
});

it("answers null for more than a year, and refuses strangers and odd pages", async () => {
  const imei = imeis[0] ?? "";
  const year = windowOf(TO_S - 366 * DAY_S, TO_S);
  expect(await call(METHOD, { imeis: imei, ...year })).toMatchObject({ code: 0, result: null, data: null });
  const day = windowOf(FROM_S, TO_S);
  const codes = await Promise.all(
    [
      { imeis: `${imei},860000000000001`, ...day },
      { imeis: Array.from({ length: 101 }, (_, i) => 860_000_000_000_000 + i).join(), ...day },
      { imeis: imei, ...day, start_row: 0, page_size: 101 },
      { imeis: imei, ...day, start_row: -1, page_size: 10 },
      { imeis: imei, begin_time: day.end_time, end_time: day.begin_time },
    ].map(async (params) => (await call(METHOD, params)).code),
  );
  expect(codes).toEqual([1002, 1001, 1001, 1001, 1001]);
});
