import { readFile } from "node:fs/promises";
import postgres from "postgres";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { budgetCommand } from "../../scripts/db-budget.ts";
import { migrateCommand } from "../../scripts/db-migrate.ts";
import { rolesCommand } from "../../scripts/db-roles.ts";
import { analystParts } from "../../scripts/roles/analysts.ts";
import { loginRoles } from "../../scripts/roles/definition.ts";
import { tracksolid } from "../../scripts/roles/tracksolid.ts";
import { type AnalystSchema, roleOf } from "../../shared/analysts.ts";
import { callCommand } from "../setup/command.ts";
import { type OwnServer, startOwnServer } from "../setup/own-server.ts";

const [OWNER, INGEST, DASHBOARD, ANALYTICS, BACKUP] = [
  "tracksolid_owner",
  "ingest_app",
  "dashboard_ro",
  "analytics_ro",
  "backup_ro",
] as const;
const ALL: readonly string[] = [OWNER, INGEST, DASHBOARD, ANALYTICS, BACKUP];
const READERS: readonly string[] = [DASHBOARD, ANALYTICS, BACKUP];
const PARTS = analystParts.map(({ name }) => name);

/** What is tried, and who succeeds; everybody else lacks the right. Readers try it in a transaction that may write. */
const ACTIONS: [statement: string, who: readonly string[]][] = [
  ["select from tracksolid.position_history limit 1", ALL],
  ["select from tracksolid.devices limit 1", ALL],
  ["select from tracksolid.ingestion_log limit 1", ALL],
  ["select from reporting.vehicle_day limit 1", ALL],
  ["select from reporting.v_ingest_health limit 1", ALL],
  ["select from tracksolid.v_fleet_today limit 1", ALL],
  ["select from private.receipts limit 1", [OWNER, INGEST, BACKUP]],
  ["select from private.rejected_items limit 1", [OWNER, INGEST, BACKUP]],
  ["select from private.leases limit 1", [OWNER, INGEST, BACKUP]],
  ["select from private.migrations limit 1", [OWNER, BACKUP]],
  ["update tracksolid.devices set city = 'x'", [OWNER, INGEST]],
  ["insert into tracksolid.devices (imei) select imei from tracksolid.devices", [OWNER, INGEST]],
  ["insert into private.leases select * from private.leases", [OWNER, INGEST]],
  ["update reporting.vehicle_day set moving_s = 0", [OWNER, INGEST]],
  ["select from tickets.incidents limit 1", [OWNER, INGEST, ANALYTICS, BACKUP]],
  ["update tickets.incidents set state = 'x'", [OWNER, INGEST]],
  ["insert into tickets.change_requests select * from tickets.change_requests", [OWNER, INGEST]],
  ["delete from tickets.incidents", [OWNER]],
  ["select from fuel.fills limit 1", [OWNER, ANALYTICS, BACKUP]],
  ["delete from private.leases", [OWNER, INGEST]],
  ["delete from tracksolid.devices", [OWNER]],
  ["delete from tracksolid.position_history", [OWNER]],
  ["delete from private.migrations", [OWNER]],
  ["truncate tracksolid.devices cascade", [OWNER]],
  ["alter table tracksolid.devices add column x int", [OWNER]],
  ["drop table tracksolid.fault_codes cascade", [OWNER]],
  ["drop table private.leases", [OWNER]],
  ["drop schema reporting cascade", [OWNER]],
  ["create table tracksolid.x ()", [OWNER]],
  ["create table reporting.x ()", [OWNER]],
  ["create table private.x ()", [OWNER]],
  ["create function tracksolid.x() returns int language sql as 'select 1'", [OWNER]],
  ["create or replace view reporting.v_x as select 1 as x", [OWNER]],
  ["comment on table tracksolid.devices is 'x'", [OWNER]],
  ["create table public.x ()", []],
  ["create function public.x() returns int language sql as 'select 1'", []],
  ["create schema x", []],
  ["create temporary table x ()", []],
  ["create extension dblink", []],
  ["lock table tracksolid.devices in access exclusive mode", [OWNER, INGEST]],
  ["set role tracksolid_owner", [OWNER]],
  ["set role ingest_app", [INGEST]],
  ["set role postgres", []],
  ["set role pg_read_server_files", []],
  ["set session authorization postgres", []],
  ["create role x", []],
  ["alter role current_user superuser", []],
  ["alter role current_user connection limit 50", []],
  ["alter role ingest_app password 'x'", [INGEST]],
  // Postgres lets everybody; db:roles puts it back.
  ["alter role current_user set statement_timeout = 0", ALL],
  ["grant tracksolid_owner to current_user", []],
  ["copy tracksolid.devices to program 'true'", []],
  ["copy tracksolid.devices to '/tmp/devices'", []],
  ["copy tracksolid.devices from '/etc/passwd'", []],
  ["load 'auto_explain'", []],
  ["select pg_read_file('/etc/passwd')", []],
  ["select pg_read_binary_file('/etc/passwd')", []],
  ["select pg_stat_file('/etc/passwd')", []],
  ["select pg_ls_dir('/')", []],
  ["select pg_reload_conf()", []],
  ["select rolpassword from pg_authid", []],
  ["select pg_sleep(0)", []],
  ["select pg_sleep_for('0 s')", []],
  ["select pg_sleep_until(now())", []],
  ["select lo_create(0)", []],
  ["select lo_creat(-1)", []],
  ["select lo_from_bytea(0, 'x')", []],
  ["select lo_put(1, 0, 'x')", []],
  ["select lo_import('/etc/passwd')", []],
  ["select lo_export(1, '/tmp/x')", []],
  ["select lo_unlink(1)", []],
  ["select pg_terminate_backend(pg_backend_pid())", []],
  ["select pg_cancel_backend(pg_backend_pid())", []],
  ["select pg_notify('x', 'y')", []],
  ["select pg_logical_emit_message(false, 'x', 'y')", []],
  ["select pg_import_system_collations('public')", []],
  ["select pg_stat_reset()", []],
  ["select pg_advisory_lock(1), pg_advisory_unlock(1)", [OWNER]],
  ["select pg_advisory_lock_shared(1, 2), pg_advisory_unlock_shared(1, 2)", [OWNER]],
  ["select pg_advisory_xact_lock(1)", [OWNER]],
  ["select pg_try_advisory_lock(1), pg_advisory_unlock(1)", [OWNER]],
  ["select pg_try_advisory_xact_lock_shared(1)", [OWNER]],
  // The writer hands values to its statements by it, and a dump begins with it.
  ["select set_config('tracksolid.x', 'y', true)", [OWNER, INGEST, BACKUP]],
  ["select set_config('search_path', '', false)", [OWNER, INGEST, BACKUP]],
  ["select set_config('work_mem', '100GB', true)", [OWNER, INGEST, BACKUP]],
  ["select set_config('role', 'none', true)", [OWNER, INGEST, BACKUP]],
  ["update pg_settings set setting = setting where name = 'work_mem'", [OWNER, INGEST, BACKUP]],
  ["set local temp_file_limit = -1", []],
  ["select pg_export_snapshot()", [BACKUP]],
  ["select query_to_xml('select 1', true, true, '')", []],
  ["select table_to_xml('tracksolid.fleet', true, true, '')", []],
  ["select ts_stat('select null::tsvector')", []],
  ["select ts_rewrite('a', 'select null::tsquery, null::tsquery')", []],
  // Pools clean up by it.
  ["select pg_advisory_unlock_all()", ALL],
];

