import { describe, expect, it } from "vitest";
import type { PushKind } from "../../../../shared/jimi/push/kinds.ts";
import { parse, receivedAt } from "./parse.ts";

const imei = "860000000000001";
const gateTime = "2026-01-15 08:00:00";
const gateAt = "2026-01-15T08:00:00.000Z";

describe("the device", () => {
  it.each([
    { deviceImei: imei },
    { imei },
    { devImei: imei },
    { msg: { deviceImei: imei } },
    { msg: JSON.stringify({ deviceImei: imei }) },
    { data: { _imei: imei } },
    { deviceImei: "", imei: Number(imei) },
  ])("is found in %j", (named) => {
    expect(parse("pushoil", { ...named, gateTime, oil: 1 })).toMatchObject({
      imei,
      device: { imei, seenAt: receivedAt },
    });
  });

  it("is missed in every kind but the unknown", () => {
    const { imei: none, rejection, facts } = parse("pushoil", { gateTime, oil: 1 });
    expect([none, rejection?.reason, facts]).toEqual([null, "imei_missing", undefined]);
    const other = parse("push_other", { gateTime }, "/pushcmd");
    expect(other.rejection).toBeUndefined();
    expect(other.facts?.deviceEvents).toMatchObject([{ imei: "", at: gateAt, path: "/pushcmd" }]);
  });
});

describe("a value under any of its names", () => {
  it.each<[PushKind, "obdReadings" | "fuelReadings" | "temperatureReadings", string[], string]>([
    ["pushobd", "obdReadings", ["engineRpm", "rpm", "currentRPM"], "engineRpm"],
    ["pushobd", "obdReadings", ["vehicleSpeed", "speed", "currentSpeed"], "speedKmh"],
    ["pushobd", "obdReadings", ["fuelLevel", "remainingFuelPercentage", "remainingFuel", "oil"], "fuelLevel"],
    ["pushobd", "obdReadings", ["coolantTemp", "coolantTemperature"], "coolantC"],
    ["pushobd", "obdReadings", ["batteryVoltage", "voltage", "vehicleBatterVoltage"], "batteryVoltageV"],
    ["pushobd", "obdReadings", ["totalMileage", "odometerReading", "mileage"], "odometer"],
    ["pushoil", "fuelReadings", ["oil", "oilValue", "oilLevel", "value", "percent"], "value"],
    ["pushtem", "temperatureReadings", ["temperature", "temp"], "temperatureC"],
    ["pushtem", "temperatureReadings", ["humidity", "hum"], "humidityPercent"],
  ])("%s %s %j", (kind, table, aliases, column) => {
    for (const alias of aliases) {
      expect(parse(kind, { imei, gateTime, [alias]: "12.5" }).facts?.[table]).toMatchObject([
        { [column]: 12.5 },
      ]);
    }
    const unnamed = parse(kind, { imei, gateTime });
    expect(unnamed.rejection).toBeUndefined();
    expect(unnamed.facts?.[table]).toMatchObject([{ [column]: null, at: gateAt }]);
  });

  it.each(["obdJson", "obdData", "obd", "data", "msg"])(
    "OBD values lie in %s, as object or text",
    (container) => {
      const inner = { rpm: 900, obdTime: "2026-01-15 07:59:00", vin: "VIN1" };
      for (const held of [inner, JSON.stringify(inner)]) {
        expect(parse("pushobd", { imei, gateTime, [container]: held }).facts?.obdReadings).toMatchObject([
          { engineRpm: 900, at: "2026-01-15T07:59:00.000Z", vin: "VIN1" },
        ]);
      }
    },
  );

  it("a container that is no JSON is none", () => {
    expect(parse("pushobd", { imei, gateTime, obdJson: "{rpm:1", rpm: 2 }).facts?.obdReadings).toMatchObject([
      { engineRpm: 2 },
    ]);
  });

  it.each([
    [{ faultCode: "P0301" }, ["P0301"]],
    [{ faultCodes: ["P0301", "P0420", "P0301"] }, ["P0301", "P0420"]],
    [{ dtc: "P0301;P0420|U0464" }, ["P0301", "P0420", "U0464"]],
    [{ faultList: '["P0301","P0420"]' }, ["P0301", "P0420"]],
    [{ faultList: [{ faultCode: "P0301" }, { dtc: "P0420" }] }, ["P0301", "P0420"]],
    [{ faultCode: "" }, [null]],
    [{}, [null]],
  ])("trouble codes in %j", (named, codes) => {
    const { facts } = parse("pushfaultinfo", { imei, gateTime, faultDetail: "x", ...named });
    expect(facts?.faultCodes?.map(({ faultCode }) => faultCode)).toEqual(codes);
  });

  it.each([
    [
      { beginTime: gateTime, mileage: 1_500, travelTime: 600 },
      { distanceKm: 1.5, drivingTimeS: 600 },
    ],
    [
      { startTime: gateTime, tripMileage: "1500", runTimeSecond: "600" },
      { distanceKm: 1.5, drivingTimeS: 600 },
    ],
    [
      { startTime: gateTime, miles: 1_500, duration: 600, oilWear: 2 },
      { distanceKm: 1.5, fuelL: 2 },
    ],
    [
      { startTime: gateTime, startLat: 0, startLng: 0, endLat: -1.2, endLng: 36.8 },
      { startLat: null, endLat: -1.2 },
    ],
  ])("trips in %j", (named, expected) => {
    expect(parse("pushtripreport", { imei, ...named }).facts?.trips).toMatchObject([
      { at: gateAt, ...expected },
    ]);
  });

  it.each([
    ["its end", { endTime: "2026-01-15 08:10:00", duration: 60 }, "2026-01-15T08:10:00.000Z"],
    ["its duration", { duration: 600 }, "2026-01-15T08:10:00.000Z"],
    ["an end before its start", { endTime: "2026-01-15 07:00:00", duration: 60 }, "2026-01-15T08:01:00.000Z"],
    ["neither", {}, gateAt],
  ])("a trip ends by %s", (_, named, endAt) => {
    expect(parse("pushtripreport", { imei, startTime: gateTime, ...named }).facts?.trips).toMatchObject([
      { endAt },
    ]);
  });
});

