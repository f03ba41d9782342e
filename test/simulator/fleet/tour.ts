import { type Leg, leg, legLengthM } from "./leg.ts";
import { choose } from "./random.ts";
import { besideRoad, type Place, type Vehicle } from "./vehicle.ts";

/** A tour leaves at least this much for its last loop, so that no drive is a few metres long. */
const SHORTEST_LOOP_M = 800;
const STOP_ASIDE_M = 60;
/** A tour gives up looking for one more stop after so many that lie too far. */
const TRIES = 4;
const LOOP_TRIES = 6;

/**
 * The drives of one day: from stop to stop and home again, exactly `targetM` metres in all. What the stops leave
 * over is driven as a loop: away from home for half of it, and the same way back.
 */
export function tourOf(vehicle: Vehicle, targetM: number, random: () => number): Leg[] {
  const { network, depot, home } = vehicle;
  const legs: Leg[] = [];
  let at = home;
  let leftM = targetM;
  for (let misses = 0; misses < TRIES; ) {
    const stop = randomPlace(vehicle, random);
    const drive = at === home ? leg(network, depot, home, stop) : shorterLeg(vehicle, at, stop, random);
    const homewardM = legLengthM(network, depot, stop, home);
    if (drive.lengthM < SHORTEST_LOOP_M || drive.lengthM + homewardM + SHORTEST_LOOP_M > leftM) {
      misses++;
      continue;
    }
    misses = 0;
    legs.push(drive);
    leftM -= drive.lengthM;
    at = stop;
  }
  if (at !== home) {
    const homeward = leg(network, depot, at, home);
    legs.push(homeward);
    leftM -= homeward.lengthM;
  }
  while (leftM > 1) {
    const out = loopOut(vehicle, leftM / 2, random);
    legs.push(out, { ...out, reversed: true });
    leftM -= 2 * out.lengthM;
  }
  return legs;
}

function randomPlace({ network }: Vehicle, random: () => number): Place {
  return besideRoad(network, choose(network.reachable, random()), STOP_ASIDE_M, random(), random());
}

/** The better of two ways: through the tree of the own depot, and of another. */
function shorterLeg({ network, depot }: Vehicle, from: Place, to: Place, random: () => number): Leg {
  const own = leg(network, depot, from, to);
  const other = leg(network, Math.floor(random() * network.depots.length), from, to);
  return other.lengthM < own.lengthM ? other : own;
}

function loopOut(vehicle: Vehicle, halfM: number, random: () => number): Leg {
  const { network, depot, home } = vehicle;
  let farthest = leg(network, depot, home, randomPlace(vehicle, random));
  for (let tried = 1; tried < LOOP_TRIES && farthest.lengthM < halfM; tried++) {
    const other = leg(network, depot, home, randomPlace(vehicle, random));
    if (other.lengthM > farthest.lengthM) farthest = other;
  }
  return halfM < farthest.lengthM ? { ...farthest, cutM: halfM, lengthM: halfM } : farthest;
}
