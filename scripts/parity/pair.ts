import type { Reading } from "./agree.ts";
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
  /** Facts that have ended in one of the databases, and last in the other. */
  endedInOne: number;
}

/** How exactly facts are compared. */
export interface Exactness {
  /** Columns that are compared. */
  names: string[];
  /** By how much numbers may differ, by column. */
  tolerances: Record<string, number>;
  /** The column that is null while a fact lasts. */
  end: string | undefined;
}

/** What numbers lose where they become binary. */
const ROUNDING_KM = 1e-9;

/** What a real of up to 180° loses, and five decimals. */
const REAL_DEGREES = 0.000015;

/** What differs by no more is equal, though not written alike. */
export function exactnessOf(here: Reading, there: Reading, toleranceKm: number): Exactness {
  const tolerances = here.compared.flatMap(({ name, form, type }, at): [string, number][] => {
    if (form === "km") return [[name, toleranceKm + ROUNDING_KM]];
    const isReal = type === "real" || there.compared[at]?.type === "real";
    return form === "degrees" && isReal ? [[name, REAL_DEGREES]] : [];
  });
  return {
    names: here.compared.map(({ name }) => name),
    tolerances: Object.fromEntries(tolerances),
    end: here.end?.name,
  };
}

/** Takes out what both have; the rest is put side by side. Facts that are there twice count once. */
export function compareMeeting(meeting: Meeting, exactness: Exactness): Findings {
  const [ours, theirs] = [countByKey(meeting.here), countByKey(meeting.there)];
  const onlyHere = [...ours.values()].filter(({ row }) => !theirs.has(row.key)).map(({ row }) => row);
  const onlyThere = [...theirs.values()].filter(({ row }) => !ours.has(row.key)).map(({ row }) => row);
  const left: Row[] = [];
  let endedInOne = 0;
  for (const row of onlyHere) {
    const match = onlyThere.findIndex((other) => isSame(row, other, exactness));
    const [other] = match === -1 ? [] : onlyThere.splice(match, 1);
    if (!other) left.push(row);
    else if (lasts(row, exactness) || lasts(other, exactness)) endedInOne++;
  }
  const pairs = Array.from({ length: Math.max(left.length, onlyThere.length) }, (_, at) => ({
    here: left[at] ?? null,
    there: onlyThere[at] ?? null,
  }));
  return { pairs, doubles: { here: doublesOf(ours), there: doublesOf(theirs) }, endedInOne };
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

/** Whether rows of different keys have numbers within their tolerance and all else alike, or one of them lasts. */
function isSame(a: Row, b: Row, exactness: Exactness): boolean {
  if (lasts(a, exactness) || lasts(b, exactness)) return true;
  return exactness.names.every((name) => {
    const [one, other] = [a.values[name] ?? null, b.values[name] ?? null];
    if (one === other) return true;
    const tolerance = exactness.tolerances[name];
    if (tolerance === undefined || one === null || other === null) return false;
    return Math.abs(Number(one) - Number(other)) <= tolerance;
  });
}

/** Whether the system that wrote a fact had not heard of its end. */
const lasts = ({ values }: Row, { end }: Exactness) => end !== undefined && values[end] === null;