describe("the time", () => {
  it.each<[PushKind, string]>([
    ["pushevent", "gateTime"],
    ["pushhb", "gateTime"],
    ["pushlbs", "gateTime"],
    ["open_alarm", "alarmTime"],
  ])("of %s must be readable", (kind, name) => {
    for (const [said, reason] of [
      [undefined, "time_unreadable"],
      ["yesterday", "time_unreadable"],
      ["2019-01-01 00:00:10", "time_out_of_range"],
      ["2026-01-18 08:30:00", "time_out_of_range"],
    ]) {
      const parsed = parse(kind, { imei, alarmType: "1", [name]: said });
      expect([parsed.rejection?.reason, parsed.facts]).toEqual([reason, undefined]);
      expect(parsed.device?.imei).toBe(imei);
    }
  });

  it.each<PushKind>(["pushobd", "pushoil", "pushtem", "pushfaultinfo", "rfid", "wgtc", "pushfileupload"])(
    "of %s is that of its receipt where none can be read, and refused where it is 2019",
    (kind) => {
      for (const said of [undefined, "yesterday", {}]) {
        const { facts, rejection } = parse(kind, { imei, gateTime: said });
        expect(rejection).toBeUndefined();
        expect(Object.values(facts ?? {}).flat()).toMatchObject([{ at: receivedAt, undated: true }]);
      }
      const old = parse(kind, { imei, gateTime: "2019-01-01 00:00:10" });
      expect([old.rejection?.reason, old.facts]).toEqual(["time_out_of_range", undefined]);
    },
  );

  it("of the unknown never costs it", () => {
    const { facts, rejection } = parse("push_other", { imei, time: "2019-01-01 00:00:10" });
    expect(rejection).toBeUndefined();
    expect(facts?.deviceEvents).toMatchObject([{ at: receivedAt, undated: true }]);
  });

  it("of an alarm is its own, else its fix's, else the gateway's", () => {
    const at = (msg: Record<string, unknown>) =>
      parse("pushalarm", { imei, gateTime, msg: { alertType: 1, ...msg } }).facts?.alarms?.[0]?.at;
    expect(at({ alarmTime: "2026-01-15 07:58:00", gpsTime: "2026-01-15 07:59:00" })).toBe(
      "2026-01-15T07:58:00.000Z",
    );
    expect(at({ gpsTime: "2026-01-15 07:59:00" })).toBe("2026-01-15T07:59:00.000Z");
    expect(at({})).toBe(gateAt);
  });
});

