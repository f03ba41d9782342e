import type { TripRow } from "../../records.ts";
import { toIso } from "../../time.ts";
import { readEventTime } from "../event-time.ts";
import { parserOf, rowAt } from "../push/item.ts";
import { LONGEST_TRIP_S, readTripValues } from "../trip-values.ts";
import { readTimeMs } from "../values.ts";

/** The vendor's table and its example differ in the duration (reference §4, quirk 6). */
const NAMES = { distance: ["distance"], duration: ["runTimeSecond", "elapsed"] } as const;

/** One trip of `track.mileage` (reference §2.7): metres and seconds. One under way ends at its newest point. */
export const parseTrip = parserOf("trip", (item) => {
  const { fields, arrival } = item;
  const start = readEventTime("startTime", fields.startTime, arrival);
  if ("reason" in start) return { rejection: start };
  const endMs = readTimeMs(fields.endTime);
  if (endMs === null || endMs < start.ms || endMs > start.ms + LONGEST_TRIP_S * 1_000) {
    return { rejection: { reason: "time_out_of_range", detail: `endTime of a trip: ${fields.endTime}` } };
  }
  const trip: TripRow = {
    ...rowAt(item, toIso(start.ms)),
    ...readTripValues(fields, NAMES),
    endAt: toIso(endMs),
    fuelL: null,
    source: "poll",
  };
  return { facts: { trips: [trip] } };
});
