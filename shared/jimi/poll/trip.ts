import type { TripRow } from "../../records.ts";
import { toIso } from "../../time.ts";
import { readEventTime } from "../event-time.ts";
import { parserOf, readAlias, readPlace, rowAt } from "../push/item.ts";
import { readInteger, readTimeMs, readWithin } from "../values.ts";

/** The vendor's table and its example differ (reference §4, quirk 6). */
const DURATION = ["runTimeSecond", "elapsed"] as const;

/** A month: longer is no trip. */
const LONGEST_TRIP_S = 31 * 24 * 3600;

/** One trip of `track.mileage` (reference §2.7): metres and seconds. One under way ends at its newest point. */
export const parseTrip = parserOf("trip", (item) => {
  const { fields, arrival } = item;
  const start = readEventTime("startTime", fields.startTime, arrival);
  if ("reason" in start) return { rejection: start };
  const endMs = readTimeMs(fields.endTime);
  if (endMs === null || endMs < start.ms || endMs > start.ms + LONGEST_TRIP_S * 1_000) {
    return { rejection: { reason: "time_out_of_range", detail: `endTime of a trip: ${fields.endTime}` } };
  }
  const metres = readWithin(fields.distance, 0, 100_000_000);
  const startPlace = readPlace(fields.startLat, fields.startLng);
  const endPlace = readPlace(fields.endLat, fields.endLng);
  const trip: TripRow = {
    ...rowAt(item, toIso(start.ms)),
    endAt: toIso(endMs),
    distanceKm: metres === null ? null : metres / 1_000,
    drivingTimeS: readAlias(fields, DURATION, (value) => readInteger(value, 0, LONGEST_TRIP_S)),
    idleTimeS: readInteger(fields.idleTime, 0, LONGEST_TRIP_S),
    avgSpeedKmh: readWithin(fields.avgSpeed, 0, 1_000),
    maxSpeedKmh: readWithin(fields.maxSpeed, 0, 1_000),
    startLat: startPlace.lat,
    startLng: startPlace.lng,
    endLat: endPlace.lat,
    endLng: endPlace.lng,
    fuelL: null,
    source: "poll",
  };
  return { facts: { trips: [trip] } };
});
