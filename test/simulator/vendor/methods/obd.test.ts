import { beforeAll, expect, inject, it } from "vitest";
import { startCustomer } from "../../../setup/customer.ts";
import { logIn, type VendorCall } from "../../../setup/vendor-client.ts";
import { World } from "../../../setup/world.ts";
import { vendorTime } from "../../clock.ts";

const DAY_S = 86_400;
const TO_S = Date.UTC(2026, 0, 15, 9) / 1000;
const FROM_S = TO_S - DAY_S;
const WINDOW = { start_time: vendorTime(FROM_S * 1000), end_time: vendorTime(TO_S * 1000) };

let world: World;
let call: VendorCall;
let asked: Record<string, string>;
beforeAll(async () => {
  world = await World.make(inject("simulatorUrl"), { seed: 4, vehicles: 34, accounts: ["one"] });
  call = await logIn(world);
  asked = { account: "one", imeis: (await world.vehicles()).map(({ imei }) => imei).join(), ...WINDOW };
});

interface Paged {
  totalRecord: number;
  result: Record<string, string>[];
}

async function allRows(method: string): Promise<Record<string, string>[]> {
  const rows: Record<string, string>[] = [];
  for (let page = 1; ; page++) {
    const { data } = await call(method, { ...asked, page_no: page, page_size: 100 });
    const { totalRecord, result } = data as Paged;
    rows.push(...result);
    if (rows.length >= totalRecord) return rows;
  }
}

const isoOf = (text = "") => {
  const [day, time = ""] = text.split(" ");
  return `${day}T${time.padStart(8, "0")}.000Z`;
};
const sorted = (rows: unknown[]) => rows.map((row) => JSON.stringify(row)).sort();

it("lists the readings and trouble codes that are pushed", async () => {
  await using customer = await startCustomer();
  const kinds = ["pushobd", "pushfaultinfo"];
  await world.push({ url: customer.url, fromS: FROM_S, toS: TO_S + 1, kinds, itemsPerBody: 1000 });
  const { obd, faults } = await world.pushTruth();

  const readings = await allRows("jimi.device.obd.list");
  expect(readings.length).toBeGreaterThan(500);
  expect(
    sorted(
      readings.map((row) => [
        row.imei,
        isoOf(row.dataReportTime),
        Number(row.currentRPM),
        Number(row.odometerReading),
      ]),
    ),
  ).toEqual(sorted(obd.map(({ imei, gateTime, rpm, odometerKm }) => [imei, gateTime, rpm, odometerKm])));
  expect(readings.some(({ dataReportTime }) => /^\S+ \d:/.test(String(dataReportTime)))).toBe(true);

  const codes = await allRows("jimi.device.obd.fault");
  expect(sorted(codes.map((row) => [row.imei, isoOf(row.eventTime), row.faultCode]))).toEqual(
    sorted(
      faults.flatMap(({ imei, gateTime, codes }) =>
        (codes as string[]).map((code) => [imei, gateTime, code]),
      ),
    ),
  );
});

it("says nothing of its pages but the number of rows", async () => {
  const { data } = await call("jimi.device.obd.list", { ...asked, page_no: 2 });
  expect(data).toMatchObject({ currentPage: 2, pageSize: 10, startRow: 0, endRow: 0, totalPage: 0 });
  expect((data as Paged).result).toHaveLength(10);
});

it("refuses a window of more than 31 days", async () => {
  const long = { ...asked, start_time: vendorTime((TO_S - 32 * DAY_S) * 1000) };
  expect((await call("jimi.device.obd.list", long)).code).toBe(1001);
});

it("lists the groups an account's devices are in", async () => {
  const { result } = await call("jimi.device.group.list", { account: "one" });
  expect(result).toEqual(
    expect.arrayContaining([
      { group_id: "0".repeat(32), group_name: "Default group" },
      { group_id: "1".padStart(32, "0"), group_name: "Nairobi" },
    ]),
  );
});
