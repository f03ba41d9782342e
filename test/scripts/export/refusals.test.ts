import { type ChildProcess, execFile, spawn } from "node:child_process";
import { closeSync, openSync } from "node:fs";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { promisify } from "node:util";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { freePort } from "../../../scripts/database/free-port.ts";
import { localRoleUrls } from "../../../scripts/database/roles.ts";
import { type Exports, ONE, openExports } from "./fleet.ts";

const root = resolve(import.meta.dirname, "../../..");

let exports: Exports;
/** The same folder, where an export that fails must leave nothing. */
let out = "";
beforeAll(async () => {
  exports = await openExports();
  out = join(exports.folder, "out.csv");
  await exports.database.sql.unsafe(`
    create function tracksolid.wait(n integer) returns text language sql volatile
      return case when pg_sleep(case when n % 1000 = 0 then 0.05 else 0 end) is null then null else repeat('x', 100) end;
    create view tracksolid.endless as
      select id, tracksolid.wait(id) as text from (select generate_series(1, 100000000) as id) g;
    create view tracksolid.late as select pg_sleep(300)::text as text;
    create view tracksolid.wide as select g as id, repeat('x', 1000) as text from generate_series(1, 3000) g;
    create table tracksolid.partly (id integer, secret text, at timestamptz, seen_at timestamptz);
    grant execute on function pg_sleep(double precision) to dashboard_ro;
    grant select on tracksolid.endless, tracksolid.late, tracksolid.wide to dashboard_ro;
    grant select (id, at, seen_at) on tracksolid.partly to dashboard_ro`);
});
afterAll(() => exports[Symbol.asyncDispose]());

const reader = () => localRoleUrls(exports.database.url).read;

it.each([
  [["trips_of_nobody"], 'There is no table and no view "trips_of_nobody"'],
  [[`trips"; drop table tracksolid.trips; --`], "There is no table and no view"],
  [["v_alarms_daily"], "There are several: reporting.v_alarms_daily, tracksolid.v_alarms_daily. Say which"],
  [["private.receipts"], "This role may not read private.receipts. Connect as one that may: backup_ro"],
  [["pg_catalog.pg_authid"], "There is no table and no view"],
  [["trips", "--format", "xlsx"], 'There is no format "xlsx". Formats: csv, parquet, geojson, gpx.'],
  [["v_trips", "--format", "geojson"], "reporting.v_trips has no columns lat and lng and no geometry"],
  [["trips", "--format", "gpx"], "GPX is for the track"],
  [["trips", "--format", "parquet", "--exact"], "--exact is for csv"],
  [["trips", "--imei", "8.61E+14"], '--imei "8.61E+14" is '],
  [["trips", "--imei", "861000000000001' or '1'='1"], "is no IMEI of 14 to 17 digits"],
  [["shifts", "--imei", ONE], "tracksolid.shifts has no column imei: leave --imei out."],
  [["trips", "--from", "2026-02-31"], '--from "2026-02-31" is no day'],
  [["trips", "--from", "yesterday"], '--from "yesterday" is no day'],
  [["trips", "--from", "2026-01-02", "--to", "2026-01-02"], "has to be before --to"],
  [["shifts", "--from", "2026-01-02"], "tracksolid.shifts has no column of days or instants"],
  [
    ["partly", "--from", "2026-01-02"],
    "several columns that a span can be of: say --by and one of at, seen_at",
  ],
  [
    ["trips", "--from", "2026-01-02", "--by", "imei"],
    'tracksolid.trips has no column "imei" of days or instants; it has start_time',
  ],
  [["trips", "--by", "start_time"], "--by names the column of a span: give --from or --to, too."],
  [["track", "--from", "2026-01-02", "--by", "day"], "--from and --to are of gps_time"],
  [["services", "--from", "2026-01-02T06:00Z"], "serviced_on is a column of days: --from and --to are days"],
])("refuses %j", async (words, reason) => {
  const { code, stderr, stdout } = await exports.run(...words, "--out", out);
  expect([code, stdout]).toEqual([1, ""]);
  expect(stderr).toContain(reason);
  expect(await exports.files()).toEqual([]);
});

it("asks what to export, and for a file where it needs one", async () => {
  expect(await exports.run()).toMatchObject({
    code: 2,
    stderr: expect.stringContaining("Say what to export"),
  });
  expect((await exports.run("trips", "--format", "parquet")).stderr).toContain("Parquet is for files");
  expect((await exports.run("trips", "--json")).stderr).toContain("name one with --out");
});

it("says what it leaves out: columns that a role may not read, and an IMEI of nobody", async () => {
  const { code, stdout } = await exports.run("partly", "--out", out);
  expect([code, stdout]).toEqual([
    0,
    expect.stringContaining("may not read all of tracksolid.partly: without secret."),
  ]);
  expect(await readFile(out, "utf8")).toBe("id,at,seen_at\r\n");
  expect((await exports.run("trips", "--imei", ONE, "--out", out)).stdout).toContain(
    `${ONE} is no device that is known.`,
  );
});

it("exports the schema private for a role that may read it", async () => {
  const { code } = await exports.runAs(exports.database.url, "private.migrations", "--out", out);
  expect(code).toBe(0);
  expect(await readFile(out, "utf8")).toContain("0001_roles_and_schemas");
});

