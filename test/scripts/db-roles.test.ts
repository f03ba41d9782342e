import { randomUUID } from "node:crypto";
import postgres from "postgres";
import { afterAll, beforeAll, expect, it } from "vitest";
import { LOCK_KEY } from "../../scripts/database/migrations.ts";
import { migrateCommand } from "../../scripts/db-migrate.ts";
import { rolesCommand } from "../../scripts/db-roles.ts";
import { applyRoles } from "../../scripts/roles/apply.ts";
import { loginRoles } from "../../scripts/roles/definition.ts";
import { tracksolid } from "../../scripts/roles/tracksolid.ts";
import { callCommand, type Outcome } from "../setup/command.ts";
import { type OwnServer, startOwnServer } from "../setup/own-server.ts";

const NAMES = loginRoles(tracksolid).map(({ name }) => name);

let server: OwnServer;
let database: string;
let sql: postgres.Sql;

beforeAll(async () => {
  server = await startOwnServer();
});
afterAll(() => server[Symbol.asyncDispose]());

/** A database of its own; the roles are those that tests before left. */
async function freshDatabase(): Promise<void> {
  database = `db_${randomUUID().replaceAll("-", "")}`;
  await server.sql`create database ${server.sql(database)}`;
  sql = postgres(server.adminUrl(database), { max: 3, onnotice: () => {} });
}

const run = (...words: string[]): Promise<Outcome> =>
  callCommand(rolesCommand, words, { DATABASE_URL: server.adminUrl(database) });

/** The URLs it printed, by role. */
const urlsIn = ({ stdout }: Outcome): Record<string, string> =>
  Object.fromEntries(
    [...stdout.matchAll(/^ {2}(\w+) {2}(postgres:\S+)$/gm)].map(([, role, url]) => [role, url]),
  );

/** @returns who logs in by a URL, or the SQLSTATE */
async function login(url: string | undefined): Promise<string> {
  const client = postgres(url ?? "", { max: 1, onnotice: () => {} });
  try {
    const [row] = await client`select current_user || ' in ' || current_database() as me`;
    return row?.me;
  } catch (error) {
    return (error as postgres.PostgresError).code;
  } finally {
    await client.end();
  }
}

it("has the settings that the first migration gives, and for analysts' queries more", async () => {
  await using own = await startOwnServer();
  await callCommand(migrateCommand, [], { DATABASE_URL: own.adminUrl() });
  const rows = await own.sql<{ name: string; settings: string[] }[]>`
    select r.rolname as name, array(select c from unnest(s.setconfig) c where c not like 'timescaledb.%' order by c) as settings
    from pg_roles r join pg_db_role_setting s on s.setrole = r.oid and s.setdatabase = 0 where r.rolname = any(${NAMES})`;
  const migrated = Object.fromEntries(rows.map(({ name, settings }) => [name, settings]));
  const more = [
    "client_connection_check_interval=2s",
    "max_parallel_workers_per_gather=0",
    "temp_file_limit=1GB",
    "work_mem=16MB",
  ];
  const defined = loginRoles(tracksolid).map(({ name, settings }) => [
    name,
    Object.entries(settings)
      .map(([setting, value]) => `${setting}=${value}`)
      .filter((setting) => name !== "analytics_ro" || !more.includes(setting))
      .sort(),
  ]);
  expect(migrated).toEqual(Object.fromEntries(defined));
  expect(loginRoles(tracksolid).find(({ name }) => name === "analytics_ro")?.settings).toMatchObject(
    Object.fromEntries(more.map((setting) => setting.split("="))),
  );
});

