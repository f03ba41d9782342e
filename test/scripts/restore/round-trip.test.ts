import { readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Manifest } from "../../../scripts/backup/manifest.ts";
import { SCHEMAS } from "../../../scripts/database/dictionary.ts";
import { describeSchema } from "../../../scripts/database/snapshot.ts";
import { restoreCommand } from "../../../scripts/restore.ts";
import { type BackupFolder, backUpSmall, drive, makeBackupFolder } from "../../setup/backup.ts";
import { callCommand } from "../../setup/command.ts";
import { createDatabase, type OwnDatabase } from "../../setup/database.ts";
import { fillEveryTable } from "./rows.ts";

/** What a restore writes anew: transactions are numbered by each server. */
const NUMBERED_ANEW = ["private.dirty_days", "private.dirty_geofences"];

let source: OwnDatabase;
let place: BackupFolder;
let made: Manifest;
let tables: string[];

beforeAll(async () => {
  [source, place] = await Promise.all([createDatabase("migrated"), makeBackupFolder()]);
  tables = await fillEveryTable(source.sql, 3);
  await drive(source, "2026-03-01T00:00:00Z", 500);
  made = (await backUpSmall(source.url, place.store, place.key)).made;
});
afterAll(async () => {
  await place?.[Symbol.asyncDispose]();
  await source?.[Symbol.asyncDispose]();
});

const restore = (url: string, ...words: string[]) =>
  callCommand(restoreCommand, words, {
    BACKUP_STORE: place.folder,
    BACKUP_IDENTITY: place.key.identity,
    INTO_DATABASE_URL: url,
  });

/** The rows of a table as text, whatever their order. */
const rowsOf = async ({ sql }: OwnDatabase, table: string) =>
  (await sql.unsafe<{ row: string }[]>(`select t::text as row from ${table} t order by 1`)).map(
    ({ row }) => row,
  );

const pieceOf = (table: string, index: number) => {
  const piece = made.tables.find(({ name }) => name.replaceAll('"', "") === table)?.pieces[index];
  if (!piece) throw new Error(`${table} has no piece ${index}`);
  return join(place.folder, piece.key);
};

it("has rows in every table to begin with", async () => {
  expect(tables.length).toBeGreaterThan(60);
  for (const table of tables) expect(await rowsOf(source, table), table).not.toEqual([]);
  const backedUp = made.tables.map(({ name }) => name.replaceAll('"', ""));
  expect(backedUp.toSorted()).toEqual(tables.toSorted());
});