let server: OwnServer;
const urls = new Map<string, string>();
const clients = new Map<string, postgres.Sql>();

beforeAll(async () => {
  server = await startOwnServer();
  await server.sql`create database fleet`;
  const environment = { DATABASE_URL: server.adminUrl("fleet") };
  const { stdout } = await callCommand(rolesCommand, ["--apply"], environment);
  const migrated = await callCommand(migrateCommand, [], environment);
  if (migrated.code !== 0) throw new Error(migrated.stderr);
  const again = await callCommand(rolesCommand, ["--apply"], environment);
  if (again.code !== 0) throw new Error(again.stderr);
  for (const [, role = "", url = ""] of stdout.matchAll(/^ {2}(\w+) {2}(postgres:\S+)$/gm)) {
    urls.set(role, url);
    clients.set(role, postgres(url, { max: 1, onnotice: () => {} }));
  }
});
afterAll(async () => {
  for (const client of clients.values()) await client.end({ timeout: 1 });
  await server[Symbol.asyncDispose]();
});

const as = (role: string): postgres.Sql => {
  const client = clients.get(role);
  if (!client) throw new Error(`${role} got no password`);
  return client;
};

const UNDONE = new Error("undone");

/** Tries a statement and takes it back. @returns the SQLSTATE, or `ok` */
async function attempt(
  role: string,
  statement: string,
  mode = "read write",
  part: string | null = null,
): Promise<string> {
  try {
    await as(role).begin(mode, async (tx) => {
      // As the door does.
      if (part !== null) await tx.unsafe(`set local role ${part}`);
      await tx.unsafe(statement);
      throw UNDONE;
    });
    return "not undone";
  } catch (error) {
    return error === UNDONE ? "ok" : (error as postgres.PostgresError).code;
  }
}

