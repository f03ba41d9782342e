import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { resolve } from "node:path";
import type postgres from "postgres";
import { afterAll, beforeAll, beforeEach, expect, it } from "vitest";
import { freePort } from "../../../scripts/database/free-port.ts";
import { importCommand } from "../../../scripts/import.ts";
import { callCommand } from "../../setup/command.ts";
import { createDatabase, type OwnDatabase } from "../../setup/database.ts";
import { type Imports, openImports } from "../../setup/imports.ts";

let database: OwnDatabase;
let sql: postgres.Sql;
let imports: Imports;
beforeAll(async () => {
  database = await createDatabase("migrated");
  sql = database.sql;
  imports = await openImports(database.url);
});
afterAll(async () => {
  await database[Symbol.asyncDispose]();
  await imports[Symbol.asyncDispose]();
});
beforeEach(() => sql`truncate tickets.incidents`);

const TICKETS = "number,opened_at\nT1,2026-10-06T06:00Z\nT2,2026-10-06T06:00Z\n";
const OPTIONS = ["--exported-at", "2026-10-07T00:00Z", "--apply"];

const left = async () => ({
  tickets: (await sql`select from tickets.incidents`).length,
  stages: (await sql`select relname from pg_class where relname like 'importing%'`).length,
});

/** Importing backends that wait for a table. */
const waiting = async () =>
  sql<{ pid: number }[]>`
    select pid from pg_stat_activity
    where datname = current_database() and wait_event_type = 'Lock' and query like 'lock table%'`;

/** Works while an import waits for a table that somebody holds: it is in the midst of its transaction. */
async function amidst(table: string, work: () => Promise<void>): Promise<void> {
  await sql.begin(async (tx) => {
    await tx.unsafe(`lock table ${table}`);
    await expect.poll(async () => (await waiting()).length).toBe(1);
    await work();
  });
}

it("refuses a second import of the same table while the first is at work, which ends as it should", async () => {
  const first = imports.take("tickets inc", TICKETS, OPTIONS);
  await amidst("tickets.incidents", async () => {
    expect(await imports.take("tickets inc", TICKETS, OPTIONS)).toMatchObject({
      code: 1,
      stderr:
        "Another import changes tickets.incidents just now: wait until it has ended, and start again.\n",
    });
  });
  expect(await first).toMatchObject({ code: 0, stdout: expect.stringContaining("2 new") });
  expect(await left()).toEqual({ tickets: 2, stages: 0 });
});

it("refuses devices and drivers at once: they are the same table", async () => {
  await sql`
    insert into tracksolid.devices (imei, facts_at, created_at, changed_at)
    values ('860000000000001', now(), now(), now())`;
  const first = imports.take("devices", "imei,city\n860000000000001,Thika\n", ["--apply"]);
  await amidst("tracksolid.devices", async () => {
    const second = imports.take("drivers", "imei,driver_name\n860000000000001,Zoë\n", ["--apply"]);
    // What would change is read from the table, too; so it waits, until it asks for its turn.
    expect(await second).toMatchObject({
      code: 1,
      stderr: expect.stringContaining("Another import changes tracksolid.devices just now"),
    });
  });
  expect(await first).toMatchObject({ code: 0 });
});

it("leaves nothing half-done where its connection is lost", async () => {
  const lost = imports.take("tickets inc", TICKETS, OPTIONS);
  await amidst("tickets.incidents", async () => {
    for (const { pid } of await waiting()) await sql`select pg_terminate_backend(${pid})`;
    const words = /^The connection to the database was lost, and nothing was changed: look whether it is up/;
    expect(await lost).toMatchObject({ code: 1, stderr: expect.stringMatching(words) });
  });
  expect(await left()).toEqual({ tickets: 0, stages: 0 });
  expect(await imports.take("tickets inc", TICKETS, OPTIONS)).toMatchObject({ code: 0 });
});

it("leaves nothing half-done after Ctrl-C", async () => {
  const words = ["tickets", "inc", await imports.file(TICKETS), ...OPTIONS];
  const program = spawn(process.execPath, [resolve("scripts/import.ts"), ...words], {
    env: { ...process.env, DATABASE_URL: `${database.url}?role=tracksolid_owner` },
    stdio: "ignore",
  });
  const ended = once(program, "exit");
  await amidst("tickets.incidents", async () => {
    program.kill("SIGINT");
    expect(await ended).toEqual([null, "SIGINT"]);
  });
  await expect.poll(async () => (await waiting()).length).toBe(0);
  await expect
    .poll(() => imports.take("tickets inc", TICKETS, OPTIONS.slice(0, 2)))
    .toMatchObject({ code: 0, stdout: expect.stringContaining("It would be: 2 new") });
  expect(await left()).toEqual({ tickets: 0, stages: 0 });
});

it("refuses a pipe, also one to which nobody writes", async () => {
  const path = await imports.file("");
  execFileSync("mkfifo", [`${path}.pipe`]);
  expect(await imports.call("devices", `${path}.pipe`)).toMatchObject({
    code: 1,
    stderr: expect.stringContaining("is no file: save what it gives to one"),
  });
});

it.each(["drivers", "tickets", "geofences"])("says so where there is no database for %s", async (what) => {
  const path = await imports.file(TICKETS);
  const environment = { DATABASE_URL: `postgres://postgres@127.0.0.1:${await freePort()}/postgres` };
  const outcome = await callCommand(importCommand, [what, path], environment);
  expect(outcome).toMatchObject({ code: 1, stdout: "" });
});
