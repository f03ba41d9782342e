import { randomUUID } from "node:crypto";
import postgres from "postgres";
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from "vitest";
import { migrateCommand } from "../../scripts/db-migrate.ts";
import { rolesCommand } from "../../scripts/db-roles.ts";
import { analystParts } from "../../scripts/roles/analysts.ts";
import { callCommand, type Outcome } from "../setup/command.ts";
import { type OwnServer, startOwnServer } from "../setup/own-server.ts";

const PARTS = analystParts.map(({ name }) => name);

let server: OwnServer;
let database: string;
let sql: postgres.Sql;

beforeAll(async () => {
  server = await startOwnServer();
});
afterAll(() => server[Symbol.asyncDispose]());

/** A database that is as it should be, for somebody to open. */
beforeEach(async () => {
  database = `db_${randomUUID().replaceAll("-", "")}`;
  await server.sql`create database ${server.sql(database)}`;
  sql = postgres(server.adminUrl(database), { max: 1, onnotice: () => {} });
  const migrated = await callCommand(migrateCommand, [], { DATABASE_URL: server.adminUrl(database) });
  expect(migrated).toMatchObject({ code: 0, stderr: "" });
  expect(await run("--apply")).toMatchObject({ code: 0, stderr: "" });
  expect(await run()).toMatchObject(CLEAN);
});
afterEach(() => sql.end());

const run = (...words: string[]): Promise<Outcome> =>
  callCommand(rolesCommand, words, { DATABASE_URL: server.adminUrl(database) });

const CLEAN = { code: 0, stderr: "", stdout: expect.stringMatching(/^Nothing to do\.\n/) };

/** Runs it, expects the lines, and that nothing is left afterwards. */
async function mends(...lines: string[]): Promise<void> {
  const dry = await run();
  const { code, stderr, stdout } = await run("--apply");
  for (const line of lines) expect(stdout).toContain(`  ${line}\n`);
  expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
  expect(dry.stdout).toContain(lines[0]);
  expect(await run()).toMatchObject(CLEAN);
}

it("takes back what was granted to our roles on the database and its schemas", async () => {
  await sql.unsafe(`
    grant create, temporary on database ${database} to analytics_ro;
    grant connect on database ${database} to backup_ro with grant option;
    grant create on schema public to dashboard_ro;
    grant create on schema tracksolid to analytics_ro with grant option;
    grant create on schema reporting to public;
    create schema elsewhere;
    grant create on schema elsewhere to ingest_app;
  `);
  await mends(
    `database ${database}: no longer create, temporary for analytics_ro`,
    `database ${database}: no grant option of connect for backup_ro`,
    "schema public: dashboard_ro creates nothing in it any more",
    "schema tracksolid: analytics_ro creates nothing in it any more",
    "schema reporting: PUBLIC creates nothing in it any more",
    "schema elsewhere: ingest_app creates nothing in it any more",
  );
  const rows = await sql`
    select rolname from pg_roles where rolname in ('analytics_ro', 'dashboard_ro', 'backup_ro', 'ingest_app') and (
      has_database_privilege(oid, current_database(), 'create, temporary, connect with grant option')
      or has_schema_privilege(oid, 'public', 'create') or has_schema_privilege(oid, 'tracksolid', 'create')
      or has_schema_privilege(oid, 'reporting', 'create') or has_schema_privilege(oid, 'elsewhere', 'create')
    )`;
  expect([...rows]).toEqual([]);
});

