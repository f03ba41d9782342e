import type { Reading } from "./agree.ts";
import { amountsOf, type Digest } from "./digests.ts";
import type { Double, Pair } from "./pair.ts";

/** What a comparison found more of than it shows. */
export interface Listing<Found> {
  total: number;
  shown: Found[];
}

/** Something about a vehicle. */
export type OfVehicle<Found> = Found & { imei: string };

/** What one database has of a kind. */
export interface Holding {
  rows: number;
  /** Amounts by column. */
  sums: Record<string, number>;
  /** Facts beyond the first of those that are equal. */
  doubles: Listing<OfVehicle<Double>>;
}

/** What came of comparing a kind. */
export interface Comparison {
  name: string;
  /** Days of vehicles. */
  days: { compared: number; equal: number; differing: number; onlyHere: number; onlyThere: number };
  here: Holding;
  there: Holding;
  differences: Listing<OfVehicle<Pair>>;
  /** Facts that have ended in one of the databases, and last in the other: no differences. */
  endedInOne: number;
}

/** A comparison of which nothing is known yet. */
export function noComparison(here: Reading, there: Reading): Comparison {
  return {
    name: here.table,
    days: { compared: 0, equal: 0, differing: 0, onlyHere: 0, onlyThere: 0 },
    ...{ here: noHolding(here), there: noHolding(there) },
    differences: { total: 0, shown: [] },
    endedInOne: 0,
  };
}

function noHolding(reading: Reading): Holding {
  const sums = Object.fromEntries(amountsOf(reading).map(({ name }) => [name, 0]));
  return { rows: 0, sums, doubles: { total: 0, shown: [] } };
}

/** Adds what a digest says of a day. */
export function add(holding: Holding, digest: Digest): void {
  holding.rows += digest.rows;
  holding.doubles.total += digest.rows - digest.distinct;
  Object.keys(holding.sums).forEach((name, at) => {
    holding.sums[name] = (holding.sums[name] ?? 0) + (digest.sums[at] ?? 0);
  });
}
