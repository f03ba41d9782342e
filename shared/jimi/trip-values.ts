import type { TripRow } from "../records.ts";
import { type Fields, readAlias, readPlace } from "./push/item.ts";
import { readInteger, readWithin } from "./values.ts";

/** A month: longer is no trip. */
export const LONGEST_TRIP_S = 31 * 24 * 3600;

type Measured =
  | ("distanceKm" | "drivingTimeS" | "idleTimeS" | "avgSpeedKmh" | "maxSpeedKmh")
  | ("startLat" | "startLng" | "endLat" | "endLng");

/** What a trip says beside its times, polled or pushed: metres, seconds, km/h. Distance and duration have many names. */
export function readTripValues(
  fields: Fields,
  names: { distance: readonly string[]; duration: readonly string[] },
): Pick<TripRow, Measured> {
  const metres = readAlias(fields, names.distance, (value) => readWithin(value, 0, 100_000_000));
  const start = readPlace(fields.startLat, fields.startLng);
  const end = readPlace(fields.endLat, fields.endLng);
  return {
    distanceKm: metres === null ? null : metres / 1_000,
    drivingTimeS: readAlias(fields, names.duration, readSeconds),
    idleTimeS: readSeconds(fields.idleTime),
    avgSpeedKmh: readWithin(fields.avgSpeed, 0, 1_000),
    maxSpeedKmh: readWithin(fields.maxSpeed, 0, 1_000),
    startLat: start.lat,
    startLng: start.lng,
    endLat: end.lat,
    endLng: end.lng,
  };
}

function readSeconds(value: unknown): number | null {
  return readInteger(value, 0, LONGEST_TRIP_S);
}