it("takes from readers what changes rows, by column and by sequence too", async () => {
  await sql.unsafe(`
    grant insert, delete on tracksolid.devices to analytics_ro;
    grant update (city) on tracksolid.devices to dashboard_ro;
    create sequence tracksolid.counter; grant usage on sequence tracksolid.counter to backup_ro;
    create schema elsewhere; create table elsewhere."Odd table" (x int); grant truncate on elsewhere."Odd table" to backup_ro;
  `);
  const rights = "insert, update, delete, truncate, references, trigger";
  await mends(
    `analytics_ro: no longer ${rights} on tracksolid.devices`,
    `dashboard_ro: no longer ${rights} on tracksolid.devices`,
    "backup_ro: no longer usage, update on tracksolid.counter",
    `backup_ro: no longer ${rights} on elsewhere."Odd table"`,
  );
  const [row] = await sql`
    select has_any_column_privilege('dashboard_ro', 'tracksolid.devices', 'update') as updates,
      has_table_privilege('analytics_ro', 'tracksolid.devices', 'insert, delete') as inserts,
      has_table_privilege('analytics_ro', 'tracksolid.devices', 'select') as reads`;
  expect(row).toEqual({ updates: false, inserts: false, reads: true });
});

it("takes functions of the server from our roles, dangerous ones by name too, and leaves what they keep", async () => {
  await sql.unsafe(`
    grant execute on function pg_read_file(text) to analytics_ro;
    grant execute on function pg_reload_conf() to ingest_app;
    grant execute on function pg_sleep(double precision) to dashboard_ro, tracksolid_owner;
  `);
  await mends(
    "analytics_ro: no longer functions of the server: pg_read_file",
    "ingest_app: no longer functions of the server: pg_reload_conf",
    "dashboard_ro: no longer functions of the server: pg_sleep",
    "tracksolid_owner: no longer functions of the server: pg_sleep",
  );
  const [row] =
    await sql`select has_function_privilege('tracksolid_owner', 'pg_advisory_lock(bigint)', 'execute') as kept`;
  expect(row?.kept).toBe(true);
});

it("puts back what a role, or somebody for it, changed in the role", async () => {
  await sql.unsafe(`
    alter role dashboard_ro valid until '2026-01-01';
    alter role analytics_ro noinherit;
    alter role analytics_ro set search_path = 'x';
    alter role analytics_ro set work_mem = '2GB';
    alter role analytics_ro set temp_file_limit = -1;
    alter role analytics_ro reset max_parallel_workers_per_gather;
    alter role dashboard_ro set work_mem = '1GB';
    alter role analytics_ro set "timescaledb.license" = 'apache';
    alter role backup_ro in database ${database} set "TimeZone" = 'Africa/Nairobi';
    alter role ingest_app set timescaledb.max_tuples_decompressed_per_dml_transaction = 0;
  `);
  await mends(
    "analytics_ro: inherits the rights of its groups",
    "analytics_ro: no longer search_path x",
    "analytics_ro: work_mem 16MB instead of 2GB",
    "analytics_ro: temp_file_limit 1GB instead of -1",
    "analytics_ro: max_parallel_workers_per_gather 0",
    "dashboard_ro: no longer work_mem 1GB",
    "analytics_ro: no longer timescaledb.license apache",
    "backup_ro: TimeZone no longer different in this database",
  );
  const [row] = await sql`
    select rolvaliduntil = 'infinity' as good,
      (select setconfig @> array['timescaledb.max_tuples_decompressed_per_dml_transaction=0']
       from pg_db_role_setting where setrole = 'ingest_app'::regrole) as kept
    from pg_roles where rolname = 'dashboard_ro'`;
  expect(row).toEqual({ good: true, kept: true });
  await sql`alter role ingest_app reset timescaledb.max_tuples_decompressed_per_dml_transaction`;
});

it("takes a membership away with those that came of it", async () => {
  const friend = `friend_${randomUUID().slice(0, 8)}`;
  await sql.unsafe(`
    create role ${friend}; grant pg_read_all_data to analytics_ro with admin option;
    set role analytics_ro; grant pg_read_all_data to ${friend}; reset role;
  `);
  await mends("analytics_ro: no longer member of pg_read_all_data");
  expect(await sql`select from pg_auth_members where member = ${friend}::regrole`).toHaveLength(0);
  await sql`drop role ${sql(friend)}`;
});

