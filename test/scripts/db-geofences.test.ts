import type postgres from "postgres";
import { afterAll, beforeAll, beforeEach, expect, it } from "vitest";
import { geofencesCommand } from "../../scripts/db-geofences.ts";
import { callCommand } from "../setup/command.ts";
import { createDatabase, type OwnDatabase } from "../setup/database.ts";

let own: OwnDatabase;
let sql: postgres.Sql;
beforeAll(async () => {
  own = await createDatabase("migrated");
  sql = own.sql;
});
afterAll(() => own[Symbol.asyncDispose]());
beforeEach(() => sql`delete from tracksolid.geofences`);

const command = (words: string[], url = own.url) =>
  callCommand(geofencesCommand, words, { DATABASE_URL: url });

const stored = () => sql`
  select name, kind, radius_m, enabled, rejoin_s, min_stay_s from tracksolid.geofences order by name`;

it("lists and removes", async () => {
  expect((await command(["list"])).stdout).toBe("There are no geofences.\n");
  await sql`
    insert into tracksolid.geofences (name, kind, geometry, radius_m) values
      ('Zone', 'customer', '{"type":"Polygon","coordinates":[[[36,0],[37,0],[37,1],[36,0]]]}', null),
      ('Depot', 'customer', '{"type":"Point","coordinates":[36.8,-1.3]}', 100)`;
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
  [["import", "a"], "postgres://x", 2, /npm run import-geofences/],
  [["list"], "", 2, /Set DATABASE_URL/],
])("refuses %j", async (options, url, code, words) => {
  const outcome = await command(options, url);
  expect(outcome.code).toBe(code);
  expect(outcome.stdout + outcome.stderr).toMatch(words);
});
