import { FIX_SOURCES, type Fix, type FixSource, type Rejection } from "../../records.ts";
import { settings } from "../../settings.ts";
import { toIso } from "../../time.ts";
import { type Arrival, readEventTime } from "../event-time.ts";
import { readNumber, readText } from "../values.ts";

type Measured = Omit<
  Fix,
  "imei" | "gpsTime" | "lat" | "lng" | "clockAhead" | "source" | "sources" | "receivedAt"
>;

/** What a fix knows where nothing but its place was sent. */
const nothingMeasured: Measured = {
  speedKmh: null,
  headingDeg: null,
  altitudeM: null,
  satellites: null,
  posType: null,
  confidence: null,
  ignition: null,
  odometerKm: null,
  retransmitted: null,
};

/** Numbers in pushes and tracks; a word in the answers of the location methods (reference §6.2). */
const POS_TYPES: Record<string, string> = { 1: "GPS", 2: "LBS", 3: "WIFI", 5: "BEACON" };

/** What a fix was made of, as a word; a number that is not known as it is. */
export function readPosType(value: unknown): string | null {
  const text = readText(value);
  return text === null ? null : (POS_TYPES[text] ?? text);
}

/**
 * A fix that was pushed or is a point of a track, as parts of a record.
 * @returns nothing where the device has no fix: nothing to store, nothing wrong.
 */
export function readFix(
  source: FixSource,
  imei: string,
  fields: { lat?: unknown; lng?: unknown; gpsTime?: unknown },
  measured: Partial<Measured>,
  arrival: Arrival,
): { fix?: Fix; rejection?: Rejection } {
  const lat = readNumber(fields.lat);
  const lng = readNumber(fields.lng);
  // 0,0 is "no fix" (reference §4, quirk 17).
  if (lat === null || lng === null || (lat === 0 && lng === 0)) return {};
  if (Math.abs(lat) > 90 || Math.abs(lng) > 180) {
    return { rejection: { reason: "position_out_of_range", detail: `lat ${lat}, lng ${lng}` } };
  }
  const time = readEventTime("gpsTime", fields.gpsTime, arrival);
  if ("reason" in time) return { rejection: time };
  const fix: Fix = {
    imei,
    gpsTime: toIso(time.ms),
    lat,
    lng,
    ...nothingMeasured,
    ...measured,
    clockAhead: time.ms > arrival.receivedMs + settings.liveFixAheadS * 1000,
    source,
    sources: FIX_SOURCES[source],
    receivedAt: toIso(arrival.receivedMs),
  };
  return { fix };
}
