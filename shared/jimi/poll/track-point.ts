import type { ParsedItem } from "../../records.ts";
import { type Arrival, imeiMissing } from "../event-time.ts";
import { readFix, readPosType } from "../push/fix.ts";
import { readFlag, readHeading, readImei, readInteger, readWithin } from "../values.ts";

const RETRANSMITTED = 1;

/** One point of `track.list` (reference §2.7). It does not say whose it is: the device that was asked. */
export function parseTrackPoint(fields: Record<string, unknown>, arrival: Arrival): ParsedItem {
  const imei = readImei(arrival.imei);
  if (imei === null) return imeiMissing;
  // Null is "no fix"; without the keys it is something else that we took for a point.
  if (fields.lat === undefined || fields.lng === undefined) {
    return { imei, rejection: { reason: "record_malformed", detail: "The point has no place" } };
  }
  const mode = readInteger(fields.gpsMode, 0, 99);
  const fix = readFix(
    "track_list",
    imei,
    fields,
    {
      speedKmh: readWithin(fields.gpsSpeed, 0, 1_000),
      headingDeg: readHeading(fields.direction),
      altitudeM: readWithin(fields.altitude, -1_000, 20_000),
      satellites: readInteger(fields.satellite, 0, 1_000),
      posType: readPosType(fields.posType),
      confidence: readInteger(fields.confidence, 1, 3),
      ignition: readFlag(fields.accStatus) ?? readFlag(fields.ignition),
      retransmitted: mode === null ? null : mode === RETRANSMITTED,
    },
    arrival,
  );
  return { imei, ...fix };
}
