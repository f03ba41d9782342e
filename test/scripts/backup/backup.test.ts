import { readdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { type Manifest, manifest } from "../../../scripts/backup/manifest.ts";
import { backupCommand } from "../../../scripts/backup.ts";
import { freePort } from "../../../scripts/database/free-port.ts";
import {
  type BackupFolder,
  drive,
  makeBackupFolder,
  makeKey,
  makeReader,
  type Reader,
  rowsIn,
} from "../../setup/backup.ts";
import { callCommand } from "../../setup/command.ts";
import { createDatabase, type OwnDatabase } from "../../setup/database.ts";

let database: OwnDatabase;
let reader: Reader;
let place: BackupFolder;
beforeAll(async () => {
  database = await createDatabase("migrated");
  reader = await makeReader(database);
  await drive(database, "2026-10-01T00:00Z", 300);
});
afterAll(async () => {
  await reader[Symbol.asyncDispose]();
  await database[Symbol.asyncDispose]();
});
beforeEach(async () => {
  place = await makeBackupFolder();
  return () => place[Symbol.asyncDispose]();
});

const filesIn = (folder: string) =>
  readdir(join(place.folder, "backup", folder), { recursive: true, withFileTypes: true }).then(
    (entries) => entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name)),
    () => [],
  );

async function make(): Promise<Manifest> {
  const { code, stdout, stderr } = await place.backup(reader.url, "--apply", "--json");
  expect({ code, stderr }).toMatchObject({ code: 0 });
  const { id } = JSON.parse(stdout) as { id: string };
  const text = await readFile(join(place.folder, "backup", "manifests", `${id}.json`), "utf8");
  return manifest.parse(JSON.parse(text));
}

async function verified(): Promise<unknown[]> {
  const files = await filesIn("verified");
  return Promise.all(files.map(async (file) => JSON.parse(await readFile(file, "utf8"))));
}

