import type { Network } from "../roads/network.ts";
import { treeDistanceM, treePath } from "../roads/tree.ts";
import type { Place } from "./vehicle.ts";

/** One drive, from a place beside a road to another; small, because every vehicle's day holds a dozen. */
export interface Leg {
  network: Network;
  /** Depot whose tree of shortest ways the drive follows. */
  depot: number;
  from: Place;
  to: Place;
  /** The drive ends after this many metres of the way to `to`; Infinity when it goes all the way. */
  cutM: number;
  /** Driven backwards: from where it would end to where it would begin. */
  reversed: boolean;
  lengthM: number;
}

/** The line of a drive, in metres from the city's centre. */
export interface Line {
  x: number[];
  y: number[];
}

/** Metres from the road's node to where the vehicle stands. */
function asideM(network: Network, place: Place): number {
  return lengthM(place.x - (network.x[place.node] ?? 0), place.y - (network.y[place.node] ?? 0));
}

export function legLengthM(network: Network, depot: number, from: Place, to: Place): number {
  const alongM = treeDistanceM(network.treeOf(depot), from.node, to.node);
  return asideM(network, from) + alongM + asideM(network, to);
}

export function leg(network: Network, depot: number, from: Place, to: Place): Leg {
  const wholeM = legLengthM(network, depot, from, to);
  return { network, depot, from, to, cutM: Infinity, reversed: false, lengthM: wholeM };
}

/** The line of a drive; points that fall together are kept once. */
export function lineOf({ network, depot, from, to, cutM, reversed }: Leg): Line {
  const nodes = treePath(network.treeOf(depot), from.node, to.node);
  const line: Line = { x: [from.x], y: [from.y] };
  let lastX = from.x;
  let lastY = from.y;
  let leftM = cutM;
  for (let i = 0; i <= nodes.length && leftM > 1e-6; i++) {
    const node = nodes[i];
    const stepX = (node === undefined ? to.x : (network.x[node] ?? 0)) - lastX;
    const stepY = (node === undefined ? to.y : (network.y[node] ?? 0)) - lastY;
    const stepM = lengthM(stepX, stepY);
    if (stepM < 1e-6) continue;
    const share = Math.min(1, leftM / stepM);
    lastX += stepX * share;
    lastY += stepY * share;
    line.x.push(lastX);
    line.y.push(lastY);
    leftM -= stepM;
  }
  if (reversed) {
    line.x.reverse();
    line.y.reverse();
  }
  return line;
}

/** Length of a step; `Math.hypot` guards against overflow we never meet and costs ten times as much. */
export function lengthM(eastM: number, northM: number): number {
  return Math.sqrt(eastM * eastM + northM * northM);
}

/** Degrees clockwise from north, in [0, 360), of a step of so many metres east and north. */
export function headingDeg(eastM: number, northM: number): number {
  return ((Math.atan2(eastM, northM) * 180) / Math.PI + 360) % 360;
}
