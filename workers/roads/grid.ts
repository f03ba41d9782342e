import { type Level, TILE_UNITS } from "./levels.ts";

/** Cells of a side, where they are smallest. */
const MOST_CELLS = TILE_UNITS / 32;

/** Which cells of a tile roads go through: 2 MB, made once a run. */
export interface Grid {
  /** Number of the road that was there first; 0 is none. */
  owners: Int32Array;
  /** The step at which it was laid. */
  steps: Int32Array;
}

export const newGrid = (): Grid => ({
  owners: new Int32Array(MOST_CELLS ** 2),
  steps: new Int32Array(MOST_CELLS ** 2),
});

/** Whether a place is on the tile. */
export const isInside = (x: number, y: number): boolean =>
  x >= 0 && y >= 0 && x < TILE_UNITS && y < TILE_UNITS;

/** Lays a road through the cell of a place, unless one is there. @returns The cell, where nothing was there */
export function lay(
  grid: Grid,
  level: Level,
  x: number,
  y: number,
  owner: number,
  step: number,
): number | null {
  if (!isInside(x, y)) return null;
  const cell = cellOf(level, x, y);
  if (grid.owners[cell] !== 0) return null;
  grid.owners[cell] = owner;
  grid.steps[cell] = step;
  return cell;
}

/** The road, laid up to a step and not the excepted one, that goes through the cell of a place or one beside it; 0 is none. */
export function ownerNear(
  { owners, steps }: Grid,
  level: Level,
  x: number,
  y: number,
  upTo: number,
  except: number,
): number {
  const ownerOf = (cell: number) => {
    const owner = owners[cell] ?? 0;
    return owner === except || (steps[cell] ?? 0) > upTo ? 0 : owner;
  };
  const own = cellOf(level, x, y);
  if (ownerOf(own) !== 0) return ownerOf(own);
  const cells = TILE_UNITS / level.cellUnits;
  const [column, row] = [own % MOST_CELLS, Math.floor(own / MOST_CELLS)];
  for (let beside = Math.max(0, row - 1); beside <= Math.min(cells - 1, row + 1); beside += 1) {
    for (let at = Math.max(0, column - 1); at <= Math.min(cells - 1, column + 1); at += 1) {
      const owner = ownerOf(beside * MOST_CELLS + at);
      if (owner !== 0) return owner;
    }
  }
  return 0;
}

const cellOf = ({ cellUnits }: Level, x: number, y: number) =>
  Math.floor(y / cellUnits) * MOST_CELLS + Math.floor(x / cellUnits);

/** Goes along a line in steps of at most half a cell, and calls at each, both ends and all places included. */
export function walk(
  places: ArrayLike<number>,
  { cellUnits }: Level,
  call: (x: number, y: number) => void,
): void {
  const stepUnits = cellUnits / 2;
  let [fromX, fromY] = [places[0] ?? 0, places[1] ?? 0];
  if (places.length > 1) call(fromX, fromY);
  for (let n = 2; n + 1 < places.length; n += 2) {
    const [toX, toY] = [places[n] ?? 0, places[n + 1] ?? 0];
    const steps = Math.max(1, Math.ceil(Math.hypot(toX - fromX, toY - fromY) / stepUnits));
    for (let step = 1; step <= steps; step += 1) {
      const share = step / steps;
      call(fromX + share * (toX - fromX), fromY + share * (toY - fromY));
    }
    [fromX, fromY] = [toX, toY];
  }
}
