import { expect, it } from "vitest";
import type { PushKind } from "../../../../shared/jimi/push/kinds.ts";
import { database, deliver, locationItem, messageOf, newImei, vendorTime } from "../deliver.ts";
import { deviceOf, push, pushOf, rowsOf } from "./push.ts";

/** One item of each table, with a column to see. */
const items: [string, PushKind, Record<string, unknown>, Record<string, unknown>][] = [
  ["heartbeats", "pushhb", { powerLevel: 88, acc: 1 }, { battery_percent: 88, ignition: true }],
  [
    "obd_readings",
    "pushobd",
    { obdJson: { rpm: 1816, vehicleBatterVoltage: "138" } },
    { engine_rpm: 1816, battery_voltage_v: 13.8, undated: false },
  ],
  ["fault_codes", "pushfaultinfo", { faultCode: "P0301" }, { fault_code: "P0301" }],
  ["fuel_readings", "pushoil", { oil: 41.5, unit: 1 }, { value: 41.5, unit: "1" }],
  [
    "temperature_readings",
    "pushtem",
    { temperature: 4.2, humidity: 61 },
    { temperature_c: 4.2, humidity_percent: 61 },
  ],
  [
    "lbs_readings",
    "pushlbs",
    { lbsJson: '{"mcc":639,"mnc":2,"cellList":"1,2,3"}', postType: "LBS" },
    { mcc: 639, mnc: 2, cells: "1,2,3" },
  ],
  [
    "device_events",
    "rfid",
    { rfid: "0012345678" },
    { kind: "rfid", event_type: "rfid", card: "0012345678", path: "/rfid" },
  ],
  [
    "trips",
    "pushtripreport",
    { startTime: vendorTime(3_600), endTime: vendorTime(600), distance: 16_840 },
    { distance_km: 16.84, source: "push" },
  ],
  [
    "alarms",
    "pushalarm",
    { type: "DEVICE", msgClass: 0, msg: { alertType: 48, alarmTime: vendorTime(60), lat: -1.2, lng: 36.8 } },
    {
      code: "jimi:48",
      canonical_code: "jimi:48",
      alarm_type: "48",
      alarm_name: "Sudden deceleration",
      sources: 2,
    },
  ],
];

it.each(items)(
  "writes %s once, however often and in however many messages they come",
  async (table, kind, item, row) => {
    const imei = newImei();
    const sent = { deviceImei: imei, gateTime: vendorTime(30), ...item };
    await push(kind, [sent]);
    const first = await rowsOf(table, imei);
    expect(first).toMatchObject([row]);
    expect(first[0]?.raw).toEqual(sent);

    const reordered = Object.fromEntries(Object.entries(sent).reverse());
    const message = pushOf(kind, [reordered, sent]);
    expect(await deliver([message, message, pushOf(kind, [sent])])).toEqual({ acked: 3, retried: 0 });
    expect(await rowsOf(table, imei)).toEqual(first);
    expect(await deviceOf(imei)).toMatchObject({ registered_by: "push" });
  },
);

it("takes the repeat of an item without a time for the same, but not what comes an hour later", async () => {
  const imei = newImei();
  const item = { deviceImei: imei, oil: 7 };
  await push("pushoil", [item], 3_600);
  await push("pushoil", [item], 3_480);
  expect(await rowsOf("fuel_readings", imei)).toMatchObject([{ value: 7, undated: true }]);
  await push("pushoil", [item]);
  expect(await rowsOf("fuel_readings", imei)).toHaveLength(2);
});

it("keeps what nobody knows, with and without a device", async () => {
  const imei = newImei();
  const mark = crypto.randomUUID();
  const bodies = [
    { imei, mark, time: "2019-01-01 00:00:00" },
    { mark, text: "NUL \0 and half a pair \ud83d" },
  ];
  await deliver([
    pushOf("push_other", bodies, 0, { via: { path: "/pushcmd", msgType: "jimi.push.new", headers: {} } }),
  ]);
  const kept = await database()`
    select imei, kind, event_type, path, undated, raw ->> 'mark' as mark from tracksolid.device_events
    where imei in (${imei}, '') and raw ->> 'mark' = ${mark} order by imei`;
  const row = { kind: "push_other", event_type: "jimi.push.new", path: "/pushcmd", undated: true, mark };
  expect(kept).toEqual([
    { ...row, imei: "" },
    { ...row, imei },
  ]);
  expect(await deviceOf(imei)).toMatchObject({ registered_by: "push" });
});