describe("a backup", () => {
  it("has every row of every table, and says what a restore has to know", async () => {
    const made = await make();
    const names = await database.sql<{ name: string }[]>`
      select format('%I.%I', schemaname, tablename) as name from pg_tables
      where schemaname in ('tracksolid', 'reporting', 'private', 'tickets', 'fuel') and tablename <> 'migrations'
      order by schemaname collate "C", tablename collate "C"`;
    expect(made.tables.map(({ name }) => name)).toEqual(names.map(({ name }) => name));
    for (const { name, rows } of made.tables) {
      const [row] = await database.sql.unsafe(`select count(*)::int as rows from ${name}`);
      expect([name, rows]).toEqual([name, row?.rows]);
    }
    const [{ migrations } = { migrations: 0 }] = await database.sql`
      select count(*)::int as migrations from private.migrations`;
    expect(made.migrations).toHaveLength(migrations);
    expect(made.server.postgres).toMatch(/^\d+\.\d+/);
    expect(made.recipients).toEqual([place.key.recipient]);
    expect(await filesIn("begun")).toEqual([]);
  });

  it("writes values of every kind alike, whatever the database is set to", async () => {
    const { sql } = database;
    await sql.unsafe(`
      create table tracksolid.kinds (
        id int primary key, words text, empty text, nothing text, exact numeric, wide float8, narrow real, at timestamptz,
        never timestamptz, day date, hour time, span interval, doc json, docb jsonb, list text[], bytes bytea, area box, yes boolean,
        "odd ""name" text, twice int generated always as (id * 2) stored);
      insert into tracksolid.kinds values (1, E'tab\\tline\\nback\\\\slash ÄÖ 😀 \\\\N', '', null, 12345678901234567890.000100, 0.1::float8 + 0.2,
        0.1, '2026-03-29 01:30:00.123456+01', 'infinity', '0044-03-15 BC', '23:59:60', '1 mon 2 days 03:04:05.6',
        '{ "a":1,  "a":2 }', '{"b":[1, null]}', array['x', null, 'y,"z'], '\\xdeadbeef', '((1,2),(0,0))', true, 'named');
      insert into tracksolid.kinds (id, wide, narrow) values (2, 'NaN', '-Infinity');
      grant select on tracksolid.kinds to backup_ro`);
    try {
      const [first, second] = await rowsIn(place.store, place.key, await make(), "tracksolid.kinds");
      expect(first?.split("\t")).toEqual([
        ...["1", "tab\\tline\\nback\\\\slash ÄÖ 😀 \\\\N", "", "\\N", "12345678901234567890.000100"],
        ...[
          "0.30000000000000004",
          "0.1",
          "2026-03-29 00:30:00.123456+00",
          "infinity",
          "0044-03-15 BC",
          "24:00:00",
        ],
        ...["1 mon 2 days 03:04:05.6", '{ "a":1,  "a":2 }', '{"b": [1, null]}', '{x,NULL,"y,\\\\"z"}'],
        ...["\\\\xdeadbeef", "(1,2),(0,0)", "t", "named"],
      ]);
      expect(second).toBe(
        ["2", "\\N", "\\N", "\\N", "\\N", "NaN", "-Infinity", ...Array(12).fill("\\N")].join("\t"),
      );
      const pieces = await filesIn("pieces");
      for (const setting of [
        ...["timezone = 'Africa/Nairobi'", "datestyle = 'German, DMY'", "intervalstyle = 'iso_8601'"],
        ...["bytea_output = 'escape'", "extra_float_digits = 0", "search_path = 'tracksolid'"],
      ]) {
        await sql.unsafe(`alter role ${reader.name} set ${setting}`);
      }
      await make();
      expect(await filesIn("pieces")).toEqual(pieces);
    } finally {
      await sql.unsafe(`alter role ${reader.name} reset all`);
      await sql`drop table tracksolid.kinds`;
    }
  });

  it("puts nothing that is there, of a table with a new row its piece, with a new column all of its pieces", async () => {
    await make();
    const before = await filesIn("pieces");
    const again = async () => JSON.parse((await place.backup(reader.url, "--apply", "--json")).stdout);
    expect(await again()).toMatchObject({ applied: true, newPieces: 0, newBytes: 0 });
    await drive(database, "2026-10-05T00:00Z", 1);
    expect(await again()).toMatchObject({ newPieces: 1 });
    await database.sql`alter table tracksolid.ticket_rules add column added text default 'new'`;
    try {
      const made = await make();
      expect(await filesIn("pieces")).toHaveLength(before.length + 2);
      expect(made.tables.find(({ name }) => name === "tracksolid.ticket_rules")?.columns).toContain("added");
      const [row] = await rowsIn(place.store, place.key, made, "tracksolid.ticket_rules");
      expect(row).toMatch(/\tnew$/);
    } finally {
      await database.sql`alter table tracksolid.ticket_rules drop column added`;
    }
  });

  it("refuses where a table or a sequence may not be read, and names the grant", async () => {
    const { sql } = database;
    await sql`create table fuel.secret (id serial)`;
    try {
      const closed = await place.backup(reader.url, "--apply");
      expect(closed.code).toBe(1);
      expect(closed.stderr).toContain(
        `${reader.name} may not read fuel.secret, and a backup without it would have a hole`,
      );
      expect(closed.stderr).toContain(`grant select on fuel.secret to "${reader.name}"`);
      await sql`grant select on fuel.secret to backup_ro`;
      expect((await place.backup(reader.url, "--apply")).stderr).toContain(
        "grant select on sequence fuel.secret_id_seq",
      );
      await sql`grant select on sequence fuel.secret_id_seq to backup_ro`;
      await sql`insert into fuel.secret default values`;
      const { sequences } = await make();
      expect(sequences).toContainEqual({ name: "fuel.secret_id_seq", lastValue: "1", isCalled: true });
      await sql`alter table fuel.secret enable row level security`;
      expect((await place.backup(reader.url, "--apply")).stderr).toContain("row-level security");
    } finally {
      await sql`drop table fuel.secret`;
    }
    expect(await filesIn("manifests")).toHaveLength(1);
  });

  it("says what it would do, and does nothing", async () => {
    const { code, stdout } = await place.backup(reader.url);
    expect(code).toBe(0);
    expect(stdout).toMatch(/Would back up \d+ tables of some [\d,]+ rows to .*, which has 0 backups/);
    expect(stdout).toContain("Add --apply to do it");
    expect(await readdir(place.folder)).toEqual([]);
  });

  it("refuses without what it needs", async () => {
    const whole = place.environment(reader.url);
    const ask = async (changed: Record<string, string>, ...words: string[]) =>
      callCommand(backupCommand, ["--apply", ...words], { ...whole, ...changed });
    expect(await ask({ BACKUP_STORE: "" })).toMatchObject({
      code: 1,
      stderr: expect.stringContaining("Set BACKUP_STORE"),
    });
    expect((await ask({ BACKUP_RECIPIENTS: "" })).stderr).toContain("new-key makes one");
    expect((await ask({ BACKUP_RECIPIENTS: "age1nobody" })).stderr).toContain(
      '"age1nobody" is no public key',
    );
    const { stderr } = await ask({ BACKUP_RECIPIENTS: place.key.identity });
    expect(stderr).toContain("has a secret key");
    expect(stderr).not.toContain(place.key.identity);
    expect((await ask({ DATABASE_URL: "" })).stderr).toContain("Set DATABASE_URL");
    expect((await ask({ BACKUP_STORE: join(place.folder, "none") })).stderr).toContain("There is no folder");
    expect((await ask({}, "everything")).code).toBe(2);
    const away = `postgres://backup_ro:x@127.0.0.1:${await freePort()}/fleet`;
    expect(await ask({ DATABASE_URL: away })).toMatchObject({
      code: 1,
      stderr: expect.stringContaining("ECONNREFUSED"),
    });
    expect(await filesIn("manifests")).toEqual([]);
  });

  it("refuses a database that is none of ours", async () => {
    await using empty = await createDatabase("empty");
    const { code, stderr } = await place.backup(empty.url, "--apply");
    expect({ code, stderr }).toMatchObject({ code: 1, stderr: expect.stringContaining("no tables of ours") });
  });

  it("makes keys that open what was made for them, and lists what is there", async () => {
    const made = await callCommand(backupCommand, ["new-key"], {});
    const identity = /^AGE-SECRET-KEY-.*$/m.exec(made.stdout)?.[0] ?? "";
    const recipient = /age1\w+/.exec(made.stdout)?.[0] ?? "";
    const file = join(place.folder, "key");
    await writeFile(file, made.stdout);
    const environment = {
      ...place.environment(reader.url),
      BACKUP_RECIPIENTS: `${place.key.recipient}, ${recipient}`,
    };
    expect((await callCommand(backupCommand, ["list"], environment)).stdout).toContain(
      "There is no backup in",
    );
    expect((await callCommand(backupCommand, ["--apply"], environment)).code).toBe(0);
    for (const either of [identity, file, place.key.identity]) {
      expect(await place.verify(either)).toMatchObject({ code: 0, stderr: "" });
    }
    const listed = JSON.parse((await callCommand(backupCommand, ["list", "--json"], environment)).stdout);
    expect(listed.backups).toMatchObject([{ state: "whole", verified: { level: "rows", isWell: true } }]);
    const shown = await callCommand(backupCommand, ["list"], environment);
    expect(shown.stdout).toMatch(/every row, \d+ s ago/);
  });
});

