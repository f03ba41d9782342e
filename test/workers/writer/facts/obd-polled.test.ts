import { expect, it } from "vitest";
import { deliver, messageOf, newImei, vendorTime } from "../deliver.ts";
import { pushOf, rowsOf } from "./push.ts";

const time = vendorTime(600);

/** A reading as it is pushed, and as it is polled. */
const pushedReading = (imei: string, change: Record<string, unknown> = {}) => {
  const values = { rpm: 1816, vehicleSpeed: 48, coolantTemp: 77, batteryVoltage: 13.8, fuelLevel: 58 };
  const obdJson = JSON.stringify({ ...values, totalMileage: 20496, ...change });
  return pushOf("pushobd", [{ deviceImei: imei, gateTime: time, obdJson }]);
};
const polledReading = (imei: string, change: Record<string, unknown> = {}) => {
  const item = {
    ...{ imei, dataReportTime: time, odometerReading: "20496.0", remainingFuelPercentage: "58" },
    ...{ coolantTemperature: "77", vehicleBatterVoltage: "138", currentRPM: "1816", currentSpeed: "48.5" },
  };
  return messageOf("obd", [{ ...item, vin: "JTDBR32E720012345", ...change }]);
};

const pushedFault = (imei: string, faultCode = "P0301,P0420") =>
  pushOf("pushfaultinfo", [{ deviceImei: imei, gateTime: time, faultCode }]);
const polledFault = (imei: string, faultCode = "P0301", deviceName = "Van 1") =>
  messageOf("obd_fault", [{ imei, deviceName, faultCode, faultDetail: "Misfire", eventTime: time }]);

/** Two messages in one order, in the other, and as one batch either way. */
const WAYS = ["the first first", "the second first", "in one batch", "in one batch, backwards"];

async function deliverBoth(way: string, first: unknown, second: unknown): Promise<void> {
  const both = way === WAYS[0] || way === WAYS[2] ? [first, second] : [second, first];
  for (const batch of way.startsWith("in") ? [both] : both.map((message) => [message])) {
    expect(await deliver(batch)).toEqual({ acked: batch.length, retried: 0 });
  }
}

it.each(WAYS)("has one row of a reading that is pushed and polled, %s: the pushed one", async (way) => {
  const imei = newImei();
  const [pushed, polled] = [pushedReading(imei), polledReading(imei)];
  await deliverBoth(way, pushed, polled);
  const stored = await rowsOf("obd_readings", imei);
  expect(stored).toMatchObject([{ source: "push", engine_rpm: 1816, speed_kmh: 48, odometer: 20496 }]);
  await deliver([polled, pushed]);
  expect(await rowsOf("obd_readings", imei)).toEqual(stored);
});

it.each(WAYS)("keeps both where the polled reading tells what the pushed one does not, %s", async (way) => {
  const imei = newImei();
  await deliverBoth(way, pushedReading(imei, { rpm: null, vehicleSpeed: null }), polledReading(imei));
  const stored = await rowsOf("obd_readings", imei);
  expect(stored.map(({ source, engine_rpm }) => [source, engine_rpm]).sort()).toEqual([
    ["poll", 1816],
    ["push", null],
  ]);
});

it("stores a polled reading that was not pushed, once", async () => {
  const imei = newImei();
  const polled = polledReading(imei);
  await deliver([polled, polled]);
  await deliver([polledReading(imei)]);
  expect(await rowsOf("obd_readings", imei)).toMatchObject([
    { source: "poll", speed_kmh: 48.5, battery_voltage_v: 13.8, vin: "JTDBR32E720012345", undated: false },
  ]);
});

it("lets no undated push take the place of a polled reading", async () => {
  const imei = newImei();
  await deliver([
    polledReading(imei),
    pushOf("pushobd", [{ deviceImei: imei, obdJson: { rpm: 1 } }], 0, {
      receivedAt: `${time.replace(" ", "T")}.000Z`,
    }),
  ]);
  expect(await rowsOf("obd_readings", imei)).toHaveLength(2);
});

it.each(WAYS)("has one row of a trouble code that is pushed and polled, %s: the polled one", async (way) => {
  const imei = newImei();
  const [pushed, polled] = [pushedFault(imei), polledFault(imei)];
  await deliverBoth(way, pushed, polled);
  const stored = await rowsOf("fault_codes", imei);
  const told = stored.map(({ fault_code, fault_detail, source }) => [fault_code, fault_detail, source]);
  expect(told.sort()).toEqual([
    ["P0301", "Misfire", "poll"],
    ["P0420", null, "push"],
  ]);
  await deliver([polled, pushed, polledFault(imei, "P0301", "Renamed")]);
  expect(await rowsOf("fault_codes", imei)).toEqual(stored);
});
