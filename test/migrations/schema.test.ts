import { readFile } from "node:fs/promises";
import { expect, it } from "vitest";
import { describeSchema } from "../../scripts/database/snapshot.ts";
import { createDatabase } from "../setup/database.ts";

// Of a server without TimescaleDB, which adds indexes and triggers of its own.
it.skipIf(process.env.TIMESCALE_URL)("matches the snapshot (npm run db:snapshot writes it)", async () => {
  await using database = await createDatabase("migrated");
  expect(await describeSchema(database.sql)).toBe(await readFile("migrations/schema.sql", "utf8"));
});

it("has a comment on every table, column, view and function", async () => {
  await using database = await createDatabase("migrated");
  const uncommented = await database.sql`
    select c.oid::regclass::text as name from pg_class c join pg_namespace n on n.oid = c.relnamespace
    where n.nspname in ('tracksolid', 'reporting', 'private', 'tickets', 'fuel') and c.relkind in ('r', 'v')
      and obj_description(c.oid, 'pg_class') is null
    union all
    select a.attrelid::regclass || '.' || a.attname
    from pg_attribute a join pg_class c on c.oid = a.attrelid join pg_namespace n on n.oid = c.relnamespace
    where n.nspname in ('tracksolid', 'reporting', 'private', 'tickets', 'fuel') and c.relkind in ('r', 'v') and a.attnum > 0
      and not a.attisdropped and col_description(a.attrelid, a.attnum) is null
    union all
    select p.oid::regprocedure::text from pg_proc p join pg_namespace n on n.oid = p.pronamespace
    where n.nspname in ('tracksolid', 'reporting', 'private') and obj_description(p.oid, 'pg_proc') is null`;
  expect(uncommented).toEqual([]);
});

it("reads the clock nowhere but where a row's change is stamped, and in old names that have no parameter", async () => {
  await using database = await createDatabase("migrated");
  const clocks = await database.sql`
    with ours as materialized (
      select p.oid, p.proname from pg_proc p join pg_namespace n on n.oid = p.pronamespace
      where n.nspname in ('tracksolid', 'reporting', 'private') and p.prokind = 'f'
    ), definitions as (
      select proname as name, pg_get_functiondef(oid) as text from ours
      union all
      select c.relname, pg_get_viewdef(c.oid) from pg_class c join pg_namespace n on n.oid = c.relnamespace
      where n.nspname in ('tracksolid', 'reporting', 'private', 'tickets', 'fuel') and c.relkind = 'v'
    )
    select name from definitions where text ~* 'now\\(|_timestamp\\(|current_(date|time)' order by name`;
  expect(clocks.map(({ name }) => name)).toEqual([
    "touch_changed_at",
    "v_active_dispatch_map",
    "v_currently_idle",
    "v_driver_clock_today",
    "v_fleet_today",
    "v_vehicles_not_moved_today",
  ]);
});
