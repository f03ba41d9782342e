import { type Motion, momentAt, motionOf } from "./motion.ts";
import { type Drive, morningOf, planOf, type Segment } from "./plan.ts";
import { dayAt } from "./routine.ts";
import type { Vehicle } from "./vehicle.ts";

/** Today's plan, and those back to the last drive: a vehicle parked over its day off needs three. */
const PLANS_KEPT = 4;

interface Memory {
  plans: { day: number; segments: Segment[] }[];
  /** The segment last asked for: most questions about a vehicle go on where the one before was. */
  latest?: Segment;
  motion?: { of: Drive; motion: Motion };
}

/** Plans and motions can always be computed again from the seed; keeping the latest makes answers fast. */
const memories = new WeakMap<Vehicle, Memory>();

/** Where a vehicle really is, whether or not its tracker can say so. */
export interface Truth {
  state: Segment["kind"];
  lng: number;
  lat: number;
  speedKmh: number;
  headingDeg: number;
  ignition: boolean;
  odometerKm: number;
}

/** What the vehicle is doing at an instant (Unix seconds). */
export function segmentAt(vehicle: Vehicle, atS: number): Segment {
  const memory = memoryOf(vehicle);
  const { latest } = memory;
  if (latest !== undefined && atS >= latest.startS && atS < latest.endS) return latest;
  const found = findSegment(vehicle, atS);
  memory.latest = found;
  return found;
}

function findSegment(vehicle: Vehicle, atS: number): Segment {
  const day = dayAt(vehicle.routine, atS);
  // Until its shift a vehicle is at home, whatever the plan: half of all plans need not be made.
  const morning = morningOf(vehicle, day);
  if (atS < morning.endS) return morning;
  const segments = planFor(vehicle, day);
  let low = 0;
  let high = segments.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((segments[middle]?.startS ?? 0) <= atS) low = middle;
    else high = middle - 1;
  }
  return segments[low] as Segment; // a plan has at least one segment
}

/** What it does in [fromS, toS): whole segments, in order. */
export function segmentsBetween(vehicle: Vehicle, fromS: number, toS: number): Segment[] {
  const segments: Segment[] = [];
  for (let atS = fromS; atS < toS; ) {
    const segment = segmentAt(vehicle, atS);
    segments.push(segment);
    atS = segment.endS;
  }
  return segments;
}

/** Its true state at an instant (Unix seconds, fractions allowed). */
export function truthAt(vehicle: Vehicle, atS: number): Truth {
  const segment = segmentAt(vehicle, atS);
  if (segment.kind !== "driving") {
    const [lng, lat] = vehicle.network.toLngLat(segment.x, segment.y);
    return {
      state: segment.kind,
      lng,
      lat,
      speedKmh: 0,
      headingDeg: segment.headingDeg,
      ignition: segment.kind === "idling",
      odometerKm: segment.odometerM / 1000,
    };
  }
  const moment = momentAt(motionFor(vehicle, segment), atS - segment.startS);
  const [lng, lat] = vehicle.network.toLngLat(moment.x, moment.y);
  return {
    state: "driving",
    lng,
    lat,
    speedKmh: moment.speedKmh,
    headingDeg: moment.headingDeg,
    ignition: true,
    odometerKm: (segment.odometerM + moment.drivenM) / 1000,
  };
}

function memoryOf(vehicle: Vehicle): Memory {
  let memory = memories.get(vehicle);
  if (memory === undefined) {
    memory = { plans: [] };
    memories.set(vehicle, memory);
  }
  return memory;
}

function planFor(vehicle: Vehicle, day: number): Segment[] {
  const { plans } = memoryOf(vehicle);
  const known = plans.find((plan) => plan.day === day);
  if (known) return known.segments;
  const segments = planOf(vehicle, day);
  plans.unshift({ day, segments });
  plans.length = Math.min(plans.length, PLANS_KEPT);
  return segments;
}

function motionFor(vehicle: Vehicle, drive: Drive): Motion {
  const memory = memoryOf(vehicle);
  if (memory.motion?.of !== drive) memory.motion = { of: drive, motion: motionOf(drive) };
  return memory.motion.motion;
}