it("registers a device that only a push knows, and lets the next device list complete it", async () => {
  const imei = newImei();
  await push("pushoil", [{ deviceImei: imei, oil: 1 }], 60);
  expect(await deviceOf(imei)).toMatchObject({ registered_by: "push", account: null, device_name: null });
  const before = await deviceOf(imei);
  await push("pushoil", [{ deviceImei: imei, oil: 2 }], 30);
  expect(await deviceOf(imei)).toEqual(before);
  await deliver([messageOf("device", [{ imei, deviceName: "KDA 001A VAN" }], { account: "parent" })]);
  expect(await deviceOf(imei)).toMatchObject({
    registered_by: "push",
    account: "parent",
    device_name: "KDA 001A VAN",
  });
});

it("notes how a device came where a list or a poll was first", async () => {
  const [listed, polled] = [newImei(), newImei()];
  await deliver([messageOf("device", [{ imei: listed }]), messageOf("location", [locationItem(polled)])]);
  expect(await deviceOf(listed)).toMatchObject({ registered_by: "list" });
  expect(await deviceOf(polled)).toMatchObject({ registered_by: "poll" });
});

it("takes a new SIM card and a new VIN for what they are", async () => {
  const imei = newImei();
  const say = (type: string, msg: unknown, agoS: number) =>
    push("pushalarm", [{ type, imei, gateTime: vendorTime(agoS), msg }], agoS);
  await say("ICCID", { iccid: "89000000000000000001" }, 300);
  await say("ICCID", { newIccid: "89000000000000000002" }, 200);
  await say("VIN", '{"VIN":"JTDBR32E720012345"}', 100);
  expect(await deviceOf(imei)).toMatchObject({ iccid: "89000000000000000002", vin: "JTDBR32E720012345" });
  expect(await rowsOf("alarms", imei)).toEqual([]);
  expect((await rowsOf("device_events", imei)).map(({ event_type }) => event_type)).toEqual([
    "ICCID",
    "ICCID",
    "VIN",
  ]);
});

it("rejects a known kind without a device, and a clock of 2019, beside what is good", async () => {
  const [good, broken] = [newImei(), newImei()];
  const message = pushOf("pushhb", [
    { gateTime: vendorTime(60) },
    { deviceImei: broken, gateTime: "2019-01-01 00:00:10" },
    { deviceImei: good, gateTime: vendorTime(60) },
  ]);
  expect(await deliver([message])).toEqual({ acked: 1, retried: 0 });
  const rejected = await database()`
    select item_number, imei, reason from private.rejected_items
    where producer = ${message.id.producer} and sequence = ${message.id.sequence} order by item_number`;
  expect(rejected).toEqual([
    // The same item may have been rejected before, in another test.
    ...(rejected[0]?.reason === "imei_missing"
      ? [{ item_number: 0, imei: null, reason: "imei_missing" }]
      : []),
    { item_number: 1, imei: broken, reason: "time_out_of_range" },
  ]);
  expect(await rowsOf("heartbeats", good)).toHaveLength(1);
  expect(await rowsOf("heartbeats", broken)).toHaveLength(0);
});

it("says of each item what became of it", async () => {
  const imei = newImei();
  const reading = (oil: number, gateTime = vendorTime(60)) => ({ deviceImei: imei, gateTime, oil });
  const first = pushOf("pushoil", [reading(1), reading(1), reading(2), reading(3, "2019-01-01 00:00:00")]);
  const second = pushOf("pushoil", [reading(2), reading(4)]);
  await deliver([first]);
  await deliver([second]);
  const receipts = await database()`
    select outcomes, written, duplicate, rejected from private.receipts
    where producer = ${first.id.producer} and sequence in (${first.id.sequence}, ${second.id.sequence})
    order by sequence`;
  expect(receipts).toEqual([
    { outcomes: "wdwr", written: 2, duplicate: 1, rejected: 1 },
    { outcomes: "dw", written: 1, duplicate: 1, rejected: 0 },
  ]);
});
