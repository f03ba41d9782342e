import type { Field } from "./agree.ts";
import type { Meeting, Row } from "./rows.ts";

/** A fact that the two databases do not have alike. */
export interface Pair {
  here: Row | null;
  there: Row | null;
}

/** A fact that a database has more than once. */
export interface Double {
  row: Row;
  times: number;
}

/** What is odd about the facts of one vehicle and instant. */
export interface Findings {
  pairs: Pair[];
  doubles: { here: Double[]; there: Double[] };
}

/** What numbers lose where they become binary. */
const ROUNDING_KM = 1e-9;

/** Takes out what both have; the rest is put side by side. Facts that are there twice count once. */
export function compareMeeting(meeting: Meeting, compared: Field[], toleranceKm: number): Findings {
  const [ours, theirs] = [countByKey(meeting.here), countByKey(meeting.there)];
  const onlyHere = [...ours.values()].filter(({ row }) => !theirs.has(row.key)).map(({ row }) => row);
  const onlyThere = [...theirs.values()].filter(({ row }) => !ours.has(row.key)).map(({ row }) => row);
  const left: Row[] = [];
  for (const row of onlyHere) {
    const match = onlyThere.findIndex((other) => isSame(row, other, compared, toleranceKm));
    if (match === -1) left.push(row);
    else onlyThere.splice(match, 1);
  }
  const pairs = Array.from({ length: Math.max(left.length, onlyThere.length) }, (_, at) => ({
    here: left[at] ?? null,
    there: onlyThere[at] ?? null,
  }));
  return { pairs, doubles: { here: doublesOf(ours), there: doublesOf(theirs) } };
}

function countByKey(rows: Row[]): Map<string, Double> {
  const counted = new Map<string, Double>();
  for (const row of rows) {
    const known = counted.get(row.key);
    if (known) known.times++;
    else counted.set(row.key, { row, times: 1 });
  }
  return counted;
}

const doublesOf = (counted: Map<string, Double>) => [...counted.values()].filter(({ times }) => times > 1);

/** Whether rows of different keys differ in their kilometres alone, and by no more than the tolerance. */
function isSame(a: Row, b: Row, compared: Field[], toleranceKm: number): boolean {
  if (!compared.some(({ form }) => form === "km")) return false;
  return compared.every(({ name, form }) => {
    const [one, other] = [a.values[name] ?? null, b.values[name] ?? null];
    if (one === other) return true;
    if (form !== "km" || one === null || other === null) return false;
    return Math.abs(Number(one) - Number(other)) <= toleranceKm + ROUNDING_KM;
  });
}
