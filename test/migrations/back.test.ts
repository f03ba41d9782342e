import { parse } from "libpg-query";
import type postgres from "postgres";
import { expect, it } from "vitest";
import { goBack, readWaysBack } from "../../scripts/database/back.ts";
import { describeData } from "../../scripts/database/dictionary.ts";
import { migrate, readMigrations } from "../../scripts/database/migrations.ts";
import { describeSchema } from "../../scripts/database/snapshot.ts";
import { createDatabase } from "../setup/database.ts";

/** Those up to here were one series, without which no Worker ran. */
const FOUNDATION = 30;

const migrations = await readMigrations("migrations");
const ways = await readWaysBack("migrations", migrations);
const later = migrations.filter(({ number }) => number > FOUNDATION);

it("has a way back for every migration after the foundation", () => {
  expect(ways.map(({ file }) => file)).toEqual(later.map(({ file }) => file));
});

it.each(ways)("$file says what it loses, and takes nothing of others away", async ({ loss, sql }) => {
  const tree = JSON.stringify(await parse(sql));
  const losesRows = /"removeType":"OBJECT_TABLE"|"AT_DropColumn"|"TruncateStmt"/.test(tree);
  expect(loss.startsWith("Loses nothing.")).toBe(!losesRows);
  expect(tree).not.toMatch(/"DROP_CASCADE"|"missing_ok":true/);
});

it("walks down from the newest, where each schema is as it was on the way up, and up again", async () => {
  await using database = await createDatabase("empty");
  const { sql } = database;
  const upTo = (number: number) => migrations.filter((migration) => migration.number <= number);
  const schemas = new Map<number, string>();
  for (const { number } of migrations.filter((migration) => migration.number >= FOUNDATION)) {
    await migrate(sql, upTo(number));
    schemas.set(number, await describe(sql));
  }
  expect(new Set(schemas.values()).size).toBe(schemas.size);
  await fill(sql);
  const facts = await keptRows(sql, "run_id");

  for (const { number } of later.toReversed()) {
    const taken = await goBack(sql, upTo(number), ways, { to: number - 1, apply: true });
    expect(taken.map((way) => way.number)).toEqual([number]);
    expect(await describe(sql), `the way back of ${number}`).toBe(schemas.get(number - 1));
  }
  expect(await keptRows(sql, "id")).toEqual(facts);

  for (const { number } of later) {
    await migrate(sql, upTo(number));
    expect(await describe(sql), `${number} again`).toBe(schemas.get(number));
  }
  expect(await keptRows(sql, "run_id")).toEqual(facts);
  // Lost, as its way back says; and made again of what was kept.
  expect(await sql`select from private.audit`).toHaveLength(0);
  expect(await sql`select imei, day::text from reporting.day_versions`).toEqual([
    { imei: "860000000000011", day: "2026-08-02" },
  ]);
});

/** The schema, who may do what with it, and the rows that migrations put into it. */
const describe = async (sql: postgres.Sql): Promise<string> =>
  [
    await describeSchema(sql),
    await describeData(sql),
    JSON.stringify(await rights(sql), null, 1),
    JSON.stringify(await sql`select * from tracksolid.pipeline_jobs order by job`, null, 1),
  ].join("\n");

const rights = (sql: postgres.Sql) => sql`
  with object as (
    select format('schema %s', nspname) as name, nspname, nspowner as owner, coalesce(nspacl, acldefault('n', nspowner)) as acl
    from pg_namespace
    union all
    select format('%s %s', c.relkind, c.relname), n.nspname, c.relowner,
      coalesce(c.relacl, acldefault((case c.relkind when 'S' then 's' else 'r' end)::"char", c.relowner))
    from pg_class c join pg_namespace n on n.oid = c.relnamespace where c.relkind in ('r', 'p', 'v', 'S')
    union all
    select format('column %s.%s', a.attrelid::regclass, a.attname), n.nspname, c.relowner, a.attacl
    from pg_attribute a join pg_class c on c.oid = a.attrelid join pg_namespace n on n.oid = c.relnamespace
    where a.attacl is not null
    union all
    select format('function %s', p.oid::regprocedure), n.nspname, p.proowner, coalesce(p.proacl, acldefault('f', p.proowner))
    from pg_proc p join pg_namespace n on n.oid = p.pronamespace
    union all
    select format('future %s', d.defaclobjtype), n.nspname, d.defaclrole, d.defaclacl
    from pg_default_acl d join pg_namespace n on n.oid = d.defaclnamespace
  )
  select o.nspname, o.name, pg_get_userbyid(o.owner) as owner, array(
    select format('%s %s', a.grantee::regrole, a.privilege_type) from aclexplode(o.acl) a order by 1
  ) as rights
  from object o
  where o.nspname in ('tracksolid', 'reporting', 'private', 'tickets', 'fuel')
  order by 1, 2`;

/** Rows of facts, of what is derived from them, and of what going back loses. */
async function fill(sql: postgres.Sql): Promise<void> {
  await sql`insert into tracksolid.devices (imei, account, account_at, facts_at, created_at, changed_at)
    values ('860000000000011', 'one', now(), now(), now(), now())`;
  await sql`insert into tracksolid.ingestion_log (run_id, endpoint, run_at, duration_ms, success)
    values ('a run', 'live', '2026-08-02T08:00Z', 5, true)`;
  await sql`insert into reporting.vehicle_day (
      imei, day, moving_s, idling_s, parked_s, unknown_s, odometer_breaks, trips, fixes, alarms, speeding_events, harsh_events
    ) values ('860000000000011', '2026-08-02', 3600, 0, 82800, 0, 0, 1, 10, 0, 0, 0)`;
  await sql`insert into tickets.incidents (number, opened_at, raw, told_at) values ('INC1', now(), '{}', now())`;
  await sql`insert into private.audit (id, asked_at, analyst_id, analyst, tool, arguments, outcome, duration_ms, request_id)
    values (gen_random_uuid(), now(), 'a', 'Ann', 'query', '{}', 'answered', 5, 'r')`;
}

/** What no way back may lose, whatever the id of a run is called. */
const keptRows = async (sql: postgres.Sql, id: "id" | "run_id") => ({
  devices: await sql`select * from tracksolid.devices`,
  runs: await sql`select ${sql(id)} as run, endpoint, run_at, duration_ms, success from tracksolid.ingestion_log`,
  days: await sql`select * from reporting.vehicle_day`,
  incidents: await sql`select number, opened_at, told_at from tickets.incidents`,
});
