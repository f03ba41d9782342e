import { TABLES } from "./kinds.ts";
import type { Side } from "./side.ts";

/** A table of a database as its catalog has it. */
export interface Table {
  columns: Map<string, { type: string; isReadable: boolean; isNullable: boolean }>;
  /** Columns of its indexes, in their order. */
  indexes: { columns: string[]; isUnique: boolean }[];
}

/** A type without its length: of "character" that would be one. */
const COLUMNS = `
  select c.relname as table, a.attname as column, format_type(b.oid, -1) as type,
    not a.attnotnull as nullable,
    has_schema_privilege(n.oid, 'usage') and has_column_privilege(c.oid, a.attnum, 'select') as readable
  from pg_namespace n
  join pg_class c on c.relnamespace = n.oid and c.relkind in ('r', 'p', 'v', 'm', 'f')
  join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
  join pg_type t on t.oid = a.atttypid
  join pg_type b on b.oid = coalesce(nullif(t.typbasetype, 0), t.oid)
  where n.nspname = 'tracksolid' and c.relname in (select json_array_elements_text($1::text::json))`;

/** Those of a part of the rows and of expressions serve nobody here. */
const INDEXES = `
  select c.relname as table, i.indisunique as is_unique, (
      select json_agg(a.attname order by k.at)::text
      from unnest(i.indkey::smallint[]) with ordinality k (attnum, at)
      join pg_attribute a on a.attrelid = i.indrelid and a.attnum = k.attnum
      where k.at <= i.indnkeyatts
    ) as columns
  from pg_index i
  join pg_class c on c.oid = i.indrelid
  join pg_namespace n on n.oid = c.relnamespace
  where i.indisvalid and i.indpred is null and i.indexprs is null
    and n.nspname = 'tracksolid' and c.relname in (select json_array_elements_text($1::text::json))`;

/** The tables of `tracksolid` that are compared, as far as a database has them. */
export async function readCatalog(side: Side): Promise<Map<string, Table>> {
  const list = [JSON.stringify(TABLES)];
  const tables = new Map<string, Table>();
  const columns = await side.rows<{
    table: string;
    column: string;
    type: string;
    readable: boolean;
    nullable: boolean;
  }>(COLUMNS, list);
  for (const { table, column, type, readable, nullable } of columns) {
    const known = tables.get(table) ?? { columns: new Map(), indexes: [] };
    known.columns.set(column, { type, isReadable: readable, isNullable: nullable });
    tables.set(table, known);
  }
  const indexes = await side.rows<{ table: string; is_unique: boolean; columns: string }>(INDEXES, list);
  for (const { table, is_unique, columns } of indexes) {
    tables.get(table)?.indexes.push({ columns: JSON.parse(columns), isUnique: is_unique });
  }
  return tables;
}
