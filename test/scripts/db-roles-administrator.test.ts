import { afterAll, beforeAll, expect, it } from "vitest";
import { migrateCommand } from "../../scripts/db-migrate.ts";
import { rolesCommand } from "../../scripts/db-roles.ts";
import { callCommand } from "../setup/command.ts";
import { type OwnServer, startOwnServer } from "../setup/own-server.ts";

let server: OwnServer;
let url: string;

/** As many providers give it: an administrator who is no superuser and has the database. */
beforeAll(async () => {
  server = await startOwnServer();
  await server.sql`create role administrator login createrole password 'throw-away'`;
  await server.sql`create database fleet owner administrator`;
  const own = new URL(server.adminUrl("fleet"));
  [own.username, own.password] = ["administrator", "throw-away"];
  url = own.href;
});
afterAll(() => server[Symbol.asyncDispose]());

const run = (...words: string[]) => callCommand(rolesCommand, words, { DATABASE_URL: url });

it("does what an administrator may, and says exactly what a superuser has to", async () => {
  const dry = await run();
  const applied = await run("--apply");
  for (const { code, stdout, stderr } of [dry, applied]) {
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    const [done = "", open = ""] = stdout.split("Stays open");
    expect(done).toContain("create role tracksolid_owner");
    expect(done).toContain("no longer open to PUBLIC");
    expect(done).not.toContain("functions");
    expect(open).toContain("functions (sleep): no longer for PUBLIC: pg_sleep, pg_sleep_for, pg_sleep_until");
    expect(open).toContain("functions (advisory locks): kept for tracksolid_owner");
    expect(done).toContain("analytics_ro: work_mem 16MB");
    expect(done).toContain("analytics_ro: may become analytics_ro_reporting\n");
    expect(open).toContain("analytics_ro: temp_file_limit 1GB");
    expect(open.split("Other roles")[0]).not.toMatch(/create role|connect for/);
  }
  expect(await callCommand(migrateCommand, [], { DATABASE_URL: url })).toMatchObject({ code: 0, stderr: "" });
  // What analysts' parts read is there now.
  expect((await run("--apply")).stdout.split("Stays open")[0]).toContain(
    "analytics_ro_reporting: usage on schema reporting",
  );
  const again = await run("--apply");
  expect(again).toMatchObject({ code: 0, stdout: expect.stringMatching(/^Nothing to do\.\nStays open/) });

  // What is open is all that is open.
  expect(
    await callCommand(rolesCommand, ["--apply"], { DATABASE_URL: server.adminUrl("fleet") }),
  ).toMatchObject({
    code: 0,
    stdout: expect.not.stringContaining("Stays open"),
  });
  expect(await run("--apply")).toMatchObject({
    code: 0,
    stdout: expect.not.stringContaining("Stays open"),
  });
  // The administrator acts for the owner, and so still migrates.
  expect(await callCommand(migrateCommand, [], { DATABASE_URL: url })).toMatchObject({
    code: 0,
    stdout: "Nothing to do.\n",
  });
});

it("fails where a role stays mightier than it may be, and gives it no password", async () => {
  await server.sql`alter role analytics_ro superuser connection limit 50`;
  const { code, stdout } = await run("--rotate", "analytics_ro,backup_ro", "--apply");
  expect(code).toBe(1);
  const open = stdout.split("Stays open")[1] ?? "";
  expect(open).toContain("  analytics_ro: no longer superuser\n");
  expect(open).toContain("  analytics_ro: at most 10 connections instead of 50\n");
  expect(open).toContain("  analytics_ro: a new password\n");
  expect(stdout).toContain("  backup_ro  postgres://backup_ro:");
  expect(stdout).not.toContain("postgres://analytics_ro:");
  await server.sql`alter role analytics_ro nosuperuser connection limit 10`;
});

it("says that it may do nothing as nobody in particular", async () => {
  await server.sql`create role passer_by login password 'throw-away'`;
  await server.sql`create database other`;
  const own = new URL(server.adminUrl("other"));
  [own.username, own.password] = ["passer_by", "throw-away"];
  const { code, stdout } = await callCommand(rolesCommand, ["--apply"], { DATABASE_URL: own.href });
  expect(code).toBe(1);
  expect(stdout).toMatch(/^Nothing to do\.\nStays open/);
  expect(stdout).toContain("  database other: no longer open to PUBLIC\n");
  const [still] =
    await server.sql`select has_database_privilege('public', 'other', 'connect, temporary') as open`;
  expect(still?.open).toBe(true);
});
