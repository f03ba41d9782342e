import type { Comparison } from "./comparison.ts";
import type { Digest } from "./digests.ts";

/** Facts that a server sorts at once. */
const ROWS_A_STATEMENT = 50_000;

/** A day of a vehicle in both databases. */
export interface Met {
  here: Digest | undefined;
  there: Digest | undefined;
}

/** Puts digests side by side, day by day. */
export function meet(ours: Digest[], theirs: Digest[]): Met[] {
  const met = new Map<string, Met>();
  const keyOf = ({ day, imei }: Digest) => `${String(day).padStart(2)} ${imei}`;
  for (const digest of ours) met.set(keyOf(digest), { here: digest, there: undefined });
  for (const digest of theirs) met.set(keyOf(digest), { here: met.get(keyOf(digest))?.here, there: digest });
  return [...met].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, one]) => one);
}

export const isEqual = ({ here, there }: Met) =>
  here?.hash === there?.hash && here?.distinct === there?.distinct;
export const isOnBoth = ({ here, there }: Met) => here !== undefined && there !== undefined;

/** Picks the days whose facts have to be looked at: to judge them, or while there is room to show them. */
export function wanted({ differences, here: ours, there: theirs }: Comparison, most: number) {
  let room = most - differences.shown.length;
  const roomOf = {
    here: most - ours.doubles.shown.length,
    there: most - theirs.doubles.shown.length,
  };
  return (met: Met): boolean => {
    const { here, there } = met;
    if (isOnBoth(met) && !isEqual(met)) return true;
    const shows = !isOnBoth(met) && room > 0;
    if (shows) room -= (here ?? there)?.distinct ?? 0;
    const doubles = (["here", "there"] as const).filter((where) => {
      const digest = met[where];
      const found = digest !== undefined && digest.rows > digest.distinct && roomOf[where] > 0;
      if (found) roomOf[where]--;
      return found;
    });
    return shows || doubles.length > 0;
  };
}

/** Cuts days into lots of so many facts, or of one day that has more. */
export function* batches(met: Met[]): Generator<Met[]> {
  let batch: Met[] = [];
  let rows = 0;
  for (const one of met) {
    const more = Math.max(one.here?.rows ?? 0, one.there?.rows ?? 0);
    if (batch.length > 0 && rows + more > ROWS_A_STATEMENT) {
      yield batch;
      [batch, rows] = [[], 0];
    }
    batch.push(one);
    rows += more;
  }
  if (batch.length > 0) yield batch;
}
