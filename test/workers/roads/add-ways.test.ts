import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { addWays } from "../../../workers/roads/add-ways.ts";
import { newGrid, walk } from "../../../workers/roads/grid.ts";
import { LEVELS, type Level, onLevel, TILE_UNITS } from "../../../workers/roads/levels.ts";
import { pack, type Road, unpack } from "../../../workers/roads/packed.ts";
import { tilesOf } from "../../../workers/roads/tiles-of.ts";
import { awayFrom, lengthOf, linesOf } from "./drawn.ts";

const grid = newGrid();
const [streets, country] = LEVELS as [Level, Level, ...Level[]];

/** A way that turns at random, in units of a tile, now and then off it. */
const way = fc
  .record({
    x: fc.integer({ min: -500, max: TILE_UNITS + 500 }),
    y: fc.integer({ min: -500, max: TILE_UNITS + 500 }),
    turns: fc.array(
      fc.record({ by: fc.integer({ min: -180, max: 180 }), length: fc.integer({ min: 8, max: 900 }) }),
      {
        minLength: 1,
        maxLength: 25,
      },
    ),
  })
  .map(({ x, y, turns }) => {
    const places = [x, y];
    let [degrees, atX, atY] = [0, x, y];
    for (const { by, length } of turns) {
      degrees += by;
      atX += length * Math.cos((degrees * Math.PI) / 180);
      atY += length * Math.sin((degrees * Math.PI) / 180);
      places.push(atX, atY);
    }
    return places;
  });

/** How far the longest part of ways on the tile goes, to one side, that is further than that from all lines. */
function longestFar(ways: number[][], lines: number[][], level: Level, awayUnits: number): number {
  let longest = 0;
  for (const places of ways) {
    let far: [number[], number[]] = [[], []];
    walk(places, level, (x, y) => {
      const isOn = x >= 0 && y >= 0 && x < TILE_UNITS && y < TILE_UNITS;
      if (isOn && awayFrom(lines, x, y) > awayUnits) {
        far[0].push(x);
        far[1].push(y);
      } else far = [[], []];
      for (const side of far) longest = Math.max(longest, Math.max(...side) - Math.min(...side));
    });
  }
  return longest;
}

describe.each([streets, country])("roads of level $zoom", (level) => {
  it("cover whatever was driven, and what was added once adds nothing in any order", () => {
    fc.assert(
      fc.property(fc.array(way, { minLength: 1, maxLength: 5 }), (ways) => {
        const roads: Road[] = [];
        addWays(grid, level, roads, ways, 20_000);
        // A cell beside its own: two diagonals and what a line may be off.
        const awayUnits = 2 * Math.SQRT2 * level.cellUnits + level.toleranceUnits;
        expect(longestFar(ways, linesOf(roads), level, awayUnits)).toBeLessThan(level.leastUnits);
        const before = JSON.stringify(roads);
        expect(addWays(grid, level, roads, [...ways].reverse(), 20_000)).toBe(false);
        expect(JSON.stringify(roads)).toBe(before);
      }),
      { seed: 20260115, numRuns: 60 },
    );
  });

  it("are each there once, however often they are driven", () => {
    const { cellUnits } = level;
    const wander = (n: number) => (((n * 7_919) % 100) / 100 - 0.5) * 0.8 * cellUnits;
    const drive = (seed: number) =>
      Array.from({ length: 200 }, (_, n) => [500 + n * 60, 5_000 + wander(seed * 200 + n)]).flat();
    const roads: Road[] = [];
    for (let seed = 0; seed < 20; seed += 1) addWays(grid, level, roads, [drive(seed)], 20_000 + seed);
    expect(lengthOf(linesOf(roads))).toBeLessThan(1.3 * 199 * 60);
    expect(lengthOf(linesOf(roads))).toBeGreaterThan(199 * 60);
  });
});

