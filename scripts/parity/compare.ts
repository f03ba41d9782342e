import type postgres from "postgres";
import type { Progress } from "../progress.ts";
import { type Agreement, agree, problemsOf, zonelessOf } from "./agree.ts";
import { readCatalog } from "./catalog.ts";
import { compareKind } from "./compare-kind.ts";
import type { Comparison } from "./comparison.ts";
import { compareDevices, type Devices } from "./devices.ts";
import { countWithoutVehicle } from "./digests.ts";
import { identify } from "./identity.ts";
import { onSnapshot, problemOf, type Side } from "./side.ts";
import { type Borders, readSpan, type Span } from "./span.ts";

/** What is asked. */
export interface Question {
  borders: Borders;
  isLive: boolean;
  /** None is everybody. */
  imeis: string[];
  toleranceKm: number;
  /** Differences and doubles that are shown of a kind. */
  most: number;
}

/** What came of it. */
export interface Parity {
  span: Span;
  /** Names of the two databases. */
  here: string;
  there: string;
  /** What was not compared, or not as it stands there. */
  notes: string[];
  devices: Devices;
  comparisons: Comparison[];
}

/**
 * Compares the facts of two databases, each as it is at one moment.
 * @throws where they cannot be compared
 */
export async function compareDatabases(
  here: postgres.Sql,
  there: postgres.Sql,
  question: Question,
  progress: Progress,
): Promise<Parity> {
  return onSnapshot("here", here, (ours) =>
    onSnapshot("there", there, (theirs) => compare([ours, theirs], question, progress)),
  );
}

async function compare(
  sides: [Side, Side],
  { borders, isLive, ...scope }: Question,
  progress: Progress,
): Promise<Parity> {
  const [here, there] = await Promise.all([identify(sides[0]), identify(sides[1])]);
  if (here.key === there.key)
    throw new Error(`DATABASE_URL and the other URL are of one database, ${here.name}.`);
  const [ours, theirs] = await Promise.all([readCatalog(sides[0]), readCatalog(sides[1])]);
  for (const [where, catalog] of Object.entries({ here: ours, there: theirs })) {
    const problems = problemsOf(catalog);
    if (problems.length > 0) throw problemOf(where as Side["where"], `${problems.join("; ")}.`);
  }
  const agreement = agree(ours, theirs);
  const span = await readSpan(sides[0], borders, isLive);
  const devices = await compareDevices(sides, scope);
  const comparisons: Comparison[] = [];
  const bar = progress("kinds of facts", agreement.kinds.length);
  try {
    for (const readings of agreement.kinds) {
      comparisons.push(await compareKind(sides, readings, { ...scope, days: span.days }));
      bar.add(1);
    }
  } finally {
    bar[Symbol.dispose]();
  }
  const zoneless = (["here", "there"] as const).flatMap((where) =>
    zonelessOf(agreement, where).map((column) => `${column} (${where})`),
  );
  const nobodys = scope.imeis.length > 0 ? [] : await factsOfNobody(sides, agreement, span);
  return {
    ...{ span, here: here.name, there: there.name, devices, comparisons },
    notes: [
      ...(agreement.omitted.length > 0 ? [`Not compared: ${agreement.omitted.join(", ")}.`] : []),
      ...(zoneless.length > 0 ? [`Without a zone, taken for UTC: ${zoneless.join(", ")}.`] : []),
      ...(nobodys.length > 0 ? [`Without a vehicle, not compared: ${nobodys.join(", ")}.`] : []),
    ],
  };
}

async function factsOfNobody(sides: [Side, Side], { kinds }: Agreement, { days }: Span): Promise<string[]> {
  const found: string[] = [];
  for (const { kind, ...readings } of kinds) {
    for (const side of sides) {
      const count = await countWithoutVehicle(side, readings[side.where], days);
      if (count > 0) found.push(`${count} of ${kind.table} (${side.where})`);
    }
  }
  return found;
}
