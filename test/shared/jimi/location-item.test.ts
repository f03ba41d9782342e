import { describe, expect, it } from "vitest";
import { parseLocationItem } from "../../../shared/jimi/location-item.ts";
import type { Contact, DeviceFacts, Fix } from "../../../shared/records.ts";

const receivedMs = Date.UTC(2026, 0, 15, 8, 30, 0);
const receivedAt = "2026-01-15T08:30:00.000Z";
const arrival = { account: "demo_asked", receivedMs, path: null };

/** The example of the reference, §2.6. */
const example = {
  imei: "860000000000001",
  deviceName: "KDA 001A VAN",
  mcType: "GT06N",
  icon: "automobile",
  status: "1",
  posType: "GPS",
  lat: -1.286389,
  lng: 36.817223,
  hbTime: "2026-01-15 08:29:50",
  accStatus: "1",
  gpsSignal: "4",
  powerValue: "12.6",
  batteryPowerVal: "4.14",
  speed: "42",
  gpsNum: "11",
  gpsTime: "2026-01-15 08:29:47",
  direction: "187",
  activationFlag: "1",
  expireFlag: "1",
  electQuantity: "100",
  locDesc: null,
  distance: "-1",
  temperature: null,
  trackerOil: null,
  trackerOils: null,
  currentMileage: "15234.704987375656",
  account: "demo_fleet",
  customerName: "Demo Fleet",
  state: null,
  stateTime: null,
  iccid: "",
  mac: "",
  chargeStatus: null,
  shutdown: null,
  confidence: null,
};

const fix: Fix = {
  imei: "860000000000001",
  gpsTime: "2026-01-15T08:29:47.000Z",
  lat: -1.286389,
  lng: 36.817223,
  speedKmh: 42,
  headingDeg: 187,
  altitudeM: null,
  satellites: 11,
  posType: "GPS",
  confidence: null,
  ignition: true,
  odometerKm: 15234.704987375657,
  retransmitted: null,
  clockAhead: false,
  source: "poll",
  sources: 1,
  receivedAt,
};

const contact: Contact = {
  imei: "860000000000001",
  contactAt: "2026-01-15T08:29:50.000Z",
  receivedAt,
  online: true,
  ignition: true,
  gsmLevel: 4,
  batteryPercent: 100,
  batteryVoltageV: 4.14,
  externalVoltageV: 12.6,
  temperatureC: null,
  fuelSensor: null,
};

const device: DeviceFacts = {
  imei: "860000000000001",
  seenAt: receivedAt,
  listedIn: "demo_asked",
  account: "demo_fleet",
  listedAt: null,
  detailedAt: null,
  deviceName: "KDA 001A VAN",
  model: "GT06N",
  useScope: null,
  sim: null,
  iccid: null,
  imsi: null,
  remark: null,
  vehicleName: null,
  vehicleIcon: "automobile",
  vehicleModel: null,
  vehicleBrand: null,
  plate: null,
  vin: null,
  frameNumber: null,
  engineNumber: null,
  driverName: null,
  driverPhone: null,
  groupId: null,
  groupName: null,
  customerName: null,
  fuelLPer100Km: null,
  odometerKm: null,
  activatedAt: null,
  expiresAt: null,
  importedAt: null,
  vendorEnabled: null,
};

const parse = (change: Record<string, unknown> = {}) => parseLocationItem({ ...example, ...change }, arrival);

const hours = (count: number) =>
  new Date(receivedMs + count * 3_600_000).toISOString().slice(0, 19).replace("T", " ");

