import { describe, expect, it } from "vitest";
import type { PollKind } from "../../../../shared/jimi/poll/kinds.ts";
import { imei, parse } from "./parse.ts";

const startTime = "2026-01-15 07:00:00";
const startAt = "2026-01-15T07:00:00.000Z";
const endTime = "2026-01-15 07:10:00";
const endAt = "2026-01-15T07:10:00.000Z";

/** What each kind needs, with the name of its time. */
const ITEMS: [PollKind, string, Record<string, unknown>][] = [
  ["trip", "startTime", { endTime }],
  ["parking", "startTime", { endTime }],
  ["idling", "startTime", {}],
  ["alarm", "alertTime", { alertTypeId: "3" }],
  ["obd", "dataReportTime", { currentRPM: "900" }],
  ["obd_fault", "eventTime", { faultCode: "P0301" }],
];

const rowsOf = (kind: PollKind, fields: Record<string, unknown>) =>
  Object.values(parse(kind, { imei, ...fields }).facts ?? {}).flat();

it("lets a stay last only where it says that it does", () => {
  const stay = (end: unknown) => parse("parking", { imei, startTime, endTime: end });
  for (const end of [null, undefined, ""]) {
    expect(stay(end).facts?.parkingEvents).toMatchObject([{ endAt: null }]);
  }
  for (const end of ["soon", "2026-02-31 00:00:00", {}, -1]) {
    expect([stay(end).rejection?.reason, stay(end).facts]).toEqual(["time_unreadable", undefined]);
  }
});

describe.each(ITEMS)("%s", (kind, time, item) => {
  it.each([
    [startTime],
    ["2026-01-15 7:00:0"],
    ["2026-01-15T07:00:00.000Z"],
    [Date.parse(startAt) / 1_000],
    [Date.parse(startAt)],
    [String(Date.parse(startAt))],
  ])("reads the time %j", (said) => {
    expect(rowsOf(kind, { ...item, [time]: said })).toMatchObject([{ imei, at: startAt }]);
  });

  it.each([
    [undefined, "time_unreadable"],
    [null, "time_unreadable"],
    ["", "time_unreadable"],
    ["2026-02-31 00:00:00", "time_unreadable"],
    [{ $date: 1 }, "time_unreadable"],
    ["2019-01-01 00:00:10", "time_out_of_range"],
    ["2026-01-18 08:30:00", "time_out_of_range"],
  ])("refuses the time %j", (said, reason) => {
    const { rejection, facts } = parse(kind, { imei, ...item, [time]: said });
    expect([rejection?.reason, facts]).toEqual([reason, undefined]);
  });

  it("is of the device it names, in any form, and of none without", () => {
    const { imei: found } = parse(kind, { ...item, imei: Number(imei), [time]: startTime });
    expect(found).toBe(imei);
    for (const named of [{}, { imei: "" }, { imei: "86" }, { imei: null }, { imei: [imei] }]) {
      expect(parse(kind, { ...item, ...named, [time]: startTime }).rejection?.reason).toBe("imei_missing");
    }
  });

  it("has the same key when it comes again, whatever the order of its names", () => {
    const fields = { imei, ...item, [time]: startTime };
    const reordered = Object.fromEntries(Object.entries(fields).reverse());
    expect(rowsOf(kind, reordered)[0]?.key).toBe(rowsOf(kind, fields)[0]?.key);
  });
});

describe("a trip", () => {
  const trip = (change: Record<string, unknown>) => rowsOf("trip", { startTime, endTime, ...change });

  it.each([
    [{ distance: "16840.2" }, { distanceKm: 16.8402 }],
    [{ distance: 0 }, { distanceKm: 0 }],
    [{ distance: "-1" }, { distanceKm: null }],
    [{ distance: 1e12 }, { distanceKm: null }],
    [{ runTimeSecond: "600" }, { drivingTimeS: 600 }],
    [{ elapsed: 600 }, { drivingTimeS: 600 }],
    [{ runTimeSecond: 590, elapsed: 600 }, { drivingTimeS: 590 }],
    [{ runTimeSecond: null, elapsed: "600" }, { drivingTimeS: 600 }],
    [{ runTimeSecond: -1 }, { drivingTimeS: null }],
    [
      { avgSpeed: "42.5", maxSpeed: -1 },
      { avgSpeedKmh: 42.5, maxSpeedKmh: null },
    ],
    [
      { startLat: 0, startLng: "0", endLat: "-1.2", endLng: "36.8" },
      { startLat: null, startLng: null, endLat: -1.2, endLng: 36.8 },
    ],
    [
      { startLat: -1.2, endLat: 91, endLng: 36.8 },
      { startLat: null, startLng: null, endLat: null, endLng: null },
    ],
    [{}, { endAt, distanceKm: null, drivingTimeS: null, avgSpeedKmh: null, source: "poll" }],
  ])("of %j is %j", (said, expected) => {
    expect(trip(said)).toMatchObject([expected]);
  });

  it.each([undefined, null, "soon", "2026-01-15 06:59:59", "2026-02-20 00:00:00"])(
    "that ends at %j is none",
    (said) => {
      expect(parse("trip", { imei, startTime, endTime: said }).rejection?.reason).toBe("time_out_of_range");
    },
  );
});