it("gives a part what the whole has in its schemas, and takes from it what it has besides", async () => {
  await sql.unsafe(`
    grant usage on schema private to analytics_ro_reporting;
    grant select on private.leases to analytics_ro_reporting with grant option;
    grant select (imei) on tracksolid.devices to analytics_ro_reporting_fuel;
    grant execute on function private.remove_before to analytics_ro_reporting;
    grant update on reporting.vehicle_day to analytics_ro_reporting;
    alter default privileges for role tracksolid_owner in schema private grant select on tables to analytics_ro_reporting;
    revoke select on reporting.v_trips from analytics_ro_reporting;
    alter default privileges for role tracksolid_owner in schema reporting revoke select on tables from analytics_ro_reporting;
    revoke usage on schema tickets from analytics_ro_reporting_tickets;
    revoke execute on function reporting.fn_read_cursor from analytics_ro_reporting_tickets;
    revoke select on reporting.v_tickets from analytics_ro;
    alter role analytics_ro_reporting login createdb;
    grant analytics_ro_reporting to analytics_ro with inherit true;
  `);
  await mends(
    "analytics_ro_reporting: no longer createdb",
    "analytics_ro_reporting: no login",
    "analytics_ro: member of analytics_ro_reporting as defined, without admin option",
    "analytics_ro_reporting: no longer usage on schema private",
    "analytics_ro_reporting: no longer select on table private.leases",
    "analytics_ro_reporting_fuel: no longer select on table tracksolid.devices",
    "analytics_ro_reporting: no longer select on tables that tracksolid_owner makes later in schema private",
    "analytics_ro_reporting: select on table reporting.v_trips",
    "analytics_ro_reporting: select on tables that tracksolid_owner makes later in schema reporting",
    "analytics_ro_reporting_tickets: usage on schema tickets",
    "analytics_ro_reporting_tickets: execute on routine reporting.fn_read_cursor(text,integer,integer)",
    ...PARTS.map((part) => `${part}: no longer select on table reporting.v_tickets`),
  );
});

it("gives nobody a part of what the whole has of a group that it is about to lose", async () => {
  await sql.unsafe("create table reporting.not_theirs (); grant tracksolid_owner to analytics_ro");
  await mends("analytics_ro: no longer member of tracksolid_owner");
});

it("leaves to another product what it has in the schemas that are called so, and follows what it grants", async () => {
  const product = `product_${randomUUID().slice(0, 8)}`;
  await sql.unsafe(`
    create role ${product};
    alter schema fuel owner to ${product};
    create table fuel.cards (); alter table fuel.cards owner to ${product};
  `);
  expect(await run()).toMatchObject(CLEAN);
  await sql.unsafe(`set role ${product}; grant select on fuel.cards to analytics_ro; reset role`);
  await mends("analytics_ro_reporting_fuel: select on table fuel.cards");
});

it("tells who else is a member of ours, and leaves that to a person", async () => {
  const stranger = `Stranger_${randomUUID().slice(0, 8)}`;
  await sql`create role ${sql(stranger)} login`;
  await sql`grant tracksolid_owner to ${sql(stranger)}`;
  expect(await run("--apply")).toMatchObject({
    code: 1,
    stderr: `Not as defined, and yours to decide: "${stranger}" is a member of tracksolid_owner: revoke tracksolid_owner from "${stranger}"\n`,
  });
  await sql`drop role ${sql(stranger)}`;
  await sql.unsafe(
    "grant update (city) on tracksolid.devices to public; create table reporting.mine (); alter table reporting.mine owner to analytics_ro",
  );
  const { code, stderr } = await run();
  expect(code).toBe(1);
  expect(stderr).toContain("PUBLIC may change tracksolid.devices: revoke");
  expect(stderr).toContain("analytics_ro owns things in this database");
  await sql.unsafe("drop table reporting.mine; revoke update on tracksolid.devices from public");
  expect(await run()).toMatchObject(CLEAN);
});

