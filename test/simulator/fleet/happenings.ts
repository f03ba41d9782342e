import type { Span, Taken } from "./arrivals.ts";
import { equipmentOf } from "./equipment.ts";
import type { Drive, Segment } from "./plan.ts";
import { DRAW, dice } from "./random.ts";
import { segmentAt, segmentsBetween, truthAt } from "./timeline.ts";
import type { Vehicle } from "./vehicle.ts";

const BRAKING_CHANCE = 0.3;
const OVERSPEED_CHANCE = 0.3;
/** What the devices of a town fleet are set to. */
const SPEED_LIMIT_KMH = 50;
const OVERSPEED_LASTS_S = 40;
const DISTRACTION_CHANCE = 0.4;
/** Shorter drives have nothing worth telling. */
const SHORTEST_EVENTFUL_S = 180;

/** Something a vehicle did that raises an alarm. */
export interface Happening extends Taken {
  what: "ignition-on" | "ignition-off" | "braking" | "overspeed" | "overspeed-end" | "distraction";
}

/** The alarming moments of a vehicle in a span, in order. */
export function happeningsIn(vehicle: Vehicle, { fromS, toS }: Span): Happening[] {
  const { camera } = equipmentOf(vehicle);
  const ignition = vehicle.model.ignitionWire ? ignitionChanges(vehicle, { fromS, toS }) : [];
  return segmentsBetween(vehicle, fromS, toS)
    .filter((segment) => segment.kind === "driving")
    .flatMap((drive) => eventsOf(vehicle, drive, camera))
    .concat(ignition)
    .filter(({ takenS }) => takenS >= fromS && takenS < toS)
    .sort((a, b) => a.takenS - b.takenS);
}

/** The drives that end within a span. */
export function drivesEndedIn(vehicle: Vehicle, { fromS, toS }: Span): Drive[] {
  return segmentsBetween(vehicle, fromS - 1, toS).filter(
    (segment) => segment.kind === "driving" && segment.endS >= fromS && segment.endS < toS,
  ) as Drive[];
}

/** The instants of a span that are a device's turn, every so many seconds. */
export function turnsIn({ seed }: Vehicle, { fromS, toS }: Span, everyS: number): Taken[] {
  const phaseS = seed % everyS;
  const turns: Taken[] = [];
  for (let takenS = Math.ceil((fromS - phaseS) / everyS) * everyS + phaseS; takenS < toS; takenS += everyS) {
    turns.push({ takenS });
  }
  return turns;
}

const ignitionOf = ({ kind }: Segment): boolean => kind !== "parked";

function ignitionChanges(vehicle: Vehicle, { fromS, toS }: Span): Happening[] {
  return segmentsBetween(vehicle, fromS, toS)
    .filter((segment) => ignitionOf(segment) !== ignitionOf(segmentAt(vehicle, segment.startS - 1)))
    .map((segment) => ({
      takenS: segment.startS,
      what: ignitionOf(segment) ? "ignition-on" : "ignition-off",
    }));
}

function eventsOf(vehicle: Vehicle, { seed, startS, endS }: Drive, camera: boolean): Happening[] {
  if (endS - startS < SHORTEST_EVENTFUL_S) return [];
  const within = (draw: number): number =>
    startS + Math.floor((0.2 + 0.5 * dice(seed, DRAW.push, draw)) * (endS - startS));
  const events: Happening[] = [];
  if (dice(seed, DRAW.push, 1) < BRAKING_CHANCE) events.push({ takenS: within(2), what: "braking" });
  const fastS = within(4);
  if (dice(seed, DRAW.push, 3) < OVERSPEED_CHANCE && truthAt(vehicle, fastS).speedKmh > SPEED_LIMIT_KMH) {
    events.push({ takenS: fastS, what: "overspeed" });
    events.push({ takenS: fastS + OVERSPEED_LASTS_S, what: "overspeed-end" });
  }
  if (camera && dice(seed, DRAW.push, 5) < DISTRACTION_CHANCE) {
    events.push({ takenS: within(6), what: "distraction" });
  }
  return events;
}
