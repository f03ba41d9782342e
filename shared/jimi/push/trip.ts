import type { TripRow } from "../../records.ts";
import { toIso } from "../../time.ts";
import { readInteger, readTimeMs, readWithin } from "../values.ts";
import { deviceEvent } from "./device-event.ts";
import { parserOf, readAlias, readMoment, readPlace, rowAt } from "./item.ts";

/** Names of reference §3.4. */
const ALIASES = {
  start: ["startTime", "beginTime"],
  distance: ["distance", "mileage", "tripMileage", "miles"],
  duration: ["duration", "runTimeSecond", "travelTime"],
  fuel: ["fuel", "oilWear"],
} as const;

/** A month: longer is no trip. */
const LONGEST_TRIP_S = 31 * 24 * 3600;

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
  const drivingTimeS = readAlias(fields, ALIASES.duration, readSeconds);
  const metres = readAlias(fields, ALIASES.distance, (value) => readWithin(value, 0, 100_000_000));
  const startPlace = readPlace(fields.startLat, fields.startLng);
  const endPlace = readPlace(fields.endLat, fields.endLng);
  const trip: TripRow = {
    ...rowAt(item, start.at),
    endAt: readEnd(Date.parse(start.at), fields.endTime, drivingTimeS),
    distanceKm: metres === null ? null : metres / 1_000,
    drivingTimeS,
    idleTimeS: readSeconds(fields.idleTime),
    avgSpeedKmh: readWithin(fields.avgSpeed, 0, 1_000),
    maxSpeedKmh: readWithin(fields.maxSpeed, 0, 1_000),
    startLat: startPlace.lat,
    startLng: startPlace.lng,
    endLat: endPlace.lat,
    endLng: endPlace.lng,
    fuelL: readAlias(fields, ALIASES.fuel, (value) => readWithin(value, 0, 100_000)),
    source: "push",
  };
  return { facts: { trips: [trip] } };
});

function readSeconds(value: unknown): number | null {
  return readInteger(value, 0, LONGEST_TRIP_S);
}

/** The end as sent, else after its duration, else its start: never before it, never a year later. */
function readEnd(startMs: number, said: unknown, durationS: number | null): string {
  const endMs = readTimeMs(said);
  const sane = endMs !== null && endMs >= startMs && endMs <= startMs + LONGEST_TRIP_S * 1_000;
  return toIso(sane ? endMs : startMs + (durationS ?? 0) * 1_000);
}
