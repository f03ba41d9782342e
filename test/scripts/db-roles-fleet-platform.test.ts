import postgres from "postgres";
import { afterAll, beforeAll, expect, it } from "vitest";
import { rolesCommand } from "../../scripts/db-roles.ts";
import { callCommand } from "../setup/command.ts";
import { type OwnServer, startOwnServer } from "../setup/own-server.ts";

let server: OwnServer;
let sql: postgres.Sql;
const urls = new Map<string, string>();

/** A part of the sibling product, with the role that makes its tables. */
beforeAll(async () => {
  server = await startOwnServer();
  await server.sql`create database fleet_platform`;
  sql = postgres(server.adminUrl("fleet_platform"), { max: 1, onnotice: () => {} });
  await sql.unsafe(`
    create role "its migrator" login;
    create schema domain authorization "its migrator";
    create schema ops;
    set role "its migrator";
    create table domain.orders (id serial primary key, what text);
    create view domain.open_orders as select * from domain.orders;
    create function domain.total() returns bigint language sql as 'select count(*) from domain.orders';
    revoke execute on function domain.total() from public;
    create procedure domain.tidy() language sql as 'delete from domain.orders';
    revoke execute on procedure domain.tidy() from public;
    reset role;
    create table ops.notes (id int generated always as identity, what text);
    create schema elsewhere; create table elsewhere.secrets (x int);
  `);
});
afterAll(async () => {
  await sql.end();
  await server[Symbol.asyncDispose]();
});

const run = (...words: string[]) =>
  callCommand(rolesCommand, ["--database", "fleet_platform", ...words], {
    DATABASE_URL: server.adminUrl("fleet_platform"),
  });

async function attempt(role: string, statement: string): Promise<string> {
  const client = postgres(urls.get(role) ?? "", { max: 1, onnotice: () => {} });
  try {
    await client.unsafe(statement);
    return "ok";
  } catch (error) {
    return (error as postgres.PostgresError).code;
  } finally {
    await client.end();
  }
}

it("lets both services read and write all rows, those of later tables too", async () => {
  const applied = await run("--apply");
  expect(applied).toMatchObject({ code: 0, stderr: "" });
  for (const [, role, url] of applied.stdout.matchAll(/^ {2}(\w+) {2}(postgres:\S+)$/gm)) {
    urls.set(role ?? "", url ?? "");
  }
  expect([...urls.keys()]).toEqual(["gateway_app", "cron_app"]);
  expect((await run("--apply")).stdout).toMatch(/^Nothing to do\.\n/);

  await sql.unsafe(`
    set role "its migrator";
    create table domain.later (id serial primary key, what text);
    create function domain.twice(x int) returns int language sql as 'select 2 * x';
    revoke execute on function domain.twice(int) from public;
    create procedure domain.tidy_later() language sql as 'delete from domain.later';
    revoke execute on procedure domain.tidy_later() from public;
    reset role;
    create table ops.later (id int generated always as identity, what text);
  `);
  expect((await run()).stdout).toMatch(/^Nothing to do\.\n/);
  for (const role of urls.keys()) {
    for (const table of ["domain.orders", "domain.later", "ops.notes", "ops.later"]) {
      const statement = `insert into ${table} (what) values ('x'); update ${table} set what = 'y'; delete from ${table}; select * from ${table}`;
      expect(await attempt(role, statement), `${role} ${table}`).toBe("ok");
    }
    for (const statement of [
      "select domain.total()",
      "select domain.twice(2)",
      "call domain.tidy()",
      "call domain.tidy_later()",
      "select from domain.open_orders",
    ]) {
      expect(await attempt(role, statement), `${role} ${statement}`).toBe("ok");
    }
    for (const statement of [
      "truncate domain.orders",
      "alter table domain.orders add column y int",
      "create table domain.mine (x int)",
      "create temporary table mine (x int)",
      "select from elsewhere.secrets",
      `set role "its migrator"`,
    ]) {
      expect(await attempt(role, statement), `${role} ${statement}`).toBe("42501");
    }
  }
});

