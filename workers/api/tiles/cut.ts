import { levelOf, TILE_UNITS } from "../../roads/levels.ts";
import type { Road } from "../../roads/packed.ts";

/** Of a side of a vector tile, as nearly all have it. */
export const EXTENT = 4_096;

/** Lines go on beyond the tile by half a percent and more, so that none is seen to end there. */
const BUFFER = 64;

/** A tile of the usual scheme: x from the west, y from the north. */
export interface TileName {
  z: number;
  x: number;
  y: number;
}

/** The tile that roads are kept by, of which a tile is a part or the whole. */
export function keptTile({ z, x, y }: TileName): { level: number; x: number; y: number } {
  const level = levelOf(z);
  const parts = 2 ** (z - level);
  return { level, x: Math.floor(x / parts), y: Math.floor(y / parts) };
}

/** The lines of roads on a tile, in its units, by the last day they were driven on. */
export function cut(roads: readonly Road[], { z, x, y }: TileName): Map<number, number[][]> {
  const parts = 2 ** (z - levelOf(z));
  const scale = (EXTENT * parts) / TILE_UNITS;
  const [left, top] = [(x % parts) * EXTENT, (y % parts) * EXTENT];
  const byDay = new Map<number, number[][]>();
  for (const { lastDay, places } of roads) {
    const lines = byDay.get(lastDay) ?? [];
    addLine(lines, places, scale, left, top);
    if (lines.length > 0) byDay.set(lastDay, lines);
  }
  return byDay;
}

const isNear = (x: number, y: number) =>
  x >= -BUFFER && y >= -BUFFER && x <= EXTENT + BUFFER && y <= EXTENT + BUFFER;

/** Adds the parts of a line that are on the tile or its buffer, in whole units. */
function addLine(
  lines: number[][],
  places: readonly number[],
  scale: number,
  left: number,
  top: number,
): void {
  let line: number[] = [];
  const add = (x: number, y: number) => {
    const [toX, toY] = [Math.round(x), Math.round(y)];
    if (line.length === 0 || toX !== line.at(-2) || toY !== line.at(-1)) line.push(toX, toY);
  };
  const end = () => {
    if (line.length > 2) lines.push(line);
    line = [];
  };
  let x = (places[0] ?? 0) * scale - left;
  let y = (places[1] ?? 0) * scale - top;
  if (isNear(x, y)) add(x, y);
  for (let n = 2; n + 1 < places.length; n += 2) {
    const toX = (places[n] ?? 0) * scale - left;
    const toY = (places[n + 1] ?? 0) * scale - top;
    const ends = isNear(toX, toY);
    if (line.length > 0 && ends) add(toX, toY);
    else {
      // The line comes in, goes out, or both.
      const [first, last] = shareWithin(x, y, toX - x, toY - y);
      if (first <= last) {
        if (line.length === 0) add(x + first * (toX - x), y + first * (toY - y));
        add(x + last * (toX - x), y + last * (toY - y));
      }
      if (!ends) end();
    }
    [x, y] = [toX, toY];
  }
  end();
}

/** From which to which share of its length a straight line is on the tile (Liang, Barsky); first behind last where nowhere. */
function shareWithin(x: number, y: number, alongX: number, alongY: number): [first: number, last: number] {
  let [first, last] = [0, 1];
  for (const [along, room] of [
    [-alongX, x + BUFFER],
    [alongX, EXTENT + BUFFER - x],
    [-alongY, y + BUFFER],
    [alongY, EXTENT + BUFFER - y],
  ] as const) {
    if (along === 0 && room < 0) return [1, 0];
    if (along < 0) first = Math.max(first, room / along);
    if (along > 0) last = Math.min(last, room / along);
  }
  return [first, last];
}
