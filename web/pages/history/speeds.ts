// Speeds of a day on a grid that a chart can draw: the highest of each step of time, so that no short burst is lost.

import type { Way } from "./way.ts";

/** Of a day: a point for each pixel of a wide screen. */
const STEP_MS = 60_000;

/** The middle of each step. */
export function gridOf(fromMs: number, toMs: number): number[] {
  const steps = Math.ceil((toMs - fromMs) / STEP_MS);
  return Array.from({ length: steps }, (_, i) => fromMs + (i + 0.5) * STEP_MS);
}

/** The highest speed in each step; where it has no fix, what lies between those around it; null where nothing is known. */
export function speedsOn(way: Way, fromMs: number, grid: readonly number[]): (number | null)[] {
  const values: (number | null)[] = new Array(grid.length).fill(null);
  const { atMs, speedKmh, segment } = way;
  let [lastStep, lastSpeed, lastSegment] = [-1, Number.NaN, -1];
  for (let i = 0; i < atMs.length; i++) {
    const speed = speedKmh[i] ?? Number.NaN;
    if (Number.isNaN(speed)) continue;
    const step = Math.floor(((atMs[i] ?? 0) - fromMs) / STEP_MS);
    if (step < 0 || step >= values.length) continue;
    if (segment[i] === lastSegment) {
      for (let between = lastStep + 1; between < step; between++) {
        const share = (between - lastStep) / (step - lastStep);
        values[between] = lastSpeed + (speed - lastSpeed) * share;
      }
    }
    values[step] = Math.max(values[step] ?? 0, speed);
    [lastStep, lastSpeed, lastSegment] = [step, speed, segment[i] ?? -1];
  }
  return values;
}