describe("alarm codes", () => {
  it.each([
    [48, undefined, 0, "jimi:48"],
    ["048", undefined, undefined, "jimi:48"],
    [265, 2, 1, "jt:265.2"],
    [265, undefined, 1, "jt:265"],
    [1024, 3, 1, "jt:1024"],
    [265, 2, 0, "jimi:265"],
    ["overSpeed", undefined, 0, "word:overSpeed"],
    [7, undefined, 2, "class2:7"],
  ])("alertType %j, subtype %j, class %j is %s", (alertType, alarmType, msgClass, code) => {
    const { facts } = parse("pushalarm", { imei, msgClass, gateTime, msg: { alertType, alarmType } });
    expect(facts?.alarms).toMatchObject([{ code }]);
  });

  it("an end names what ended, a fence its id", () => {
    const msg = { alertType: "removeAlarmType", removeAlarmType: 265, alarmType: 2, fenceId: 77 };
    const { facts } = parse("pushalarm", { imei, msgClass: 1, gateTime, msg });
    expect(facts?.alarms).toBeUndefined();
    expect(facts?.alarmEnds).toMatchObject([{ code: "jt:265.2", fenceId: "77", at: gateAt }]);
    const fence = {
      imei,
      alarmType: "in",
      alarmName: "Enter geo-fence(Depot)",
      alarmTime: gateTime,
      geoid: "0077",
    };
    expect(parse("open_alarm", fence).facts?.alarms).toMatchObject([{ code: "word:in", fenceId: "0077" }]);
  });

  it.each([{}, { msg: null }, { msg: "text" }, { msg: { alertType: "removeAlarmType" } }])(
    "an alarm without one is rejected: %j",
    (change) => {
      expect(parse("pushalarm", { imei, type: "DEVICE", gateTime, ...change }).rejection?.reason).toBe(
        "record_malformed",
      );
    },
  );

  it.each([
    ["ICCID", { msg: { ICCID: "89000000000000000002" } }, { iccid: "89000000000000000002" }],
    ["ICCID", { msg: "89000000000000000002" }, { iccid: "89000000000000000002" }],
    ["VIN", { vin: "JTDBR32E720012345" }, { vin: "JTDBR32E720012345" }],
    ["VIN", { msg: { newVin: "JTDBR32E720012345" } }, { vin: "JTDBR32E720012345" }],
    ["ICCID", { msg: { iccid: 8.9e19 } }, { iccid: null }],
    ["VIN", {}, { vin: null }],
  ])("%s in %j", (type, change, device) => {
    const parsed = parse("pushalarm", { type, imei, gateTime, ...change });
    expect(parsed.device).toMatchObject(device);
    expect(parsed.facts?.deviceEvents).toHaveLength(1);
  });
});

describe("positions", () => {
  const position = { imei, gpsTime: gateTime, gateTime, lat: -1.2, lng: 36.8, gpsMode: 0 };

  it.each([
    [{ gpsMode: 1 }, { retransmitted: true }],
    [{ gpsMode: undefined }, { retransmitted: null }],
    [
      { gpsSpeed: -1, direction: -1 },
      { speedKmh: null, headingDeg: null },
    ],
    [
      { direction: 360, postType: 2 },
      { headingDeg: 0, posType: "LBS" },
    ],
    [
      { postType: "WIFI", distance: "-1" },
      { posType: "WIFI", odometerKm: null },
    ],
    [{ gpsTime: "2026-01-15 08:40:01" }, { clockAhead: true }],
  ])("%j gives %j", (change, expected) => {
    expect(parse("pushgps", { ...position, ...change }).fix).toMatchObject(expected);
  });

  it("at 0,0 are none, and the device is there all the same", () => {
    const { fix, contact, rejection } = parse("pushgps", { ...position, lat: 0, lng: "0" });
    expect([fix, rejection]).toEqual([undefined, undefined]);
    expect(contact).toMatchObject({ contactAt: gateAt, online: true });
  });

  it("that were stored say nothing of now, nor do those without a gateway's time", () => {
    expect(parse("pushgps", { ...position, gpsMode: 1 }).contact).toBeUndefined();
    expect(parse("pushgps", { ...position, gateTime: undefined })).not.toHaveProperty("contact");
  });

  it("off the globe or out of time are rejected", () => {
    expect(parse("pushgps", { ...position, lat: 91 }).rejection?.reason).toBe("position_out_of_range");
    expect(parse("pushgps", { ...position, gpsTime: "2019-01-01 00:00:00" })).toMatchObject({
      rejection: { reason: "time_out_of_range" },
      contact: { online: true },
    });
    expect(parse("tag", { ...position, gpsTime: "soon" }).rejection?.reason).toBe("time_unreadable");
  });
});

describe("log-ins", () => {
  it.each([
    [{ type: "LOGIN" }, true, "LOGIN"],
    [{ type: "logout" }, false, "LOGOUT"],
    [{ msgId: "0x01", status: 1 }, null, "0X01"],
    [{}, null, "pushevent"],
  ])("%j", (named, online, eventType) => {
    const { contact, facts } = parse("pushevent", { imei, gateTime, ...named });
    expect(contact?.online).toBe(online);
    expect(facts?.deviceEvents?.[0]?.eventType.toUpperCase()).toBe(eventType.toUpperCase());
  });
});