describe("into an empty database", () => {
  let target: OwnDatabase;
  beforeAll(async () => {
    target = await createDatabase("empty");
  });
  afterAll(() => target?.[Symbol.asyncDispose]());

  const schemas = () =>
    target.sql`select nspname from pg_namespace where nspname = any(${[...SCHEMAS, "restoring"]})`;

  it("says what it would do, and does nothing", async () => {
    const { stdout, stderr, code } = await restore(target.url);
    expect({ stderr, code }).toEqual({ stderr: "", code: 0 });
    expect(stdout).toContain(`Backup ${made.id}\n`);
    expect(stdout).toMatch(
      new RegExp(`${made.migrations.at(-1)?.file}, \\d\\d tables, \\d,?\\d+ rows, 0\\.\\d MB\\n`),
    );
    expect(stdout).toContain("Nothing was changed. To restore it, add --apply.");
    expect(await schemas()).toEqual([]);
  });

  it("is broken off where a piece is not what it was, and goes on", async () => {
    // The same size: only who opens it knows.
    const path = pieceOf("tracksolid.position_history", 3);
    const whole = await readFile(path);
    await writeFile(path, Buffer.from(whole).fill(0, whole.length - 20));
    const broken = await restore(target.url, "--apply");
    expect(broken.code).toBe(1);
    expect(broken.stderr).toMatch(
      /tracksolid\.position_history: .*was changed.*name another backup with --id/s,
    );
    const [copied] = await target.sql`select count(*)::int as rows from tracksolid.position_history`;
    expect(copied?.rows).toBeGreaterThan(0);
    expect(copied?.rows).toBeLessThan(503);

    const other = await restore(target.url, "--apply", "--at", "2030-01-01");
    expect(other).toMatchObject({ code: 1, stderr: expect.stringContaining("in the middle of a restore") });

    await writeFile(path, whole);
    expect((await restore(target.url)).stdout).toContain("it goes on where it was");
    const { stdout, stderr, code } = await restore(target.url, "--apply", "--json");
    expect({ code, stderr: stderr.includes("goes on where it was") }).toEqual({ code: 0, stderr: true });
    const { tables: told, leftOut, backup } = JSON.parse(stdout);
    expect({ leftOut, id: backup.id }).toEqual({ leftOut: [], id: made.id });
    expect(told).toContainEqual({ table: "tracksolid.position_history", backup: 503, now: 503 });
  });

  it("has every row as it was, in a schema as the migrations make it", async () => {
    for (const table of tables.filter((name) => !NUMBERED_ANEW.includes(name))) {
      expect(await rowsOf(target, table), table).toEqual(await rowsOf(source, table));
    }
    for (const table of NUMBERED_ANEW) {
      expect(await target.sql.unsafe(`select from ${table} where mark > pg_current_xact_id()`)).toHaveLength(
        0,
      );
      expect((await rowsOf(target, table)).length).toBe((await rowsOf(source, table)).length);
    }
    expect(await describeSchema(target.sql)).toBe(await describeSchema(source.sql));
    const off = await target.sql`select tgname from pg_trigger where tgenabled <> 'O' and not tgisinternal`;
    expect(off).toEqual([]);
    expect((await schemas()).map(({ nspname }) => nspname)).not.toContain("restoring");
  });

  it("counts on where the sequences were", async () => {
    const next = async ({ sql }: OwnDatabase) =>
      (await sql`select nextval('tracksolid.geofences_geofence_id_seq')::int as id`)[0]?.id;
    expect(await next(target)).toBe(await next(source));
  });

  it("is refused now, as it is not empty any more", async () => {
    const { stderr, code } = await restore(target.url, "--apply");
    expect(code).toBe(1);
    expect(stderr).toContain("The database is not empty: it has the schema fuel, the schema private");
  });
});

it("finds rows that something changes as they come", async () => {
  await using target = await createDatabase("empty");
  // Whoever lays triggers to rest wakes this one.
  await target.sql.unsafe(`
    create function public.spoil_row() returns trigger language plpgsql as $$
      begin new.driver_name := 'somebody else'; return new; end $$;
    create function public.spoil() returns event_trigger language plpgsql as $$
      begin
        if current_query() ~ 'disable trigger' and not exists (select from pg_trigger where tgname = 'spoil') then
          create trigger spoil before insert on tracksolid.driver_assignments for each row execute function public.spoil_row();
        end if;
      end $$;
    create event trigger spoil on ddl_command_end when tag in ('ALTER TABLE') execute function public.spoil()`);
  const { stderr, code } = await restore(target.url, "--apply");
  expect(code).toBe(1);
  expect(stderr).toContain(
    "tracksolid.driver_assignments has 3 rows, but not those of the backup. Something changes rows as they come",
  );
});

it("is refused before anything is written where a piece is missing, cut short or for another key", async () => {
  await using target = await createDatabase("empty");
  const path = pieceOf("tracksolid.devices", 0);
  const whole = await readFile(path);
  const untouched = async () => {
    expect(
      await target.sql`select from pg_namespace where nspname = any(${[...SCHEMAS, "restoring"]})`,
    ).toEqual([]);
  };
  await rm(path);
  const missing = await restore(target.url, "--apply");
  expect(missing).toMatchObject({ code: 1, stderr: expect.stringContaining("is missing.") });
  await untouched();

  await writeFile(path, whole.subarray(0, 100));
  const short = await restore(target.url, "--apply");
  expect(short).toMatchObject({
    code: 1,
    stderr: expect.stringContaining(`has 100 of ${whole.length} bytes`),
  });
  await untouched();
  await writeFile(path, whole);

  await using other = await makeBackupFolder();
  const wrong = await callCommand(restoreCommand, ["--apply"], {
    BACKUP_STORE: place.folder,
    BACKUP_IDENTITY: other.key.identity,
    INTO_DATABASE_URL: target.url,
  });
  expect(wrong).toMatchObject({
    code: 1,
    stderr: expect.stringContaining(`is for the key of ${place.key.recipient}`),
  });
  expect(wrong.stderr).not.toContain(other.key.identity);
  await untouched();
});
