import type postgres from "postgres";
import { identifier } from "../../shared/quote.ts";
import { exists } from "../database/adopted.ts";
import { FILLING } from "./bridge.ts";
import { AdoptionRefused } from "./plan.ts";

/** What is left to do after the schema has changed. */
interface Work {
  number: number;
  kind: "fill" | "key" | "index" | "days";
  relation: string;
  definition: string;
}

/** Blocks of 8 KiB that one statement fills: some tenths of a second, in which only their rows are locked. */
const BLOCKS = 500;

/** A twin that is written between the look and the index makes the index fail. */
const KEY_TRIES = 3;

type Doing = (sql: postgres.Sql, step: Work, onPiece: OnPiece) => Promise<void>;

const DO: Record<Work["kind"], Doing> = { fill, key: makeKey, index: makeIndex, days: markDays };

/** Told after every piece. */
export type OnPiece = (what: string, rows: number) => void;

/** Does what is left, step by step; cut off, it goes on where it was. */
export async function doWork(sql: postgres.Sql, onPiece: OnPiece): Promise<void> {
  await sql`set statement_timeout = 0`;
  await sql.unsafe(`set ${FILLING} = 'on'`);
  const [timescale] = await sql`select from pg_extension where extname = 'timescaledb'`;
  if (timescale) await sql`set timescaledb.max_tuples_decompressed_per_dml_transaction = 0`;
  const steps = await sql<Work[]>`
    select number, kind, relation, definition from private.adoption where done_at is null order by number`;
  for (const step of steps) {
    try {
      await silence(sql, step.relation);
      await DO[step.kind](sql, step, onPiece);
    } catch (error) {
      throw new AdoptionRefused(
        `The schema is changed, everybody goes on writing, but step ${step.number} (${step.kind} of ${step.relation}) failed: ${(error as Error).message}. To go on: npm run db:adopt -- --apply`,
        { cause: error },
      );
    }
    await sql`update private.adoption set done_at = now() where number = ${step.number}`;
  }
}

/** Nothing of theirs happens again because of us: where ours fires always, their triggers see none of what follows. */
async function silence(sql: postgres.Sql, relation: string): Promise<void> {
  const [always] = await sql`
    select from pg_trigger where tgrelid = ${relation}::regclass and tgname = 'zz_adopted' and tgenabled = 'A'`;
  await sql.unsafe(`set session_replication_role = ${always ? "replica" : "origin"}`);
}

/**
 * An update that changes nothing: the trigger of the table does the rest, as for whoever writes a row. Again, as long as that
 * helps: a chunk may be compressed while it waits.
 */
async function fill(
  sql: postgres.Sql,
  { number, relation, definition }: Work,
  onPiece: OnPiece,
): Promise<void> {
  const [touched] = await sql<{ column: string }[]>`
    select quote_ident(attname) as column from pg_attribute
    where attrelid = ${relation}::regclass and attnum > 0 and not attisdropped and attgenerated = '' and attidentity <> 'a'
    order by attnum limit 1`;
  let waiting = await countWaiting(sql, relation, definition);
  for (let before = Number.POSITIVE_INFINITY; waiting > 0 && waiting < before; ) {
    before = waiting;
    for (const part of await partsOf(sql, relation)) {
      for (let block = 0; block === 0 || block < part.blocks; block += BLOCKS) {
        const span = part.compressed ?? `ctid >= '(${block},0)' and ctid < '(${block + BLOCKS},0)'`;
        const [done] = await sql.unsafe<{ rows: number }[]>(`
          with filled as (
            update ${part.name} set ${touched?.column} = ${touched?.column} where (${definition}) and ${span} returning 1
          ), counted as (
            select count(*)::int as rows from filled
          ), noted as (
            update private.adoption a set rows = a.rows + c.rows from counted c where a.number = ${number}
          )
          select rows from counted`);
        onPiece(`fill ${relation}`, done?.rows ?? 0);
        if (part.compressed) break;
      }
    }
    waiting = await countWaiting(sql, relation, definition);
  }
  // What a clock that is wrong says stays out.
  if (waiting > 0) onPiece(`left as they were in ${relation}`, waiting);
}

async function countWaiting(sql: postgres.Sql, relation: string, definition: string): Promise<number> {
  const [row] = await sql.unsafe<{ count: number }[]>(
    `select count(*)::int as count from ${relation} where ${definition}`,
  );
  return row?.count ?? 0;
}

interface Part {
  name: string;
  blocks: number;
  /** A compressed chunk is reached through its table, by its time. */
  compressed: string | null;
}

/** A table, or the chunks of a hypertable. Those that come later hold what was written with the trigger. */
async function partsOf(sql: postgres.Sql, relation: string): Promise<Part[]> {
  const chunks = (await exists(sql, "timescaledb_information.chunks"))
    ? await sql<Part[]>`
        select format('%I.%I', c.chunk_schema, c.chunk_name) as name,
          (pg_relation_size(format('%I.%I', c.chunk_schema, c.chunk_name)::regclass) / 8192)::int as blocks,
          case when c.is_compressed then format('%I >= %L and %I < %L', d.column_name, c.range_start, d.column_name, c.range_end) end as compressed
        from timescaledb_information.chunks c
        join timescaledb_information.dimensions d using (hypertable_schema, hypertable_name)
        where format('%I.%I', c.hypertable_schema, c.hypertable_name)::regclass = ${relation}::regclass and d.dimension_number = 1
        order by c.range_start`
    : [];
  if (chunks.length > 0) {
    return chunks.map((chunk) => (chunk.compressed ? { ...chunk, name: relation } : chunk));
  }
  return sql<Part[]>`
    select ${relation} as name, (pg_relation_size(${relation}::regclass) / 8192)::int as blocks, null as compressed`;
}

