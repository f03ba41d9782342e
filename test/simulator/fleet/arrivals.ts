import { outageAt, outagesBetween } from "./coverage.ts";
import { arrivalOf, type Report } from "./reports.ts";
import type { Vehicle } from "./vehicle.ts";

/** The longest loss of network, 3 h, is caught up on within 3 min of its end; a little more than that. */
const LONGEST_CATCH_UP_S = 200;

/** [fromS, toS) in whole Unix seconds. */
export interface Span {
  fromS: number;
  toS: number;
}

/** Something a device recorded, and when. */
export interface Taken {
  takenS: number;
}

/** Something a device recorded, and when and how it reached the platform. */
export type Arrived<T extends Taken> = T & Pick<Report, "arrivedS" | "stored">;

/**
 * What reaches the platform within a span, in the order it arrives in: what is taken now, and what was stored
 * while there was no network. What a device without power would have recorded does not exist.
 *
 * @param takenIn what the device records in a span of its own time
 */
export function arrivals<T extends Taken>(
  vehicle: Vehicle,
  span: Span,
  takenIn: (span: Span) => T[],
): Arrived<T>[] {
  return takenSpans(vehicle, span)
    .flatMap(takenIn)
    .filter(({ takenS }) => wasRecorded(vehicle, takenS))
    .map((taken) => ({ ...taken, ...arrivalOf(vehicle, taken.takenS) }))
    .filter(({ arrivedS }) => arrivedS >= span.fromS && arrivedS < span.toS)
    .sort((a, b) => a.arrivedS - b.arrivedS);
}

/**
 * What was recorded within a span of the device's own time and has reached the platform by an instant.
 *
 * @param takenIn what the device records in a span of its own time
 */
export function arrivedBy<T extends Taken>(
  vehicle: Vehicle,
  span: Span,
  nowS: number,
  takenIn: (span: Span) => T[],
): Arrived<T>[] {
  if (vehicle.condition === "unactivated") return [];
  return takenIn(span)
    .filter(({ takenS }) => wasRecorded(vehicle, takenS))
    .map((taken) => ({ ...taken, ...arrivalOf(vehicle, taken.takenS) }))
    .filter(({ arrivedS }) => arrivedS <= nowS);
}

/** Whether the device had the power to record what happened at an instant. */
export function wasRecorded(vehicle: Vehicle, atS: number): boolean {
  return outageAt(vehicle, atS)?.stored !== false;
}

/** Disjoint spans outside of which nothing was taken that can arrive within a span. */
function takenSpans(vehicle: Vehicle, { fromS, toS }: Span): Span[] {
  const { latencyS } = vehicle;
  const late = vehicle.holes
    .filter(({ kind }) => kind === "late")
    .map((hole) => ({
      fromS: Math.max(hole.fromS, fromS - latencyS - hole.lateS),
      toS: Math.min(hole.toS, toS - latencyS - hole.lateS),
    }))
    .filter((span) => span.fromS < span.toS);
  const spans = outagesBetween(vehicle, fromS - LONGEST_CATCH_UP_S, toS)
    .filter(({ endS }) => endS < toS)
    .map(({ startS, endS, stored }) => ({ fromS: startS - latencyS, toS: stored ? endS - latencyS : startS }))
    .concat(late, { fromS: fromS - latencyS, toS: toS - latencyS })
    .sort((a, b) => a.fromS - b.fromS);
  const disjoint: Span[] = [];
  for (const span of spans) {
    const last = disjoint.at(-1);
    if (last !== undefined && span.fromS <= last.toS) last.toS = Math.max(last.toS, span.toS);
    else disjoint.push({ ...span });
  }
  return disjoint;
}
