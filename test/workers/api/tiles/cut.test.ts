import { VectorTile } from "@mapbox/vector-tile";
import fc from "fast-check";
import { PbfReader } from "pbf";
import { expect, it } from "vitest";
import { cut, EXTENT, keptTile } from "../../../../workers/api/tiles/cut.ts";
import { vectorTile } from "../../../../workers/api/tiles/vector-tile.ts";
import { TILE_UNITS } from "../../../../workers/roads/levels.ts";
import { awayFrom } from "../../roads/drawn.ts";

const place = fc.integer({ min: -300, max: TILE_UNITS + 300 });
const roads = fc.array(
  fc.record({
    lastDay: fc.constantFrom(20_000, 20_001, 20_400),
    places: fc.array(fc.tuple(place, place), { minLength: 2, maxLength: 12 }).map((all) => all.flat()),
  }),
  { maxLength: 6 },
);
const tile = fc
  .record({ zooms: fc.integer({ min: 0, max: 2 }), column: fc.nat(3), row: fc.nat(3) })
  .map(({ zooms, column, row }) => {
    const parts = 2 ** zooms;
    return { z: 12 + zooms, x: 2_466 * parts + (column % parts), y: 2_062 * parts + (row % parts) };
  });

/** The lines of a tile as maps read them. */
function read(bytes: Uint8Array): number[][] {
  const layer = new VectorTile(new PbfReader(bytes)).layers.tracks;
  const features = Array.from(
    { length: layer?.length ?? 0 },
    (_, n) => layer?.feature(n).loadGeometry() ?? [],
  );
  return features.flat().map((line) => line.flatMap(({ x, y }) => [x, y]));
}

it("a tile has what roads have there, and nothing else", () => {
  fc.assert(
    fc.property(roads, tile, (all, name) => {
      expect(keptTile(name)).toEqual({ level: 12, x: 2_466, y: 2_062 });
      const lines = read(vectorTile(cut(all, name)));
      const parts = 2 ** (name.z - 12);
      const onTile = all.map(({ places }) =>
        places.map(
          (at, n) => (at * parts * EXTENT) / TILE_UNITS - ((n % 2 === 0 ? name.x : name.y) % parts) * EXTENT,
        ),
      );
      for (const line of lines) {
        expect(line.length).toBeGreaterThan(2);
        for (let n = 0; n < line.length; n += 2) {
          expect(awayFrom(onTile, line[n] ?? 0, line[n + 1] ?? 0)).toBeLessThan(1);
        }
      }
      for (const places of onTile) {
        for (let n = 0; n + 3 < places.length; n += 2) {
          const [fromX = 0, fromY = 0, toX = 0, toY = 0] = places.slice(n, n + 4);
          for (let share = 0; share <= 1; share += 0.05) {
            const [x, y] = [fromX + share * (toX - fromX), fromY + share * (toY - fromY)];
            const isOn = x >= 0 && y >= 0 && x <= EXTENT && y <= EXTENT;
            // A road shorter than a unit is no line.
            if (isOn && Math.hypot(toX - fromX, toY - fromY) > 4)
              expect(awayFrom(lines, x, y)).toBeLessThan(1.5);
          }
        }
      }
    }),
    { seed: 20260115, numRuns: 40 },
  );
});
