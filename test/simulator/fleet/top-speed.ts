import { positionAt } from "./position.ts";
import type { Vehicle } from "./vehicle.ts";

const SPEED_EVERY_S = 10;

/** The highest of the speeds that are taken every 10 s from the start of a drive. */
export function topSpeedKmh(vehicle: Vehicle, startS: number, endS: number): number {
  let topKmh = 0;
  for (let atS = startS; atS < endS; atS += SPEED_EVERY_S) {
    topKmh = Math.max(topKmh, positionAt(vehicle, atS).speedKmh);
  }
  return topKmh;
}