/** What the earlier system stored twice is moved away, and the key of ours is made beside its own. */
async function makeKey(sql: postgres.Sql, { relation, definition }: Work, onPiece: OnPiece): Promise<void> {
  const name = `${relation.split(".")[1]}_adopted_key`;
  for (let tries = 1; ; tries += 1) {
    const [row] = await sql.unsafe<{ moved: number }[]>(`
      with doubled as (
        select ctid from (
          select ctid, row_number() over (partition by ${definition} order by ctid) as number
          from ${relation}
        ) n where number > 1
      ), removed as (
        delete from ${relation} t using doubled d where t.ctid = d.ctid returning t.*
      ), kept as (
        insert into private.adopted_doubles (relation, row) select '${relation}', row_to_json(removed) from removed returning 1
      )
      select count(*)::int as moved from kept`);
    onPiece(`doubles of ${relation}`, row?.moved ?? 0);
    try {
      await sql.unsafe(`drop index concurrently if exists tracksolid.${identifier(name)}`);
      await sql.unsafe(`create unique index concurrently ${identifier(name)} on ${relation} (${definition})`);
      return;
    } catch (error) {
      if ((error as { code?: string }).code !== "23505" || tries === KEY_TRIES) {
        throw error;
      }
    }
  }
}

/** A half-made index of that name is made anew. */
async function makeIndex(sql: postgres.Sql, { relation, definition }: Work, onPiece: OnPiece): Promise<void> {
  const parts = /^create (unique )?index (\w+)\s+on ([\w.]+)\s*(.*)$/s.exec(definition);
  if (!parts) throw new Error(`An index that adoption does not understand: ${definition}`);
  const [, unique = "", name = "", , rest = ""] = parts;
  if ((await equalIndexes(sql, relation, definition, name)) > 0) return;
  const [taken] = await sql<{ half_made: boolean }[]>`
    select i.indrelid = ${relation}::regclass and not i.indisvalid as half_made
    from pg_index i where i.indexrelid = to_regclass(${`tracksolid.${name}`})`;
  const free = taken && !taken.half_made ? `${name}_adopted` : name;
  await sql.unsafe(`drop index if exists tracksolid.${free}`);
  // Nobody is kept from writing; on a hypertable chunk by chunk.
  if (await isHypertable(sql, relation)) {
    const option = /\bwhere\b/i.test(rest) ? "" : " with (timescaledb.transaction_per_chunk)";
    await sql.unsafe(`create ${unique}index ${free} on ${relation} ${rest}${option}`);
  } else {
    await sql.unsafe(`create ${unique}index concurrently ${free} on ${relation} ${rest}`);
  }
  onPiece(`index ${free}`, 0);
}

async function isHypertable(sql: postgres.Sql, relation: string): Promise<boolean> {
  if (!(await exists(sql, "timescaledb_information.hypertables"))) return false;
  const rows = await sql`
    select from timescaledb_information.hypertables
    where format('%I.%I', hypertable_schema, hypertable_name)::regclass = ${relation}::regclass`;
  return rows.length > 0;
}

/** How many valid indexes of the table are the same but for their name. */
async function equalIndexes(
  sql: postgres.Sql,
  relation: string,
  definition: string,
  name: string,
): Promise<number> {
  const normal = (text: string) =>
    text
      .toLowerCase()
      .replace(/using btree/, "")
      .replace(/[\s()]+/g, "");
  const wanted = normal(definition).replace(name, "");
  const rows = await sql<{ name: string; definition: string }[]>`
    select c.relname as name, pg_get_indexdef(i.indexrelid) as definition
    from pg_index i join pg_class c on c.oid = i.indexrelid where i.indrelid = ${relation}::regclass and i.indisvalid`;
  return rows.filter((row) => normal(row.definition).replace(row.name, "") === wanted).length;
}

/** Every day of which there are facts: what is derived from them is computed as if they had just come. Trips may end on the next. */
async function markDays(sql: postgres.Sql, _step: Work, onPiece: OnPiece): Promise<void> {
  const { count } = await sql`
    with fact as (
      select h.imei::text as imei, (h.gps_time at time zone f.zone)::date as day, min(h.gps_time) as from_time, max(h.gps_time) as to_time
      from tracksolid.position_history h cross join tracksolid.fleet f
      group by 1, 2
      union all
      select t.imei::text, day::date, t.start_time, t.end_time
      from tracksolid.trips t cross join tracksolid.fleet f, generate_series(
        (t.start_time at time zone f.zone)::date::timestamp,
        least(t.end_time, t.start_time + interval '40 days') at time zone f.zone, interval '1 day'
      ) as day
      union all
      select a.imei::text, (a.alarm_time at time zone f.zone)::date, a.alarm_time, a.alarm_time
      from tracksolid.alarms a cross join tracksolid.fleet f
    )
    insert into private.dirty_days as d (imei, day, changed_from, changed_to, mark)
    select imei, day, min(from_time), max(to_time), pg_current_xact_id() from fact
    where from_time > '2015-01-01' and to_time < now() + interval '2 days'
    group by 1, 2
    order by 1, 2
    on conflict (imei, day) do update set
      changed_from = least(d.changed_from, excluded.changed_from),
      changed_to = greatest(d.changed_to, excluded.changed_to), mark = excluded.mark`;
  onPiece("days to compute", count);
}
