import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import postgres from "postgres";
import { afterEach, beforeEach, expect, it } from "vitest";
import { startEmbeddedPostgres } from "../../scripts/database/embedded.ts";
import { MigrationRefused, migrate, readMigrations } from "../../scripts/database/migrations.ts";
import { createDatabase } from "../setup/database.ts";

const SOURCE = "migrations";
let folder = "";

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "tracksolid-migrations-"));
});
afterEach(() => rm(folder, { recursive: true }));

/** Writes migration files. The role that owns objects exists in the tests' cluster. */
async function write(files: Record<string, string>) {
  for (const [file, sql] of Object.entries(files)) await writeFile(join(folder, file), sql);
  return readMigrations(folder);
}

const FIRST = {
  "0001_a.sql":
    "-- run-as: administrator\ncreate table a (x int); grant all on a to tracksolid_owner; grant create on schema public to tracksolid_owner;",
};

it("applies each file once, in the order of the numbers, and remembers its checksum", async () => {
  await using database = await createDatabase("empty");
  const migrations = await write({ "0002_b.sql": "create table b as select 1 as x", ...FIRST });
  const applied = await migrate(database.sql, migrations);
  expect(applied.map(({ file }) => file)).toEqual(["0001_a.sql", "0002_b.sql"]);
  expect(await migrate(database.sql, migrations)).toEqual([]);
  expect(await database.sql`select number, file, checksum from private.migrations order by number`).toEqual(
    migrations.map(({ number, file, checksum }) => ({ number, file, checksum })),
  );
  const [owner] = await database.sql`select tableowner from pg_tables where tablename = 'b'`;
  expect(owner?.tableowner).toBe("tracksolid_owner");
});

it("lets one of two runners that start together do the work", async () => {
  await using database = await createDatabase("empty");
  const migrations = await write({ ...FIRST, "0002_b.sql": "select pg_sleep(0.3); create table b (x int)" });
  const other = postgres(database.url, { max: 1, onnotice: () => {} });
  const applied = await Promise.all([migrate(database.sql, migrations), migrate(other, migrations)]);
  await other.end();
  expect(applied.map((files) => files.length).sort()).toEqual([0, 2]);
});

it("takes a failed file back whole and keeps the ones before it", async () => {
  await using database = await createDatabase("empty");
  const migrations = await write({ ...FIRST, "0002_b.sql": "create table b (x int); select nonsense" });
  await expect(migrate(database.sql, migrations)).rejects.toThrow("0002_b.sql failed and was rolled back");
  expect(
    await database.sql`select to_regclass('a') is not null as a, to_regclass('b') is not null as b`,
  ).toEqual([{ a: true, b: false }]);
  const mended = await write({ "0002_b.sql": "create table b (x int)" });
  expect((await migrate(database.sql, mended)).map(({ file }) => file)).toEqual(["0002_b.sql"]);
});

it("waits for a lock no longer than the owner may, whoever runs it: others queue behind it", async () => {
  await using database = await createDatabase("empty");
  const migrations = await write({
    ...FIRST,
    "0002_b.sql": "create table b as select current_setting('lock_timeout') as waits",
  });
  await migrate(database.sql, migrations);
  expect(await database.sql`select waits from b`).toEqual([{ waits: "10s" }]);
});

it("refuses an applied file that was edited, and one that is gone", async () => {
  await using database = await createDatabase("empty");
  await migrate(database.sql, await write(FIRST));
  const edited = await write({ "0001_a.sql": `${FIRST["0001_a.sql"]} -- edited` });
  await expect(migrate(database.sql, edited)).rejects.toThrow("0001_a.sql was edited after it was applied");
  await expect(migrate(database.sql, [])).rejects.toThrow("is not in this tree");
});

it("refuses two files with one number, a late number and a name without one", async () => {
  await using database = await createDatabase("empty");
  await migrate(database.sql, await write({ ...FIRST, "0003_c.sql": "select 1" }));
  const late = await write({ "0002_b.sql": "select 1" });
  await expect(migrate(database.sql, late)).rejects.toThrow("0002_b.sql comes before number 3");
  await expect(write({ "0003_twin.sql": "select 1" })).rejects.toThrow("share number 3");
  await rm(join(folder, "0003_twin.sql"));
  await expect(write({ "new.sql": "select 1" })).rejects.toThrow(MigrationRefused);
});

it("runs the real migrations on an empty database, twice", async () => {
  await using database = await createDatabase("empty");
  const migrations = await readMigrations(SOURCE);
  expect(await migrate(database.sql, migrations)).toHaveLength(migrations.length);
  expect(await migrate(database.sql, migrations)).toEqual([]);
});

it("runs on several databases of a server at once, whose roles are the same", async () => {
  const migrations = await readMigrations(SOURCE);
  const databases = [
    await createDatabase("empty"),
    await createDatabase("empty"),
    await createDatabase("empty"),
  ];
  const applied = await Promise.all(databases.map(({ sql }) => migrate(sql, migrations)));
  expect(applied.map(({ length }) => length)).toEqual(databases.map(() => migrations.length));
  for (const database of databases) await database[Symbol.asyncDispose]();
});

it("runs as an administrator who is no superuser, on a server of a provider's", async () => {
  const server = await startEmbeddedPostgres(join(folder, "postgres"), { volatile: true });
  const root = postgres(server.adminUrl("postgres"), { max: 1, onnotice: () => {} });
  await root`create role provider_admin login createrole createdb password 'x'`;
  await root`create database fleet owner provider_admin`;
  await root.end();
  const url = new URL(server.adminUrl("fleet"));
  url.username = "provider_admin";
  url.password = "x";
  const sql = postgres(url.href, { onnotice: () => {} });
  const migrations = await readMigrations(SOURCE);
  expect(await migrate(sql, migrations)).toHaveLength(migrations.length);
  const owners = await sql`select distinct tableowner from pg_tables where schemaname = 'tracksolid'`;
  expect(owners).toEqual([{ tableowner: "tracksolid_owner" }]);
  await sql.end();
  await server.stop();
});