it("gives what is new by another owner, and in a schema that came later", async () => {
  await sql.unsafe(`
    create role second_migrator;
    grant usage, create on schema ops to second_migrator;
    set role second_migrator; create table ops.second (x int); reset role;
    create schema slo; create table slo.goals (x int);
  `);
  const { stdout } = await run("--apply");
  expect(stdout).toContain("schema ops: select, insert, update, delete on 1 tables for fp_app_rw\n");
  expect(stdout).toContain("schema ops: the same on what second_migrator makes later, for fp_app_rw\n");
  expect(stdout).toContain("schema slo: usage for fp_app_rw\n");
  expect(await attempt("cron_app", "select from ops.second")).toBe("ok");
  expect(await attempt("cron_app", "insert into slo.goals values (1)")).toBe("ok");
  expect((await run()).stdout).toMatch(/^Nothing to do\.\n/);
});

it("makes memberships what they are defined to be, options and all", async () => {
  await sql.unsafe(`
    create role friend;
    grant fp_app_rw to gateway_app with admin option;
    grant fp_app_rw to cron_app with inherit false;
    set role gateway_app; grant fp_app_rw to friend; reset role;
    alter role cron_app set search_path = 'domain';
  `);
  expect(await attempt("cron_app", "select from domain.orders")).toBe("42501");
  const { code, stdout, stderr } = await run("--apply");
  expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
  expect(stdout).toContain("  gateway_app: member of fp_app_rw as defined, without admin option\n");
  expect(stdout).toContain("  cron_app: member of fp_app_rw as defined, without admin option\n");
  const rows = await sql`
    select member::regrole::text as member, admin_option as admin, inherit_option as inherits, set_option as sets
    from pg_auth_members where roleid = 'fp_app_rw'::regrole order by 1`;
  const defined = { admin: false, inherits: true, sets: true };
  expect([...rows]).toEqual([
    { member: "cron_app", ...defined },
    { member: "gateway_app", ...defined },
  ]);
  expect(await attempt("cron_app", "select from domain.orders")).toBe("ok");
  expect((await run()).stdout).toMatch(/^Nothing to do\.\n/);
  // Where its services look for their tables is theirs.
  const [row] = await sql`select rolconfig from pg_roles where rolname = 'cron_app'`;
  expect(row?.rolconfig).toContain("search_path=domain");
});

it("leaves dangerous functions until somebody says that no service calls them", async () => {
  const before = await run("--apply");
  expect(before).toMatchObject({
    code: 0,
    stdout: expect.stringContaining("Left as it is. --revoke-functions"),
  });
  expect(before.stdout).toContain("  functions (sleep): no longer for PUBLIC");
  expect(await attempt("cron_app", "select pg_sleep(0)")).toBe("ok");
  const after = await run("--revoke-functions", "--apply");
  expect(after).toMatchObject({ code: 0, stdout: expect.not.stringContaining("Left as it is") });
  expect(await attempt("cron_app", "select pg_sleep(0)")).toBe("42501");
  expect((await run()).stdout).not.toContain("Left as it is");
});

it("makes a role for migrations when asked to, and keeps it from then on", async () => {
  expect((await run()).stdout).not.toContain("fleet_platform_owner");
  const { stdout } = await run("--with-owner", "--apply");
  urls.set("fleet_platform_owner", /postgres:\/\/fleet_platform_owner:\S+/.exec(stdout)?.[0] ?? "");
  expect(await attempt("fleet_platform_owner", "create table slo.made (x int)")).toBe("ok");
  expect(await attempt("gateway_app", "select from slo.made")).toBe("ok");
  // What others own stays theirs.
  expect(await attempt("fleet_platform_owner", "drop table slo.goals")).toBe("42501");
  await sql`alter role fleet_platform_owner connection limit 50`;
  expect((await run("--apply")).stdout).toContain(
    "fleet_platform_owner: at most 5 connections instead of 50\n",
  );
});
