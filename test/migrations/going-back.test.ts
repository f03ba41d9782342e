import { cp, mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { goBack, readWaysBack } from "../../scripts/database/back.ts";
import { LOCK_KEY, migrate, readMigrations } from "../../scripts/database/migrations.ts";
import { adoptCommand } from "../../scripts/db-adopt.ts";
import { migrateCommand } from "../../scripts/db-migrate.ts";
import { callCommand } from "../setup/command.ts";
import { connect, createDatabase, type OwnDatabase } from "../setup/database.ts";
import { oldDatabase } from "../setup/earlier/database.ts";

let folder = "";
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "tracksolid-back-"));
  await mkdir(join(folder, "back"));
});
afterEach(() => rm(folder, { recursive: true }));

const FILES = {
  "0001_a.sql":
    "-- run-as: administrator\ncreate table a (x int); grant all on a to tracksolid_owner; grant create on schema public to tracksolid_owner;",
  "0002_b.sql": "create table b as select 1 as x",
  "0003_c.sql": "create table c as select 2 as x",
  "back/0002_b.sql": "-- Loses b.\ndrop table b",
  "back/0003_c.sql": "-- Loses c: dump it before.\ndrop table c",
};

/** Writes files of migrations, and reads all there are. */
async function write(files: Record<string, string>) {
  for (const [file, sql] of Object.entries(files)) await writeFile(join(folder, file), sql);
  const migrations = await readMigrations(folder);
  return { migrations, ways: await readWaysBack(folder, migrations) };
}

/** A database with all of the folder's migrations, and what goes back in it. */
async function migrated(files: Record<string, string> = FILES) {
  const database = await createDatabase("empty");
  const { migrations, ways } = await write(files);
  await migrate(database.sql, migrations);
  const back = (to: number, apply = true) => goBack(database.sql, migrations, ways, { to, apply });
  return { database, back };
}

const numbers = async ({ sql }: OwnDatabase) =>
  (await sql`select number from private.migrations order by number`).map(({ number }) => number);

it("takes back the newest first, and can go forward again", async () => {
  const { database, back } = await migrated();
  await using _ = database;
  expect((await back(1, false)).map(({ loss }) => loss)).toEqual(["Loses c: dump it before.", "Loses b."]);
  expect(await numbers(database)).toEqual([1, 2, 3]);
  expect((await back(1)).map(({ file }) => file)).toEqual(["0003_c.sql", "0002_b.sql"]);
  expect(await numbers(database)).toEqual([1]);
  expect(await database.sql`select to_regclass('b') as b, to_regclass('c') as c`).toEqual([
    { b: null, c: null },
  ]);
  expect(await back(1)).toEqual([]);
  expect(await migrate(database.sql, await readMigrations(folder))).toHaveLength(2);
});

it("runs as the role of the migration", async () => {
  const { database, back } = await migrated({
    ...FILES,
    "back/0002_b.sql": "-- Loses b.\ndrop table b; drop table a",
  });
  await using _ = database;
  await expect(back(1)).rejects.toThrow(
    "back/0002_b.sql failed and was rolled back: must be owner of table a",
  );
});

it("keeps what a failed file was about, with its line, and what was taken back before it stays so", async () => {
  const { database, back } = await migrated();
  await using _ = database;
  await database.sql`create view of_others as select x from b`;
  await expect(back(1)).rejects.toThrow(/back\/0002_b\.sql failed and was rolled back: cannot drop table b/);
  expect(await numbers(database)).toEqual([1, 2]);
  expect(await database.sql`select x from of_others`).toEqual([{ x: 1 }]);
});

it("refuses before anything is changed: without a file, without a number, with another tree's migration", async () => {
  const { database, back } = await migrated();
  await using _ = database;
  await expect(back(0)).rejects.toThrow("Number 0 is not applied");
  await expect(back(4)).rejects.toThrow("Number 4 is not applied");
  await rm(join(folder, "back/0002_b.sql"));
  const { migrations, ways } = await write({});
  await expect(goBack(database.sql, migrations, ways, { to: 1, apply: true })).rejects.toThrow(
    "0002_b.sql has no way back",
  );
  const older = migrations.filter(({ number }) => number < 3);
  await expect(goBack(database.sql, older, ways, { to: 2, apply: true })).rejects.toThrow(
    "is not in this tree",
  );
  const edited = await write({ "0003_c.sql": "select 1" });
  await expect(goBack(database.sql, edited.migrations, ways, { to: 2, apply: true })).rejects.toThrow(
    "was edited",
  );
  expect(await numbers(database)).toEqual([1, 2, 3]);
  await using empty = await createDatabase("empty");
  await expect(goBack(empty.sql, migrations, ways, { to: 1, apply: true })).rejects.toThrow(
    "Number 1 is not applied",
  );
  expect(await empty.sql`select to_regclass('private.migrations') as ledger`).toEqual([{ ledger: null }]);
});

