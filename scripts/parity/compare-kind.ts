import type { Reading } from "./agree.ts";
import { amountsOf, type Digest, readDigests, readVehicles, type Scope } from "./digests.ts";
import { compareMeeting, type Double, type Pair } from "./pair.ts";
import { meetings, type VehicleDay } from "./rows.ts";
import type { Side, Where } from "./side.ts";
import type { Day } from "./span.ts";

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
}

/** How the comparison is done. */
export interface Settings extends Scope {
  days: Day[];
  /** Differences and doubles that are shown of a kind. */
  most: number;
}

type Readings = Record<Where, Reading>;
type Sides = [here: Side, there: Side];

/** Digests of so many days are in memory at once, of every vehicle; and rows that are sorted by a server. */
const DAYS_A_STATEMENT = 7;
const ROWS_A_STATEMENT = 50_000;

/** Compares a kind: digests of days of vehicles first, then the facts of those that differ. */
export async function compareKind(
  [here, there]: Sides,
  readings: Readings,
  settings: Settings,
): Promise<Comparison> {
  const comparison: Comparison = {
    name: readings.here.table,
    days: { compared: 0, equal: 0, differing: 0, onlyHere: 0, onlyThere: 0 },
    ...{ here: noHolding(readings.here), there: noHolding(readings.there) },
    differences: { total: 0, shown: [] },
  };
  const vehicles = await Promise.all([
    readVehicles(here, readings.here, settings),
    readVehicles(there, readings.there, settings),
  ]);
  for (let at = 0; at < settings.days.length; at += DAYS_A_STATEMENT) {
    const days = settings.days.slice(at, at + DAYS_A_STATEMENT);
    const [ours, theirs] = await Promise.all([
      readDigests(here, readings.here, vehicles[0], days, settings),
      readDigests(there, readings.there, vehicles[1], days, settings),
    ]);
    const met = meet(ours, theirs);
    for (const one of met) count(comparison, one);
    for (const batch of batches(met.filter(wanted(comparison, settings.most)))) {
      await look([here, there], readings, batch, { ...settings, days }, comparison);
    }
  }
  return comparison;
}

/** A day of a vehicle in both databases. */
interface Met {
  here: Digest | undefined;
  there: Digest | undefined;
}

function meet(ours: Digest[], theirs: Digest[]): Met[] {
  const met = new Map<string, Met>();
  const keyOf = ({ day, imei }: Digest) => `${String(day).padStart(2)} ${imei}`;
  for (const digest of ours) met.set(keyOf(digest), { here: digest, there: undefined });
  for (const digest of theirs) met.set(keyOf(digest), { here: met.get(keyOf(digest))?.here, there: digest });
  return [...met].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, one]) => one);
}

function count({ days, here: ours, there: theirs, differences }: Comparison, { here, there }: Met): void {
  days.compared++;
  add(ours, here);
  add(theirs, there);
  if (!there) days.onlyHere++;
  else if (!here) days.onlyThere++;
  else if (isEqual({ here, there })) days.equal++;
  // What is on one side alone needs no second look to be counted.
  if (!here || !there) differences.total += (here ?? there)?.distinct ?? 0;
}

function add(holding: Holding, digest: Digest | undefined): void {
  if (!digest) return;
  holding.rows += digest.rows;
  holding.doubles.total += digest.rows - digest.distinct;
  Object.keys(holding.sums).forEach((name, at) => {
    holding.sums[name] = (holding.sums[name] ?? 0) + (digest.sums[at] ?? 0);
  });
}

const isEqual = ({ here, there }: Met) => here?.hash === there?.hash && here?.distinct === there?.distinct;
const isOnBoth = ({ here, there }: Met) => here !== undefined && there !== undefined;

/** Picks the days whose facts have to be looked at: to judge them, or while there is room to show them. */
function wanted({ differences, here: ours, there: theirs }: Comparison, most: number) {
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

function* batches(met: Met[]): Generator<Met[]> {
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

/** Puts the facts of some days of vehicles side by side. */
async function look(
  sides: Sides,
  readings: Readings,
  batch: Met[],
  settings: Settings,
  { days, differences, here: ours, there: theirs }: Comparison,
): Promise<void> {
  const { most, toleranceKm } = settings;
  const listed = batch.map(({ here, there }): VehicleDay => {
    const { imei, day } = (here ?? there) as Digest;
    return { imei, day: settings.days[day] as Day };
  });
  const differing = new Set<number>();
  for await (const meeting of meetings(sides, readings, listed, settings)) {
    const { pairs, doubles } = compareMeeting(meeting, readings.here, toleranceKm);
    const at = meeting.number - 1;
    const imei = listed[at]?.imei ?? "";
    show(differences.shown, pairs, imei, most);
    show(ours.doubles.shown, doubles.here, imei, most);
    show(theirs.doubles.shown, doubles.there, imei, most);
    if (!isOnBoth(batch[at] as Met)) continue;
    differences.total += pairs.length;
    if (pairs.length > 0) differing.add(at);
  }
  batch.forEach((met, at) => {
    if (!isOnBoth(met) || isEqual(met)) return;
    if (differing.has(at)) days.differing++;
    else days.equal++;
  });
}

function show<Found>(shown: OfVehicle<Found>[], found: Found[], imei: string, most: number): void {
  for (const one of found.slice(0, most - shown.length)) shown.push({ ...one, imei });
}

function noHolding(reading: Reading): Holding {
  const sums = Object.fromEntries(amountsOf(reading).map(({ name }) => [name, 0]));
  return { rows: 0, sums, doubles: { total: 0, shown: [] } };
}