describe("parseLocationItem", () => {
  it("turns the reference's example into a fix, a contact and the device's facts", () => {
    expect(parse()).toEqual({ imei: "860000000000001", fix, contact, device });
  });

  it("reads real numbers as well as their text", () => {
    const numbers = { speed: 42, direction: 187, gpsNum: 11, accStatus: 1, status: 1, lat: "-1.286389" };
    expect(parse(numbers)).toEqual(parse());
  });

  it.each([
    ["speed, null when parked", { speed: null }, { speedKmh: null }],
    ["speed, -1", { speed: "-1" }, { speedKmh: null }],
    ["direction, -1", { direction: "-1" }, { headingDeg: null }],
    ["direction, 360 is north", { direction: "360" }, { headingDeg: 0 }],
    ["satellites, empty", { gpsNum: "" }, { satellites: null }],
    ["confidence, a class", { confidence: 3 }, { confidence: 3 }],
    ["confidence, no class", { confidence: 0 }, { confidence: null }],
    ["odometer, -1", { currentMileage: "-1" }, { odometerKm: null }],
    ["odometer, too large a number", { currentMileage: "1e400" }, { odometerKm: null }],
    ["position type, BEACON", { posType: "BEACON" }, { posType: "BEACON" }],
    ["position type, empty", { posType: "" }, { posType: null }],
    ["ignition, no wire", { accStatus: null }, { ignition: null }],
    ["ignition off at speed", { accStatus: "0" }, { ignition: false, speedKmh: 42 }],
    ["a time that is not padded", { gpsTime: "2026-1-15 8:29:47" }, {}],
    ["a time in Unix seconds", { gpsTime: 1768465787 }, {}],
  ])("fix: %s", (_, change, expected) => {
    expect(parse(change).fix).toEqual({ ...fix, ...expected });
  });

  it.each([
    ["battery, empty text", { electQuantity: "" }, { batteryPercent: null }],
    ["battery, over 100", { electQuantity: "101" }, { batteryPercent: null }],
    ["battery of a TAG, a percentage", { batteryPowerVal: "89.00" }, { batteryVoltageV: 89 }],
    ["supply, none", { powerValue: null }, { externalVoltageV: null }],
    ["temperature below zero", { temperature: "-18.5" }, { temperatureC: -18.5 }],
    ["temperature below absolute zero", { temperature: "-300" }, { temperatureC: null }],
    ["fuel with its unit", { trackerOil: "0.00L" }, { fuelSensor: "0.00L" }],
    ["GSM level under the name of GPS", { gpsSignal: "0" }, { gsmLevel: 0 }],
    ["offline", { status: "0" }, { online: false }],
  ])("contact: %s", (_, change, expected) => {
    expect(parse(change).contact).toEqual({ ...contact, ...expected });
  });

  it("keeps texts free of what Postgres refuses", () => {
    const { device: facts, fix: position } = parse({ deviceName: "KDA\0 \ud83d", posType: "G\0PS" });
    expect(facts?.deviceName).toBe("KDA \ufffd");
    expect(position?.posType).toBe("GPS");
  });

  it("ignores distance, which is -1 here", () => {
    expect(parse({ distance: "99999" })).toEqual(parse());
  });

  it("fills what an older node leaves out with null", () => {
    const bare = parseLocationItem({ imei: example.imei, lat: 1, lng: 2, gpsTime: example.gpsTime }, arrival);
    expect(bare.contact).toBeUndefined();
    expect(bare.rejection).toBeUndefined();
    expect(bare.fix).toMatchObject({ lat: 1, lng: 2, speedKmh: null, ignition: null, posType: null });
    expect(bare.device).toEqual({
      ...device,
      account: null,
      deviceName: null,
      model: null,
      vehicleIcon: null,
    });
  });
});

describe("a device without a fix", () => {
  it.each([
    ["0,0", { lat: 0, lng: 0 }],
    ["0,0 as text", { lat: "0.000000", lng: "-0" }],
    ["null", { lat: null, lng: null }],
    ["half a position", { lat: -1.28, lng: "" }],
  ])("has none and nothing wrong with it, yet a contact: %s", (_, change) => {
    expect(parse(change)).toEqual({ imei: example.imei, contact, device });
  });

  it("is no rejection without times either: never activated", () => {
    const parsed = parse({ lat: 0, lng: 0, gpsTime: null, hbTime: null });
    expect(parsed).toEqual({ imei: example.imei, device });
  });

  it("has a fix on the equator or the Greenwich meridian", () => {
    expect(parse({ lat: 0 }).fix?.lat).toBe(0);
    expect(parse({ lng: 0 }).fix?.lng).toBe(0);
  });

  it.each([
    { lat: 90.001, lng: 0.1 },
    { lat: -91, lng: 36 },
    { lat: 1, lng: 180.1 },
    { lat: 1, lng: -181 },
  ])("is rejected at a place off the globe: $lat,$lng", (change) => {
    const { fix: none, contact: kept, rejection } = parse(change);
    expect(none).toBeUndefined();
    expect(kept).toEqual(contact);
    expect(rejection).toEqual({
      reason: "position_out_of_range",
      detail: `lat ${change.lat}, lng ${change.lng}`,
    });
  });

  it("accepts the edges of the globe", () => {
    expect(parse({ lat: 90, lng: -180 }).fix).toMatchObject({ lat: 90, lng: -180 });
  });
});

