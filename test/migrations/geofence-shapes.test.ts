import fc from "fast-check";
import type postgres from "postgres";
import { afterAll, beforeAll, expect, it } from "vitest";
import { createDatabase, type OwnDatabase } from "../setup/database.ts";

type Ring = number[][];

let own: OwnDatabase;
let sql: postgres.Sql;
beforeAll(async () => {
  own = await createDatabase("migrated");
  sql = own.sql;
});
afterAll(() => own[Symbol.asyncDispose]());

const polygon = (...rings: unknown[]) => ({ type: "Polygon", coordinates: rings });
const box = (west: number, south: number, east: number, north: number): Ring => [
  [west, south],
  [east, south],
  [east, north],
  [west, north],
  [west, south],
];
const point = (lng: number, lat: number) => ({ type: "Point", coordinates: [lng, lat] });

async function add(geometry: unknown, radiusM: number | null = null): Promise<number> {
  const [row] = await sql<{ id: number }[]>`
    insert into tracksolid.geofences (name, kind, geometry, radius_m)
    values (${crypto.randomUUID()}, 'test', ${JSON.stringify(geometry)}::text::jsonb, ${radiusM}) returning geofence_id as id`;
  return row?.id ?? 0;
}

/** Whether places, longitude first, are in a geofence. */
async function holds(id: number, places: number[][]): Promise<boolean[]> {
  const rows = await sql<{ inside: boolean }[]>`
    select exists (
      select from tracksolid.geofence_parts p
      where p.geofence_id = ${id} and lat between p.min_lat and p.max_lat and lng between p.min_lng and p.max_lng
        and p.bounds @> point(lng, lat)
        and tracksolid.fn_geofence_holds(p.area, p.holes, p.centre_lat, p.centre_lng, p.radius_m, lat, lng)
    ) as inside
    from json_array_elements(${JSON.stringify(places)}::text::json) with ordinality as c (place, number),
      lateral (select (place ->> 1)::float8 as lat, (place ->> 0)::float8 as lng) at
    order by number`;
  return rows.map(({ inside }) => inside);
}

it.each<[string, unknown, number | null, RegExp]>([
  ["nothing", null, null, /there is no geometry/],
  ["a text", "Polygon", null, /there is no geometry/],
  ["a line", { type: "LineString", coordinates: [[36, -1]] }, null, /is a LineString/],
  ["no type", {}, null, /without a type/],
  ["no coordinates", { type: "Polygon" }, null, /no list|no rings|no coordinates/],
  ["no polygons", { type: "MultiPolygon", coordinates: [] }, null, /it has no coordinates/],
  ["no rings", polygon(), null, /polygon 1 has no rings/],
  ["a ring that is a number", polygon(7), null, /ring 1 of polygon 1 is no list/],
  ["an empty ring", polygon([]), null, /has 0 positions: a closed ring has at least 4/],
  [
    "three positions",
    polygon([
      [36, -1],
      [37, -1],
      [36, -1],
    ]),
    null,
    /has 3 positions/,
  ],
  ["a ring that is open", polygon(box(36, -2, 37, -1).slice(0, 4)), null, /is not closed/],
  [
    "a position without latitude",
    polygon([...box(36, -2, 37, -1), [36]]),
    null,
    /position 6 of .* no pair of numbers/,
  ],
  [
    "NaN as a text",
    polygon([["NaN", -2], ...box(36, -2, 37, -1)]),
    null,
    /position 1 of .* no pair of numbers/,
  ],
  ["null", polygon([[null, null], ...box(36, -2, 37, -1)]), null, /no pair of numbers/],
  ["a position that is none", polygon([7, ...box(36, -2, 37, -1)]), null, /position 1 of .* is no position/],
  ["latitude first", polygon(box(-2, 36, -1, 97)), null, /latitude 97: the longitude comes first/],
  ["a longitude of 181", polygon(box(179, 0, 181, 1)), null, /longitude 181/],
  [
    "a number beyond any",
    JSON.parse('{"type":"Polygon","coordinates":[[[1e999,0],[1,1],[2,2],[3,3]]]}', (_, value) =>
      value === Number.POSITIVE_INFINITY ? "1e999" : value,
    ),
    null,
    /no pair of numbers/,
  ],
  ["the antimeridian", polygon(box(-179, 0, 179, 1)), null, /crosses the antimeridian: cut it in two/],
  [
    "a bow tie",
    polygon([
      [36, 0],
      [37, 1],
      [37, 0],
      [36, 1],
      [36, 0],
    ]),
    null,
    /crosses itself: its edges 1 and 3/,
  ],
  [
    "a line and back",
    polygon([
      [36, 0],
      [37, 1],
      [38, 2],
      [36, 0],
    ]),
    null,
    /encloses nothing/,
  ],
  [
    "a place four times",
    polygon([
      [36, 0],
      [36, 0],
      [36, 0],
      [36, 0],
    ]),
    null,
    /encloses nothing/,
  ],
  [
    "a hole that is open",
    polygon(box(36, 0, 37, 1), box(36.2, 0.2, 36.4, 0.4).slice(0, 4)),
    null,
    /ring 2 .* not closed/,
  ],
  [
    "20,001 positions",
    polygon(Array.from({ length: 20_001 }, () => [36, 0])),
    null,
    /more than 20,000 positions/,
  ],
  ["a polygon with a radius", polygon(box(36, 0, 37, 1)), 5, /only a Point has a radius/],
  ["a circle without a radius", point(36, 0), null, /needs a radius/],
  ["a circle of 0 m", point(36, 0), 0, /radius is 0 m/],
  ["a circle of -1 m", point(36, 0), -1, /radius is -1 m/],
  ["a circle of NaN", point(36, 0), Number.NaN, /radius is NaN m/],
  ["a circle too large", point(36, 0), 100_001, /radius is 100001 m/],
  ["a circle nowhere", { type: "Point", coordinates: [] }, 5, /its place is no pair of numbers/],
  ["a circle at the pole", point(36, 89.5), 5, /reaches to a pole/],
  ["a circle over the antimeridian", point(179.99, 0), 5_000, /crosses the antimeridian/],
])("refuses %s", async (_, geometry, radiusM, words) => {
  await expect(add(geometry, radiusM)).rejects.toThrow(words);
});