it("refuses a file that belongs to no migration, and one that does not say what it loses", async () => {
  await expect(write({ ...FILES, "back/0004_d.sql": "-- Loses nothing.\n" })).rejects.toThrow(
    "back/0004_d.sql takes no migration of this tree back",
  );
  await rm(join(folder, "back/0004_d.sql"));
  for (const begin of ["drop table b", "-- Takes b away.\ndrop table b", "-- Loses \ndrop table b"]) {
    await expect(write({ "back/0002_b.sql": begin })).rejects.toThrow("does not say what is lost");
  }
});

it("waits for another runner", async () => {
  const { database, back } = await migrated();
  await using _ = database;
  await using other = connect(database.url);
  await other`select pg_advisory_lock(${LOCK_KEY})`;
  const going = back(2);
  await expect
    .poll(
      () => database.sql`select from pg_locks where locktype = 'advisory' and not granted
      and database = (select oid from pg_database where datname = current_database())`,
    )
    .toHaveLength(1);
  expect(await numbers(database)).toEqual([1, 2, 3]);
  await other`select pg_advisory_unlock(${LOCK_KEY})`;
  expect(await going).toHaveLength(1);
});

it("says what it would lose, does it with --apply alone, and knows a wrong word", async () => {
  await using database = await createDatabase("migrated");
  const call = (...words: string[]) => callCommand(migrateCommand, words, { DATABASE_URL: database.url });
  const before = await numbers(database);

  const said = await call("--back-to", "0039");
  expect(said).toMatchObject({ code: 0, stderr: "" });
  expect(said.stdout).toMatch(
    /0043_revision_by_day\.sql {2}Loses nothing\.\n[\s\S]*0040_analyst_door\.sql {2}Loses private\.audit, [\s\S]*\nNothing was changed\. .*--apply\.\n$/,
  );
  expect(await numbers(database)).toEqual(before);

  const done = await call("--back-to", "0039", "--apply");
  expect(done.stdout).toMatch(/0040_analyst_door\.sql {2}\d+ ms {2}Loses private\.audit/);
  expect(done.stdout).toMatch(new RegExp(`\n${before.length - 39} taken back\\.\n$`));
  expect(await numbers(database)).toEqual(before.filter((number) => number <= 39));
  expect((await call("--back-to", "39")).stdout).toBe("Nothing to do.\n");
  expect(await call("--back-to", "0029", "--apply")).toMatchObject({
    code: 1,
    stderr: expect.stringContaining("0030_old_names.sql has no way back: restore a backup"),
  });
  expect((await call()).stdout).toMatch(new RegExp(`\n${before.length - 39} applied\\.\n$`));

  expect(await call("--apply")).toMatchObject({ code: 2, stdout: "" });
  expect(await call("--back-to", "door")).toMatchObject({ code: 2, stdout: "" });
});

it("goes back in an adopted database to the adoption and no further, and means ours by its names", async () => {
  await using database = await oldDatabase();
  const adopted = await callCommand(adoptCommand, ["--apply"], { DATABASE_URL: database.url });
  expect(adopted).toMatchObject({ code: 0, stderr: "" });
  await rm(folder, { recursive: true });
  await cp("migrations", folder, { recursive: true });
  const { migrations, ways } = await write({
    "9999_later.sql":
      "create view tracksolid.later as select 1 as x; comment on view tracksolid.v_currently_idle is 'Changed.'",
    "back/9999_later.sql":
      "-- Loses nothing.\ndrop view tracksolid.later; comment on view tracksolid.v_currently_idle is 'As it was.'",
  });
  const newest = (await numbers(database)).at(-1) ?? 0;
  await migrate(database.sql, migrations);
  const back = (to: number) => goBack(database.sql, migrations, ways, { to, apply: true });
  await expect(back(newest - 1)).rejects.toThrow(`Up to number ${newest} everything came with the adoption`);
  expect((await back(newest)).map(({ file }) => file)).toEqual(["9999_later.sql"]);
  expect(
    await database.sql`
    select to_regclass('tracksolid.later') as later,
      obj_description('tracksolid.v_currently_idle_ours'::regclass) as ours,
      obj_description('tracksolid.v_currently_idle'::regclass) as theirs`,
  ).toEqual([{ later: null, ours: "As it was.", theirs: expect.not.stringContaining("As it was") }]);
  await expect(back(newest - 1)).rejects.toThrow("came with the adoption");

  await database.sql`update private.adoption set done_at = null where number = 1`;
  await expect(back(newest)).rejects.toThrow("1 steps of the adoption are left");
});
