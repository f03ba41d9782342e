import { expect, it } from "vitest";
import { parseDetailedDevice } from "../../../../shared/jimi/device-item.ts";
import type { PushKind } from "../../../../shared/jimi/push/kinds.ts";
import { PUSH_PARSERS } from "../../../../shared/jimi/push/parsers.ts";
import type { FactRows } from "../../../../shared/records.ts";
import { gatherFacts } from "../../../../workers/writer/facts/gather-facts.ts";
import { FACT_STATEMENTS } from "../../../../workers/writer/facts/statements.ts";
import { database, newImei, vendorTime } from "../deliver.ts";
import { rowsOf } from "./push.ts";

/** Runs the statements of some facts as a batch does. @returns The keys of a table that were written. */
async function write(
  facts: Partial<FactRows>,
  table: keyof FactRows,
  replay: "on" | "off",
): Promise<string[]> {
  const rows = gatherFacts([facts]);
  const names = (Object.keys(FACT_STATEMENTS) as (keyof typeof rows)[]).filter(
    (name) => rows[name].length > 0,
  );
  return (await database().begin(async (tx) => {
    await tx`select set_config('tracksolid.replay', ${replay}, true)`;
    let keys: string[] = [];
    for (const name of names) {
      await tx`select set_config(${`tracksolid.${name}`}, ${JSON.stringify(rows[name])}, true)`;
      const written = await tx.unsafe(FACT_STATEMENTS[name]);
      if (name === table) keys = written.map(({ key }) => key as string);
    }
    return keys;
  })) as string[];
}

it.each<[keyof FactRows, string, PushKind, Record<string, unknown>, string, string, unknown]>([
  ["heartbeats", "heartbeats", "pushhb", { powerLevel: 80 }, "batteryPercent", "battery_percent", 70],
  ["obdReadings", "obd_readings", "pushobd", { rpm: 900 }, "engineRpm", "engine_rpm", 901],
  ["faultCodes", "fault_codes", "pushfaultinfo", { faultCode: "P1" }, "faultDetail", "fault_detail", "x"],
  ["fuelReadings", "fuel_readings", "pushoil", { oil: 1 }, "value", "value", 2],
  ["temperatureReadings", "temperature_readings", "pushtem", { temp: 1 }, "temperatureC", "temperature_c", 2],
  ["lbsReadings", "lbs_readings", "pushlbs", {}, "cells", "cells", "1,2,3"],
  ["deviceEvents", "device_events", "rfid", { rfid: "1" }, "card", "card", "2"],
  [
    "trips",
    "trips",
    "pushtripreport",
    { startTime: vendorTime(600), distance: 1 },
    "distanceKm",
    "distance_km",
    5,
  ],
  ["alarms", "alarms", "pushalarm", { msg: { alertType: 48, gpsSpeed: 9 } }, "speedKmh", "speed_kmh", 52],
])(
  "%s: names what it wrote, leaves a repeat, and in a replay takes the new reading",
  async (table, stored, kind, item, field, column, anew) => {
    const imei = newImei();
    const fields = { imei, gateTime: vendorTime(60), ...item };
    const { facts } = PUSH_PARSERS[kind](fields, { account: null, receivedMs: Date.now(), path: null });
    const row = facts?.[table]?.[0];
    if (!facts || !row) throw new Error("no row");
    const before = row[field as keyof typeof row];
    const reread = { [table]: [{ ...row, [field]: anew }] };

    expect(await write(facts, table, "off")).toEqual([row.key]);
    expect(await write(facts, table, "off")).toEqual([]);
    expect(await rowsOf(stored, imei)).toMatchObject([{ [column]: before }]);
    if (table !== "trips") expect(await write(reread, table, "off")).toEqual([]);
    expect(await write(reread, table, "on")).toEqual([row.key]);
    expect(await rowsOf(stored, imei)).toMatchObject([{ [column]: anew }]);
    expect(await write(reread, table, "on")).toEqual([]);
  },
);

it("makes the drivers of a vehicle anew from a new reading", async () => {
  const imei = newImei();
  const read = (receivedMs: number, driverName: string) =>
    parseDetailedDevice({ imei, driverName }, { account: null, receivedMs, path: null }).facts ?? {};
  const times = [1, 2, 3].map((days) => Date.UTC(2026, 4, days));
  for (const ms of times) await write(read(ms, "Mr."), "driverSightings", "off");
  expect(await rowsOf("driver_assignments", imei)).toMatchObject([{ driver_name: "Mr." }]);
  const key = `${imei} 2026-05-02T00:00:00.000Z`;
  const reread = read(times[1] ?? 0, "Juma");
  expect(await write(reread, "driverSightings", "off")).toEqual([]);
  expect(await write(reread, "driverSightings", "on")).toEqual([key]);
  expect(await write(reread, "driverSightings", "on")).toEqual([]);
  expect(await rowsOf("driver_assignments", imei)).toMatchObject([
    { driver_name: "Mr.", valid_from: new Date(times[0] ?? 0) },
    { driver_name: "Juma", valid_from: new Date(times[1] ?? 0) },
    { driver_name: "Mr.", valid_from: new Date(times[2] ?? 0) },
  ]);
  // All of them read anew: one driver again.
  for (const ms of times) await write(read(ms, "Juma"), "driverSightings", "on");
  expect(await rowsOf("driver_assignments", imei)).toMatchObject([
    { driver_name: "Juma", valid_from: new Date(times[0] ?? 0) },
  ]);
});

it("names one of two codes of one event, and an end", async () => {
  const imei = newImei();
  const parse = (kind: PushKind, fields: Record<string, unknown>) =>
    PUSH_PARSERS[kind](fields, { account: null, receivedMs: Date.now(), path: null }).facts ?? {};
  const alarmTime = vendorTime(60);
  const byNumber = parse("pushalarm", { imei, msg: { alertType: 254, alarmTime } }).alarms ?? [];
  const byWord = parse("open_alarm", { imei, alarmType: "ACC_ON", alarmTime }).alarms ?? [];
  const both = { alarms: [...byNumber, ...byWord] };
  expect(await write(both, "alarms", "off")).toEqual([byNumber[0]?.key]);
  expect(await write({ alarms: byWord }, "alarms", "off")).toEqual([]);
  const end = parse("pushalarm", {
    imei,
    msg: { alertType: "removeAlarmType", removeAlarmType: 1002, alarmTime: vendorTime(30) },
  });
  expect(await write(end, "alarmEnds", "off")).toEqual([end.alarmEnds?.[0]?.key]);
  expect(await write(end, "alarmEnds", "off")).toEqual([]);
  expect((await rowsOf("alarms", imei))[0]?.ended_at).not.toBeNull();
});
