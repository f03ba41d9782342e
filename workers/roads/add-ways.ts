import { type Grid, isInside, lay, ownerNear, walk } from "./grid.ts";
import type { Level } from "./levels.ts";
import type { Road } from "./packed.ts";
import { simplify } from "./simplify.ts";

/** Steps into a road that is known, so that a new one begins and ends on it. */
const INTO_STEPS = 6;

/** Steps along a known road that belong to the new one: what is crossed is not left out. */
const CROSSED_STEPS = 16;

/** Where a new road was so many steps before, it comes back to itself. */
const BEHIND_STEPS = 12;

/** A road is known again when as much of it is driven as a new one has; what is crossed is less. */
const DRIVEN_STEPS = 8;

/** The last day of a road is renewed once a week: whether it is a day more or less shows nowhere, and each day writes the tile anew. */
const RENEWED_AFTER_DAYS = 7;

/**
 * Adds to the roads of a tile the parts of ways that none of them covers, and renews the last day of those that were driven.
 * Whatever the order of ways, each cell that was driven is covered in the end; what was added once adds nothing again.
 * @param ways Each x and y in turn, in units of the tile; parts of it may lie outside.
 * @param day Of the ways, days since 1970.
 * @returns Whether anything changed.
 */
export function addWays(
  grid: Grid,
  level: Level,
  roads: Road[],
  ways: readonly number[][],
  day: number,
): boolean {
  grid.owners.fill(0);
  for (const [n, { places }] of roads.entries()) layLine(grid, level, places, n + 1);
  const before = roads.length;
  let step = 0;
  let isRenewed = false;
  for (const way of ways) {
    const driven = new Map<number, number>();
    let known: number[] = [];
    let road: NewRoad | null = null;
    /** Only roads that are done cover anything: they do the same whoever comes next. */
    const coverOf = (x: number, y: number) => ownerNear(grid, level, x, y, step, roads.length + 1);
    const end = () => {
      if (road !== null) keep(road, grid, level, roads, day);
      known = road?.places.slice(-2 * INTO_STEPS) ?? [];
      road = null;
    };
    walk(way, level, (x, y) => {
      step += 1;
      if (!isInside(x, y)) {
        road?.places.push(x, y);
        end();
        known = [x, y];
        return;
      }
      let owner = coverOf(x, y);
      if (owner === 0 && road !== null && isLong(road, level) && isBack(grid, level, x, y, step)) {
        end();
        owner = coverOf(x, y);
      }
      if (owner === 0) {
        road ??= { places: [...known], west: x, east: x, north: y, south: y, known: 0, laid: [] };
        road.places.push(x, y);
        road.known = 0;
        [road.west, road.east] = [Math.min(road.west, x), Math.max(road.east, x)];
        [road.north, road.south] = [Math.min(road.north, y), Math.max(road.south, y)];
        const cell = lay(grid, level, x, y, roads.length + 1, step);
        if (cell !== null) road.laid.push(cell);
        return;
      }
      driven.set(owner, (driven.get(owner) ?? 0) + 1);
      if (road === null) {
        known.push(x, y);
        if (known.length > 2 * INTO_STEPS) known.splice(0, 2);
        return;
      }
      road.places.push(x, y);
      road.known += 1;
      if (road.known > CROSSED_STEPS) end();
    });
    end();
    for (const [owner, steps] of driven) isRenewed = renew(roads[owner - 1], steps, day) || isRenewed;
  }
  return isRenewed || roads.length > before;
}

function layLine(grid: Grid, level: Level, places: readonly number[], owner: number): void {
  walk(places, level, (x, y) => void lay(grid, level, x, y, owner, 0));
}

/** Whether a new road comes back to where it went before. */
const isBack = (grid: Grid, level: Level, x: number, y: number, step: number) =>
  ownerNear(grid, level, x, y, step - BEHIND_STEPS, 0) !== 0;

/** A road that is being found. */
interface NewRoad {
  places: number[];
  /** Where it goes over cells that no other road covers. */
  west: number;
  east: number;
  north: number;
  south: number;
  /** How many places at its end others cover. */
  known: number;
  /** Its cells. */
  laid: number[];
}

const isLong = ({ west, east, north, south }: NewRoad, { leastUnits }: Level) =>
  Math.max(east - west, south - north) >= leastUnits;

/** Makes a new road one of the tile; where it is too short, it is as if it had not been. */
function keep(road: NewRoad, grid: Grid, level: Level, roads: Road[], day: number): void {
  for (const cell of road.laid) grid.owners[cell] = 0;
  if (!isLong(road, level)) return;
  const beyond = Math.max(0, road.known - INTO_STEPS);
  const line = simplify(road.places.slice(0, road.places.length - 2 * beyond), level.toleranceUnits);
  const places = withoutRepeats(line.map(Math.round));
  roads.push({ lastDay: day, places });
  layLine(grid, level, places, roads.length);
}

/** Without places that rounding made those before them. */
function withoutRepeats(line: readonly number[]): number[] {
  const kept = line.slice(0, 2);
  for (let n = 2; n < line.length; n += 2) {
    const [x = 0, y = 0] = [line[n], line[n + 1]];
    if (x !== kept.at(-2) || y !== kept.at(-1)) kept.push(x, y);
  }
  return kept;
}

function renew(road: Road | undefined, steps: number, day: number): boolean {
  if (road === undefined || steps < DRIVEN_STEPS || day - road.lastDay < RENEWED_AFTER_DAYS) return false;
  road.lastDay = day;
  return true;
}