it("gives every role a password, and its connections", () => {
  expect([...clients.keys()]).toEqual(ALL);
});

describe.each(ACTIONS)("%s", (statement, who) => {
  it(`is for ${who.join(", ") || "nobody"}`, async () => {
    const outcomes: Record<string, string> = {};
    for (const role of ALL) outcomes[role] = await attempt(role, statement);
    expect(outcomes).toEqual(
      Object.fromEntries(ALL.map((role) => [role, who.includes(role) ? "ok" : "42501"])),
    );
  });
});

it("stops a reader who writes by accident, before rights are asked", async () => {
  for (const role of ALL) {
    const expected = READERS.includes(role) ? "25006" : "ok";
    expect(await attempt(role, "update tracksolid.devices set city = 'x'", ""), role).toBe(expected);
  }
});

it("begins the sessions of each role with its settings", async () => {
  for (const { name, settings } of loginRoles(tracksolid)) {
    for (const [setting, value] of Object.entries(settings)) {
      const [row] = await as(name)`select current_setting(${setting}) as begun`;
      // Written as the server writes it.
      const [defined] = await server.sql`select set_config(${setting}, ${value}, true) as value`;
      expect(row?.begun, `${name} ${setting}`).toBe(defined?.value);
    }
  }
});

it("makes nobody mighty, and lets only migrations and dumps run without a time limit", async () => {
  const rows = await server.sql`
    select rolname, rolconnlimit as "limit",
      rolsuper or rolcreatedb or rolcreaterole or rolreplication or rolbypassrls as mighty,
      'statement_timeout=0' = any(rolconfig) as endless,
      array(
        select g.rolname::text from pg_auth_members m join pg_roles g on g.oid = m.roleid
        where m.member = r.oid and (m.inherit_option or m.admin_option or g.rolname <> all(${PARTS}))
      ) as groups
    from pg_roles r where rolname = any(${[...ALL]}) order by rolname`;
  const role = (rolname: string, limit: number, endless: boolean) => ({
    ...{ rolname, limit, endless },
    mighty: false,
    groups: [],
  });
  expect(rows).toEqual([
    role(ANALYTICS, 10, false),
    role(BACKUP, 3, true),
    role(DASHBOARD, 12, false),
    role(INGEST, 18, false),
    role(OWNER, 8, true),
  ]);
});

it("lets no role have more connections than its limit, and says so", async () => {
  const url = urls.get(BACKUP) ?? "";
  const held = [1, 2].map(() => postgres(url, { max: 1 }));
  for (const client of [as(BACKUP), ...held]) await client`select 1`;
  expect(await callCommand(budgetCommand, [], { DATABASE_URL: url })).toMatchObject({
    code: 1,
    stderr:
      'The role has all the connections it may have (too many connections for role "backup_ro"). npm run db:budget, as a superuser, says who holds them.\n',
  });
  for (const client of held) await client.end();
});