it("finds what is private through views and functions that run as their owner", async () => {
  const harmless = `
    create view private.inside as select * from private.leases;
    create view reporting.as_who_asks with (security_invoker) as select * from private.leases;
    create view reporting.not_granted as select * from private.leases;
    revoke all on reporting.not_granted from dashboard_ro, analytics_ro, ${PARTS.join(", ")};
    create function private.adopted_things() returns trigger language plpgsql security definer as 'begin return new; end';
    create function reporting.on_change() returns trigger language plpgsql security definer as 'begin return new; end';
    create function reporting.as_caller() returns bigint language sql begin atomic select count(*) from private.leases; end;
    create function reporting.for_nobody() returns int language sql security definer as 'select 1';
    revoke execute on function reporting.for_nobody() from public;
  `;
  await sql.unsafe(`set role tracksolid_owner; ${harmless} reset role`);
  expect(await run()).toMatchObject(CLEAN);

  await sql.unsafe(`
    set role tracksolid_owner;
    create view reporting.leak as select * from private.leases;
    create view tracksolid.further as select * from reporting.not_granted;
    create function reporting.tell() returns bigint language plpgsql security definer as 'begin return 1; end';
    create function private.told() returns bigint language sql security definer as 'select 1';
    create view reporting.asks as select private.told() as x;
    create sequence private.counter;
    grant select on sequence private.counter to analytics_ro;
    grant execute on function private.told() to analytics_ro;
    revoke all on reporting.leak, tracksolid.further, reporting.asks from dashboard_ro;
    revoke execute on function reporting.tell() from public; grant execute on function reporting.tell() to analytics_ro;
    reset role;
  `);
  const { code, stderr } = await run();
  expect(code).toBe(1);
  expect(stderr.split("\n")).toEqual(
    [
      "a grant on function private.told",
      "a grant on private.counter",
      "reporting.asks, a view of schema private",
      "reporting.leak, a view of schema private",
      "tracksolid.further, a view of schema private",
      "reporting.tell(), which runs as tracksolid_owner, who sees schema private",
    ]
      .map((seen) => `Sees what is private: analytics_ro: ${seen}`)
      .concat(""),
  );
});

it("gives those who are there only what PUBLIC had", async () => {
  const suffix = randomUUID().slice(0, 8);
  const cutOff = `cut_off_${suffix}`;
  await sql.unsafe(`
    create role ${cutOff} login;
    create table reporting.theirs (); alter table reporting.theirs owner to ${cutOff};
    grant temporary on database ${database} to public;
  `);
  const { code, stdout } = await run("--apply");
  expect(code).toBe(0);
  expect(stdout).toContain(`  database ${database}: temporary for ${cutOff}, which owns something in it\n`);
  const [row] = await sql`
    select has_database_privilege(${cutOff}, current_database(), 'connect') as connects,
      has_database_privilege(${cutOff}, current_database(), 'temporary') as temporary`;
  expect(row).toEqual({ connects: false, temporary: true });
  expect(await run()).toMatchObject(CLEAN);
});

it("names the line that fails for another reason than a missing right", async () => {
  await sql.unsafe(`
    create function public.refuse() returns event_trigger language plpgsql as 'begin raise exception ''not today''; end';
    create event trigger refuse on ddl_command_start when tag in ('REVOKE') execute function public.refuse();
    alter event trigger refuse disable;
    grant create on schema public to analytics_ro;
    alter event trigger refuse enable;
  `);
  expect(await run("--apply")).toMatchObject({
    code: 1,
    stderr: "schema public: analytics_ro creates nothing in it any more: not today\n",
  });
});

it("refuses another product's database that has a schema called like one of ours", async () => {
  const other = `other_${randomUUID().slice(0, 8)}`;
  await server.sql`create database ${server.sql(other)}`;
  const foreign = postgres(server.adminUrl(other), { max: 1 });
  await foreign.unsafe("create schema reporting; create schema private; create table reporting.sales ()");
  await foreign.end();
  expect(
    await callCommand(rolesCommand, ["--apply"], { DATABASE_URL: server.adminUrl(other) }),
  ).toMatchObject({
    code: 1,
    stderr: `The database ${other} has no schema tracksolid: is DATABASE_URL the one of tracksolid?\n`,
  });
});
