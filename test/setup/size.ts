import { inject } from "vitest";

/** Whether this is `npm run drill`: the same scenarios at the size of a real day. */
export const drilling = inject("drill");

/** The size of a scenario in `npm test` and in the drill. */
export function size<Size>(small: Size, full: Size): Size {
  return drilling ? full : small;
}

/** Prints a figure of a drill. */
export function figure(name: string, value: string): void {
  if (drilling) console.log(`DRILL ${name}: ${value}`);
}
