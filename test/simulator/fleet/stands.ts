import { type Span, wasRecorded } from "./arrivals.ts";
import { arrivalOf, parkedSinceS } from "./reports.ts";
import { segmentAt, segmentsBetween } from "./timeline.ts";
import type { Vehicle } from "./vehicle.ts";

/** Shorter ones are not reported. */
const SHORTEST_S = 60;

/** A time in which a vehicle stands, as far as the platform knows it. Instants are whole Unix seconds. */
export interface Stand {
  startS: number;
  /** Undefined while it goes on. */
  endS: number | undefined;
}

/**
 * The parkings or idlings that overlap a span of the device's own time, whole, as the platform knows them at an
 * instant. Without an ignition wire it cannot tell them apart and knows none; nor does it know one whose beginning
 * or end the device had no power to record.
 */
export function knownStands(
  vehicle: Vehicle,
  kind: "parked" | "idling",
  { fromS, toS }: Span,
  nowS: number,
): Stand[] {
  if (!vehicle.model.ignitionWire || vehicle.condition === "unactivated") return [];
  const known = (atS: number): boolean => arrivalOf(vehicle, atS).arrivedS <= nowS;
  const stands = new Map<number, Stand>();
  for (const segment of segmentsBetween(vehicle, fromS, Math.min(toS, nowS))) {
    if (segment.kind !== kind) continue;
    const startS = kind === "parked" ? parkedSinceS(vehicle, segment) : segment.startS;
    const endS = kind === "parked" ? parkedUntilS(vehicle, segment.endS) : segment.endS;
    if (!wasRecorded(vehicle, startS) || !wasRecorded(vehicle, endS) || !known(startS)) continue;
    stands.set(startS, { startS, endS: known(endS) ? endS : undefined });
  }
  return [...stands.values()].filter(({ startS, endS = nowS }) => endS - startS >= SHORTEST_S);
}

/** When a vehicle that is parked until an instant drives again: a night is two segments, a day off three. */
function parkedUntilS(vehicle: Vehicle, endS: number): number {
  const next = segmentAt(vehicle, endS);
  return next.kind === "parked" ? parkedUntilS(vehicle, next.endS) : endS;
}