describe("a stay", () => {
  const stay = (change: Record<string, unknown>, kind: PollKind = "parking") =>
    rowsOf(kind, { startTime, ...change });

  it.each([
    [
      { endTime: "2026-01-15T07:10:00.000Z", durSecond: "600" },
      { endAt, durationS: 600 },
    ],
    [
      { endTime: null, durSecond: 60 },
      { endAt: null, durationS: 60 },
    ],
    [
      { endTime: "", durSecond: "" },
      { endAt: null, durationS: null },
    ],
    [{ durSecond: -1 }, { durationS: null }],
    [{ acc: "on" }, { acc: "on" }],
    [{ acc: 1 }, { acc: "on" }],
    [{ acc: "perhaps" }, { acc: "off" }],
    [
      { lat: "0", lng: 0, addr: " " },
      { lat: null, lng: null, address: null },
    ],
    [
      { lat: "-1.2", lng: "36.8", addr: "Kenyatta Avenue \0" },
      { lat: -1.2, lng: 36.8, address: "Kenyatta Avenue" },
    ],
    [{}, { acc: "off", source: "poll" }],
  ])("of %j is %j", (said, expected) => {
    expect(stay(said)).toMatchObject([expected]);
  });

  it("with the ignition on is another than one with it off", () => {
    const [parked, idle] = [stay({})[0], stay({}, "idling")[0]];
    expect(idle).toMatchObject({ acc: "on" });
    expect(idle?.key).not.toBe(parked?.key);
  });

  it("that ends before it begins is none", () => {
    const { rejection } = parse("parking", { imei, startTime, endTime: "2026-01-15 06:59:59" });
    expect(rejection?.reason).toBe("time_out_of_range");
  });
});

describe("an alarm", () => {
  const alarm = (change: Record<string, unknown>) => rowsOf("alarm", { alertTime: startTime, ...change });

  it.each([
    [{ alertTypeId: "3" }, { code: "jimi:3", alarmType: "3", fenceId: "" }],
    [{ alertTypeId: 48 }, { code: "jimi:48", alarmType: "48" }],
    [{ alertTypeId: "ACC_ON" }, { code: "word:ACC_ON", alarmType: "ACC_ON" }],
    [
      { alertTypeId: "in", geoid: "0077", alarmTypeName: "Depot" },
      { code: "word:in", fenceId: "0077", alarmName: "Depot" },
    ],
    [{ alertTypeId: "3", geoid: null }, { fenceId: "" }],
    [{ alertTypeId: "3", alertTypeName: "Vibration" }, { alarmName: "Vibration" }],
    [{ alertTypeId: "3", alarmTypeName: "", alertTypeName: "Vibration" }, { alarmName: "Vibration" }],
    [{ alertTypeId: "3", alarmTypeName: "One", alertTypeName: "Other" }, { alarmName: "One" }],
    [
      { alertTypeId: "3", lat: "0", lng: "0", speed: "-1" },
      { lat: null, lng: null, speedKmh: null },
    ],
    [
      { alertTypeId: "3", lat: "-1.2", lng: 36.8, speed: "52" },
      { lat: -1.2, lng: 36.8, speedKmh: 52, source: "poll", sources: 1 },
    ],
  ])("of %j is %j", (said, expected) => {
    expect(alarm(said)).toMatchObject([expected]);
  });

  it.each([undefined, null, "", " ", {}, []])("of the type %j is none", (alertTypeId) => {
    const { rejection } = parse("alarm", { imei, alertTypeId, alertTime: startTime });
    expect(rejection?.reason).toBe("record_malformed");
  });
});

