import type postgres from "postgres";
import { exists } from "../database/adopted.ts";
import { SCHEMAS } from "../database/dictionary.ts";
import type { Planned } from "./tables.ts";

// What would change rows while they come back, and what TimescaleDB would do to them. Its own triggers are named ts_…; hypertables
// have none of ours.

/** Lets nothing happen to rows but that they are copied. Twice is once. */
export async function putToRest(sql: postgres.Sql, tables: Planned[]): Promise<void> {
  await switchTriggers(sql, tables, "disable");
  await scheduleCompression(sql, false);
}

/** Everything is as the migrations made it. */
export async function wake(sql: postgres.Sql, tables: Planned[]): Promise<void> {
  await switchTriggers(sql, tables, "enable");
  await scheduleCompression(sql, true);
}

/** Lets be null what may be in the backup, but keys: a database that was taken over has rows without some of what ours have. */
export async function allowNulls(sql: postgres.Sql, tables: Planned[]): Promise<void> {
  for (const { name, backup } of tables) {
    const required = await sql<{ column: string }[]>`
      select quote_ident(a.attname) as column
      from json_array_elements_text(${JSON.stringify(backup.nullable)}::text::json) as w (name)
      join pg_attribute a on a.attname = w.name
      where a.attrelid = to_regclass(${name}) and a.attnotnull and a.attnum > 0 and not a.attisdropped
        and not exists (select from pg_index i where i.indrelid = a.attrelid and i.indisprimary and a.attnum = any(i.indkey))`;
    for (const { column } of required) {
      await sql.unsafe(`alter table ${name} alter column ${column} drop not null`);
    }
  }
}

async function switchTriggers(
  sql: postgres.Sql,
  tables: Planned[],
  how: "enable" | "disable",
): Promise<void> {
  const triggers = await sql<{ table: string; name: string }[]>`
    select format('%I.%I', n.nspname, c.relname) as table, quote_ident(t.tgname) as name
    from pg_trigger t join pg_class c on c.oid = t.tgrelid join pg_namespace n on n.oid = c.relnamespace
    where not t.tgisinternal and t.tgname not like 'ts\\_%' and n.nspname = any(${SCHEMAS})
    order by 1, 2`;
  for (const { table, name } of triggers) {
    if (!tables.some((planned) => planned.name === table)) continue;
    await sql.unsafe(`alter table ${table} ${how} trigger ${name}`);
  }
}

/** A chunk that is packed while its rows come has to be unpacked for each of them. */
async function scheduleCompression(sql: postgres.Sql, scheduled: boolean): Promise<void> {
  if (!(await exists(sql, "timescaledb_information.jobs"))) return;
  await sql`
    select alter_job(job_id, scheduled => ${scheduled}) from timescaledb_information.jobs
    where proc_name = 'policy_compression' and hypertable_schema = any(${SCHEMAS})`;
}

/** Where sequences go on. */
export async function setSequences(
  sql: postgres.Sql,
  sequences: { name: string; lastValue: string; isCalled: boolean }[],
): Promise<void> {
  await sql`
    select setval(c.oid, s."lastValue"::bigint, s."isCalled")
    from json_to_recordset(${JSON.stringify(sequences)}::text::json) as s (name text, "lastValue" text, "isCalled" boolean)
    join pg_class c on c.oid = to_regclass(s.name) and c.relkind = 'S'
    join pg_namespace n on n.oid = c.relnamespace and n.nspname = any(${SCHEMAS})`;
}

/** Each server numbers its transactions for itself: what was noted in another's counts as noted now. */
export async function renumberMarks(sql: postgres.Sql): Promise<void> {
  const marks = await sql<{ table: string; column: string }[]>`
    select format('%I.%I', n.nspname, c.relname) as table, quote_ident(a.attname) as column
    from pg_attribute a join pg_class c on c.oid = a.attrelid join pg_namespace n on n.oid = c.relnamespace
    where a.atttypid = 'xid8'::regtype and c.relkind in ('r', 'p') and n.nspname = any(${SCHEMAS})`;
  for (const { table, column } of marks) {
    await sql.unsafe(`update ${table} set ${column} = pg_current_xact_id()`);
  }
}
