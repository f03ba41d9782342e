import type { Network } from "../roads/network.ts";
import { headingDeg, type Leg, lineOf } from "./leg.ts";
import { DRAW, dice, hash32, randoms } from "./random.ts";
import { dayStartS, odometerAtDayStartM, shiftStartS, worksOn } from "./routine.ts";
import { tourOf } from "./tour.ts";
import type { Place, Vehicle } from "./vehicle.ts";

/** A vehicle that idles longer than this switches its engine off. */
const LONGEST_IDLE_S = 15 * 60;
const SHORTEST_STOP_S = 90;
const SHORTEST_DRIVE_S = 10;
/** Share of a shift that may be spent driving. */
const MOST_DRIVING = 0.92;
/** Short drives crawl through town, long ones use highways. */
const SLOWEST_MEAN_KMH = 16;
const FASTEST_MEAN_KMH = 44;

interface Part {
  /** Unix seconds, whole: what the vendor's texts can carry. */
  startS: number;
  endS: number;
  /** Odometer at `startS`. */
  odometerM: number;
}

export interface Drive extends Part {
  kind: "driving";
  leg: Leg;
  /** For the dice of this drive's speed. */
  seed: number;
}

export interface Stop extends Part {
  kind: "idling" | "parked";
  x: number;
  y: number;
  /** As it arrived. */
  headingDeg: number;
  /** The vehicle stood here already when its day began. */
  sinceYesterday: boolean;
}

export type Segment = Drive | Stop;

/** The beginning of a vehicle's day: parked at home until its shift, or all day when it has none. */
export function morningOf({ routine, home, network }: Vehicle, day: number): Stop {
  return {
    kind: "parked",
    startS: dayStartS(routine, day),
    endS: worksOn(routine, day) ? shiftStartS(routine, day) : dayStartS(routine, day + 1),
    odometerM: odometerAtDayStartM(routine, day),
    ...standingAt(network, home),
    sinceYesterday: true,
  };
}

/** What a vehicle does on one of its days: segments without a gap between them, parked at home at both ends. */
export function planOf(vehicle: Vehicle, day: number): Segment[] {
  const { routine } = vehicle;
  const morning = morningOf(vehicle, day);
  if (!worksOn(routine, day)) return [morning];

  const seed = hash32(vehicle.seed, DRAW.plan, day);
  const random = randoms(seed);
  const legs = tourOf(vehicle, odometerAtDayStartM(routine, day + 1) - morning.odometerM, random);
  const usualS = legs.map(({ lengthM }) => driveDurationS(lengthM, random));
  // On a small network all drives are short and slow; they must still fit into the shift.
  const hurry = Math.min(1, (MOST_DRIVING * routine.shiftLengthS) / sumOf(usualS));
  const durationsS = usualS.map((durationS) => Math.max(SHORTEST_DRIVE_S, Math.round(durationS * hurry)));
  const drivingS = sumOf(durationsS);
  const stopsS = stopDurationsS(legs.length - 1, routine.shiftLengthS - drivingS, random);

  const plan: Segment[] = [morning];
  let atS = morning.endS;
  let atM = morning.odometerM;
  legs.forEach((driven, i) => {
    const arrivalS = atS + (durationsS[i] ?? 0);
    plan.push({
      kind: "driving",
      startS: atS,
      endS: arrivalS,
      odometerM: atM,
      leg: driven,
      seed: hash32(seed, i),
    });
    atM += driven.lengthM;
    const stopS = stopsS[i];
    const leaveS = stopS === undefined ? dayStartS(routine, day + 1) : arrivalS + stopS;
    const idles = stopS !== undefined && stopS < LONGEST_IDLE_S && dice(seed, DRAW.speed, i) < 0.55;
    plan.push({
      kind: idles ? "idling" : "parked",
      startS: arrivalS,
      endS: leaveS,
      odometerM: atM,
      ...arrivalOf(driven),
      sinceYesterday: false,
    });
    atS = leaveS;
  });
  return plan;
}

function driveDurationS(lengthM: number, random: () => number): number {
  const usualKmh = 16 + 1.2 * (lengthM / 1000);
  const meanKmh = Math.min(FASTEST_MEAN_KMH, Math.max(SLOWEST_MEAN_KMH, usualKmh * (0.9 + 0.2 * random())));
  return lengthM / (meanKmh / 3.6);
}

const sumOf = (numbers: number[]): number => numbers.reduce((sum, number) => sum + number, 0);

function stopDurationsS(count: number, totalS: number, random: () => number): number[] {
  const weights = Array.from({ length: count }, () => 0.15 + random() ** 2);
  const sum = sumOf(weights);
  return weights.map((weight) => Math.max(SHORTEST_STOP_S, Math.round((totalS * weight) / sum)));
}

type Standing = Pick<Stop, "x" | "y" | "headingDeg">;

/** How a vehicle stands at a place it came to from the road. */
function standingAt(network: Network, { node, x, y }: Place): Standing {
  return { x, y, headingDeg: headingDeg(x - (network.x[node] ?? 0), y - (network.y[node] ?? 0)) };
}

/** Where a drive ends and how the vehicle stands there. */
function arrivalOf(driven: Leg): Standing {
  if (driven.reversed) return standingAt(driven.network, driven.from);
  if (driven.cutM === Infinity) return standingAt(driven.network, driven.to);
  const line = lineOf(driven);
  const last = line.x.length - 1;
  const x = line.x[last] ?? 0;
  const y = line.y[last] ?? 0;
  return { x, y, headingDeg: headingDeg(x - (line.x[last - 1] ?? x), y - (line.y[last - 1] ?? y)) };
}
