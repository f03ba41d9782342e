import { expect, it } from "vitest";
import { readMigrations } from "../../scripts/database/migrations.ts";
import { incompatibilities } from "./incompatible.ts";

/** The newest that was made before this was asked of any. */
const BEFORE = 43;

const migrations = await readMigrations("migrations");

const told = (sql: string) => incompatibilities({ file: "0099_x.sql", sql, runAs: "owner" });

it("leaves the Worker before it at work, every migration from 0044 on", async () => {
  const found = await Promise.all(migrations.filter(({ number }) => number > BEFORE).map(incompatibilities));
  expect(found.flat(), "the line that allows it: migrations/back/README.md").toEqual([]);
});

it("tells those of before apart that only added from those that renamed, or did what nobody can read", async () => {
  const later = migrations.filter(({ number }) => number > 30 && number <= BEFORE);
  const found = await Promise.all(later.map(incompatibilities));
  expect(found.flat()).toEqual([
    "0032_shared_names.sql renames tracksolid.ingestion_log.id",
    "0037_places.sql cannot be looked into: do",
    "0041_analysts_tickets.sql cannot be looked into: do",
  ]);
});

it.each([
  ["drop table tracksolid.trips, private.leases", ["drops tracksolid.trips", "drops private.leases"]],
  ["drop view if exists reporting.v_trips", ["drops reporting.v_trips"]],
  ["drop materialized view reporting.m", ["drops reporting.m"]],
  ["drop function reporting.fn_at(timestamptz)", ["drops reporting.fn_at"]],
  ["drop trigger note on tracksolid.devices", ["drops tracksolid.devices.note"]],
  ["drop index tracksolid.trips_idx", ["drops tracksolid.trips_idx"]],
  ["drop type tracksolid.kind", ["drops tracksolid.kind"]],
  ["drop schema fuel", ["drops fuel"]],
  ["alter table tracksolid.devices drop column note, add x text", ["drops tracksolid.devices.note"]],
  ["alter table tracksolid.devices rename column note to remark", ["renames tracksolid.devices.note"]],
  ["alter table tracksolid.devices rename to vehicles", ["renames tracksolid.devices"]],
  ["alter view reporting.v_trips rename to v_rides", ["renames reporting.v_trips"]],
  ["alter function reporting.fn_at(timestamptz) rename to fn_when", ["renames reporting.fn_at"]],
  ["alter table tracksolid.devices set schema private", ["needs a line for AlterObjectSchemaStmt"]],
  ["alter table tracksolid.devices alter note type json", ["gives another type to tracksolid.devices.note"]],
  ["alter table tracksolid.devices alter note set not null", ["requires tracksolid.devices.note"]],
  ["alter table tracksolid.devices alter note drop not null", ["lets nulls into tracksolid.devices.note"]],
  [
    "alter table tracksolid.devices alter note drop default",
    ["takes the default of tracksolid.devices.note"],
  ],
  ["alter table tracksolid.devices add note text not null", ["requires tracksolid.devices.note"]],
  ["alter table tracksolid.devices add note text unique", ["requires tracksolid.devices.note"]],
  [
    "alter table tracksolid.devices add constraint c check (imei <> '')",
    ["may refuse rows by tracksolid.devices.c"],
  ],
  ["alter table tracksolid.devices drop constraint c", [expect.stringContaining("tracksolid.devices.c")]],
  [
    "alter table tracksolid.devices enable row level security",
    [expect.stringContaining("AT_EnableRowSecurity")],
  ],
  ["create unique index u on tracksolid.devices (plate)", ["may refuse rows of tracksolid.devices"]],
  ["revoke select on tracksolid.devices from dashboard_ro", ["revokes rights on tracksolid.devices"]],
  [
    "alter default privileges in schema tracksolid revoke select on tables from dashboard_ro",
    ["revokes default privileges"],
  ],
  ["truncate tracksolid.trips", ["needs a line for TruncateStmt"]],
  ["do $$ begin execute 'drop table tracksolid.trips'; end $$", ["cannot be looked into: do"]],
  // A name that is its own does not cover another that begins like it.
  ["create table private.a (x int); drop table private.ab", ["drops private.ab"]],
])("refuses: %s", async (sql, words) => {
  const wanted = words.map((word) => (typeof word === "string" ? `0099_x.sql ${word}` : word));
  expect(await told(sql)).toEqual(wanted);
});

it.each([
  "create table private.a (x int primary key); alter table private.a alter x type bigint; drop table private.a",
  "create table private.a (x int not null); create unique index on private.a (x); revoke update on private.a from ingest_app",
  "create function private.f() returns int return 1; revoke execute on function private.f from public; drop function private.f()",
  "alter table tracksolid.devices add note text, add rank int not null default 0, alter plate set default ''",
  "alter table tracksolid.devices add twice int generated always as (1) stored not null",
  "create index i on tracksolid.devices (plate); drop index tracksolid.i",
  "create or replace view reporting.v_x as select 1 as x",
  "create or replace function reporting.f() returns int return 1; alter function reporting.f() set jit = off",
  "grant select on tracksolid.devices to dashboard_ro; comment on table tracksolid.devices is 'x'",
  "insert into tracksolid.fleet values ('UTC'); update tracksolid.fleet set zone = 'UTC'; select private.f('drop table a')",
  "-- what drops tables: drop table tracksolid.trips\nselect 1",
])("lets pass: %s", async (sql) => {
  expect(await told(sql)).toEqual([]);
});

it("lets pass what its head says no Worker uses any more, by name, since a version", async () => {
  const sql = "drop table tracksolid.old; alter table tracksolid.devices drop column note;";
  const head = "-- run-as: administrator\n-- What it is for.\n";
  expect(
    await told(`${head}-- compatible since 5f1c0a3e: tracksolid.old, tracksolid.devices.note\n\n${sql}`),
  ).toEqual([]);
  expect(await told(`${head}-- compatible since 5f1c0a3e: tracksolid.old\n${sql}`)).toEqual([
    "0099_x.sql drops tracksolid.devices.note",
  ]);
  // Without a version, and where nobody looks for it.
  expect(await told(`-- compatible since: tracksolid.old, tracksolid.devices.note\n${sql}`)).toHaveLength(2);
  expect(await told(`select 1;\n-- compatible since 5f1c0a3e: tracksolid.old\n${sql}`)).toHaveLength(2);
});
