import type { Road } from "../../../workers/roads/packed.ts";

/** How far a place is from the nearest of some lines, by the plainest reckoning. */
export function awayFrom(lines: readonly (readonly number[])[], x: number, y: number): number {
  let least = Number.POSITIVE_INFINITY;
  for (const line of lines) {
    for (let n = 0; n + 3 < line.length; n += 2) {
      const [ax = 0, ay = 0, bx = 0, by = 0] = line.slice(n, n + 4);
      const length2 = (bx - ax) ** 2 + (by - ay) ** 2;
      const share = length2 === 0 ? 0 : ((x - ax) * (bx - ax) + (y - ay) * (by - ay)) / length2;
      const part = Math.min(1, Math.max(0, share));
      least = Math.min(least, Math.hypot(x - ax - part * (bx - ax), y - ay - part * (by - ay)));
    }
  }
  return least;
}

/** Of all lines together. */
export function lengthOf(lines: readonly (readonly number[])[]): number {
  let sum = 0;
  for (const line of lines) {
    for (let n = 2; n + 1 < line.length; n += 2) {
      sum += Math.hypot((line[n] ?? 0) - (line[n - 2] ?? 0), (line[n + 1] ?? 0) - (line[n - 1] ?? 0));
    }
  }
  return sum;
}

export const linesOf = (roads: readonly Road[]) => roads.map(({ places }) => places);
