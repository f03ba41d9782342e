import type postgres from "postgres";
import { afterAll, beforeAll, beforeEach, expect, it } from "vitest";
import { createDatabase, type OwnDatabase } from "../../setup/database.ts";
import { type Imports, openImports } from "../../setup/imports.ts";

let own: OwnDatabase;
let sql: postgres.Sql;
let imports: Imports;
beforeAll(async () => {
  own = await createDatabase("migrated");
  sql = own.sql;
  imports = await openImports(own.url);
});
afterAll(async () => {
  await own[Symbol.asyncDispose]();
  await imports[Symbol.asyncDispose]();
});
beforeEach(() => sql`delete from tracksolid.geofences`);

const importText = (text: string | Uint8Array, ...options: string[]) =>
  imports.take("geofences", text, options, "geojson");

const feature = (name: unknown, geometry: unknown, properties: Record<string, unknown> = {}) => ({
  type: "Feature",
  properties: { name, kind: "customer", ...properties },
  geometry,
});
const collection = (...features: unknown[]) => JSON.stringify({ type: "FeatureCollection", features });
const square = (west: number) => ({
  type: "Polygon",
  coordinates: [
    [
      [west, 0],
      [west + 1, 0],
      [west + 1, 1],
      [west, 0],
    ],
  ],
});
const circle = { type: "Point", coordinates: [36.8, -1.3] };

const stored = () => sql`
  select name, kind, radius_m, enabled, rejoin_s, min_stay_s from tracksolid.geofences order by name`;

it("takes a file in once, and the same file twice changes nothing", async () => {
  const text = collection(
    feature("Zone", square(36)),
    feature("  Dépôt ", circle, { kind: "depot", radiusM: 150.5, minStayS: 300, rejoinS: 0 }),
  );
  const looked = await importText(text);
  expect(looked).toMatchObject({
    stderr: "",
    stdout: expect.stringContaining("It would be: 2 new, 0 changed, 0 as known."),
  });
  expect(looked.stdout).toContain("Add --apply");
  expect(await stored()).toEqual([]);
  expect((await importText(text, "--apply")).stdout).toContain("2 new, 0 changed, 0 as known.\n");
  const rows = await stored();
  expect(rows).toEqual([
    { name: "Dépôt", kind: "depot", radius_m: 150.5, enabled: true, rejoin_s: 0, min_stay_s: 300 },
    { name: "Zone", kind: "customer", radius_m: null, enabled: true, rejoin_s: 120, min_stay_s: 60 },
  ]);

  await sql`delete from private.dirty_geofences`;
  const changes = () => sql`select geofence_id, changed_at, xmin from tracksolid.geofences order by 1`;
  const before = await changes();
  expect((await importText(text, "--apply")).stdout).toContain("0 new, 0 changed, 2 as known.\n");
  expect(await changes()).toEqual(before);
  expect(await sql`select from private.dirty_geofences`).toEqual([]);

  const moved = collection(
    feature("Zone", square(37)),
    feature("Dépôt", circle, { kind: "depot", radiusM: 150.5 }),
  );
  const changed = await importText(moved, "--apply");
  expect(changed.stdout).toMatch(
    /^Zone {2}geometry: Polygon of 4 corners → Polygon of 4 corners, elsewhere\n/,
  );
  expect(changed.stdout).toContain("0 new, 1 changed, 1 as known.\n");
  // What the file leaves out stays.
  expect((await stored())[0]).toEqual(rows[0]);
  expect(await sql`select from private.dirty_geofences`).toHaveLength(1);
});

it("keeps a geofence disabled that was disabled, until the file says otherwise", async () => {
  await importText(collection(feature("Zone", square(36))), "--apply");
  await sql`update tracksolid.geofences set enabled = false`;
  await importText(collection(feature("Zone", square(37))), "--apply");
  expect(await stored()).toMatchObject([{ enabled: false }]);
  await importText(collection(feature("Zone", square(37), { enabled: true })), "--apply");
  expect(await stored()).toMatchObject([{ enabled: true }]);
});

