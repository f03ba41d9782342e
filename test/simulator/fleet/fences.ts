import type { Span, Taken } from "./arrivals.ts";
import type { Segment } from "./plan.ts";
import { segmentAt, segmentsBetween } from "./timeline.ts";
import type { Vehicle } from "./vehicle.ts";

/** A vehicle came into its depot's fence or left it. */
export interface Crossing extends Taken {
  into: boolean;
}

/** The platform's fence around a vehicle's depot; vehicles of a depot share it. */
export function fenceOf({ network, depot }: Vehicle): { name: string; geoid: string } {
  const number = network.city.name.charCodeAt(0) * 1000 + depot;
  return { name: `Depot ${network.city.name} ${depot + 1}`, geoid: String(number).padStart(32, "0") };
}

/** When a vehicle comes home and leaves, in a span. */
export function crossingsIn(vehicle: Vehicle, { fromS, toS }: Span): Crossing[] {
  return segmentsBetween(vehicle, fromS - 1, toS)
    .filter(({ kind }) => kind === "driving")
    .flatMap(({ startS, endS }) => [
      ...(isHome(vehicle, segmentAt(vehicle, startS - 1)) ? [{ takenS: startS, into: false }] : []),
      ...(isHome(vehicle, segmentAt(vehicle, endS)) ? [{ takenS: endS, into: true }] : []),
    ])
    .filter(({ takenS }) => takenS >= fromS && takenS < toS);
}

const isHome = ({ home }: Vehicle, segment: Segment): boolean =>
  segment.kind !== "driving" && segment.x === home.x && segment.y === home.y;
