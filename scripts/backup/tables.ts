import type postgres from "postgres";
import { identifier, literal } from "../../shared/quote.ts";
import { SCHEMAS } from "../database/dictionary.ts";

/**
 * The ledger of migrations is in the manifest: a restore migrates. The other is the token of the system before this one, which
 * nobody may read, and which is worth nothing when it is restored.
 */
const LEFT_OUT = ["private.migrations", "tracksolid.api_token_cache"] as const;

/** A table as it is copied. */
export interface Table {
  /** As SQL writes it, with its schema. */
  name: string;
  /** Without those that the database computes. */
  columns: string[];
  /** Those that may be null. */
  nullable: string[];
  /** As the server thinks. */
  rowsEstimated: number;
  /** Statements that give its rows as text, one after the other. */
  selects: string[];
}

interface Found {
  name: string;
  isReadable: boolean;
  /** Rows of tables that inherit from an ordinary table are not its own. Chunks and partitions are. */
  hasParts: boolean;
  columns: string[];
  nullable: string[];
  /** Of the primary key, in its order. */
  key: string[];
  rowsEstimated: number;
}

/** The tables, in the order of their names. @throws where the role may not read one */
export async function findTables(sql: postgres.Sql): Promise<Table[]> {
  const found = await sql.unsafe<Found[]>(FIND);
  const closed = found.filter(({ isReadable }) => !isReadable).map(({ name }) => name);
  if (closed.length > 0) throw await refusal(sql, closed.join(", "));
  const borders = await chunkBorders(sql);
  return found.map((table) => ({
    name: table.name,
    columns: table.columns,
    nullable: table.nullable,
    rowsEstimated: table.rowsEstimated,
    selects: selectsOf(table, borders.get(table.name)),
  }));
}

/** Where a hypertable's chunks meet. */
interface Borders {
  timeColumn: string;
  instants: string[];
}

/** One statement for each chunk, so that no more is ever sorted; else one for all. */
function selectsOf(table: Found, borders: Borders | undefined): string[] {
  const columns = table.columns.map(identifier);
  // Rows that are alike in all of it may be in any order.
  const order = table.key.length > 0 ? table.key.map(identifier) : columns.map((column) => `${column}::text`);
  const from = `${table.hasParts ? "" : "only "}${table.name}`;
  const select = (where: string) =>
    `select ${columns.join(", ")} from ${from}${where} order by ${order.join(", ")}`;
  if (!borders) return [select("")];
  const time = identifier(borders.timeColumn);
  const edges = borders.instants.map(literal);
  return [...edges, null].map((before, index) => {
    const after = index > 0 ? edges[index - 1] : undefined;
    const limits = [after && `${time} >= ${after}`, before && `${time} < ${before}`].filter(Boolean);
    return select(limits.length > 0 ? ` where ${limits.join(" and ")}` : "");
  });
}

async function chunkBorders(sql: postgres.Sql): Promise<Map<string, Borders>> {
  const [timescale] = await sql`select where to_regclass('timescaledb_information.chunks') is not null`;
  if (!timescale) return new Map();
  const rows = await sql.unsafe<({ name: string } & Borders)[]>(CHUNK_BORDERS);
  return new Map(rows.map(({ name, ...borders }) => [name, borders]));
}

async function refusal(sql: postgres.Sql, names: string): Promise<Error> {
  const [{ role } = { role: "" }] = await sql<{ role: string }[]>`select current_user as role`;
  return new Error(
    `${role} may not read ${names}, and a backup without it would have a hole. As its owner: grant select on ${names} to ${identifier(role)}; and grant usage on its schema. Or connect as backup_ro.`,
  );
}

const listed = (names: readonly string[]) => names.map(literal).join(", ");

const FIND = `
  select format('%I.%I', n.nspname, c.relname) as name,
    has_schema_privilege(n.oid, 'usage') and has_table_privilege(c.oid, 'select') as "isReadable",
    c.relkind = 'p' or exists (
      select from pg_inherits i join pg_class k on k.oid = i.inhrelid
      where i.inhparent = c.oid and k.relnamespace = to_regnamespace('_timescaledb_internal')) as "hasParts",
    (select json_agg(a.attname order by a.attnum) from pg_attribute a
      where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped and a.attgenerated = '') as columns,
    (select coalesce(json_agg(a.attname order by a.attnum), '[]') from pg_attribute a
      where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped and a.attgenerated = '' and not a.attnotnull) as nullable,
    (select coalesce(json_agg(a.attname order by array_position(i.indkey::smallint[], a.attnum)), '[]')
      from pg_index i join pg_attribute a on a.attrelid = i.indrelid and a.attnum = any (i.indkey)
      where i.indrelid = c.oid and i.indisprimary) as key,
    (select coalesce(sum(greatest(p.reltuples, 0)), 0)::float8 from pg_class p
      where p.oid = c.oid or p.oid in (select inhrelid from pg_inherits where inhparent = c.oid)) as "rowsEstimated"
  from pg_class c join pg_namespace n on n.oid = c.relnamespace
  where n.nspname in (${listed(SCHEMAS)}) and c.relkind in ('r', 'p') and not c.relispartition
    and n.nspname || '.' || c.relname not in (${listed(LEFT_OUT)})
    and not exists (select from pg_depend d
      where d.classid = 'pg_class'::regclass and d.objid = c.oid and d.deptype = 'e')
    and exists (select from pg_attribute a
      where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped and a.attgenerated = '')
  order by n.nspname collate "C", c.relname collate "C"`;

/** The first chunk begins its table, whatever is before it. */
const CHUNK_BORDERS = `
  select format('%I.%I', hypertable_schema, hypertable_name) as name, primary_dimension as "timeColumn",
    json_agg(range_start::text order by range_start) as instants
  from (select distinct hypertable_schema, hypertable_name, primary_dimension, range_start,
      min(range_start) over (partition by hypertable_schema, hypertable_name) as first
    from timescaledb_information.chunks) c
  where range_start > first
  group by 1, 2`;
