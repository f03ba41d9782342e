import { copyFile, mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import type { Command } from "../../../scripts/command.ts";
import { migrate, readMigrations } from "../../../scripts/database/migrations.ts";
import { adoptCommand } from "../../../scripts/db-adopt.ts";
import { cutOverCommand } from "../../../scripts/db-cut-over.ts";
import { refreshTripsCommand } from "../../../scripts/db-refresh-trips.ts";
import { callCommand } from "../../setup/command.ts";
import { connect, createDatabase } from "../../setup/database.ts";
import { oldDatabase } from "../../setup/earlier/database.ts";

/** A database that is adopted, and commands on it. */
async function adopted(variant = "") {
  const database = await oldDatabase({ variant });
  const call = (command: Command, ...words: string[]) =>
    callCommand(command, words, { DATABASE_URL: database.url });
  expect(await call(adoptCommand, "--apply")).toMatchObject({ code: 0, stderr: "" });
  const columns = async (view: string) =>
    (
      await database.sql`
        select attname as name from pg_attribute where attrelid = to_regclass(${view}) and attnum > 0 order by attnum`
    ).map(({ name }) => name);
  return { database, call, columns };
}

it("gives names to ours and takes them back, and nobody loses what they read", async () => {
  const { database, call, columns } = await adopted();
  await using _ = database;
  await database.sql`create view reporting.somebodys as select imei from tracksolid.v_fleet_today`;
  const theirs = await columns("tracksolid.v_fleet_today");
  const ours = await columns("tracksolid.v_fleet_today_ours");
  expect(theirs).not.toEqual(ours);

  expect((await call(cutOverCommand)).stdout).toMatch(
    /tracksolid\.v_fleet_today becomes tracksolid\.v_fleet_today_before, tracksolid\.v_fleet_today_ours becomes tracksolid\.v_fleet_today\n[\s\S]*Nothing was changed/,
  );
  expect(await columns("tracksolid.v_fleet_today")).toEqual(theirs);

  expect(await call(cutOverCommand, "--apply")).toMatchObject({ code: 0, stderr: "" });
  expect(await columns("tracksolid.v_fleet_today")).toEqual(ours);
  expect(await columns("tracksolid.v_fleet_today_before")).toEqual(theirs);
  expect(await database.sql`select count(*)::int as count from reporting.somebodys`).toEqual([{ count: 3 }]);
  expect((await call(cutOverCommand, "--apply")).stdout).toMatch(/Nothing to do/);
  await using plain = await createDatabase("migrated");
  const [trips] = await plain.sql`select pg_get_viewdef('reporting.v_trips'::regclass) as definition`;
  expect(await database.sql`select pg_get_viewdef('reporting.v_trips'::regclass) as definition`).toEqual([
    trips,
  ]);

  expect(await call(cutOverCommand, "--back", "--apply")).toMatchObject({ code: 0, stderr: "" });
  expect(await columns("tracksolid.v_fleet_today")).toEqual(theirs);
  expect(await columns("tracksolid.v_fleet_today_ours")).toEqual(ours);
});

it("says that there is nothing to do in a database that was never another's", async () => {
  await using database = await createDatabase("migrated");
  for (const command of [cutOverCommand, refreshTripsCommand]) {
    const { code, stdout } = await callCommand(command, [], { DATABASE_URL: database.url });
    expect(code).toBe(0);
    expect(stdout).toMatch(/^Nothing to do/);
  }
});

it("refreshes their trips as their owner, before the cut-over and after", async () => {
  const { database, call } = await adopted();
  await using _ = database;
  await database.sql`
    insert into tracksolid.trips (imei, start_time, end_time, distance_km)
    values ('860000000000011', '2026-08-02T08:00Z', '2026-08-02T09:00Z', 1)`;
  const count = async (view: string) =>
    (await database.sql.unsafe(`select count(*)::int as count from ${view}`))[0]?.count;
  expect(await count("reporting.v_trips")).toBe(465);
  expect((await call(refreshTripsCommand)).stdout).toMatch(/^reporting\.v_trips refreshed in \d+ ms\.\n$/);
  expect(await count("reporting.v_trips")).toBe(466);
  await call(cutOverCommand, "--apply");
  expect((await call(refreshTripsCommand)).stdout).toMatch(/^reporting\.v_trips_before refreshed/);
});

it("changes ours in a later migration, and leaves theirs of the same name alone", async () => {
  const { database, columns } = await adopted();
  await using _ = database;
  const folder = await mkdtemp(join(tmpdir(), "tracksolid-later-"));
  try {
    const files = (await readdir("migrations")).filter((name) => /^\d/.test(name));
    for (const file of files) await copyFile(join("migrations", file), join(folder, file));
    await writeFile(
      join(folder, "9999_later.sql"),
      "drop view tracksolid.v_currently_idle; create view tracksolid.v_currently_idle as select 1 as changed;",
    );
    await using runner = connect(database.url);
    const done = await migrate(runner, await readMigrations(folder));
    expect(done.map(({ file }) => file)).toEqual(["9999_later.sql"]);
    expect(await columns("tracksolid.v_currently_idle_ours")).toEqual(["changed"]);
    expect(await columns("tracksolid.v_currently_idle")).toEqual(["imei", "gps_time"]);
  } finally {
    await rm(folder, { recursive: true });
  }
});