it("refuses what is changed into something wrong, and anything it cannot name", async () => {
  const id = await add(polygon(box(36, 0, 37, 1)));
  await expect(
    sql`update tracksolid.geofences set geometry = '{}' where geofence_id = ${id}`,
  ).rejects.toThrow(/without a type/);
  await expect(sql`
    insert into tracksolid.geofences (name, kind, geometry) values (' ', 'x', ${JSON.stringify(polygon(box(0, 0, 1, 1)))}::text::jsonb)`).rejects.toThrow(
    /check constraint/,
  );
});

it.each<[string, unknown, number[][], number[][]]>([
  [
    "a box, its corners and its border",
    polygon(box(36, -2, 37, -1)),
    [
      [36.5, -1.5],
      [36, -2],
      [37, -1],
      [36, -1.5],
      [37, -1.3],
      [36.1, -1],
      [36.7, -2],
    ],
    [
      [35.999999, -1.5],
      [37.000001, -1.5],
      [36.5, -0.999999],
      [36.5, -2.000001],
    ],
  ],
  [
    "one that turns clockwise",
    polygon(box(36, -2, 37, -1).toReversed()),
    [
      [36.5, -1.5],
      [36, -2],
    ],
    [[38, -1.5]],
  ],
  [
    "a hole, whose border is outside",
    polygon(box(36, -2, 37, -1), box(36.4, -1.6, 36.6, -1.4)),
    [
      [36.2, -1.5],
      [36.399999, -1.5],
    ],
    [
      [36.5, -1.5],
      [36.4, -1.5],
      [36.6, -1.4],
    ],
  ],
  [
    "a hole that touches the border",
    polygon(box(36, -2, 37, -1), box(36, -1.6, 36.5, -1.4).toReversed()),
    [
      [36, -1.7],
      [36.7, -1.5],
    ],
    [
      [36, -1.5],
      [36.2, -1.5],
      [36, -1.4],
    ],
  ],
  [
    "a ring that touches itself",
    polygon([
      [36, 0],
      [37, 0],
      [36.5, 0.5],
      [37, 1],
      [36, 1],
      [36.5, 0.5],
      [36, 0],
    ]),
    [
      [36.5, 0.2],
      [36.5, 0.8],
      [36.5, 0.5],
    ],
    [
      [36.2, 0.5],
      [36.8, 0.5],
    ],
  ],
  [
    "an island in the hole of another",
    {
      type: "MultiPolygon",
      coordinates: [[box(36, 0, 37, 1), box(36.2, 0.2, 36.8, 0.8)], [box(36.4, 0.4, 36.6, 0.6)]],
    },
    [
      [36.1, 0.1],
      [36.5, 0.5],
      [36.4, 0.4],
    ],
    [[36.3, 0.3]],
  ],
  [
    "a place with an altitude",
    polygon(box(36, 0, 37, 1).map((place) => [...place, 1_650])),
    [[36.5, 0.5]],
    [[38, 0.5]],
  ],
  [
    "a yard of two metres",
    polygon(box(36, 0, 36.00002, 0.00002)),
    [[36.00001, 0.00001]],
    [
      [36.00003, 0.00001],
      [36.00001, 0.000021],
    ],
  ],
])("knows inside from outside of %s", async (_, geometry, inside, outside) => {
  const id = await add(geometry);
  expect(await holds(id, inside)).toEqual(inside.map(() => true));
  expect(await holds(id, outside)).toEqual(outside.map(() => false));
});

