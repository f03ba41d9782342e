import { type Span, wasRecorded } from "./arrivals.ts";
import type { Drive } from "./plan.ts";
import { arrivalOf, fixesBetween } from "./reports.ts";
import { segmentsBetween, truthAt } from "./timeline.ts";
import type { Vehicle } from "./vehicle.ts";

/** A drive as far as the platform knows it. Instants are whole Unix seconds. */
export interface Trip {
  startS: number;
  /** Of a trip under way, its newest fix that has arrived. */
  endS: number;
  ended: boolean;
  /** Odometer at the start. */
  startM: number;
  distanceM: number;
}

/**
 * The trips that overlap a span of the device's own time, whole, as the platform knows them at an instant. Without an
 * ignition wire it knows none, and it never hears of one whose end was not recorded: the same are pushed.
 */
export function knownTrips(vehicle: Vehicle, { fromS, toS }: Span, nowS: number): Trip[] {
  if (!vehicle.model.ignitionWire || vehicle.condition === "unactivated") return [];
  return segmentsBetween(vehicle, fromS, Math.min(toS, nowS))
    .map((segment) => (segment.kind === "driving" ? knownTrip(vehicle, segment, nowS) : undefined))
    .filter((trip) => trip !== undefined)
    .filter(({ startS, endS }) => startS < toS && endS > fromS);
}

/** A trip from one instant within it to another. */
export function cutTrip(vehicle: Vehicle, trip: Trip, { fromS, toS }: Span): Trip {
  const startS = Math.max(trip.startS, fromS);
  const endS = Math.min(trip.endS, toS);
  if (startS === trip.startS && endS === trip.endS) return trip;
  const startM = odometerM(vehicle, startS);
  return { ...trip, startS, endS, startM, distanceM: Math.round(odometerM(vehicle, endS) - startM) };
}

function knownTrip(vehicle: Vehicle, drive: Drive, nowS: number): Trip | undefined {
  const { startS, endS, odometerM: startM } = drive;
  if (!wasRecorded(vehicle, endS)) return undefined;
  if (arrivalOf(vehicle, endS).arrivedS <= nowS) {
    return { startS, endS, ended: true, startM, distanceM: Math.round(drive.leg.lengthM) };
  }
  const newestS = fixesBetween(vehicle, startS, Math.min(endS, Math.floor(nowS))).findLast(
    (fixS) => arrivalOf(vehicle, fixS).arrivedS <= nowS,
  );
  if (newestS === undefined || newestS <= startS) return undefined;
  const distanceM = Math.round(odometerM(vehicle, newestS) - startM);
  return { startS, endS: newestS, ended: false, startM, distanceM };
}

const odometerM = (vehicle: Vehicle, atS: number): number => truthAt(vehicle, atS).odometerKm * 1000;
