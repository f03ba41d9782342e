import type { Vehicle } from "./vehicle.ts";

/** What becomes of the fixes of a hole. */
export const HOLE_KINDS = ["platform", "late", "none"] as const;

/** A span in which not everything a device took gets to where it usually does. Instants are Unix seconds. */
export interface Hole {
  fromS: number;
  toS: number;
  /**
   * `platform`: tracks have the fixes, but no push and no latest position ever shows them; `late`: all that was
   * recorded arrives `lateS` later, as stored; `none`: nothing was recorded.
   */
  kind: (typeof HOLE_KINDS)[number];
  /** How much later than usual it arrives, for `late`. */
  lateS: number;
}

/** The hole of a kind that an instant lies in, if any. */
export function holeAt({ holes }: Vehicle, atS: number, kind: Hole["kind"]): Hole | undefined {
  return holes.find((hole) => hole.kind === kind && atS >= hole.fromS && atS < hole.toS);
}