it("says how many visits are lost where their positions are no longer kept", async () => {
  const [one, two] = ["860000000000001", "860000000000002"];
  const zone = (west: number, rest = {}) =>
    collection(feature("Zone", square(west), rest), feature("Other", square(50)));
  await importText(zone(36), "--apply");
  await sql`
    insert into tracksolid.position_history (imei, gps_time, lat, lng, source, sources, received_at)
    values (${one}, '2026-10-02Z', 0.5, 36.8, 'push', 2, now())`;
  await sql`
    insert into tracksolid.geofence_visits (geofence_id, imei, entered_at, last_inside_at, fixes)
    select geofence_id, imei, entered_at::timestamptz, entered_at::timestamptz, 1
    from tracksolid.geofences, (values (${one}, '2026-10-01Z'), (${one}, '2026-10-02Z'), (${two}, '2026-10-03Z')) v (imei, entered_at)`;
  expect((await importText(zone(36, { kind: "depot" }))).stdout).not.toContain("lost");
  expect((await importText(zone(37))).stdout).toContain("2 visits to those that change would be lost");
  expect((await importText(zone(37), "--apply")).stdout).toContain("2 visits to those that changed are lost");
});

it("tells every error of a file with its feature, and takes none of it in, or with --skip-bad the rest", async () => {
  const text = collection(
    feature("Good", square(36)),
    feature("Zero", circle, { radiusM: 0 }),
    feature("Good", square(38)),
    feature("Open", {
      type: "Polygon",
      coordinates: [
        [
          [36, 0],
          [37, 0],
          [37, 1],
          [36, 1],
        ],
      ],
    }),
    feature(7, square(36)),
    feature("Kindless", square(36), { kind: " " }),
    { type: "Feature", geometry: square(36) },
    square(36),
    null,
    feature("Bell\u0007", square(36)),
    feature("Nowhere", null),
    feature("Late", square(36), { rejoinS: -1, minStayS: "long" }),
    feature("Wide", {
      type: "Polygon",
      coordinates: [
        [
          [-179, 0],
          [179, 0],
          [179, 1],
          [-179, 0],
        ],
      ],
    }),
  );
  const { stderr, stdout, code } = await importText(text, "--apply");
  expect(code).toBe(1);
  expect(stdout).toBe(
    "Nothing was changed: 12 rows cannot be taken. Mend them, or take the others with --skip-bad.\n",
  );
  for (const words of [
    "feature 2 (Zero): its radius is 0 m",
    "feature 3 (Good): feature 1 has the same name",
    "feature 4 (Open): ring 1 of polygon 1 is not closed",
    "feature 5: name: ",
    "feature 6 (Kindless): kind: is empty",
    "feature 7: name: ",
    "feature 8: is no Feature",
    "feature 9: is no Feature",
    "name: has control characters",
    "feature 11 (Nowhere): there is no geometry",
    "feature 12 (Late): rejoinS: ",
    "feature 12 (Late): minStayS: ",
    "feature 13 (Wide): ring 1 of polygon 1 crosses the antimeridian",
  ]) {
    expect(stderr).toContain(words);
  }
  expect(await stored()).toEqual([]);
  const rest = await importText(text, "--apply", "--skip-bad", "--json");
  expect(JSON.parse(rest.stdout)).toMatchObject({
    applied: true,
    new: 1,
    changed: 0,
    bad: 12,
    lostVisits: 0,
  });
  expect(rest.code).toBe(1);
  expect(await stored()).toMatchObject([{ name: "Good" }]);
});

it("reads names in the encoding they are written in", async () => {
  const latin = Buffer.from(collection(feature("Dépôt", square(36))), "latin1");
  expect((await importText(latin, "--apply")).code).toBe(0);
  expect(await stored()).toMatchObject([{ name: "Dépôt" }]);
});

it.each<[string, string, RegExp]>([
  ["nothing", "", /is empty/],
  ["blanks", " \n", /no JSON/],
  ["NaN", `{"type":"FeatureCollection","features":[{"coordinates":[NaN]}]}`, /no JSON/],
  ["half a file", collection(feature("Zone", square(36))).slice(0, 80), /no JSON/],
  ["a sole feature", JSON.stringify(feature("Zone", square(36))), /no GeoJSON FeatureCollection/],
  ["no features", collection(), /has no features/],
  ["a zero character", collection(feature("Zone", { type: "Polygon\u0000" })), /\\u0000|Unicode/],
])("refuses %s", async (_, text, words) => {
  const outcome = await importText(text, "--apply");
  expect(outcome).toMatchObject({ code: 1, stderr: expect.stringMatching(words) });
  expect(await stored()).toEqual([]);
});
