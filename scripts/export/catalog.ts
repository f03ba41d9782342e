import type postgres from "postgres";

/** What a value is, as far as a format cares. Text is whatever else there is. */
export type Kind =
  | "text"
  | "instant"
  | "local-time"
  | "day"
  | "boolean"
  | "integer"
  | "bigint"
  | "real"
  | "double"
  | "numeric"
  | "json";

/** A column of what is exported. */
export interface Column {
  name: string;
  /** How COPY is asked for it. */
  expression: string;
  kind: Kind;
  comment: string | null;
}

/** A table or view that a role may see. */
export interface Relation {
  /** `schema.name`, as people write it. */
  name: string;
  /** As SQL writes it. */
  quoted: string;
  comment: string | null;
  columns: Column[];
  /** Columns that the role may not read. */
  hidden: string[];
  /** Columns of its key, in their order; none of a view. */
  key: string[];
}

/** `private` is there for those who may read it. */
const SCHEMAS = ["tracksolid", "reporting", "tickets", "fuel", "private"];

const KINDS: Record<string, Kind> = {
  timestamptz: "instant",
  timestamp: "local-time",
  date: "day",
  bool: "boolean",
  int2: "integer",
  int4: "integer",
  int8: "bigint",
  float4: "real",
  float8: "double",
  numeric: "numeric",
  json: "json",
  jsonb: "json",
};

const RELATIONS = `
  select n.nspname || '.' || c.relname as name, format('%I.%I', n.nspname, c.relname) as quoted,
    obj_description(c.oid, 'pg_class') as comment,
    (
      select json_agg(json_build_object(
        'name', a.attname, 'quoted', format('%I', a.attname), 'type', b.typname, 'isArray', b.typcategory = 'A',
        'comment', col_description(c.oid, a.attnum),
        'isReadable', has_schema_privilege(n.oid, 'usage') and has_column_privilege(c.oid, a.attnum, 'select')
      ) order by a.attnum)::text
      from pg_attribute a
      join pg_type t on t.oid = a.atttypid
      join pg_type b on b.oid = coalesce(nullif(t.typbasetype, 0), t.oid)
      where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
    ) as columns,
    coalesce((
      select json_agg(a.attname order by k.at)::text
      from pg_index i
      cross join unnest(i.indkey::smallint[]) with ordinality k (attnum, at)
      join pg_attribute a on a.attrelid = i.indrelid and a.attnum = k.attnum
      where i.indrelid = c.oid and i.indisprimary
    ), '[]') as key
  from pg_class c
  join pg_namespace n on n.oid = c.relnamespace
  where c.relkind in ('r', 'p', 'v', 'm', 'f') and n.nspname in (select json_array_elements_text($1::text::json))
  order by n.nspname, c.relname`;

interface Row {
  name: string;
  quoted: string;
  comment: string | null;
  columns: string | null;
  key: string;
}

interface CatalogColumn {
  name: string;
  quoted: string;
  type: string;
  isArray: boolean;
  comment: string | null;
  isReadable: boolean;
}

/** Every table and view of our schemas, as the catalog has them, whether this role may read them or not. */
export async function readRelations(sql: postgres.Sql): Promise<Relation[]> {
  const rows = await sql.unsafe<Row[]>(RELATIONS, [JSON.stringify(SCHEMAS)]);
  return rows.map(({ columns, key, ...relation }) => {
    const all: CatalogColumn[] = JSON.parse(columns ?? "[]");
    return {
      ...relation,
      columns: all.filter(({ isReadable }) => isReadable).map(columnOf),
      hidden: all.filter(({ isReadable }) => !isReadable).map(({ name }) => name),
      key: JSON.parse(key),
    };
  });
}

function columnOf({ name, quoted, type, isArray, comment }: CatalogColumn): Column {
  // JSON is read everywhere; Postgres alone knows {a,b}.
  const [kind, expression]: [Kind, string] = isArray
    ? ["json", `to_json(${quoted})`]
    : [KINDS[type] ?? "text", quoted];
  return { name, expression, kind, comment };
}

/** Those that a role may read. */
export const readable = (relations: Relation[]) => relations.filter(({ columns }) => columns.length > 0);

/** Finds one by `schema.name`, or by its name alone. @throws with what to write instead */
export function findRelation(relations: Relation[], what: string): Relation {
  const named = relations.filter(({ name }) => name === what || name.slice(name.indexOf(".") + 1) === what);
  const open = readable(named);
  if (open.length > 1) {
    throw new Error(
      `There are several: ${open.map(({ name }) => name).join(", ")}. Say which, with its schema.`,
    );
  }
  if (open[0]) return open[0];
  throw new Error(
    named[0]
      ? `This role may not read ${named[0].name}. Connect as one that may: backup_ro reads all that can be exported.`
      : `There is no table and no view "${what}" in ${SCHEMAS.join(", ")}. --list says what there is.`,
  );
}
