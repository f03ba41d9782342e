import { beforeAll, describe, expect, inject, it } from "vitest";
import { logIn, type VendorCall } from "../../../setup/vendor-client.ts";
import { World } from "../../../setup/world.ts";
import { vendorTime } from "../../clock.ts";

const METHOD = "jimi.open.platform.report.parking";
const DAY_S = 86_400;
const NOW_S = Math.floor(Date.now() / 1000);
/** Its clock stands: what goes on does not end between two calls. */
const FLEET = { seed: 4, vehicles: 34, accounts: ["one", "two"], speed: 0 };

interface Row {
  imei: string;
  startTime: string;
  endTime: string | null;
  durSecond: string;
  addr: string | null;
  acc: string;
}

const windowOf = (fromS: number, toS: number) => ({
  start_time: vendorTime(fromS * 1000),
  end_time: vendorTime(toS * 1000),
});
const DAY = windowOf(NOW_S - DAY_S, NOW_S);
const dataOf = ({ data }: { data?: unknown }) => data as { dataTotalRows: string; rows: Row[] };
const imeisOf = async (world: World, account: string) =>
  (await world.vehicles()).filter((vehicle) => vehicle.account === account).map(({ imei }) => imei);

/** All pages of an account. */
async function rowsOf(world: World, ask: VendorCall, accType: string, options: object = DAY): Promise<Row[]> {
  const imeis = (await imeisOf(world, "one")).join();
  const rows: Row[] = [];
  for (;;) {
    const paging = { start_row: rows.length, page_size: 50 };
    const data = dataOf(
      await ask(METHOD, { account: "one", imeis, ...options, acc_type: accType, ...paging }),
    );
    rows.push(...data.rows);
    if (rows.length >= Number(data.dataTotalRows)) return rows;
  }
}

let world: World;
let call: VendorCall;
beforeAll(async () => {
  world = await World.make(inject("simulatorUrl"), FLEET);
  call = await logIn(world);
});

it.each([
  ["0", "parkings", "off"],
  ["off", "parkings", "off"],
  ["on", "idlings", "on"],
] as const)("answers acc_type %s with all %s of the window", async (accType, kind, acc) => {
  const rows = await rowsOf(world, call, accType);
  const truth = (await world.truth({ fromS: NOW_S - DAY_S, toS: NOW_S + 1 })).filter(
    ({ account }) => account === "one",
  );
  const done = truth.flatMap((deeds) =>
    deeds[kind].map(({ startTime, endTime }) => `${deeds.imei} ${startTime} ${endTime}`),
  );
  // One that began within the last minute is not told yet.
  const told = rows.map(({ imei, startTime, endTime }) => `${imei} ${startTime} ${endTime}`);
  expect(told.length).toBeGreaterThan(15);
  expect(done).toEqual(expect.arrayContaining(told));
  expect(done.length - told.length).toBeLessThan(3);
  expect(new Set(rows.map((row) => row.acc))).toEqual(new Set([acc]));
});

it("gives texts for numbers, some addresses cut, and no end to what goes on", async () => {
  const rows = await rowsOf(world, call, "0");
  const ended = rows.filter(({ endTime }) => endTime !== null);
  for (const { startTime, endTime, durSecond } of ended) {
    expect(durSecond).toBe(String((Date.parse(String(endTime)) - Date.parse(startTime)) / 1000));
  }
  expect(rows.length - ended.length).toBeGreaterThan(3);
  expect(rows.filter(({ addr }) => addr === null).length).toBeGreaterThan(10);
  expect(rows.filter(({ addr }) => addr?.endsWith("...")).length).toBeGreaterThan(10);
});

describe("pages", () => {
  it("from row 0 or row 1, in three sizes", async () => {
    const imeis = (await imeisOf(world, "one")).join();
    const ask = async (startRow: number, pageSize: number) => {
      const paging = { start_row: startRow, page_size: pageSize };
      return call(METHOD, { account: "one", imeis, ...DAY, acc_type: "0", ...paging });
    };
    const second = dataOf(await ask(10, 10)).rows;
    expect(second).toHaveLength(10);
    expect(dataOf(await ask(11, 10)).rows).toEqual(second);
    expect(dataOf(await ask(0, 50)).rows.slice(10, 20)).toEqual(second);
    expect((await ask(5, 10)).code).toBe(1001);
    expect((await ask(0, 20)).code).toBe(1001);
  });

  it("as the node wants it", async () => {
    const odd = await World.make(inject("simulatorUrl"), {
      ...{ ...FLEET, parkingPaging: { bases: [1], sizes: [10] } },
      ...{ parkingAccTypes: ["0", "off"], parkingEmpty: ["0"] },
    });
    const ask = await logIn(odd);
    const usual = { account: "one", imeis: (await imeisOf(odd, "one")).join(), ...DAY };
    const asked = async (accType: string, startRow: number, pageSize: number) =>
      ask(METHOD, { ...usual, acc_type: accType, start_row: startRow, page_size: pageSize });
    expect(dataOf(await asked("off", 1, 10)).rows).toHaveLength(10);
    expect(dataOf(await asked("0", 1, 10))).toMatchObject({ dataTotalRows: "0", rows: [] });
    expect((await asked("off", 0, 10)).code).toBe(1001);
    expect((await asked("off", 1, 50)).code).toBe(1001);
    expect((await asked("on", 1, 10)).code).toBe(1001);
  });
});

describe("at the window's border", () => {
  const half = windowOf(NOW_S - 6 * 3600, NOW_S - 3 * 3600);

  it("gives a parking whole", async () => {
    const rows = await rowsOf(world, call, "0", half);
    const from = new Date((NOW_S - 6 * 3600) * 1000).toISOString();
    expect(rows.filter(({ startTime }) => startTime < from).length).toBeGreaterThan(3);
  });

  it("cuts it where the world is made so, and ends what goes on", async () => {
    const cutting = await World.make(inject("simulatorUrl"), {
      ...FLEET,
      cutTrips: true,
      parkingEnds: "cut",
    });
    const rows = await rowsOf(cutting, await logIn(cutting), "0", half);
    const [from, to] = [6, 3].map((hours) => (NOW_S - hours * 3600) * 1000);
    expect(rows.length).toBeGreaterThan(5);
    expect(Math.min(...rows.map(({ startTime }) => Date.parse(startTime)))).toBe(from);
    expect(Math.max(...rows.map(({ endTime }) => Date.parse(String(endTime))))).toBe(to);
  });
});

it("refuses what is missing, and devices of another account", async () => {
  const imeis = (await imeisOf(world, "one")).join();
  const usual = { account: "one", imeis, ...DAY, start_row: 0, page_size: 10, acc_type: "0" };
  for (const name of Object.keys(usual)) {
    expect((await call(METHOD, { ...usual, [name]: "" })).code, name).toBe(1001);
  }
  const strangers = (await imeisOf(world, "two")).join();
  expect((await call(METHOD, { ...usual, imeis: strangers })).code).toBe(1002);
  expect((await call(METHOD, { ...usual, account: "nobody" })).code).toBe(1002);
});
