import postgres from "postgres";
import { expect, it } from "vitest";
import { localRoleUrls } from "../../scripts/database/roles.ts";
import { createDatabase } from "../setup/database.ts";
import { databaseWith } from "../setup/foreign-tickets.ts";
import { applyAgain } from "./apply.ts";

/** What a migration could change of a schema, and more. */
const stateOf = (sql: postgres.Sql, schema: string) => sql`
  select n.nspacl::text as schema_acl, pg_get_userbyid(n.nspowner) as schema_owner,
    obj_description(n.oid, 'pg_namespace') as schema_comment, c.relname, c.relacl::text, pg_get_userbyid(c.relowner) as owner,
    c.relkind, obj_description(c.oid, 'pg_class') as comment,
    (select json_agg(json_build_array(a.attname, a.atttypid, col_description(c.oid, a.attnum)) order by a.attnum)
      from pg_attribute a where a.attrelid = c.oid and a.attnum > 0) as columns
  from pg_namespace n left join pg_class c on c.relnamespace = n.oid
  where n.nspname = ${schema} order by c.relname`;

const columnsOf = (sql: postgres.Sql, view: string) => sql`
  select attname, format_type(atttypid, atttypmod) as type, col_description(attrelid, attnum) as comment
  from pg_attribute where attrelid = to_regclass(${view}) and attnum > 0 order by attnum`;

it("makes tables where nobody has them, for readers through views alone", async () => {
  await using database = await databaseWith("");
  const { sql } = database;
  await sql`insert into tickets.incidents (number, opened_at, raw, told_at) values ('INC1', '2026-10-06', '{}', '2026-10-06')`;
  await sql`
    insert into fuel.fills (imei, filled_at, litres, raw, told_at) values ('860000000000001', '2026-10-06', 40, '{}', '2026-10-06')`;
  const reader = postgres(localRoleUrls(database.url).read, { max: 1, onnotice: () => {} });
  expect(await reader`select kind, number, is_open from reporting.v_tickets`).toEqual([
    { kind: "INC", number: "INC1", is_open: true },
  ]);
  expect(await reader`select litres from reporting.v_fuel_fills`).toEqual([{ litres: 40 }]);
  await sql`
    insert into tracksolid.devices (imei, kind, facts_at, created_at, changed_at)
    values ('860000000000001', 'canary', '2026-10-06', '2026-10-06', '2026-10-06')`;
  expect(await reader`select litres from reporting.v_fuel_fills`).toEqual([]);
  // `raw` may hold whatever the other system knows of people.
  await expect(reader`select from tickets.incidents`).rejects.toMatchObject({ code: "42501" });
  await expect(reader`select from fuel.fills`).rejects.toMatchObject({ code: "42501" });
  await reader.end();
  const [backup] = await sql`
    select has_table_privilege('backup_ro', 'tickets.change_requests', 'select') and has_schema_privilege('backup_ro', 'tickets', 'usage')
      and has_table_privilege('backup_ro', 'fuel.fills', 'select') and has_schema_privilege('backup_ro', 'fuel', 'usage') as reads`;
  expect(backup).toEqual({ reads: true });
});

it.each([
  [
    "with other tables",
    "create schema tickets; create table tickets.jobs (id int); create schema fuel; create table fuel.log (id int);",
  ],
  [
    "with our tables' names",
    "create schema tickets; create table tickets.incidents (number text); create schema fuel; create table fuel.fills (imei text);",
  ],
  [
    "with a function alone",
    "create schema tickets; create function tickets.f() returns int language sql return 1; create schema fuel; create function fuel.f() returns int language sql return 1;",
  ],
  ["empty, but another's", "create schema tickets; create schema fuel;"],
])(
  "leaves schemas of another product alone, %s, and has empty views of the same columns",
  async (_, foreign) => {
    await using ours = await databaseWith("");
    await using before = await createDatabase("migrated");
    await before.sql.unsafe(`drop schema tickets, fuel cascade; ${foreign}`);
    await using database = await databaseWith(foreign);
    const { sql } = database;
    for (const schema of ["tickets", "fuel"]) {
      // Types of tables are numbered anew in each database.
      expect(await stateOf(sql, schema)).toEqual(await stateOf(before.sql, schema));
    }
    for (const view of ["reporting.v_tickets", "reporting.v_fuel_fills", "reporting.v_ticket_visits"]) {
      expect(await sql.unsafe(`select * from ${view}`)).toEqual([]);
      expect(await columnsOf(sql, view)).toEqual(await columnsOf(ours.sql, view));
    }
    expect(await sql`select * from reporting.fn_active_dispatch_map('2026-10-06')`).toEqual([]);
  },
);

it("takes one schema where the other is another product's, empty ones that are ours or lent to us", async () => {
  await using database = await databaseWith(
    "create schema tickets; create table tickets.jobs (id int); create schema fuel authorization tracksolid_owner;",
  );
  const tables = await database.sql`
    select schemaname || '.' || tablename as name, tableowner from pg_tables where schemaname in ('tickets', 'fuel') order by 1`;
  expect(tables).toEqual([
    { name: "fuel.fills", tableowner: "tracksolid_owner" },
    { name: "tickets.jobs", tableowner: "postgres" },
  ]);
  await using lent = await databaseWith(
    "create schema tickets; create schema fuel; grant usage, create on schema tickets, fuel to tracksolid_owner;",
  );
  await lent.sql`insert into fuel.fills (imei, filled_at, litres, raw, told_at) values ('860000000000001', '2026-10-06', 40, '{}', '2026-10-06')`;
  const reader = postgres(localRoleUrls(lent.url).read, { max: 1, onnotice: () => {} });
  expect(await reader`select litres from reporting.v_fuel_fills`).toEqual([{ litres: 40 }]);
  await reader.end();
});

it("says what to do where it may not make a schema", async () => {
  await using database = await createDatabase("migrated");
  await database.sql`drop schema fuel cascade`;
  const sql = postgres(database.url, {
    max: 1,
    onnotice: () => {},
    connection: { role: "tracksolid_owner" },
  });
  const owner = applyAgain(sql, 23);
  await expect(owner).rejects.toThrow(
    "schema fuel is missing, and tracksolid_owner may not create it: connect as an administrator, or have one say: create schema fuel authorization tracksolid_owner",
  );
  await sql.end();
});

it.each([
  ["a number of blanks", "(' ', '2026-10-06', null, null, null, null)"],
  ["resolved before opened", "('1', '2026-10-06', '2026-10-05', null, null, null)"],
  ["a place beyond the earth", "('1', '2026-10-06', null, 91, 0, null)"],
  ["half a place", "('1', '2026-10-06', null, -1, null, null)"],
  ["no IMEI", "('1', '2026-10-06', null, null, null, '12')"],
  ["opened never", "('1', 'infinity', null, null, null, null)"],
])("refuses a ticket with %s, whoever writes it", async (_, row) => {
  await using database = await createDatabase("migrated");
  await expect(
    database.sql.unsafe(
      `insert into tickets.change_requests (number, opened_at, resolved_at, lat, lng, imei, raw, told_at)
       select n, o::timestamptz, r::timestamptz, a::float8, g::float8, i, '{}', '2026-10-06'
       from (values ${row}) v (n, o, r, a, g, i)`,
    ),
  ).rejects.toMatchObject({ code: "23514" });
});
