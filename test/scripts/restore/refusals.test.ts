import { readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import type { Manifest } from "../../../scripts/backup/manifest.ts";
import { SCHEMAS } from "../../../scripts/database/dictionary.ts";
import { freePort } from "../../../scripts/database/free-port.ts";
import { restoreCommand } from "../../../scripts/restore.ts";
import { type BackupFolder, backUpSmall, makeBackupFolder } from "../../setup/backup.ts";
import { callCommand } from "../../setup/command.ts";
import { createDatabase, type OwnDatabase } from "../../setup/database.ts";

const ID = "019bc0d2-5b1c-7c44-9d2a-3f6f0c7a1e55";

let place: BackupFolder;
let made: Manifest;
let target: OwnDatabase;

beforeAll(async () => {
  [place, target] = await Promise.all([makeBackupFolder(), createDatabase("empty")]);
  await using source = await createDatabase("migrated");
  made = (await backUpSmall(source.url, place.store, place.key)).made;
});
afterAll(async () => {
  await place?.[Symbol.asyncDispose]();
  await target?.[Symbol.asyncDispose]();
});

const restore = (words: string[], environment: Record<string, string | undefined> = {}) =>
  callCommand(restoreCommand, words, {
    BACKUP_STORE: place.folder,
    BACKUP_IDENTITY: place.key.identity,
    INTO_DATABASE_URL: target.url,
    ...environment,
  });

const refused = async (words: string[], environment?: Record<string, string | undefined>) => {
  const { stdout, stderr, code } = await restore(words, environment);
  expect({ stdout, code }).toEqual({ stdout: "", code: 1 });
  expect(stderr).not.toMatch(/\n\s+at /);
  return stderr;
};

/** Another backup: the same pieces, said to be of another time. */
async function alike(snapshotAt: string, changes: Partial<Manifest> = {}): Promise<string> {
  const id = `${snapshotAt.slice(0, 19).replaceAll(":", "-")}Z-${ID}`;
  await writeFile(manifestOf(id), JSON.stringify({ ...made, id, snapshotAt, ...changes }));
  return id;
}

const manifestOf = (id: string) => join(place.folder, `backup/manifests/${id}.json`);

it.each<[string[], Record<string, string | undefined>, string]>([
  [[], { INTO_DATABASE_URL: undefined }, "INTO_DATABASE_URL is no URL of a database: write postgres://"],
  [["--into", "mysql://a@b/c"], {}, "--into is no URL of a database"],
  [["--into", "postgres://a:secret@b/c"], {}, "--into has a password"],
  [["--into", "postgres://a@b/c?password=secret"], {}, "set INTO_DATABASE_URL to the URL instead"],
  [
    ["--into", "postgres://a@db.example.com/fleet"],
    { DATABASE_URL: "postgres://tracksolid_owner:x@db.example.com:5432/fleet" },
    "That is the database of DATABASE_URL",
  ],
  [["--at", "yesterday"], {}, '--at "yesterday" is no instant'],
  [["--at", "2026-01-15T06:00"], {}, "a time with its zone"],
  [["--at", "2026-01-01"], {}, "none is as old as --at"],
  [["--id", "../../etc"], {}, "There is no backup ../../etc"],
  [[], { BACKUP_STORE: undefined }, "Set BACKUP_STORE"],
  [[], { BACKUP_STORE: "ftp://somewhere" }, "is no store"],
  [[], { BACKUP_IDENTITY: undefined }, "--identity FILE, or BACKUP_IDENTITY"],
  [["--identity", "/nowhere/key"], {}, "cannot be read"],
  [["--apply"], { ARCHIVE_STORE: "ftp://somewhere" }, "is no store"],
])("refuses %j with %j", async (words, environment, message) => {
  const stderr = await refused(words, environment);
  expect(stderr).toContain(message);
  expect(stderr).not.toContain("secret@");
});

it.each([["--scratch", "--apply"], ["--scratch", "--into", "postgres://a@b/c"], ["newest"], ["--force"]])(
  "does not understand %s %s",
  async (...words) => {
    expect(await restore(words)).toMatchObject({ code: 2, stdout: "" });
  },
);

it("says that the database is away", async () => {
  const url = `postgres://postgres@127.0.0.1:${await freePort()}/postgres`;
  expect(await refused(["--apply"], { INTO_DATABASE_URL: url })).toContain("ECONNREFUSED");
});

it("says that there is no backup", async () => {
  await using empty = await makeBackupFolder();
  expect(await refused([], { BACKUP_STORE: empty.folder })).toContain("There is no backup in");
});

it("picks the newest backup of --at, or the one that is named", async () => {
  const older = await alike("2026-02-01T02:10:00.500Z");
  const oldest = await alike("2026-01-31T02:10:00.000Z");
  const picked = async (...words: string[]) =>
    /^Backup (\S+)$/m.exec((await restore(words)).stdout)?.[1] ?? "none";
  expect(await picked()).toBe(made.id);
  expect(await picked("--at", "2026-02-01T05:10:01+03:00")).toBe(older);
  expect(await picked("--at", "2026-02-01T02:09Z")).toBe(oldest);
  expect(await picked("--id", oldest)).toBe(oldest);
  const late = await refused(["--id", older, "--at", "2026-02-01"]);
  expect(late).toContain("is of 2026-02-01T02:10:00.500Z, which is later than --at");
  await rm(manifestOf(older));
  await rm(manifestOf(oldest));
});

it.each<[string, (all: Manifest["migrations"]) => Manifest["migrations"], string]>([
  [
    "newer than this tree",
    (all) => [...all, { number: 9999, file: "9999_tomorrow.sql", checksum: "0".repeat(64) }],
    "The backup is newer than this tree, which has no 9999_tomorrow.sql: check out the version that ran",
  ],
  [
    "of another tree",
    (all) => all.map((one, index) => (index === 3 ? { ...one, checksum: "0".repeat(64) } : one)),
    "is not what it was when the backup was made",
  ],
])("refuses a backup that is %s", async (_, change, message) => {
  const id = await alike("2026-02-02T02:10:00.000Z", { migrations: change(made.migrations) });
  expect(await refused(["--apply", "--id", id])).toContain(message);
  await rm(manifestOf(id));
});

it("says what is wrong with a manifest, and takes no other by itself", async () => {
  const whole = await readFile(manifestOf(made.id));
  await writeFile(manifestOf(made.id), whole.subarray(0, 500));
  expect(await refused(["--apply"])).toContain(`The manifest of the backup ${made.id} cannot be read`);
  await writeFile(manifestOf(made.id), whole);
});

it("notes that a backup is not well, which a drill finds damaged", async () => {
  const key = made.tables.flatMap(({ pieces }) => pieces)[0]?.key ?? "";
  const path = join(place.folder, key);
  const whole = await readFile(path);
  // The second only who opens it knows.
  for (const damage of [
    () => rm(path),
    () => writeFile(path, Buffer.from(whole).fill(0, whole.length - 20)),
  ]) {
    await damage();
    const { stderr, code } = await restore(["--scratch"]);
    await writeFile(path, whole);
    expect(code).toBe(1);
    const noted = JSON.parse(await readFile(join(place.folder, `backup/verified/${made.id}.json`), "utf8"));
    expect(noted).toMatchObject({
      ...{ level: "restored", isWell: false },
      ...{ damaged: [key], faults: [stderr.trim()] },
    });
  }
});

it("has touched nothing by all that", async () => {
  const ours = [...SCHEMAS, "restoring"];
  expect(await target.sql`select from pg_namespace where nspname = any(${ours})`).toEqual([]);
});
