import { holeAt } from "./holes.ts";
import { DRAW, dice } from "./random.ts";
import { dayAt, dayStartS } from "./routine.ts";
import type { Vehicle } from "./vehicle.ts";

const HOUR_S = 3600;
const DAY_S = 24 * HOUR_S;
/** Chance of an outage in each half of a vehicle's day. */
const OUTAGE_CHANCE = 0.2;
const LONG_OUTAGE_CHANCE = 0.03;

/** A time in which the platform hears nothing from a device. */
export interface Outage {
  startS: number;
  endS: number;
  /** No network: the device keeps its points and sends them afterwards. Otherwise it has no power and no points. */
  stored: boolean;
}

/** The outage an instant (Unix seconds) lies in, if any; a hole someone made is one too. */
export function outageAt(vehicle: Vehicle, atS: number): Outage | undefined {
  return silenceAt(vehicle, atS) ?? holeOutageAt(vehicle, atS) ?? networkLossAt(vehicle, atS);
}

/** The outage of the device's own that an instant lies in. */
export function ownOutageAt(vehicle: Vehicle, atS: number): Outage | undefined {
  return silenceAt(vehicle, atS) ?? networkLossAt(vehicle, atS);
}

function holeOutageAt(vehicle: Vehicle, atS: number): Outage | undefined {
  const hole = holeAt(vehicle, atS, "none") ?? holeAt(vehicle, atS, "late");
  return hole && { startS: hole.fromS, endS: hole.toS, stored: hole.kind === "late" };
}

/** When the device last got its power back before an instant; -Infinity for devices that never lose it. */
export function poweredSinceS(vehicle: Vehicle, atS: number): number {
  return vehicle.condition === "silent" ? silenceCycle(vehicle, atS).startS : -Infinity;
}

/** Silent devices wake for a day every 12 to 40 days; the rest of the time they are unplugged. */
function silenceCycle(vehicle: Vehicle, atS: number): { startS: number; endS: number } {
  const periodS = Math.round((12 + dice(vehicle.seed, DRAW.silence) * 28) * DAY_S);
  const phaseS = Math.round(dice(vehicle.seed, DRAW.silence, 1) * periodS);
  const startS = Math.floor((atS - phaseS) / periodS) * periodS + phaseS;
  return { startS, endS: startS + periodS };
}

function silenceAt(vehicle: Vehicle, atS: number): Outage | undefined {
  if (vehicle.condition !== "silent") return undefined;
  const { startS, endS } = silenceCycle(vehicle, atS);
  return atS < startS + DAY_S ? undefined : { startS: startS + DAY_S, endS, stored: false };
}

/**
 * Every outage that touches [fromS, toS). A loss of network may overlap a silence, in which it changes nothing.
 */
export function outagesBetween(vehicle: Vehicle, fromS: number, toS: number): Outage[] {
  const outages: (Outage | undefined)[] = [];
  for (let day = dayAt(vehicle.routine, fromS); dayStartS(vehicle.routine, day) < toS; day++) {
    outages.push(networkLossIn(vehicle, day, 0), networkLossIn(vehicle, day, 1));
  }
  for (let atS = fromS; vehicle.condition === "silent" && atS < toS; ) {
    const { startS, endS } = silenceCycle(vehicle, atS);
    outages.push({ startS: startS + DAY_S, endS, stored: false });
    atS = endS;
  }
  return outages.filter(
    (outage) => outage !== undefined && outage.startS < toS && outage.endS > fromS,
  ) as Outage[];
}

function networkLossAt(vehicle: Vehicle, atS: number): Outage | undefined {
  const day = dayAt(vehicle.routine, atS);
  const half = atS - dayStartS(vehicle.routine, day) < DAY_S / 2 ? 0 : 1;
  const loss = networkLossIn(vehicle, day, half);
  return loss !== undefined && atS >= loss.startS && atS < loss.endS ? loss : undefined;
}

/** At most one loss of network in each half of the vehicle's day: 4 to 25 minutes, rarely 1 to 3 hours. */
function networkLossIn(vehicle: Vehicle, day: number, half: 0 | 1): Outage | undefined {
  const roll = dice(vehicle.seed, DRAW.outage, day, half);
  if (roll >= OUTAGE_CHANCE) return undefined;
  const size = dice(vehicle.seed, DRAW.outage, day, half + 2);
  const lengthS = Math.round(roll < LONG_OUTAGE_CHANCE ? (1 + 2 * size) * HOUR_S : (4 + 21 * size) * 60);
  const spareS = DAY_S / 2 - lengthS;
  const startS =
    dayStartS(vehicle.routine, day) +
    (half * DAY_S) / 2 +
    Math.round(dice(vehicle.seed, DRAW.outage, day, half + 4) * spareS);
  return { startS, endS: startS + lengthS, stored: true };
}
