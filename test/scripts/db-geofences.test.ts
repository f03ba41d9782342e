import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type postgres from "postgres";
import { afterAll, beforeAll, beforeEach, expect, it } from "vitest";
import { geofencesCommand } from "../../scripts/db-geofences.ts";
import { callCommand } from "../setup/command.ts";
import { createDatabase, type OwnDatabase } from "../setup/database.ts";

let own: OwnDatabase;
let sql: postgres.Sql;
let folder: string;
beforeAll(async () => {
  own = await createDatabase("migrated");
  sql = own.sql;
  folder = await mkdtemp(join(tmpdir(), "tracksolid-fences-"));
});
afterAll(async () => {
  await own[Symbol.asyncDispose]();
  await rm(folder, { recursive: true, force: true });
});
beforeEach(() => sql`delete from tracksolid.geofences`);

const command = (words: string[], url = own.url) =>
  callCommand(geofencesCommand, words, { DATABASE_URL: url });

async function fileOf(text: string): Promise<string> {
  const path = join(folder, `${crypto.randomUUID()}.geojson`);
  await writeFile(path, text);
  return path;
}

const importText = async (text: string, ...options: string[]) =>
  command(["import", await fileOf(text), ...options]);

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
    stdout: expect.stringContaining("2 would be added, 0 changed; 0 are"),
  });
  expect(looked.stdout).toContain("Add --apply");
  expect(await stored()).toEqual([]);
  expect((await importText(text, "--apply")).stdout).toContain("2 were added, 0 changed");
  const rows = await stored();
  expect(rows).toEqual([
    { name: "Dépôt", kind: "depot", radius_m: 150.5, enabled: true, rejoin_s: 0, min_stay_s: 300 },
    { name: "Zone", kind: "customer", radius_m: null, enabled: true, rejoin_s: 120, min_stay_s: 60 },
  ]);

  await sql`delete from private.dirty_geofences`;
  const changes = () => sql`select geofence_id, changed_at, xmin from tracksolid.geofences order by 1`;
  const before = await changes();
  expect((await importText(text, "--apply")).stdout).toBe(
    "0 were added, 0 changed; 2 are as they should be.\n",
  );
  expect(await changes()).toEqual(before);
  expect(await sql`select from private.dirty_geofences`).toEqual([]);

  const moved = collection(
    feature("Zone", square(37)),
    feature("Dépôt", circle, { kind: "depot", radiusM: 150.5 }),
  );
  const changed = await importText(moved, "--apply");
  expect(changed.stdout).toBe("~ Zone\n0 were added, 1 changed; 1 are as they should be.\n");
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

it("tells every error of a file with its feature, and takes none of it in", async () => {
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
  expect(stdout).toBe("");
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
    "Nothing was changed.",
  ]) {
    expect(stderr).toContain(words);
  }
  expect(await stored()).toEqual([]);
});

it.each<[string, string, RegExp]>([
  ["nothing", "", /no JSON/],
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

it("lists and removes", async () => {
  expect((await command(["list"])).stdout).toBe("There are no geofences.\n");
  await importText(
    collection(feature("Zone", square(36)), feature("Depot", circle, { radiusM: 100 })),
    "--apply",
  );
  await sql`
    insert into tracksolid.geofence_visits (geofence_id, imei, entered_at, last_inside_at, fixes)
    select geofence_id, '860000000000001', '2026-10-01Z', '2026-10-01Z', 1 from tracksolid.geofences where name = 'Depot'`;
  await sql`delete from private.dirty_geofences`;
  await sql`update tracksolid.geofences set enabled = false where name = 'Zone'`;
  expect((await command(["list"])).stdout).toBe(
    "Depot: customer, circle of 100 m, 1 visits\nZone: customer, Polygon, 0 visits, disabled\n",
  );
  expect((await command(["remove", "Depot"])).stdout).toContain(
    "would be removed, with 1 visits. Add --apply",
  );
  expect(await stored()).toHaveLength(2);
  expect((await command(["remove", "Depot", "--apply"])).stdout).toBe("Depot is removed, with 1 visits.\n");
  expect(await sql`select from tracksolid.geofence_visits`).toEqual([]);
  expect(await command(["remove", "Depot", "--apply"])).toMatchObject({
    code: 1,
    stderr: "There is no geofence Depot.\n",
  });
});

it.each<[string[], string, number, RegExp]>([
  [[], "postgres://x", 2, /npm run db:geofences -- list/],
  [["drop"], "postgres://x", 2, /npm run db:geofences -- list/],
  [["list", "more"], "postgres://x", 2, /npm run db:geofences -- list/],
  [["import"], "postgres://x", 2, /npm run db:geofences -- list/],
  [["import", "a", "b"], "postgres://x", 2, /npm run db:geofences -- list/],
  [["list"], "", 2, /Set DATABASE_URL/],
  [["import", "/nowhere.geojson"], "postgres://x", 1, /no such file/],
])("refuses %j", async (options, url, code, words) => {
  const outcome = await command(options, url);
  expect(outcome.code).toBe(code);
  expect(outcome.stdout + outcome.stderr).toMatch(words);
});
