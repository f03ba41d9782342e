import postgres from "postgres";
import { expect, it } from "vitest";
import { localRoleUrls } from "../../scripts/database/roles.ts";
import { createDatabase } from "../setup/database.ts";

const DENIED = { code: "42501" };
const READ_ONLY = { code: "25006" };

/** Tries statements, one after the other, as a role. @returns The SQLSTATE, or `ok`. */
async function attempt(url: string, statement: string): Promise<string> {
  const sql = postgres(url, { max: 1, onnotice: () => {} });
  try {
    for (const part of statement.split(";")) await sql.unsafe(part);
    return "ok";
  } catch (error) {
    return (error as { code: string }).code;
  } finally {
    await sql.end();
  }
}

it("gives the reader the facts, nothing private and no writing", async () => {
  await using database = await createDatabase("migrated");
  const { read } = localRoleUrls(database.url);
  for (const table of [
    "tracksolid.devices",
    "tracksolid.live_positions",
    "tracksolid.ingestion_log",
    "reporting.v_ingest_health",
  ]) {
    expect(await attempt(read, `select from ${table} limit 1`), table).toBe("ok");
  }
  for (const table of [
    "private.receipts",
    "private.rejected_items",
    "private.leases",
    "private.migrations",
  ]) {
    expect(await attempt(read, `select from ${table} limit 1`), table).toBe(DENIED.code);
  }
  expect(await attempt(read, "update tracksolid.devices set city = 'x'")).toBe(READ_ONLY.code);
  expect(
    await attempt(read, "set default_transaction_read_only = off; update tracksolid.devices set city = 'x'"),
  ).toBe(DENIED.code);
  expect(await attempt(read, "set default_transaction_read_only = off; create table tracksolid.x ()")).toBe(
    DENIED.code,
  );
  expect(await attempt(read, "set role ingest_app")).toBe(DENIED.code);
});

it("lets a dump read all there is, how far sequences have counted too", async () => {
  await using database = await createDatabase("migrated");
  const { sql } = database;
  const unreadable = await sql`
    select c.oid::regclass::text as name from pg_class c
    where c.relnamespace in ('tracksolid'::regnamespace, 'reporting'::regnamespace, 'private'::regnamespace,
        'tickets'::regnamespace, 'fuel'::regnamespace)
      and case c.relkind when 'S' then not has_sequence_privilege('backup_ro', c.oid, 'select')
        when 'r' then not has_table_privilege('backup_ro', c.oid, 'select') else false end`;
  expect(unreadable).toEqual([]);
});

it("gives the writer rows and no objects", async () => {
  await using database = await createDatabase("migrated");
  const { ingest } = localRoleUrls(database.url);
  expect(await attempt(ingest, "delete from private.leases")).toBe("ok");
  for (const statement of [
    "create table tracksolid.x ()",
    "create table public.x ()",
    "alter table tracksolid.devices add column x int",
    "drop table tracksolid.trips",
    "truncate tracksolid.devices",
    "select from private.migrations",
    "create schema x",
    "create role x",
  ]) {
    expect(await attempt(ingest, statement), statement).toMatch(
      statement.startsWith("drop") ? /^(42P01|42501)$/ : /^42501$/,
    );
  }
});

it("makes nobody a superuser and lets only the migrations run without a time limit", async () => {
  await using database = await createDatabase("migrated");
  const roles = await database.sql`
    select rolname, rolsuper or rolcreatedb or rolcreaterole or rolreplication or rolbypassrls as mighty, rolconnlimit > 0 as limited,
      exists (select from unnest(rolconfig) c where c = 'statement_timeout=0') as unlimited
    from pg_roles where rolname in ('tracksolid_owner', 'ingest_app', 'dashboard_ro', 'analytics_ro', 'backup_ro') order by rolname`;
  expect(roles).toEqual([
    { rolname: "analytics_ro", mighty: false, limited: true, unlimited: false },
    { rolname: "backup_ro", mighty: false, limited: true, unlimited: true },
    { rolname: "dashboard_ro", mighty: false, limited: true, unlimited: false },
    { rolname: "ingest_app", mighty: false, limited: true, unlimited: false },
    { rolname: "tracksolid_owner", mighty: false, limited: true, unlimited: true },
  ]);
});