describe("a look at a backup", () => {
  it("finds it well: every object without the key, every row with it", async () => {
    const { id, tables } = await make();
    expect(await place.verify()).toMatchObject({
      code: 0,
      stdout: expect.stringContaining("without its key"),
    });
    expect(await verified()).toMatchObject([{ id, level: "objects", isWell: true, faults: [] }]);
    const { code, stdout } = await place.verify(place.key.identity, "--id", id);
    expect({ code, stdout }).toMatchObject({ code: 0, stdout: expect.stringContaining("is well.") });
    expect(await verified()).toMatchObject([{ id, level: "rows", isWell: true, faults: [] }]);
    expect(stdout).toContain(String(tables.length));
  });

  it.each<[string, (file: string, body: Buffer) => Promise<void>, RegExp]>([
    ["missing", (file) => rm(file), /is missing\./],
    [
      "cut short",
      (file, body) => writeFile(file, body.subarray(0, -10)),
      /was cut short: it has \d+ of \d+ bytes/,
    ],
    ["empty", (file) => writeFile(file, ""), /was cut short: it has 0 of/],
    [
      "changed",
      (file, body) => writeFile(file, body.fill(body.readUInt8(body.length - 1) ^ 1, body.length - 1)),
      /was changed: its SHA-256 is another/,
    ],
  ])("finds a piece that is %s, and the next backup mends it", async (_, damage, words) => {
    const { tables } = await make();
    const [piece] = tables.find(({ name }) => name === "tracksolid.position_history")?.pieces ?? [];
    const file = join(place.folder, piece?.key ?? "");
    await damage(file, await readFile(file));
    for (const key of ["", place.key.identity]) {
      const { code, stderr } = await place.verify(key);
      expect(code).toBe(1);
      expect(stderr).toMatch(words);
      expect(stderr).toContain("npm run backup -- --apply makes one");
    }
    expect(await verified()).toMatchObject([{ isWell: false, damaged: [piece?.key] }]);
    await make();
    expect(await place.verify(place.key.identity)).toMatchObject({ code: 0, stderr: "" });
  });

  it("refuses a wrong key before it fetches anything, and notes nothing", async () => {
    await make();
    const other = await makeKey();
    const { code, stderr } = await place.verify(other.identity);
    expect(code).toBe(1);
    expect(stderr).toContain(
      `is for the key of ${place.key.recipient}; the one that is given is of ${other.recipient}`,
    );
    expect((await place.verify("AGE-SECRET-KEY-1NONE")).stderr).toContain("something else than secret keys");
    expect((await place.verify(join(place.folder, "none"))).stderr).toContain("cannot be read");
    expect((await place.verify("", "--identity", other.identity)).stderr).toContain(
      "the list of processes shows",
    );
    expect(await verified()).toEqual([]);
  });

  it("says that there is none", async () => {
    expect(await place.verify()).toMatchObject({
      code: 1,
      stderr: expect.stringContaining("There is no backup in"),
    });
    await make();
    const { stderr } = await place.verify("", "--id", "2026-01-01T00-00-00Z-x");
    expect(stderr).toContain("There is no backup 2026-01-01T00-00-00Z-x");
  });

  it.each<[string, (made: Manifest) => unknown, string]>([
    ["is no JSON", () => undefined, "cannot be read"],
    ["is of a newer version", (made) => ({ ...made, format: 2 }), "was made by a newer version"],
    [
      "is another's",
      (made) => ({ ...made, id: made.id.replace(/.$/, (last) => (last === "0" ? "1" : "0")) }),
      "is of another one",
    ],
    [
      "names what is no piece",
      (made) =>
        JSON.parse(JSON.stringify(made).replaceAll(/backup\/pieces\/[^"]+/g, "backup/../../etc/passwd")),
      "which is no piece of its own",
    ],
    [
      "counts other rows",
      (made) => ({ ...made, tables: made.tables.map((table) => ({ ...table, rows: table.rows + 1 })) }),
      "do not have as many rows",
    ],
  ])("is told of a manifest that %s, and nothing is taken away beside it", async (_, change, words) => {
    const made = await make();
    const file = join(place.folder, "backup", "manifests", `${made.id}.json`);
    await writeFile(file, JSON.stringify(change(made)) ?? "{");
    const { code, stderr } = await place.verify(place.key.identity);
    expect({ code, stderr }).toMatchObject({ code: 1, stderr: expect.stringContaining(words) });
    expect(await verified()).toMatchObject([{ id: made.id, isWell: false }]);
    // A backup of the same day would otherwise stand for it.
    const next = await place.backup(reader.url, "--apply");
    expect(next).toMatchObject({
      code: 1,
      stderr: expect.stringContaining("older ones were not taken away"),
    });
    expect(await filesIn("manifests")).toHaveLength(2);
    expect((await callCommand(backupCommand, ["list"], place.environment(reader.url))).stdout).toContain(
      words,
    );
  });
});
