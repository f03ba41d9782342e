import { describe, expect, it } from "vitest";
import { noDeviceFacts, parseDetailedDevice, parseListedDevice } from "../../../shared/jimi/device-item.ts";
import type { DeviceFacts } from "../../../shared/records.ts";

const receivedAt = "2026-01-15T08:30:00.000Z";
const arrival = { account: "demo_asked", receivedMs: Date.parse(receivedAt), path: null };

/** The example of the reference, §2.1. */
const listed = {
  imei: "860000000000001",
  deviceName: "KDA 001A VAN",
  mcType: "GT06N",
  mcTypeUseScope: "automobile",
  sim: "0700000001",
  expiration: "2036-04-01 23:59:59",
  activationTime: "2024-04-01 11:02:20",
  reMark: null,
  vehicleName: null,
  vehicleIcon: "automobile",
  vehicleNumber: "KDA 001A",
  vehicleModels: null,
  carFrame: "",
  driverName: null,
  driverPhone: null,
  enabledFlag: 1,
  engineNumber: null,
  deviceGroupId: "00000000000000000000000000000001",
  deviceGroup: "Default group",
};

/** The example of the reference, §2.2. */
const detailed = {
  imei: "860000000000001",
  deviceName: "KDA 001A VAN",
  account: "demo_fleet",
  customerName: "Demo Fleet",
  mcType: "GT06N",
  mcTypeUseScope: "automobile",
  sim: "0700000001",
  expiration: "2036-04-01 23:59:59",
  user_expiration: "demo_fleet,2036-04-01",
  activationTime: "2024-04-01 11:02:20",
  reMark: "",
  vehicleName: null,
  vehicleIcon: "automobile",
  vehicleNumber: "KDA 001A",
  vehicleModels: null,
  carFrame: null,
  driverName: "Driver One",
  driverPhone: "0700000101",
  enabledFlag: 1,
  engineNumber: null,
  iccid: "89000000000000000001",
  imsi: "",
  importTime: "2024-03-20 02:10:00",
  licensePlatNo: "KDA 001A",
  vin: null,
  vehicleBrand: null,
  fuel_100km: "9",
  status: "1",
  currentMileage: "15234.7",
  deviceGroupId: "00000000000000000000000000000001",
  deviceGroup: "Default group",
};

/** What both examples say. */
const facts: DeviceFacts = {
  ...noDeviceFacts,
  imei: "860000000000001",
  seenAt: receivedAt,
  listedIn: "demo_asked",
  deviceName: "KDA 001A VAN",
  model: "GT06N",
  useScope: "automobile",
  sim: "0700000001",
  vehicleIcon: "automobile",
  plate: "KDA 001A",
  groupId: "00000000000000000000000000000001",
  groupName: "Default group",
  activatedAt: "2024-04-01T11:02:20.000Z",
  expiresAt: "2036-04-01T23:59:59.000Z",
  vendorEnabled: true,
};

const detail = (change: Record<string, unknown> = {}) =>
  parseDetailedDevice({ ...detailed, ...change }, arrival).device;

describe("parseListedDevice", () => {
  it("turns the reference's example into what the list says", () => {
    expect(parseListedDevice(listed, arrival)).toEqual({
      imei: "860000000000001",
      device: { ...facts, listedAt: receivedAt },
    });
  });

  it("takes the driver's null for not said", () => {
    expect(parseListedDevice(listed, arrival).device).toMatchObject({ driverName: null, driverPhone: null });
  });
});

