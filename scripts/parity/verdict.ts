import type { Parity } from "./compare.ts";

/** What a comparison comes to. */
export type Verdict = "equal" | "different" | "unproven";

/** Judges what came of a comparison. */
export function judge({ devices, comparisons }: Pick<Parity, "devices" | "comparisons">): Verdict {
  const differs = comparisons.some(({ differences }) => differences.total > 0);
  if (differs || devices.onlyHere.length > 0 || devices.onlyThere.length > 0) return "different";
  return comparisons.every(({ days }) => days.compared === 0) ? "unproven" : "equal";
}