describe("a point of a track", () => {
  const point = { lat: -1.2, lng: 36.8, gpsTime: startTime };
  const fixOf = (change: Record<string, unknown>) => parse("track_point", { ...point, ...change }, imei).fix;

  it.each([
    [{}, { imei, gpsTime: startAt, lat: -1.2, lng: 36.8, source: "track_list", speedKmh: null }],
    [{ gpsTime: "2026-01-15 7:00:0" }, { gpsTime: startAt }],
    [{ gpsTime: Date.parse(startAt) / 1_000 }, { gpsTime: startAt }],
    [
      { lat: "-1.2", lng: "36.8", gpsSpeed: "42", direction: "187" },
      { lat: -1.2, lng: 36.8, speedKmh: 42, headingDeg: 187 },
    ],
    [
      { gpsSpeed: -1, direction: -1 },
      { speedKmh: null, headingDeg: null },
    ],
    [
      { gpsSpeed: null, direction: 360 },
      { speedKmh: null, headingDeg: 0 },
    ],
    [{ posType: 1 }, { posType: "GPS" }],
    [{ posType: "3" }, { posType: "WIFI" }],
    [{ posType: "BEACON" }, { posType: "BEACON" }],
    [{ accStatus: "ON" }, { ignition: true }],
    [{ ignition: "OFF" }, { ignition: false }],
    [{ accStatus: "" }, { ignition: null }],
    [{ gpsMode: "1" }, { retransmitted: true }],
    [{ gpsMode: 0 }, { retransmitted: false }],
    [
      { satellite: 1e300, altitude: "NaN", confidence: 9 },
      { satellites: null, altitudeM: null, confidence: null },
    ],
  ])("of %j is %j", (said, expected) => {
    expect(fixOf(said)).toMatchObject(expected);
  });

  it("is of the device that was asked, and of none where nobody was", () => {
    expect(parse("track_point", { ...point, imei: "869999999999999" }, imei).fix?.imei).toBe(imei);
    expect(parse("track_point", point).rejection?.reason).toBe("imei_missing");
  });

  it.each([
    { lat: "0", lng: 0 },
    { lat: null, lng: null },
    { lat: null, lng: "" },
  ])("at %j is none", (place) => {
    const { fix, rejection } = parse("track_point", { ...point, ...place }, imei);
    expect([fix, rejection]).toEqual([undefined, undefined]);
  });

  it("off the globe or out of time is refused", () => {
    const reasonOf = (change: Record<string, unknown>) =>
      parse("track_point", { ...point, ...change }, imei).rejection?.reason;
    expect(reasonOf({ lat: undefined, latitude: -1.3 })).toBe("record_malformed");
    expect(reasonOf({ lat: 91 })).toBe("position_out_of_range");
    expect(reasonOf({ gpsTime: "2019-01-01 00:00:00" })).toBe("time_out_of_range");
    expect(reasonOf({ gpsTime: undefined })).toBe("time_unreadable");
  });
});

describe("an OBD reading", () => {
  const reading = (change: Record<string, unknown>) =>
    rowsOf("obd", { dataReportTime: startTime, ...change });

  it("of the reference is a row as the pushed ones are", () => {
    const item = {
      ...{ odometerReading: "20496.0", deviceAccumulatedMileage: "1429.0", remainingFuel: null },
      ...{ remainingFuelPercentage: "58", coolantTemperature: "77", vehicleBatterVoltage: "138" },
      ...{ currentRPM: "1816", currentSpeed: "48.5", vin: "XXXXXXXXXXXXXXXXX" },
    };
    expect(reading(item)).toMatchObject([
      {
        ...{ imei, at: startAt, undated: false, source: "poll", engineRpm: 1816, speedKmh: 48.5 },
        ...{ fuelLevel: 58, coolantC: 77, batteryVoltageV: 13.8, odometer: 20496, vin: "XXXXXXXXXXXXXXXXX" },
      },
    ]);
  });

  it.each([
    [{}, { engineRpm: null, speedKmh: null, fuelLevel: null, vin: null }],
    [{ remainingFuel: "41.5", remainingFuelPercentage: null }, { fuelLevel: 41.5 }],
    [
      { currentRPM: "-1", currentSpeed: -1, coolantTemperature: "hot" },
      { engineRpm: null, speedKmh: null, coolantC: null },
    ],
    [
      { vehicleBatterVoltage: 1e9, odometerReading: [], vin: "\0" },
      { batteryVoltageV: null, odometer: null, vin: null },
    ],
  ])("of %j is %j", (said, expected) => {
    expect(reading(said)).toMatchObject([expected]);
  });
});

describe("a trouble code", () => {
  const fault = (change: Record<string, unknown>) => rowsOf("obd_fault", { eventTime: startTime, ...change });

  it.each([
    [{ faultCode: "P0301", faultDetail: "Misfire" }, [{ faultCode: "P0301", faultDetail: "Misfire" }]],
    [{ faultCode: " P0301 ", faultDetail: null }, [{ faultCode: "P0301", faultDetail: null }]],
    [{ faultCode: "P0301,P0420" }, [{ faultCode: "P0301" }, { faultCode: "P0420" }]],
  ])("in %j is %j", (said, expected) => {
    expect(fault(said)).toMatchObject(expected);
  });

  it("is the same when the device has another name, and keeps the item whole", () => {
    const rows = ["Van 1", "Van 2"].map((deviceName) => fault({ faultCode: "P0301", deviceName })[0]);
    expect(rows[0]?.key).toBe(rows[1]?.key);
    expect(rows[1]).toMatchObject({ raw: expect.stringContaining("Van 2") });
  });

  it.each([undefined, null, "", {}, []])("that is %j is none", (faultCode) => {
    const { rejection } = parse("obd_fault", { imei, faultCode, eventTime: startTime });
    expect(rejection?.reason).toBe("record_malformed");
  });
});
