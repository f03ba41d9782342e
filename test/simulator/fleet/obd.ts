import { type Arrived, arrivals, type Span, type Taken } from "./arrivals.ts";
import { equipmentOf } from "./equipment.ts";
import { drivesEndedIn, turnsIn } from "./happenings.ts";
import { positionAt } from "./position.ts";
import { DRAW, dice } from "./random.ts";
import { segmentAt } from "./timeline.ts";
import type { Vehicle } from "./vehicle.ts";

const READING_EVERY_S = 60;
const FAULT_CHANCE = 0.1;

/** What the engine said of itself. */
export interface Reading extends Taken {
  rpm: number;
  speedKmh: number;
  coolantC: number;
  batteryV: number;
  fuelPercent: number;
  odometerKm: number;
}

/** The engine's trouble codes after a drive. */
export interface Faults extends Taken {
  codes: string[];
}

/** The readings that reach the platform within a span: every minute while the engine runs. */
export function readingsIn(vehicle: Vehicle, span: Span): Arrived<Reading>[] {
  if (!equipmentOf(vehicle).obd) return [];
  return arrivals(vehicle, span, (taken) =>
    turnsIn(vehicle, taken, READING_EVERY_S).filter(
      ({ takenS }) => segmentAt(vehicle, takenS).kind !== "parked",
    ),
  ).map((turn) => {
    const { speedKmh, odometerM } = positionAt(vehicle, turn.takenS);
    return {
      ...turn,
      rpm: 800 + 21 * speedKmh,
      speedKmh,
      coolantC: 74 + Math.floor(16 * dice(vehicle.seed, DRAW.push, turn.takenS)),
      batteryV: 13.8,
      fuelPercent: 95 - (Math.floor(odometerM / 5000) % 80),
      odometerKm: Math.floor(odometerM / 1000),
    };
  });
}

/** The trouble codes that reach the platform within a span: after some drives. */
export function faultsIn(vehicle: Vehicle, span: Span): Arrived<Faults>[] {
  if (!equipmentOf(vehicle).obd) return [];
  return arrivals(vehicle, span, (taken) =>
    drivesEndedIn(vehicle, taken)
      .filter(({ seed }) => dice(seed, DRAW.push, 7) < FAULT_CHANCE)
      .map(({ endS, seed }) => ({ takenS: endS, codes: seed % 2 === 0 ? ["P0301", "P0420"] : ["P0171"] })),
  );
}

/** The vehicle identification number the engine tells. */
export const vinOf = ({ seed, index }: Vehicle): string =>
  `SYMVN${seed.toString(36).toUpperCase().replace(/[IOQ]/g, "X").padStart(7, "0")}${String(index).padStart(5, "0")}`;
