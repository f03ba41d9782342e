import { type Contact, FIX_SOURCES, type Fix, type ParsedItem, type Rejection } from "../records.ts";
import { settings } from "../settings.ts";
import { toIso } from "../time.ts";
import { noDeviceFacts } from "./device-item.ts";
import { type Arrival, imeiMissing, readEventTime } from "./event-time.ts";
import { readFlag, readHeading, readImei, readInteger, readNumber, readText, readWithin } from "./values.ts";

/**
 * One item of `user.device.location.list` or `device.location.get` (reference §2.6): a fix, a contact, and
 * enough to register a device that nobody listed yet.
 */
export function parseLocationItem(item: Record<string, unknown>, arrival: Arrival): ParsedItem {
  const imei = readImei(item.imei);
  if (imei === null) return imeiMissing;
  const parsed: ParsedItem = {
    imei,
    device: {
      ...noDeviceFacts,
      imei,
      seenAt: toIso(arrival.receivedMs),
      listedIn: arrival.account,
      account: readText(item.account),
      deviceName: readText(item.deviceName),
      model: readText(item.mcType),
      vehicleIcon: readText(item.icon),
    },
  };
  const contact = readContact(item, imei, arrival);
  if (contact !== null) {
    if ("reason" in contact) parsed.rejection = contact;
    else parsed.contact = contact;
  }
  const fix = readFix(item, imei, arrival);
  if (fix !== null) {
    if ("reason" in fix) parsed.rejection ??= fix;
    else parsed.fix = fix;
  }
  return parsed;
}

/** @returns null where the device has no fix: nothing to store, nothing wrong. */
function readFix(item: Record<string, unknown>, imei: string, arrival: Arrival): Fix | Rejection | null {
  const lat = readNumber(item.lat);
  const lng = readNumber(item.lng);
  // 0,0 is "no fix" and what an expired device shows (reference §4, quirk 17).
  if (lat === null || lng === null || (lat === 0 && lng === 0)) return null;
  if (Math.abs(lat) > 90 || Math.abs(lng) > 180) {
    return { reason: "position_out_of_range", detail: `lat ${lat}, lng ${lng}` };
  }
  const time = readEventTime("gpsTime", item.gpsTime, arrival);
  if ("reason" in time) return time;
  return {
    imei,
    gpsTime: toIso(time.ms),
    lat,
    lng,
    speedKmh: readWithin(item.speed, 0, 1_000),
    headingDeg: readHeading(item.direction),
    altitudeM: null,
    satellites: readInteger(item.gpsNum, 0, 1_000),
    posType: readText(item.posType),
    confidence: readInteger(item.confidence, 1, 3),
    ignition: readFlag(item.accStatus),
    odometerKm: readWithin(item.currentMileage, 0, 10_000_000),
    retransmitted: null,
    clockAhead: time.ms > arrival.receivedMs + settings.liveFixAheadS * 1000,
    source: "poll",
    sources: FIX_SOURCES.poll,
    receivedAt: toIso(arrival.receivedMs),
  };
}

/** @returns null where the device was never heard of. */
function readContact(
  item: Record<string, unknown>,
  imei: string,
  arrival: Arrival,
): Contact | Rejection | null {
  const said = readText(item.hbTime);
  if (said === null || said === "-1") return null;
  const time = readEventTime("hbTime", item.hbTime, arrival);
  if ("reason" in time) return time;
  return {
    imei,
    // The heartbeat is stamped by the vendor; one ahead of us is its clock, and must not outlive the next.
    contactAt: toIso(Math.min(time.ms, arrival.receivedMs)),
    receivedAt: toIso(arrival.receivedMs),
    online: readFlag(item.status),
    ignition: readFlag(item.accStatus),
    gsmLevel: readInteger(item.gpsSignal, 0, 100),
    batteryPercent: readWithin(item.electQuantity, 0, 100),
    batteryVoltageV: readWithin(item.batteryPowerVal, 0, 1_000),
    externalVoltageV: readWithin(item.powerValue, 0, 1_000),
    temperatureC: readWithin(item.temperature, -273, 1_000),
    fuelSensor: readText(item.trackerOil),
  };
}
