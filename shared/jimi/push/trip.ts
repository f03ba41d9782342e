import type { TripRow } from "../../records.ts";
import { toIso } from "../../time.ts";
import { LONGEST_TRIP_S, readTripValues } from "../trip-values.ts";
import { readTimeMs, readWithin } from "../values.ts";
import { deviceEvent } from "./device-event.ts";
import { parserOf, readAlias, readMoment, rowAt } from "./item.ts";

/** Names of reference §3.4. */
const ALIASES = {
  start: ["startTime", "beginTime"],
  distance: ["distance", "mileage", "tripMileage", "miles"],
  duration: ["duration", "runTimeSecond", "travelTime"],
  fuel: ["fuel", "oilWear"],
} as const;

/** `/pushtripreport`: a finished trip, metres and seconds. What does not say when it began is kept as an event. */
export const parseTripReport = parserOf("pushtripreport", (item) => {
  const { fields, arrival } = item;
  const start = readMoment(fields, ALIASES.start, arrival);
  if ("reason" in start) return { rejection: start };
  if (start.undated) {
    const moment = readMoment(fields, ["endTime"], arrival);
    if ("reason" in moment) return { rejection: moment };
    return { facts: { deviceEvents: [deviceEvent(item, moment, {})] } };
  }
  const values = readTripValues(fields, ALIASES);
  const trip: TripRow = {
    ...rowAt(item, start.at),
    ...values,
    endAt: readEnd(Date.parse(start.at), fields.endTime, values.drivingTimeS),
    fuelL: readAlias(fields, ALIASES.fuel, (value) => readWithin(value, 0, 100_000)),
    source: "push",
  };
  return { facts: { trips: [trip] } };
});

/** The end as sent, else after its duration, else its start: never before it, never a year later. */
function readEnd(startMs: number, said: unknown, durationS: number | null): string {
  const endMs = readTimeMs(said);
  const sane = endMs !== null && endMs >= startMs && endMs <= startMs + LONGEST_TRIP_S * 1_000;
  return toIso(sane ? endMs : startMs + (durationS ?? 0) * 1_000);
}