it("says what it would do, does it once, and finds nothing to do again", async () => {
  await freshDatabase();
  const dry = await run();
  expect(dry).toMatchObject({ code: 0, stderr: "" });
  expect(dry.stdout).toContain("create role ingest_app (at most 18 connections, a password of its own)");
  expect(dry.stdout).toContain(`database ${database}: no longer open to PUBLIC`);
  expect(dry.stdout).toContain(
    "functions (sleep): no longer for PUBLIC: pg_sleep, pg_sleep_for, pg_sleep_until",
  );
  expect(dry.stdout).toContain("Add --apply to do it.");
  expect(dry.stdout).not.toContain("://");
  expect(await server.sql`select from pg_roles where rolname = any(${NAMES})`).toHaveLength(0);

  const applied = await run("--apply");
  expect(applied).toMatchObject({ code: 0, stderr: "" });
  const urls = urlsIn(applied);
  expect(Object.keys(urls)).toEqual(NAMES);
  for (const name of NAMES) expect(await login(urls[name])).toBe(`${name} in ${database}`);
  expect(applied.stdout).toContain(
    "for DB_INGEST of production (the password is pasted unseen, and so is in no history of the shell):\n    read -rs PASSWORD && npx wrangler hyperdrive update",
  );
  expect(applied.stdout).not.toMatch(/--connection-string|origin-password='/);
  const stored = await server.sql`select rolpassword from pg_authid where rolname = any(${NAMES})`;
  for (const { rolpassword } of stored) expect(rolpassword).toMatch(/^SCRAM-SHA-256\$4096:/);

  const again = await run("--apply");
  expect(again).toMatchObject({ code: 0, stderr: "", stdout: expect.stringMatching(/^Nothing to do\.\n/) });
  expect(urlsIn(again)).toEqual({});
  expect(await callCommand(migrateCommand, [], { DATABASE_URL: server.adminUrl(database) })).toMatchObject({
    code: 0,
  });
  // What was made meanwhile is granted to those who read part of it.
  const granted = await run("--apply");
  const [, ...lines] = (granted.stdout.split("\nOther roles")[0] ?? "").split("\n");
  expect(lines.filter((line) => !line.startsWith("  analytics_ro_reporting"))).toEqual([]);
  expect((await run()).stdout).toMatch(/^Nothing to do\.\n/);
  // As the role that migrates from then on.
  expect(await callCommand(migrateCommand, [], { DATABASE_URL: urls.tracksolid_owner })).toMatchObject({
    code: 0,
    stdout: "Nothing to do.\n",
  });
  await sql.end();
});

it("rotates the passwords that are named, and no others", async () => {
  await freshDatabase();
  const all = await run("--rotate", NAMES.join(","), "--apply");
  const before = urlsIn(all);
  const rotated = await run("--rotate", "ingest_app, dashboard_ro,ingest_app", "--apply");
  const after = urlsIn(rotated);
  expect(Object.keys(after)).toEqual(["ingest_app", "dashboard_ro"]);
  expect(await login(before.ingest_app)).toBe("28P01");
  expect(await login(after.ingest_app)).toBe(`ingest_app in ${database}`);
  expect(await login(before.backup_ro)).toBe(`backup_ro in ${database}`);

  const asked = await run("--rotate", "ingest_app", "--apply", "--json");
  const { urls, applied } = JSON.parse(asked.stdout);
  expect([Object.keys(urls), applied]).toEqual([["ingest_app"], true]);
  expect(await login(urls.ingest_app)).toBe(`ingest_app in ${database}`);
  // What logs keep holds no password.
  expect(asked.stderr).not.toContain(new URL(urls.ingest_app).password);
  await sql.end();
});

it("sends the server no password, whatever it logs", async () => {
  await freshDatabase();
  const logged: string[] = [];
  const loud = postgres(server.adminUrl(database), {
    max: 1,
    connection: { client_min_messages: "log", log_statement: "all" },
    onnotice: ({ message }) => logged.push(message ?? ""),
  });
  const request = { apply: true, rotate: NAMES, withOwner: false, revokeFunctions: false };
  const { passwords } = await applyRoles(loud, tracksolid, request);
  await loud.end();
  const text = logged.join("\n");
  expect(text).toContain(`alter role "ingest_app" password 'SCRAM-SHA-256$`);
  expect(passwords.size).toBe(NAMES.length);
  for (const password of passwords.values()) expect(text).not.toContain(password);
  await sql.end();
});

it("brings down what a role should not be, has or sees", async () => {
  await freshDatabase();
  await callCommand(migrateCommand, [], { DATABASE_URL: server.adminUrl(database) });
  await run("--apply");
  await sql.unsafe(`
    alter role backup_ro superuser createrole connection limit -1;
    alter role dashboard_ro in database ${database} set statement_timeout = 0;
    alter role dashboard_ro set default_transaction_read_only = off;
    alter role ingest_app nologin;
    grant pg_read_all_data, tracksolid_owner to analytics_ro;
    grant usage on schema private to analytics_ro;
    grant execute on function pg_sleep(double precision) to public;
    grant create on schema public to public;
  `);
  const { code, stdout, stderr } = await run("--apply");
  for (const line of [
    "backup_ro: no longer superuser",
    "backup_ro: no longer createrole",
    "backup_ro: at most 3 connections instead of any number",
    "dashboard_ro: default_transaction_read_only on instead of off",
    "dashboard_ro: statement_timeout no longer different in this database",
    "ingest_app: login",
    "analytics_ro: no longer member of pg_read_all_data",
    "analytics_ro: no longer member of tracksolid_owner",
    "functions (sleep): no longer for PUBLIC: pg_sleep; holds a connection and its snapshot",
    "schema public: PUBLIC creates nothing in it any more",
  ]) {
    expect(stdout).toContain(`  ${line}\n`);
  }
  // Grants on objects are the migrations' business: told, and left.
  expect({ code, stderr }).toEqual({
    code: 1,
    stderr: "Sees what is private: analytics_ro: usage on schema private\n",
  });
  await sql`revoke usage on schema private from analytics_ro`;
  await sql`grant select on private.leases to dashboard_ro`;
  expect(await run()).toMatchObject({
    code: 1,
    stderr: "Sees what is private: dashboard_ro: a grant on private.leases\n",
    stdout: expect.stringMatching(/^Nothing to do\.\n/),
  });
  await sql.end();
});

it("cuts nobody off who is there, and tells who was not", async () => {
  await freshDatabase();
  const suffix = randomUUID().slice(0, 8);
  const [watching, writing, absent] = [`Watching "${suffix}"`, `writing_${suffix}`, `absent_${suffix}`];
  for (const role of [watching, writing, absent]) {
    await sql`create role ${sql(role)} login password 'throw-away' connection limit 5`;
  }
  await sql`create table owned (x int)`;
  await sql`alter table owned owner to ${sql(writing)}`;
  const url = new URL(server.adminUrl(database));
  [url.username, url.password] = [encodeURIComponent(watching), "throw-away"];
  const watcher = postgres(url.href, { max: 1 });
  await watcher`select 1`;
  await sql`create schema tracksolid`;

  const { stdout } = await run("--apply");
  expect(stdout).toContain(`connect, temporary for ${watching}, which is connected`);
  expect(stdout).toContain(`connect, temporary for ${writing}, which owns something in it`);
  expect(stdout).toMatch(new RegExp(`May no longer connect.*\\n  ${absent}\\n`));
  expect(stdout).toContain(`  ${watching}: at most 5 connections, 1 now\n`);
  const rows = await sql`
    select rolname from pg_roles
    where rolname = any(${[watching, writing, absent]}) and has_database_privilege(oid, current_database(), 'connect')`;
  expect(rows.map(({ rolname }) => rolname).sort()).toEqual([watching, writing].sort());
  expect((await run()).stdout).toMatch(/^Nothing to do\.\n/);
  await watcher.end();
  await sql.end();
});

it("fails where somebody else opened what it closes", async () => {
  await freshDatabase();
  const giver = `giver_${randomUUID().slice(0, 8)}`;
  await sql.unsafe(`
    create role ${giver};
    grant connect on database ${database} to ${giver} with grant option;
    set role ${giver}; grant connect on database ${database} to public; reset role;
  `);
  for (const words of [[], ["--apply"], ["--apply"]]) {
    const { code, stdout } = await run(...words);
    expect(code).toBe(1);
    expect(stdout.split("Stays open")[1]).toContain(`  database ${database}: no longer open to PUBLIC\n`);
  }
  await sql`revoke all on database ${sql(database)} from ${sql(giver)} cascade`;
  expect(await run("--apply")).toMatchObject({ code: 0, stdout: expect.not.stringContaining("Stays open") });
  await sql.end();
});

it("does not let a role change itself", async () => {
  await freshDatabase();
  const printed = await run("--rotate", "tracksolid_owner", "--apply");
  await sql`alter role tracksolid_owner superuser`;
  const environment = { DATABASE_URL: urlsIn(printed).tracksolid_owner };
  expect(await callCommand(rolesCommand, ["--apply"], environment)).toMatchObject({
    code: 1,
    stderr: "tracksolid_owner is one of the roles that are to change: connect as an administrator.\n",
  });
  await sql`alter role tracksolid_owner nosuperuser`;
  await sql.end();
});

it("names roles that nobody can log in as", async () => {
  await freshDatabase();
  await sql`alter role backup_ro password null`;
  expect((await run("--apply")).stdout).toContain("--rotate backup_ro\n");
  await sql.end();
});

it("refuses what it does not understand, and another product's database", async () => {
  await freshDatabase();
  expect(await run("--database", "nowhere")).toMatchObject({
    code: 2,
    stderr: "There is no database nowhere: say tracksolid or fleet_platform.\n",
  });
  for (const role of ["nobody", "fp_app_rw", "ingest_app;drop", "fleet_platform_owner"]) {
    expect(await run("--rotate", role, "--apply")).toMatchObject({
      code: 1,
      stderr: expect.stringContaining(`No role of tracksolid: ${role}.`),
    });
  }
  expect(await run("all")).toMatchObject({ code: 2 });
  const several = { DATABASE_URL: "postgres://postgres@a:1,b:2/fleet" };
  expect(await callCommand(rolesCommand, ["--apply"], several)).toMatchObject({
    code: 2,
    stderr: expect.stringContaining("a URL with one host"),
  });
  await sql`create table something (x int)`;
  for (const product of ["tracksolid", "fleet_platform"]) {
    expect(await run("--database", product)).toMatchObject({
      code: 1,
      stderr: expect.stringContaining(`is DATABASE_URL the one of ${product}?`),
    });
  }
  await sql.end();
});

it("waits for a migration, and gives up with a sentence", async () => {
  await freshDatabase();
  await sql.begin(async (tx) => {
    await tx`select pg_advisory_xact_lock(${LOCK_KEY})`;
    expect(await run("--apply")).toMatchObject({
      code: 1,
      stderr: "A migration, or another db:roles, is at work: try again when it is done.\n",
    });
  });
  await sql.end();
});

it("is safe when two start together", async () => {
  await freshDatabase();
  const suffix = randomUUID().slice(0, 8);
  const definition = {
    ...tracksolid,
    roles: tracksolid.roles.map((role) => ({ ...role, name: `${role.name}_${suffix}` })),
    functions: { ...tracksolid.functions, kept: [] },
  };
  const request = { apply: true, rotate: [], withOwner: false, revokeFunctions: false };
  const outcomes = await Promise.all([1, 2].map(() => applyRoles(sql, definition, request)));
  expect(outcomes.map(({ passwords }) => passwords.size).sort()).toEqual([0, 5]);
  expect(outcomes.map(({ done }) => done.length).sort((a, b) => a - b)[0]).toBe(0);
  await sql.end();
});
