import { type Level, TILE_UNITS } from "./levels.ts";

/** The parts of ways that touch a tile, in its units. */
export interface TouchedTile {
  x: number;
  y: number;
  ways: number[][];
}

/**
 * Hands out ways to the tiles that they touch. A part goes on with the place before and after, so that lines end beyond the tile.
 * @param ways Each x and y in turn, from the north-west of the world.
 */
export function tilesOf(ways: readonly number[][], level: Level): TouchedTile[] {
  const tiles = new Map<string, TouchedTile & { lastWay: number; lastPlace: number }>();
  const most = 2 ** level.zoom - 1;
  const tileAt = (place: number) => Math.min(most, Math.max(0, Math.floor(place / TILE_UNITS)));
  for (const [way, places] of ways.entries()) {
    for (let n = 0; n + 3 < places.length; n += 2) {
      const [fromX, fromY] = [places[n] ?? 0, places[n + 1] ?? 0];
      const [toX, toY] = [places[n + 2] ?? 0, places[n + 3] ?? 0];
      for (let x = tileAt(Math.min(fromX, toX)); x <= tileAt(Math.max(fromX, toX)); x += 1) {
        for (let y = tileAt(Math.min(fromY, toY)); y <= tileAt(Math.max(fromY, toY)); y += 1) {
          const name = `${x} ${y}`;
          const tile = tiles.get(name) ?? { x, y, ways: [], lastWay: -1, lastPlace: -1 };
          tiles.set(name, tile);
          const [left, top] = [x * TILE_UNITS, y * TILE_UNITS];
          const part = tile.lastWay === way && tile.lastPlace === n ? tile.ways.at(-1) : undefined;
          if (part) part.push(toX - left, toY - top);
          else tile.ways.push([fromX - left, fromY - top, toX - left, toY - top]);
          [tile.lastWay, tile.lastPlace] = [way, n + 2];
        }
      }
    }
  }
  return [...tiles.values()].map(({ x, y, ways }) => ({ x, y, ways }));
}