describe("parseDetailedDevice", () => {
  it("turns the reference's example into what the detail says", () => {
    expect(parseDetailedDevice(detailed, arrival)).toEqual({
      imei: "860000000000001",
      device: {
        ...facts,
        detailedAt: receivedAt,
        account: "demo_fleet",
        customerName: "Demo Fleet",
        driverName: "Driver One",
        driverPhone: "0700000101",
        iccid: "89000000000000000001",
        fuelLPer100Km: 9,
        odometerKm: 15234.7,
        importedAt: "2024-03-20T02:10:00.000Z",
      },
      facts: {
        driverSightings: [
          {
            ...{ key: `860000000000001 ${receivedAt}`, imei: "860000000000001", at: receivedAt },
            ...{ driverName: "Driver One", driverPhone: "0700000101", source: "device_detail" },
          },
        ],
      },
    });
  });

  it.each([
    ["vehicleNumber", { vehicleNumber: "KDA 001A", licensePlatNo: "KDB 002B" }, "KDA 001A"],
    ["licensePlatNo where that is empty", { vehicleNumber: "", licensePlatNo: "KDB 002B" }, "KDB 002B"],
    ["licensePlatNo where that is null", { vehicleNumber: null, licensePlatNo: "KDB 002B" }, "KDB 002B"],
    ["neither", { vehicleNumber: " ", licensePlatNo: null }, null],
  ])("reads the plate from %s", (_, change, plate) => {
    expect(detail(change)?.plate).toBe(plate);
  });

  it.each([
    ["vin", { vin: "V1", VIN: "V2", carFrame: "V3" }, "V1"],
    ["VIN, as the vendor's example spells it", { VIN: "V2", carFrame: "V3" }, "V2"],
  ])("reads the vehicle identification number from %s", (_, change, vin) => {
    expect(detail(change)).toMatchObject({ vin, frameNumber: "V3" });
  });

  it.each([
    [1, true],
    ["1", true],
    [0, false],
    ["0", false],
    [null, null],
    ["?", null],
  ])("reads enabledFlag %j as %j", (enabledFlag, expected) => {
    expect(detail({ enabledFlag })?.vendorEnabled).toBe(expected);
  });

  it.each([
    ["fuel_100km", "-1", "fuelLPer100Km", null],
    ["fuel_100km", "8,5", "fuelLPer100Km", null],
    ["fuel_100km", 8.5, "fuelLPer100Km", 8.5],
    ["currentMileage", "1e400", "odometerKm", null],
    ["currentMileage", "", "odometerKm", null],
    ["currentMileage", "0", "odometerKm", 0],
    ["expiration", "2036-02-31 00:00:00", "expiresAt", null],
    ["expiration", "never", "expiresAt", null],
    ["expiration", "2036-4-1 1:02:03", "expiresAt", "2036-04-01T01:02:03.000Z"],
    ["activationTime", 1711969340, "activatedAt", "2024-04-01T11:02:20.000Z"],
    ["activationTime", "9".repeat(30), "activatedAt", null],
    ["deviceName", "KDA\0 001A", "deviceName", "KDA 001A"],
    ["deviceName", "x".repeat(600), "deviceName", "x".repeat(500)],
    ["driverName", "Zoë \ud83d", "driverName", "Zoë \ufffd"],
    ["sim", 254700000001, "sim", "254700000001"],
    ["reMark", "-1", "remark", "-1"],
    ["iccid", { $ne: null }, "iccid", null],
  ])("reads %s %j as %s %j", (field, value, column, expected) => {
    expect(detail({ [field]: value })).toHaveProperty(column, expected);
  });

  it("keeps dates before the project: a device may be older", () => {
    expect(detail({ activationTime: "2015-06-01 00:00:00" })?.activatedAt).toBe("2015-06-01T00:00:00.000Z");
  });

  it("knows nothing of an answer that holds only the IMEI", () => {
    expect(parseDetailedDevice({ imei: "860000000000001" }, { ...arrival, account: null })).toEqual({
      imei: "860000000000001",
      device: { ...noDeviceFacts, imei: "860000000000001", seenAt: receivedAt, detailedAt: receivedAt },
    });
  });
});

describe("an item that names no device", () => {
  it.each([undefined, null, "", "not-an-imei", "8600000000000", "860000000000001234", 1, []])(
    "is rejected as a whole: %j",
    (imei) => {
      const rejected = {
        imei: null,
        rejection: { reason: "imei_missing", detail: "imei is not 14 to 17 digits" },
      };
      expect(parseListedDevice({ ...listed, imei }, arrival)).toEqual(rejected);
      expect(parseDetailedDevice({ ...detailed, imei }, arrival)).toEqual(rejected);
    },
  );
});