describe("a device with a wrong clock", () => {
  it("has its fix of 2019 rejected while its contact stays", () => {
    expect(parse({ gpsTime: "2019-01-01 00:00:10" })).toEqual({
      imei: example.imei,
      contact,
      device,
      rejection: {
        reason: "time_out_of_range",
        detail:
          "gpsTime 2019-01-01T00:00:10.000Z is not within 2026-01-01T00:00:00Z and two days after its receipt",
      },
    });
  });

  it.each([
    ["the last second before the project", "2025-12-31 23:59:59", false],
    ["the first second of the project", "2026-01-01 00:00:00", true],
    ["a fix days older than its heartbeat", "2026-01-02 03:04:05", true],
    ["48 h ahead", hours(48), true],
    ["49 h ahead", hours(49), false],
  ])("%s", (_, gpsTime, kept) => {
    const parsed = parse({ gpsTime });
    expect(parsed.fix !== undefined).toBe(kept);
    expect(parsed.rejection?.reason).toBe(kept ? undefined : "time_out_of_range");
    expect(parsed.contact).toEqual(contact);
  });

  it("keeps a fix 47 h ahead, flagged", () => {
    expect(parse({ gpsTime: hours(47) }).fix).toMatchObject({
      gpsTime: "2026-01-17T07:30:00.000Z",
      clockAhead: true,
    });
  });

  it("flags a fix more than 10 min ahead of its receipt, and none at 10 min", () => {
    expect(parse({ gpsTime: "2026-01-15 08:40:00" }).fix?.clockAhead).toBe(false);
    expect(parse({ gpsTime: "2026-01-15 08:40:01" }).fix?.clockAhead).toBe(true);
  });

  it("has a heartbeat ahead of its receipt set back to the receipt", () => {
    expect(parse({ hbTime: hours(3) }).contact).toEqual({ ...contact, contactAt: receivedAt });
  });

  it("has a heartbeat of 2019 rejected while the fix stays", () => {
    const parsed = parse({ hbTime: "2019-01-01 00:00:10" });
    expect(parsed.contact).toBeUndefined();
    expect(parsed.fix).toEqual(fix);
    expect(parsed.rejection?.reason).toBe("time_out_of_range");
  });

  it.each(["yesterday", "2026-02-31 10:00:00", "", null, {}])("has an unreadable fix time: %j", (gpsTime) => {
    const parsed = parse({ gpsTime });
    expect(parsed.fix).toBeUndefined();
    expect(parsed.contact).toEqual(contact);
    expect(parsed.rejection).toEqual({
      reason: "time_unreadable",
      detail: `gpsTime ${JSON.stringify(gpsTime)}`,
    });
  });

  it("does not copy a huge text into the reason", () => {
    expect(parse({ gpsTime: "9-".repeat(10_000) }).rejection?.detail.length).toBeLessThan(100);
    expect(parse({ gpsTime: "9".repeat(300) }).rejection?.reason).toBe("time_out_of_range");
  });
});

describe("an item that names no device", () => {
  it.each([undefined, null, "", "not-an-imei", "8600000000000", "860000000000001,860000000000002", 1, {}])(
    "is rejected as a whole: %j",
    (imei) => {
      expect(parse({ imei })).toEqual({
        imei: null,
        rejection: { reason: "imei_missing", detail: "imei is not 14 to 17 digits" },
      });
    },
  );
});
