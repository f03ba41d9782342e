/** The vendor refuses an end ahead of its clock. */
const BEHIND_NOW_MS = 10_000;

/** The latest end of a span that the vendor answers, to the second, as its times are. */
export function latestEnd(nowMs: number): number {
  return Math.floor((nowMs - BEHIND_NOW_MS) / 1_000) * 1_000;
}