describe("a place to write to", () => {
  afterEach(() => exports.database.sql`select 1`);

  it("is a file, in a folder that is there", async () => {
    const folder = join(exports.folder, "folder.csv");
    await mkdir(folder);
    expect((await exports.run("trips", "--out", folder)).stderr).toContain("folder.csv is no file");
    expect(await exports.run("trips", "--out", "")).toMatchObject({
      code: 1,
      stderr: "--out names no file.\n",
    });
    expect((await exports.run("trips", "--out", "/dev/null")).stderr).toContain("/dev/null is no file");
    expect((await exports.run("trips", "--out", join(folder, "no", "x.csv"))).stderr).toContain(
      "There is no folder for",
    );
  });

  it("is not that of another export", async () => {
    await writeFile(`${out}.part`, "of another");
    const { code, stderr } = await exports.run("trips", "--out", out);
    expect([code, stderr]).toEqual([
      1,
      expect.stringContaining("out.csv.part is there: it is being written"),
    ]);
    expect(await readFile(`${out}.part`, "utf8")).toBe("of another");
  });
});

describe("what comes to an end too early", () => {
  const started: ChildProcess[] = [];
  afterEach(() => {
    for (const child of started.splice(0)) child.kill("SIGKILL");
  });
  const bash = (line: string) =>
    promisify(execFile)("bash", ["-c", line], {
      cwd: exports.folder,
      env: {
        ...process.env,
        DATABASE_URL: reader(),
        EXPORT: join(root, "scripts/export.ts"),
        NODE: process.execPath,
      },
    })
      .then((output) => ({ ...output, code: 0 }))
      .catch((error: { stdout: string; stderr: string; code: number }) => error);
  const left = async () => (await exports.files()).filter((name) => name.startsWith("cut"));

  it("leaves no file where the database goes away, or ends the statement", async () => {
    const path = join(exports.folder, "cut.csv");
    const running = exports.run("endless", "--out", path);
    await expect.poll(() => left()).toEqual(["cut.csv.part"]);
    await expect
      .poll(
        async () =>
          (
            await exports.database.sql`
              select pg_terminate_backend(pid) from pg_stat_activity
              where datname = current_database() and query like 'copy%' and state = 'active'`
          ).count,
      )
      .toBe(1);
    expect(await running).toMatchObject({ code: 1, stderr: expect.stringMatching(/./) });
    expect(await left()).toEqual([]);

    const slow = await exports.runAs(`${reader()}?statement_timeout=500`, "endless", "--out", path);
    // The first rows are long in coming: there is nothing yet that could fail.
    expect(await exports.runAs(`${reader()}?statement_timeout=500`, "late", "--out", path)).toMatchObject(
      slow,
    );
    expect(slow.code).toBe(1);
    expect(slow.stderr).toContain("statement timeout: take a shorter span, or connect as backup_ro");
    expect(await left()).toEqual([]);

    const url = `postgres://dashboard_ro@127.0.0.1:${await freePort()}/x`;
    expect(await exports.runAs(url, "trips", "--out", path)).toMatchObject({
      ...{ code: 1, stderr: expect.stringContaining("ECONNREFUSED") },
    });
  });

  it("leaves no file at Ctrl-C, and the one that was there before as it was", async () => {
    const path = join(exports.folder, "cut.csv");
    await writeFile(path, "before");
    const child = spawn(process.execPath, [join(root, "scripts/export.ts"), "endless", "--out", path], {
      env: { ...process.env, DATABASE_URL: reader() },
    });
    started.push(child);
    let said = "";
    child.stderr.on("data", (chunk) => (said += chunk));
    const ended = new Promise((done) => child.once("exit", done));
    await expect.poll(left, { timeout: 60_000 }).toEqual(["cut.csv", "cut.csv.part"]);
    child.kill("SIGINT");
    expect(await ended).toBe(1);
    expect(said).toBe(`Interrupted: ${path} is not written.\n`);
    expect(await left()).toEqual(["cut.csv"]);
    expect(await readFile(path, "utf8")).toBe("before");
  });

  it("ends quietly where its reader has had enough", async () => {
    const { stdout, stderr, code } = await bash(
      `"$NODE" "$EXPORT" endless | head -2; exit "\${PIPESTATUS[0]}"`,
    );
    expect([stdout.split("\r\n")[0], stderr, code]).toEqual(["id,text", "", 0]);
  });

  it("says that the disk is full", async () => {
    // As much as a process may write to a file stands for what is left on a disk.
    const file = await bash(`ulimit -f 100; "$NODE" "$EXPORT" wide --out cut2.csv`);
    expect([file.code, file.stderr]).toEqual([
      1,
      expect.stringMatching(/^The disk is full \(EFBIG\): cut2.csv is not written/),
    ]);
    expect(await left()).not.toContain("cut2.csv.part");
    const full = openSync("/dev/full", "w");
    try {
      const child = spawn(process.execPath, [join(root, "scripts/export.ts"), "wide"], {
        env: { ...process.env, DATABASE_URL: reader() },
        stdio: ["ignore", full, "pipe"],
      });
      let said = "";
      child.stderr?.on("data", (chunk) => (said += chunk));
      expect(await new Promise((done) => child.once("close", done))).toBe(1);
      expect(said).toMatch(/^The disk is full \(ENOSPC\): The standard output is not written/);
    } finally {
      closeSync(full);
    }
  });
});
