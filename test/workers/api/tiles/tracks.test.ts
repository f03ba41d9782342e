import { VectorTile } from "@mapbox/vector-tile";
import { PbfReader } from "pbf";
import { beforeAll, describe, expect, it, vi } from "vitest";
import { LEVELS, onLevel, TILE_UNITS } from "../../../../workers/roads/levels.ts";
import { pack, type Road } from "../../../../workers/roads/packed.ts";
import { database } from "../../writer/deliver.ts";
import { ask, expectProblem, makeKey, reader } from "../caller.ts";
import { askConfigured } from "../configured.ts";

const TYPE = "application/vnd.mapbox-vector-tile";

/** 21 km from south-west to north-east, off the coast of nowhere, where no other test drives. */
const LINE = [
  [-30.4, -10.2],
  [-30.33, -10.19],
  [-30.31, -10.08],
  [-30.27, -10.05],
] as const;
const DRIVEN = { day: 20_410, text: "2025-11-18" };

let get: Awaited<ReturnType<typeof reader>>;

/** The name of the tile at a place. */
function nameOf(zoom: number, [lng, lat]: readonly [number, number]): { x: number; y: number; path: string } {
  const [x = 0, y = 0] = onLevel([lng * 1e6, lat * 1e6], { ...LEVELS[0], thinUnits: 0 } as never);
  const units = TILE_UNITS * 2 ** (12 - zoom);
  const name = { x: Math.floor(x / units), y: Math.floor(y / units) };
  return { ...name, path: `/v1/tiles/tracks/${zoom}/${name.x}/${name.y}.mvt` };
}

/** Stores the line on a level, as the job does: in each tile that it touches, in that tile's units. */
async function store(
  line: readonly (readonly [number, number])[],
  version: number,
  day: number,
): Promise<void> {
  for (const level of LEVELS) {
    const places = onLevel(
      line.flatMap(([lng, lat]) => [lng * 1e6, lat * 1e6]),
      { ...level, thinUnits: 0 },
    );
    const xs = places.filter((_, n) => n % 2 === 0).map((at) => Math.floor(at / TILE_UNITS));
    const ys = places.filter((_, n) => n % 2 === 1).map((at) => Math.floor(at / TILE_UNITS));
    for (let x = Math.min(...xs); x <= Math.max(...xs); x += 1) {
      for (let y = Math.min(...ys); y <= Math.max(...ys); y += 1) {
        const own = places.map((at, n) => Math.round(at - (n % 2 === 0 ? x : y) * TILE_UNITS));
        const roads: Road[] = [{ lastDay: day, places: own }];
        const row = { level: level.zoom, x, y, oldest_day: "2025-11-18", version };
        await database()`
          insert into reporting.road_tiles ${database()({ ...row, roads: Buffer.from(pack(roads)) })}
          on conflict (level, x, y) do update set roads = excluded.roads, version = excluded.version`;
      }
    }
  }
}

async function tileOf(response: Response): Promise<VectorTile> {
  expect(response.status).toBe(200);
  expect(response.headers.get("content-type")).toBe(TYPE);
  return new VectorTile(new PbfReader(await response.arrayBuffer()));
}

/** How far a place is from the line, in degrees. */
function offLine([lng = 0, lat = 0]: number[]): number {
  let least = Number.POSITIVE_INFINITY;
  for (const [n, [fromLng, fromLat]] of LINE.entries()) {
    const [toLng, toLat] = LINE[n + 1] ?? [fromLng, fromLat];
    const [alongLng, alongLat] = [toLng - fromLng, toLat - fromLat];
    const length2 = alongLng ** 2 + alongLat ** 2 || 1;
    const share = ((lng - fromLng) * alongLng + (lat - fromLat) * alongLat) / length2;
    const part = Math.min(1, Math.max(0, share));
    least = Math.min(least, Math.hypot(lng - fromLng - part * alongLng, lat - fromLat - part * alongLat));
  }
  return least;
}

beforeAll(async () => {
  get = await reader();
  await store(LINE, 7, DRIVEN.day);
});