describe("a road", () => {
  const straight = (fromX: number, fromY: number, toX: number, toY: number) => [fromX, fromY, toX, toY];
  const add = (roads: Road[], day: number, ...ways: number[][]) => addWays(grid, streets, roads, ways, day);

  it("that crosses one that is known has no hole there", () => {
    const roads: Road[] = [];
    add(roads, 20_000, straight(1_000, 5_000, 9_000, 5_000));
    add(roads, 20_000, straight(5_000, 1_000, 5_000, 9_000));
    expect(linesOf(roads)).toEqual([
      straight(1_000, 5_000, 9_000, 5_000),
      straight(5_000, 1_000, 5_000, 9_000),
    ]);
  });

  it("that branches off one that is known begins on it", () => {
    const roads: Road[] = [];
    add(roads, 20_000, straight(1_000, 5_000, 9_000, 5_000));
    add(roads, 20_000, [1_000, 5_000, 5_000, 5_000, 5_000, 9_000]);
    expect(roads).toHaveLength(2);
    const [x = 0, y = 0] = roads[1]?.places ?? [];
    expect(awayFrom([straight(1_000, 5_000, 9_000, 5_000)], x, y)).toBeLessThan(streets.cellUnits);
  });

  it("that is driven there and back is one", () => {
    const roads: Road[] = [];
    add(roads, 20_000, [1_000, 5_000, 9_000, 5_000, 1_000, 5_000]);
    expect(lengthOf(linesOf(roads))).toBeLessThan(8_000 + 10 * streets.cellUnits);
  });

  it("is no road where a parked device wanders", () => {
    const roads: Road[] = [];
    const wandering = Array.from({ length: 400 }, (_, n) => 8_000 + ((n * 7_919) % 41) - 20);
    expect(add(roads, 20_000, wandering)).toBe(false);
  });

  it("is renewed once a week by who drives it, not by who crosses it, and never made older", () => {
    const roads: Road[] = [];
    const main = straight(1_000, 5_000, 9_000, 5_000);
    add(roads, 20_000, main, straight(5_000, 1_000, 5_000, 9_000));
    expect(add(roads, 20_006, main)).toBe(false);
    expect(add(roads, 20_007, main)).toBe(true);
    expect(add(roads, 19_000, main)).toBe(false);
    expect(roads.map(({ lastDay }) => lastDay)).toEqual([20_007, 20_000]);
  });

  it("goes on over the borders of tiles", () => {
    // Over the border of two tiles of level 12, near Nairobi, south-west to north-east.
    const lngLats = Array.from({ length: 60 }, (_, n) => [
      36_700_000 + n * 2_000,
      -1_300_000 + n * 1_500,
    ]).flat();
    const tiles = tilesOf([onLevel(lngLats, streets)], streets);
    expect(tiles.length).toBeGreaterThan(1);
    const lines = tiles.flatMap(({ x, y, ways }) => {
      const roads: Road[] = [];
      addWays(grid, streets, roads, ways, 20_000);
      return linesOf(roads).map((line) => line.map((at, n) => at + (n % 2 === 0 ? x : y) * TILE_UNITS));
    });
    const driven = onLevel(lngLats, streets);
    for (let n = 0; n + 3 < driven.length; n += 2) {
      const [x = 0, y = 0, toX = 0, toY = 0] = driven.slice(n, n + 4);
      for (const share of [0, 0.25, 0.5, 0.75]) {
        expect(awayFrom(lines, x + share * (toX - x), y + share * (toY - y))).toBeLessThan(streets.cellUnits);
      }
    }
  });

  it("is read as it was stored", () => {
    const roads = fc.array(
      fc.record({
        lastDay: fc.nat(40_000),
        places: fc
          .array(fc.integer({ min: -2_000, max: 20_000 }), { minLength: 2, maxLength: 40 })
          .map((all) => all.slice(all.length % 2)),
      }),
    );
    fc.assert(
      fc.property(roads, (all) => {
        expect(unpack(pack(all))).toEqual(all);
      }),
      { seed: 20260115, numRuns: 50 },
    );
  });
});

it("no way is far from its tiles: the ends of the world, and what is beyond", () => {
  for (const level of LEVELS) {
    for (const lngLats of [
      [-180_000_000, 90_000_000, -179_990_000, 89_990_000],
      [180_000_000, -90_000_000, 179_990_000, -89_990_000],
    ]) {
      for (const { x, y } of tilesOf([onLevel(lngLats, level)], level)) {
        expect(Math.min(x, y)).toBeGreaterThanOrEqual(0);
        expect(Math.max(x, y)).toBeLessThan(2 ** level.zoom);
      }
    }
  }
});
