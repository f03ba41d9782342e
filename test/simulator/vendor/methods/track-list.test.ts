import { beforeAll, describe, expect, inject, it } from "vitest";
import { logIn, type VendorCall } from "../../../setup/vendor-client.ts";
import { World } from "../../../setup/world.ts";
import { parseVendorTime, vendorTime } from "../../clock.ts";

const METHOD = "jimi.device.track.list";
const DAY_S = 86_400;
const NOW_S = Math.floor(Date.now() / 1000);
/** Its clock stands: nothing arrives between two calls. */
const FLEET = { seed: 4, vehicles: 34, speed: 0 };

interface Point {
  lat: number;
  lng: number;
  gpsTime: string;
  gpsMode: number;
  altitude?: number;
}

const text = (atS: number) => vendorTime(atS * 1000);
const windowOf = (fromS: number, toS: number) => ({ begin_time: text(fromS), end_time: text(toS) });
const pointsOf = ({ result }: { result?: unknown }) => result as Point[];
const secondsOf = ({ gpsTime }: Point) => parseVendorTime(gpsTime) / 1000;

let world: World;
let call: VendorCall;
/** The device with the most points. */
let imei: string;
beforeAll(async () => {
  world = await World.make(inject("simulatorUrl"), FLEET);
  call = await logIn(world);
  imei = await busiest(world);
});

const busiest = async (of: World) => {
  const deeds = await of.truth({ fromS: NOW_S - DAY_S, toS: NOW_S });
  return deeds.toSorted((a, b) => b.points - a.points)[0]?.imei ?? "";
};

it("has every fix of the window that has arrived, in numbers and without an IMEI", async () => {
  const { code, result, data } = await call(METHOD, { imei, ...windowOf(NOW_S - DAY_S, NOW_S) });
  const [truth] = await world.truePoints({ fromS: NOW_S - DAY_S, toS: NOW_S + 1, imei });
  const points = pointsOf({ result });
  expect(code).toBe(0);
  expect(points.length).toBeGreaterThan(1000);
  const said = points.map((point) => [secondsOf(point) * 1000, point.lat, point.lng, point.gpsMode === 1]);
  const done = truth?.points.map(({ at, lat, lng, late }) => [Date.parse(at), lat, lng, late]) ?? [];
  const inOrder = (rows: typeof said) => rows.toSorted((a, b) => Number(a[0]) - Number(b[0]));
  expect(inOrder(said)).toEqual(inOrder(done));
  expect(points[0]).toEqual({
    ...{ lat: expect.any(Number), lng: expect.any(Number), gpsTime: expect.any(String) },
    ...{ direction: expect.any(Number), gpsSpeed: expect.any(Number), posType: 1 },
    ...{ satellite: expect.any(Number), gpsMode: expect.any(Number), confidence: null },
    ignition: expect.stringMatching(/^(ON|OFF)$/),
    accStatus: expect.stringMatching(/^(ON|OFF)$/),
    ...(points[0]?.altitude === undefined ? {} : { altitude: expect.any(Number) }),
  });
  const { mileage } = data as { mileage: number };
  expect(mileage).toBeGreaterThan(20_000);
});

it("takes both borders of the window in", async () => {
  const all = pointsOf(await call(METHOD, { imei, ...windowOf(NOW_S - DAY_S, NOW_S - 60) }));
  const [from = 0, to = 0] = [all.at(10), all.at(20)].map((point) => point && secondsOf(point));
  const some = pointsOf(await call(METHOD, { imei, ...windowOf(from, to) }));
  expect([some.at(0), some.at(-1)].map((point) => point && secondsOf(point))).toEqual([from, to]);
});

it("tells late points among the live ones that came before them", async () => {
  const fresh = await World.make(inject("simulatorUrl"), { ...FLEET, fixEveryS: 10 });
  const ask = await logIn(fresh);
  const [{ imei } = { imei: "" }] = await fresh.vehicles();
  const hole = { fromS: NOW_S - 7200, toS: NOW_S - 6600, kind: "late" as const };
  await fresh.addHole({ imei, ...hole, lateS: 3600 });
  const points = pointsOf(await ask(METHOD, { imei, ...windowOf(NOW_S - 3 * 3600, NOW_S) }));
  const times = points.map(secondsOf);
  expect(times).not.toEqual(times.toSorted((a, b) => a - b));
  const late = points.filter(({ gpsMode }) => gpsMode === 1).map(secondsOf);
  expect(late.filter((atS) => atS >= hole.fromS && atS < hole.toS)).toHaveLength(60);
});

it("moves with the clock of a device that is wrong", async () => {
  const fresh = await World.make(inject("simulatorUrl"), { ...FLEET, vehicles: 3 });
  const ask = await logIn(fresh);
  const imei = await busiest(fresh);
  const right = pointsOf(await ask(METHOD, { imei, ...windowOf(NOW_S - DAY_S, NOW_S - 3600) }));
  await fresh.override(imei, { clockOffsetS: -3600 });
  const wrong = pointsOf(await ask(METHOD, { imei, ...windowOf(NOW_S - DAY_S - 3600, NOW_S - 7200) }));
  const righted = wrong.map((point) => ({ ...point, gpsTime: text(secondsOf(point) + 3600) }));
  expect(righted).toEqual(right);
});

describe("refuses", () => {
  it.each([
    ["two IMEIs", { imei: "1,2" }, 1001],
    ["no begin", { begin_time: "" }, 1001],
    ["a time that is none", { begin_time: "yesterday" }, 1001],
    ["an end before the beginning", windowOf(NOW_S - 10, NOW_S - 20), 1001],
    ["an end in the future", windowOf(NOW_S - 10, NOW_S + 120), 1001],
    ["eight days", windowOf(NOW_S - 8 * DAY_S, NOW_S), 1001],
    ["what is older than three months", windowOf(NOW_S - 94 * DAY_S, NOW_S - 93 * DAY_S), 1001],
    ["a device nobody has", { imei: "860000000000001" }, 1002],
  ])("%s", async (_, wrong, code) => {
    const answer = await call(METHOD, { imei, ...windowOf(NOW_S - 3600, NOW_S), ...wrong });
    expect(answer.code).toBe(code);
  });

  it("a device that has expired, by name", async () => {
    const { imei } = (await world.vehicles())[31] ?? { imei: "" };
    const answer = await call(METHOD, { imei, ...windowOf(NOW_S - 3600, NOW_S) });
    expect(answer).toMatchObject({ code: 1002, message: `The device has expired{${imei}}` });
  });
});

it("answers a point every so many seconds, day and night, where the world is made so", async () => {
  const dense = await World.make(inject("simulatorUrl"), { ...FLEET, vehicles: 12, fixEveryS: 10 });
  const counts = (await dense.truth({ fromS: NOW_S - 2 * DAY_S, toS: NOW_S - DAY_S })).map(
    ({ points }) => points,
  );
  expect(counts).toEqual(counts.map(() => DAY_S / 10));
});