describe("GET /v1/tiles/tracks, happy", () => {
  it.each([4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14])("zoom %i shows the roads where they are", async (zoom) => {
    const { x, y, path } = nameOf(zoom, LINE[1]);
    const { layers } = await tileOf(await get(path));
    expect(Object.keys(layers)).toEqual(["tracks"]);
    const layer = layers.tracks;
    expect(layer).toMatchObject({ version: 2, extent: 4_096, length: 1 });
    const feature = layer?.feature(0);
    expect(feature?.properties).toEqual({ lastDay: DRIVEN.text });
    const { geometry } = feature?.toGeoJSON(x, y, zoom) ?? {};
    const lines =
      geometry?.type === "LineString"
        ? [geometry.coordinates]
        : ((geometry as { coordinates: number[][][] }).coordinates ?? []);
    // Of a tile of 4096 units a unit, at most two of what is kept.
    const unitDegrees = 360 / 2 ** zoom / 4_096;
    const places = lines.flat();
    expect(places.length).toBeGreaterThan(1);
    for (const place of places) expect(offLine(place)).toBeLessThan(2 * unitDegrees);
    const nearest = Math.min(
      ...places.map(([lng = 0, lat = 0]) => Math.hypot(lng - LINE[1][0], lat - LINE[1][1])),
    );
    expect(nearest).toBeLessThan(2 * unitDegrees);
    // Nothing but what is on the tile and around it.
    for (const line of feature?.loadGeometry() ?? []) {
      for (const { x: unitX, y: unitY } of line) {
        expect(Math.min(unitX, unitY)).toBeGreaterThanOrEqual(-64);
        expect(Math.max(unitX, unitY)).toBeLessThanOrEqual(4_096 + 64);
      }
    }
  });

  it("is empty where nobody drove, and not for long", async () => {
    const response = await get(nameOf(14, [-30.4, -10.05]).path);
    expect(response.headers.get("cache-control")).toBe("private, max-age=600");
    expect((await tileOf(response)).layers).toEqual({});
    const far = await get("/v1/tiles/tracks/12/1/1.mvt");
    expect(far.headers.get("cache-control")).toBe("private, max-age=60");
    expect((await far.arrayBuffer()).byteLength).toBe(0);
  });

  it("has a feature for each day on which roads were last driven", async () => {
    const place = [-31.53, -10.53] as const;
    const { x, y, path } = nameOf(12, place);
    const roads = [20_000, 20_100, 20_000].map((lastDay, n) => ({
      lastDay,
      places: [1_000, 1_000 * (n + 1), 15_000, 1_000 * (n + 1)],
    }));
    await database()`
      insert into reporting.road_tiles ${database()({ level: 12, x, y, oldest_day: "2024-10-04", version: 1, roads: Buffer.from(pack(roads)) })}`;
    const layer = (await tileOf(await get(path))).layers.tracks;
    const features = [0, 1].map((n) => layer?.feature(n));
    expect(features.map((feature) => [feature?.properties.lastDay, feature?.loadGeometry().length])).toEqual([
      ["2024-10-04", 2],
      ["2025-01-12", 1],
    ]);
  });

  it("is 304 until a road of it changes, whatever part of it is asked for", async () => {
    const { path } = nameOf(13, LINE[2]);
    const first = await get(path);
    const etag = first.headers.get("etag") ?? "";
    expect(etag).toMatch(/^W\/".+\.7"$/);
    for (const known of [etag, etag.replace("W/", ""), `"other", ${etag}`, "*"]) {
      const again = await get(path, { headers: { "if-none-match": known } });
      expect(again.status).toBe(304);
      expect(again.headers.get("etag")).toBe(etag);
      expect(await again.text()).toBe("");
    }
    expect((await get(path, { headers: { "if-none-match": '"7", W/"other.7"' } })).status).toBe(200);
    await store(LINE, 8, DRIVEN.day);
    const changed = await get(path, { headers: { "if-none-match": etag } });
    expect(changed.status).toBe(200);
    expect(changed.headers.get("etag")).not.toBe(etag);
    const head = await get(path, { method: "HEAD" });
    expect([head.status, head.headers.get("content-type"), await head.text()]).toEqual([200, TYPE, ""]);
  });
});

describe("GET /v1/tiles/tracks, error", () => {
  it.each([
    ["3/1/1.mvt", "z: must be from 4 to 14"],
    ["15/1/1.mvt", "z: must be from 4 to 14"],
    ["4/16/1.mvt", "x and y must be less than"],
    ["4/1/16.mvt", "x and y must be less than"],
    ["04/1/1.mvt", "z: must be a whole number"],
    ["4/-1/1.mvt", "x: must be a whole number"],
    ["4/1.5/1.mvt", "x: must be a whole number"],
    ["4/1/1e3.mvt", "y: must be a whole number"],
    [`4/1/${"9".repeat(400)}.mvt`, "y: must be a whole number"],
    ["4/1%27/1.mvt", "x: must be"],
  ])("refuses %s", async (name, detail) => {
    expect(await expectProblem(await get(`/v1/tiles/tracks/${name}`), "invalid_request")).toContain(detail);
  });

  it.each(["4/1/1.png", "4/1/1", "4/1/.mvt", "4/1/1/1.mvt"])("has nothing at %s", async (name) => {
    await expectProblem(await get(`/v1/tiles/tracks/${name}`), "not_found");
  });

  it("is only read", async () => {
    const response = await get("/v1/tiles/tracks/4/1/1.mvt", { method: "POST" });
    expect(response.headers.get("allow")).toBe("GET, HEAD");
    await expectProblem(response, "method_not_allowed");
  });

  it("says so while the database is away", async () => {
    vi.spyOn(console, "error").mockImplementation(() => {});
    const headers = { authorization: `Bearer ${await makeKey()}` };
    const DB_READ = { connectionString: "postgres://x:x@127.0.0.1:1/x" };
    await expectProblem(
      await askConfigured({ DB_READ }, "/v1/tiles/tracks/4/1/1.mvt", { headers }),
      "database_unavailable",
    );
    vi.restoreAllMocks();
  });
});

describe("GET /v1/tiles/tracks, security", () => {
  it("shows nobody without a key what others were shown, nor that it is current", async () => {
    const { path } = nameOf(12, LINE[1]);
    const response = await get(path);
    expect(response.headers.get("vary")).toContain("Authorization");
    expect(response.headers.get("cache-control")).toContain("private");
    const etag = response.headers.get("etag") ?? "";
    await expectProblem(await ask(path), "key_required");
    await expectProblem(await ask(path, { headers: { "if-none-match": etag } }), "key_required");
    await expectProblem(await ask(path, { headers: { "if-none-match": "*" } }), "key_required");
  });

  it("wants the scope read", async () => {
    const headers = { authorization: `Bearer ${await makeKey({ scopes: ["geofences:write"] })}` };
    expect(
      await expectProblem(await ask("/v1/tiles/tracks/4/1/1.mvt", { headers }), "scope_missing"),
    ).toContain('"read"');
  });
});
