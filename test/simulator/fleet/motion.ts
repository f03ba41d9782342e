import { headingDeg, type Line, lengthM, lineOf } from "./leg.ts";
import type { Drive } from "./plan.ts";
import { dice } from "./random.ts";

/** Comfortable acceleration and braking; every drive begins and ends at standstill. */
const ACCELERATION_MPS2 = 0.9;
const CRUISE_MPS = 13;
const SLOWEST_MPS = 2.5;

/**
 * A drive in motion: between two vertices the vehicle accelerates evenly, so its place at any moment, its speed
 * and the distance driven follow from each other exactly.
 */
export interface Motion {
  line: Line;
  /** Metres driven, seconds passed and speed (m/s) at each vertex. */
  drivenM: Float64Array;
  passedS: Float64Array;
  speedMps: Float64Array;
}

export interface Moment {
  x: number;
  y: number;
  headingDeg: number;
  speedKmh: number;
  drivenM: number;
}

/** Lays speed over the line of a drive so that it lasts exactly as long as planned. */
export function motionOf(drive: Drive): Motion {
  const line = withInnerVertex(lineOf(drive.leg));
  const count = line.x.length;
  const drivenM = new Float64Array(count);
  for (let i = 1; i < count; i++) {
    drivenM[i] = (drivenM[i - 1] ?? 0) + stepM(line, i);
  }
  const totalM = drivenM[count - 1] ?? 0;
  const traffic = trafficOf(drive.seed);
  const speedMps = new Float64Array(count);
  const passedS = new Float64Array(count);
  for (let i = 0; i < count; i++) {
    const atM = drivenM[i] ?? 0;
    const fromEndM = Math.max(0, Math.min(atM, totalM - atM));
    speedMps[i] = Math.min(traffic(atM) * bendFactor(line, i), Math.sqrt(2 * ACCELERATION_MPS2 * fromEndM));
    if (i > 0) {
      passedS[i] =
        (passedS[i - 1] ?? 0) + (2 * stepM(line, i)) / ((speedMps[i - 1] ?? 0) + (speedMps[i] ?? 0));
    }
  }
  const stretch = (drive.endS - drive.startS) / (passedS[count - 1] ?? 1);
  for (let i = 0; i < count; i++) {
    passedS[i] = (passedS[i] ?? 0) * stretch;
    speedMps[i] = (speedMps[i] ?? 0) / stretch;
  }
  return { line, drivenM, passedS, speedMps };
}

/** Where the drive is so many seconds after it began. */
export function momentAt({ line, drivenM, passedS, speedMps }: Motion, afterS: number): Moment {
  let low = 0;
  let high = passedS.length - 1;
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if ((passedS[middle] ?? 0) <= afterS) low = middle;
    else high = middle;
  }
  const v0 = speedMps[low] ?? 0;
  const v1 = speedMps[high] ?? 0;
  const lastsS = (passedS[high] ?? 0) - (passedS[low] ?? 0);
  const intoS = Math.min(Math.max(0, afterS - (passedS[low] ?? 0)), lastsS);
  const acceleration = lastsS > 0 ? (v1 - v0) / lastsS : 0;
  const intoM = v0 * intoS + (acceleration * intoS ** 2) / 2;
  const share = intoM / Math.max(1e-9, stepM(line, high));
  const eastM = (line.x[high] ?? 0) - (line.x[low] ?? 0);
  const northM = (line.y[high] ?? 0) - (line.y[low] ?? 0);
  return {
    x: (line.x[low] ?? 0) + eastM * share,
    y: (line.y[low] ?? 0) + northM * share,
    headingDeg: headingDeg(eastM, northM),
    speedKmh: (v0 + acceleration * intoS) * 3.6,
    drivenM: (drivenM[low] ?? 0) + intoM,
  };
}

const stepM = (line: Line, i: number): number =>
  lengthM((line.x[i] ?? 0) - (line.x[i - 1] ?? 0), (line.y[i] ?? 0) - (line.y[i - 1] ?? 0));

/** A line of two points would be at standstill at both and never arrive. */
function withInnerVertex(line: Line): Line {
  const [x0 = 0, x1 = 0] = line.x;
  const [y0 = 0, y1 = 0] = line.y;
  if (line.x.length !== 2) return line;
  return { x: [x0, (x0 + x1) / 2, x1], y: [y0, (y0 + y1) / 2, y1] };
}

/** Speed wanted so many metres into a drive: waves of three lengths, and the odd stretch where everything crawls. */
function trafficOf(seed: number): (atM: number) => number {
  const [short, middle, long, jams] = [1, 2, 3, 4].map((wave) => dice(seed, wave) * 2 * Math.PI) as [
    number,
    number,
    number,
    number,
  ];
  return (atM) => {
    const waves =
      0.16 * Math.sin(atM / 260 + short) +
      0.14 * Math.sin(atM / 900 + middle) +
      0.1 * Math.sin(atM / 2300 + long);
    const jam = Math.sin(atM / 1400 + jams) > 0.94 ? 0.45 : 1;
    return Math.max(SLOWEST_MPS, CRUISE_MPS * (1 + waves) * jam);
  };
}

/** 1 on a straight road, less the sharper the road turns at a vertex. */
function bendFactor(line: Line, i: number): number {
  if (i === 0 || i === line.x.length - 1) return 1;
  const inX = (line.x[i] ?? 0) - (line.x[i - 1] ?? 0);
  const inY = (line.y[i] ?? 0) - (line.y[i - 1] ?? 0);
  const outX = (line.x[i + 1] ?? 0) - (line.x[i] ?? 0);
  const outY = (line.y[i + 1] ?? 0) - (line.y[i] ?? 0);
  const turn = Math.abs(Math.atan2(inX * outY - inY * outX, inX * outX + inY * outY));
  return Math.max(0.3, 1 - turn / 1.8);
}
