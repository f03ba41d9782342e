import type { Reading } from "./agree.ts";
import { add, type Comparison, noComparison, type OfVehicle } from "./comparison.ts";
import { type Digest, readDigests, readVehicles, type Scope } from "./digests.ts";
import { compareMeeting, exactnessOf } from "./pair.ts";
import { meetings, type VehicleDay } from "./rows.ts";
import type { Side, Where } from "./side.ts";
import type { Day } from "./span.ts";
import { batches, isEqual, isOnBoth, type Met, meet, wanted } from "./vehicle-days.ts";

/** How the comparison is done. */
export interface Settings extends Scope {
  days: Day[];
  /** Differences and doubles that are shown of a kind. */
  most: number;
}

type Readings = Record<Where, Reading>;
type Sides = [here: Side, there: Side];

/** Digests of so many days, of every vehicle, are in memory at once. */
const DAYS_A_STATEMENT = 7;

/** Compares a kind: digests of days of vehicles first, then the facts of those that differ. */
export async function compareKind(
  [here, there]: Sides,
  readings: Readings,
  settings: Settings,
): Promise<Comparison> {
  const comparison = noComparison(readings.here, readings.there);
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

function count({ days, here: ours, there: theirs, differences }: Comparison, { here, there }: Met): void {
  days.compared++;
  if (here) add(ours, here);
  if (there) add(theirs, there);
  if (!there) days.onlyHere++;
  else if (!here) days.onlyThere++;
  else if (isEqual({ here, there })) days.equal++;
  // What is on one side alone needs no second look to be counted.
  if (!here || !there) differences.total += (here ?? there)?.distinct ?? 0;
}

/** Puts the facts of some days of vehicles side by side. */
async function look(
  sides: Sides,
  readings: Readings,
  batch: Met[],
  settings: Settings,
  comparison: Comparison,
): Promise<void> {
  const { days, differences, here: ours, there: theirs } = comparison;
  const { most, toleranceKm } = settings;
  const exactness = exactnessOf(readings.here, readings.there, toleranceKm);
  const listed = batch.map(({ here, there }): VehicleDay => {
    const { imei, day } = (here ?? there) as Digest;
    return { imei, day: settings.days[day] as Day, here: here !== undefined, there: there !== undefined };
  });
  const differing = new Set<number>();
  for await (const meeting of meetings(sides, readings, listed, settings)) {
    const { pairs, doubles, endedInOne } = compareMeeting(meeting, exactness);
    comparison.endedInOne += endedInOne;
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
