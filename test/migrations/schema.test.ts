import { readFile } from "node:fs/promises";
import { expect, it } from "vitest";
import { describeData } from "../../scripts/database/dictionary.ts";
import { describeSchema } from "../../scripts/database/snapshot.ts";
import { createDatabase } from "../setup/database.ts";

// Of a server without TimescaleDB, which adds indexes and triggers of its own.
it.skipIf(process.env.TIMESCALE_URL)("matches the snapshot (npm run db:snapshot writes it)", async () => {
  await using database = await createDatabase("migrated");
  expect(await describeSchema(database.sql)).toBe(await readFile("migrations/schema.sql", "utf8"));
  expect(await describeData(database.sql)).toBe(await readFile("docs/data-dictionary.md", "utf8"));
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

it("has no view that must be refreshed", async () => {
  await using database = await createDatabase("migrated");
  expect(await database.sql`select matviewname from pg_matviews`).toEqual([]);
});

it("lets no null into a key", async () => {
  await using database = await createDatabase("migrated");
  const keys = await database.sql`
    select i.indrelid::regclass::text as name, a.attname as column, a.attnotnull as is_known
    from pg_index i
    join pg_class c on c.oid = i.indrelid join pg_namespace n on n.oid = c.relnamespace
    join pg_attribute a on a.attrelid = i.indrelid and a.attnum = any (i.indkey)
    where i.indisunique and i.indpred is null and n.nspname in ('tracksolid', 'reporting', 'private', 'tickets', 'fuel')`;
  expect(keys.length).toBeGreaterThan(100);
  expect(keys.filter(({ is_known }) => !is_known)).toEqual([]);
});

it("finds the newest run of a job along an index", async () => {
  await using database = await createDatabase("migrated");
  await database.sql`
    insert into tracksolid.ingestion_log (run_id, endpoint, run_at, duration_ms, success)
    select gen_random_uuid(), case when n = 1 then 'rare' else 'often' end, timestamptz '2026-01-15' + n * interval '10 s', 5, true
    from generate_series(1, 20000) n`;
  await database.sql`analyze tracksolid.ingestion_log`;
  const plan = await database.sql`
    explain select * from tracksolid.ingestion_log where endpoint = 'rare' order by run_at desc limit 1`;
  expect(JSON.stringify(plan)).toContain("ingestion_log_endpoint_run_at_idx");
});
