import type { DeviceFacts, DriverSighting, ParsedItem } from "../records.ts";
import { toIso } from "../time.ts";
import { type Arrival, imeiMissing } from "./event-time.ts";
import { readFlag, readImei, readText, readTimeMs, readWithin } from "./values.ts";

/** Every fact "not said". */
export const noDeviceFacts: Omit<DeviceFacts, "imei" | "seenAt"> = {
  listedIn: null,
  account: null,
  listedAt: null,
  detailedAt: null,
  deviceName: null,
  model: null,
  useScope: null,
  sim: null,
  iccid: null,
  imsi: null,
  remark: null,
  vehicleName: null,
  vehicleIcon: null,
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

/** One item of `user.device.list` (reference §2.1). */
export function parseListedDevice(item: Record<string, unknown>, arrival: Arrival): ParsedItem {
  const facts = readDeviceFacts(item, arrival);
  if (facts === null) return imeiMissing;
  const device = { ...facts, listedAt: toIso(arrival.receivedMs) };
  return { imei: facts.imei, device, ...sightingOf(facts, "device") };
}

/** The answer of `track.device.detail` (reference §2.2), the only one that tells driver and SIM. */
export function parseDetailedDevice(item: Record<string, unknown>, arrival: Arrival): ParsedItem {
  const facts = readDeviceFacts(item, arrival);
  if (facts === null) return imeiMissing;
  const device = { ...facts, detailedAt: toIso(arrival.receivedMs) };
  return { imei: facts.imei, device, ...sightingOf(facts, "device_detail") };
}

/** Who drives, where the answer says so: it is a fact of its time, whatever is known by now. */
function sightingOf(
  { imei, seenAt: at, driverName, driverPhone }: DeviceFacts,
  source: DriverSighting["source"],
): Pick<ParsedItem, "facts"> {
  if (driverName === null) return {};
  const sighting = { key: `${imei} ${at}`, imei, at, driverName, driverPhone, source };
  return { facts: { driverSightings: [sighting] } };
}

function readDeviceFacts(item: Record<string, unknown>, arrival: Arrival): DeviceFacts | null {
  const imei = readImei(item.imei);
  if (imei === null) return null;
  return {
    ...noDeviceFacts,
    imei,
    seenAt: toIso(arrival.receivedMs),
    listedIn: arrival.account,
    account: readText(item.account),
    deviceName: readText(item.deviceName),
    model: readText(item.mcType),
    useScope: readText(item.mcTypeUseScope),
    sim: readText(item.sim),
    iccid: readText(item.iccid),
    imsi: readText(item.imsi),
    remark: readText(item.reMark),
    vehicleName: readText(item.vehicleName),
    vehicleIcon: readText(item.vehicleIcon),
    vehicleModel: readText(item.vehicleModels),
    vehicleBrand: readText(item.vehicleBrand),
    plate: readText(item.vehicleNumber) ?? readText(item.licensePlatNo),
    vin: readText(item.vin) ?? readText(item.VIN),
    frameNumber: readText(item.carFrame),
    engineNumber: readText(item.engineNumber),
    driverName: readText(item.driverName),
    driverPhone: readText(item.driverPhone),
    groupId: readText(item.deviceGroupId),
    groupName: readText(item.deviceGroup),
    customerName: readText(item.customerName),
    fuelLPer100Km: readWithin(item.fuel_100km, 0, 1_000),
    odometerKm: readWithin(item.currentMileage, 0, 10_000_000),
    activatedAt: readInstant(item.activationTime),
    expiresAt: readInstant(item.expiration),
    importedAt: readInstant(item.importTime),
    vendorEnabled: readFlag(item.enabledFlag),
  };
}

/** A calendar fact, not an event: any year that Postgres and ISO text can hold. */
function readInstant(value: unknown): string | null {
  const ms = readTimeMs(value);
  return ms === null || ms > Date.UTC(9999, 11, 31) ? null : toIso(ms);
}