it("measures a circle in metres, its border inside", async () => {
  const id = await add(point(36.8, -1.3), 200);
  const east = (m: number) => 36.8 + m / (111_320 * Math.cos((-1.3 * Math.PI) / 180));
  const north = (m: number) => -1.3 + m / 111_320;
  expect(
    await holds(id, [
      [36.8, -1.3],
      [east(199.9), -1.3],
      [36.8, north(199.9)],
      [east(-199), -1.3],
    ]),
  ).toEqual([true, true, true, true]);
  expect(
    await holds(id, [
      [east(200.1), -1.3],
      [36.8, north(-200.1)],
      [east(150), north(150)],
    ]),
  ).toEqual([false, false, false]);
});

/** By the ray to the east, edge after edge. */
function castsInside(ring: Ring, [x = 0, y = 0]: number[]): boolean {
  let inside = false;
  for (const [index, [bx = 0, by = 0]] of ring.entries()) {
    const [ax = 0, ay = 0] = ring[index - 1] ?? [bx, by];
    if (ay > y !== by > y && x < ((bx - ax) * (y - ay)) / (by - ay) + ax) inside = !inside;
  }
  return inside;
}

/** A ring around a place, jagged. */
function jagged(lng: number, lat: number, radii: number[], scale: number): Ring {
  const ring = radii.map((radius, index) => {
    const angle = (2 * Math.PI * index) / radii.length;
    return [lng + scale * radius * Math.cos(angle), lat + scale * radius * Math.sin(angle)];
  });
  return [...ring, ring[0] ?? []];
}

it("cuts polygons of any size and jaggedness so that no place changes sides", async () => {
  const radii = (most: number) =>
    fc
      .tuple(
        fc.integer({ min: 3, max: most }),
        fc.integer({ min: 1, max: 1_000_000 }),
        fc.constantFrom(0, 0.1, 0.8),
      )
      .map(([corners, seed, jag]) => {
        let state = seed;
        return Array.from({ length: corners }, () => {
          state = (state * 48_271) % 2_147_483_647;
          return 1 - (jag * state) / 2_147_483_647;
        });
      });
  const fence = fc.record({ outer: radii(700), hole: radii(200), scale: fc.constantFrom(0.0005, 0.01, 1) });
  const places = fc.array(
    fc.tuple(
      fc.double({ min: -1.1, max: 1.1, noNaN: true }),
      fc.double({ min: -1.1, max: 1.1, noNaN: true }),
    ),
    {
      minLength: 200,
      maxLength: 200,
    },
  );
  await fc.assert(
    fc.asyncProperty(fence, places, async ({ outer, hole, scale }, offsets) => {
      const [lng, lat] = [36.8, -1.3];
      const outerRing = jagged(lng, lat, outer, scale);
      const holeRing = jagged(lng, lat, hole, scale * 0.1);
      const id = await add(polygon(outerRing, holeRing));
      const asked = offsets.map(([x, y]) => [lng + x * scale, lat + y * scale]);
      const truth = asked.map((place) => castsInside(outerRing, place) && !castsInside(holeRing, place));
      expect(await holds(id, asked)).toEqual(truth);
      const corners = outerRing.slice(0, 50);
      // Where the hole does not reach, every corner is inside.
      expect(await holds(id, corners)).toEqual(corners.map((place) => !castsInside(holeRing, place)));
    }),
    { numRuns: 30, endOnFailure: true },
  );
});

it("takes a polygon of 10,000 corners in a moment, and tests a place against a few hundred of them", async () => {
  const ring = jagged(
    36.8,
    -1.3,
    Array.from({ length: 10_000 }, (_, index) => 1 + 0.1 * Math.sin(index / 50)),
    0.2,
  );
  const startedMs = performance.now();
  const id = await add(polygon(ring));
  expect(performance.now() - startedMs).toBeLessThan(10_000);
  const [parts] = await sql`
    select count(*)::int as parts, max(npoints(area))::int as corners from tracksolid.geofence_parts where geofence_id = ${id}`;
  expect(parts?.parts).toBe(64);
  expect(parts?.corners).toBeLessThan(1_500);
  const places = Array.from({ length: 500 }, (_, index) => [
    36.55 + (index % 50) * 0.0102,
    -1.55 + (index / 500) * 0.503,
  ]);
  expect(await holds(id, places)).toEqual(places.map((place) => castsInside(ring, place)));
});

it("takes 10,000 edges as long as the polygon is high without being kept busy by them", async () => {
  const comb = Array.from({ length: 9_998 }, (_, index) => [36 + index / 1e4, index % 2]);
  const ring = [[36, -1], ...comb, [37, -1], [36, -1]];
  const startedMs = performance.now();
  const id = await add(polygon(ring));
  expect(performance.now() - startedMs).toBeLessThan(30_000);
  const [parts] = await sql`
    select sum(npoints(area))::int as corners from tracksolid.geofence_parts where geofence_id = ${id}`;
  expect(parts?.corners).toBeLessThan(100_000);
  const places = Array.from({ length: 500 }, (_, index) => [36 + index * 0.0019987, (index % 97) / 97.3]);
  expect(await holds(id, places)).toEqual(places.map((place) => castsInside(ring, place)));
});