it("lets a dump read all there is, how far sequences have counted too", async () => {
  const sql = postgres(server.adminUrl("fleet"), { max: 1 });
  const unreadable = await sql`
    select c.oid::regclass::text as name from pg_class c
    where c.relnamespace in ('tracksolid'::regnamespace, 'reporting'::regnamespace, 'private'::regnamespace,
        'tickets'::regnamespace, 'fuel'::regnamespace)
      and case c.relkind when 'S' then not has_sequence_privilege('backup_ro', c.oid, 'select')
        when 'r' then not has_table_privilege('backup_ro', c.oid, 'select') else false end`;
  await sql.end();
  expect(unreadable).toEqual([]);
});

describe("analysts who are not let into all", () => {
  /** What is tried, and which schema one has to be let into for it. */
  const TRIED: [statement: string, schema: string][] = [
    ["select from reporting.vehicle_day limit 1", "reporting"],
    ["select from reporting.v_tickets limit 1", "reporting"],
    ["select from reporting.v_fuel_fills limit 1", "reporting"],
    ["select from reporting.fn_driver_at('1', 'now')", "reporting"],
    ["select from reporting.fn_trips_for_map('yesterday', 'now')", "reporting"],
    ["select reporting.fn_matching_vehicles('{}')", "reporting"],
    ["declare x cursor for select 1; select reporting.fn_read_cursor('x', 1, 100)", "reporting"],
    ["select from tracksolid.devices limit 1", "tracksolid"],
    ["select from tracksolid.position_history limit 1", "tracksolid"],
    ["select from tracksolid.driver_assignments limit 1", "tracksolid"],
    ["select from tracksolid.v_fleet_today limit 1", "tracksolid"],
    ["select from reporting.fn_live_positions('now', '1 h', '1 h')", "tracksolid"],
    ["select from reporting.fn_vehicle_track('1', 'yesterday', 'now', 1, '1 h')", "tracksolid"],
    ["select from tickets.incidents limit 1", "tickets"],
    ["select from tickets.change_requests limit 1", "tickets"],
    ["select from fuel.fills limit 1", "fuel"],
  ];
  /** Nobody's, whoever they are: no more than of `analytics_ro` itself. */
  const NOBODYS = ACTIONS.filter(([, who]) => !who.includes(ANALYTICS))
    .map(([statement]) => statement)
    .concat(PARTS.map((name) => `alter role ${name} login`));

  it("are of as many kinds as there are choices, and none has more than the whole", () => {
    expect(PARTS).toHaveLength(7);
    for (const { name, schemas } of analystParts) expect(roleOf(schemas as AnalystSchema[])).toBe(name);
  });

  describe.each(analystParts)("$schemas", ({ name, schemas }) => {
    it("read these, and nothing else", async () => {
      const outcomes: Record<string, string> = {};
      for (const [statement] of TRIED) {
        outcomes[statement] = await attempt(ANALYTICS, statement, "read only", name);
      }
      expect(outcomes).toEqual(
        Object.fromEntries(
          TRIED.map(([statement, schema]) => [statement, schemas.includes(schema) ? "ok" : "42501"]),
        ),
      );
    });

    it("may do nothing that the whole may not, and not call what would let them out", async () => {
      const outcomes: Record<string, string> = {};
      for (const statement of NOBODYS) {
        outcomes[statement] = await attempt(ANALYTICS, statement, "read write", name);
      }
      expect(outcomes).toEqual(Object.fromEntries(NOBODYS.map((statement) => [statement, "42501"])));
    });

    it("read a table that comes later", async () => {
      for (const schema of ["reporting", "tracksolid", "tickets", "fuel", "private"]) {
        await as(OWNER).unsafe(`create table ${schema}.comes_later (x int)`);
        const expected = schemas.includes(schema) ? "ok" : "42501";
        const statement = `select from ${schema}.comes_later`;
        expect(await attempt(ANALYTICS, statement, "read only", name), schema).toBe(expected);
        await as(OWNER).unsafe(`drop table ${schema}.comes_later`);
      }
    });
  });

  it("are refused the views of reporting that docs/roles.md names, and no others", async () => {
    const sql = postgres(server.adminUrl("fleet"), { max: 1 });
    const views = await sql<{ name: string }[]>`
      select oid::regclass::text as name from pg_class
      where relnamespace = 'reporting'::regnamespace and relkind = 'v' order by 1`;
    await sql.end();
    const refused: string[] = [];
    for (const { name } of views) {
      const outcome = await attempt(
        ANALYTICS,
        `select * from ${name} limit 1`,
        "read only",
        roleOf(["reporting"]),
      );
      if (outcome !== "ok") refused.push(name);
    }
    const document = await readFile("docs/roles.md", "utf8");
    const [, named = ""] = /^Views refused to them: (.*?)\.$/ms.exec(document) ?? [];
    expect(refused.map((name) => name.replace("reporting.", ""))).toEqual(
      [...named.matchAll(/`(\w+)`/g)].map(([, name]) => name),
    );
  });

  it("see of the queries of those who are let into all that something runs, and not what", async () => {
    const url = urls.get(ANALYTICS) ?? "";
    const busy = postgres(url, { max: 1 });
    await busy`select 'secret'`;
    const seen = await as(ANALYTICS).begin("read only", async (tx) => {
      await tx.unsafe(`set local role ${roleOf(["reporting", "tracksolid", "tickets"])}`);
      return tx`select distinct query from pg_stat_activity where usename = ${ANALYTICS}`;
    });
    await busy.end();
    expect([...seen]).toEqual([{ query: "<insufficient privilege>" }]);
  });

  it("is nobody else, and nobody who logs in", async () => {
    for (const role of [INGEST, DASHBOARD, BACKUP]) {
      for (const part of PARTS) expect(await attempt(role, `set role ${part}`), role).toBe("42501");
    }
    const url = new URL(urls.get(ANALYTICS) ?? "");
    url.username = PARTS[0] ?? "";
    await expect(postgres(url.href, { max: 1 })`select 1`).rejects.toMatchObject({
      code: expect.stringMatching(/^28/),
    });
  });
});

