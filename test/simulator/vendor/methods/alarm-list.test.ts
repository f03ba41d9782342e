import { beforeAll, expect, inject, it } from "vitest";
import { startCustomer } from "../../../setup/customer.ts";
import { logIn, type VendorCall } from "../../../setup/vendor-client.ts";
import { World } from "../../../setup/world.ts";
import { parseVendorTime, vendorTime } from "../../clock.ts";

const METHOD = "jimi.device.alarm.list";
const HOUR_S = 3600;
const DAY_S = 24 * HOUR_S;
const TO_S = Date.UTC(2026, 0, 15, 9) / 1000;
const FROM_S = TO_S - DAY_S;
const FLEET = { seed: 4, vehicles: 34 };

interface Row {
  imei: string;
  alertTypeId: string;
  alarmTypeName: string;
  alertTime: string;
  speed: string;
  geoid: string | null;
}

const windowOf = (fromS: number, toS: number) => ({
  begin_time: vendorTime(fromS * 1000),
  end_time: vendorTime(toS * 1000),
});
const DAY = windowOf(FROM_S, TO_S);
const rowsOf = ({ result }: { result?: unknown }) => result as Row[];
const iso = (text: string) => new Date(parseVendorTime(text)).toISOString();
const sorted = (rows: unknown[]) => rows.map((row) => JSON.stringify(row)).sort();

let world: World;
let call: VendorCall;
let imeis: string;
beforeAll(async () => {
  world = await World.make(inject("simulatorUrl"), FLEET);
  call = await logIn(world);
  imeis = (await world.vehicles()).map(({ imei }) => imei).join();
});

/** All pages. */
async function allRows(ask: VendorCall, params: Record<string, string | number>): Promise<Row[]> {
  const rows: Row[] = [];
  for (let page = 1; ; page++) {
    const some = rowsOf(await ask(METHOD, { ...params, page_no: page, page_size: 100 }));
    rows.push(...some);
    if (some.length < 100) return rows;
  }
}

it("has every alarm of the window, newest first", async () => {
  const rows = await allRows(call, { imeis, ...DAY });
  const truth = await world.truth({ fromS: FROM_S, toS: TO_S + 1 });
  expect(rows.length).toBeGreaterThan(300);
  expect(sorted(rows.map((row) => [row.imei, iso(row.alertTime), row.alertTypeId, row.geoid]))).toEqual(
    sorted(
      truth.flatMap(({ alarms }) => alarms.map(({ imei, time, code, geoid }) => [imei, time, code, geoid])),
    ),
  );
  expect(rows).toEqual(
    rows.toSorted((a, b) => (a.alertTime > b.alertTime ? -1 : a.alertTime < b.alertTime ? 1 : 0)),
  );
  expect(new Set(rows.map(({ alertTypeId }) => alertTypeId))).toEqual(
    new Set(["254", "255", "48", "6", "143", "overSpeed", "in", "out", "4711"]),
  );
  const fence = rows.find(({ alertTypeId }) => alertTypeId === "in");
  expect(fence).toMatchObject({
    alarmTypeName: expect.stringMatching(/^Enter geo-fence\(Depot .+\)$/),
    geoid: expect.stringMatching(/^\d{32}$/),
  });
});

it("tells what is pushed, a JT/T device's ignition under the JIMI numbers and the rest of it not at all", async () => {
  const fromS = TO_S - 5 * HOUR_S;
  await using customer = await startCustomer();
  const kinds = ["pushalarm", "jimi.push.device.alarm"];
  await world.push({ url: customer.url, fromS: fromS, toS: TO_S + 4 * HOUR_S, kinds, itemsPerBody: 1000 });
  const polled = (fact: Record<string, unknown>): string | undefined => {
    if (fact.ended === true || String(fact.code).startsWith("ACC_")) return undefined;
    if (fact.msgClass !== 1) return String(fact.code);
    return { 3075: "254", 3076: "255" }[Number(fact.code)];
  };
  const pushed = (await world.pushTruth()).alarms
    .filter(({ alarmTime }) => Date.parse(String(alarmTime)) >= fromS * 1000)
    .filter(({ alarmTime }) => Date.parse(String(alarmTime)) <= TO_S * 1000)
    .map((fact) => [fact.imei, fact.alarmTime, polled(fact)])
    .filter(([, , code]) => code !== undefined);
  const rows = (await allRows(call, { imeis, ...windowOf(fromS, TO_S) })).filter(
    ({ alertTypeId }) => !["in", "out", "4711"].includes(alertTypeId),
  );
  expect(sorted(rows.map((row) => [row.imei, iso(row.alertTime), row.alertTypeId]))).toEqual(sorted(pushed));
});

it("filters by code and gives 1000 rows at most", async () => {
  const some = await allRows(call, { imeis, ...DAY, alertTypeId: "overSpeed" });
  expect(new Set(some.map(({ alertTypeId }) => alertTypeId))).toEqual(new Set(["overSpeed"]));
  expect(await allRows(call, { imeis, ...windowOf(TO_S - 3 * DAY_S, TO_S) })).toHaveLength(1000);
});

it("pages by page_no and by nothing else, 50 at a time unless told", async () => {
  const first = rowsOf(await call(METHOD, { imeis, ...DAY, page_no: 1 }));
  expect(first).toHaveLength(50);
  expect(rowsOf(await call(METHOD, { imeis, ...DAY, page: 2 }))).toEqual(first);
  const second = rowsOf(await call(METHOD, { imeis, ...DAY, page_no: 2, page_size: 10 }));
  expect(second).toEqual(first.slice(10, 20));

  await world.addFault({ kind: "same-page", method: METHOD });
  expect(rowsOf(await call(METHOD, { imeis, ...DAY, page_no: 7 }))).toEqual(first);
  await world.clearFaults();
});

it("answers the newest 50 of the last month without a window", async () => {
  const newest = rowsOf(await call(METHOD, { imeis, page_no: 1, page_size: 100 }));
  expect(newest).toHaveLength(50);
  const now = Date.now() / 1000;
  const month = rowsOf(await call(METHOD, { imeis, ...windowOf(now - 31 * DAY_S, now), page_no: 1 }));
  expect(newest.map(({ alertTime }) => alertTime).slice(5)).toEqual(
    expect.arrayContaining(month.map(({ alertTime }) => alertTime).slice(5, 40)),
  );
});

it("refuses nobody, strangers, long windows and odd pages", async () => {
  const [imei = ""] = imeis.split(",");
  const wrong: Record<string, string | number>[] = [
    { ...DAY },
    { imei: "860000000000001", ...DAY },
    { imei, ...windowOf(TO_S - 32 * DAY_S, TO_S) },
    { imei, begin_time: DAY.begin_time },
    { imei, ...DAY, page_no: 0 },
    { imei, ...DAY, page_size: 500 },
  ];
  const codes = await Promise.all(wrong.map(async (params) => (await call(METHOD, params)).code));
  expect(codes).toEqual([1001, 1002, 1001, 1001, 1001, 1001]);
});