describe("a table that comes later", () => {
  const LATER: [schema: string, verb: string, who: readonly string[]][] = [
    ["tracksolid", "select", ALL],
    ["tracksolid", "insert", [OWNER, INGEST]],
    ["tracksolid", "update", [OWNER, INGEST]],
    ["tracksolid", "delete", [OWNER]],
    ["reporting", "select", ALL],
    ["reporting", "insert", [OWNER]],
    ["reporting", "update", [OWNER]],
    ["reporting", "delete", [OWNER]],
    ["private", "select", [OWNER, INGEST, BACKUP]],
    ["private", "insert", [OWNER, INGEST]],
    ["private", "update", [OWNER, INGEST]],
    ["private", "delete", [OWNER]],
  ];
  const statementOf: Record<string, (table: string) => string> = {
    select: (table) => `select x from ${table}`,
    insert: (table) => `insert into ${table} (x) values (1)`,
    update: (table) => `update ${table} set x = 2`,
    delete: (table) => `delete from ${table}`,
  };

  beforeAll(async () => {
    for (const schema of ["tracksolid", "reporting", "private"]) {
      await as(OWNER).unsafe(`create table ${schema}.later (id int generated always as identity, x int)`);
    }
  });

  it.each(LATER)("in %s: %s", async (schema, verb, who) => {
    const outcomes: Record<string, string> = {};
    for (const role of ALL) {
      outcomes[role] = await attempt(role, statementOf[verb]?.(`${schema}.later`) ?? "");
    }
    expect(outcomes).toEqual(
      Object.fromEntries(ALL.map((role) => [role, who.includes(role) ? "ok" : "42501"])),
    );
  });
});

it("takes dblink from everybody where it is there", async () => {
  const sql = postgres(server.adminUrl("fleet"), { max: 1 });
  await sql`create extension dblink schema reporting`;
  await callCommand(rolesCommand, ["--apply"], { DATABASE_URL: server.adminUrl("fleet") });
  for (const role of ALL) {
    expect(await attempt(role, "select reporting.dblink_connect('x')"), role).toBe("42501");
  }
  await sql`drop extension dblink`;
  await sql.end();
});
