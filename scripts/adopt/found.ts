import type postgres from "postgres";
import { exists } from "../database/adopted.ts";

/** A column of the database that is to be adopted. */
export interface FoundColumn {
  name: string;
  /** As Postgres writes it: `numeric(9,6)`, `timestamp without time zone`. */
  type: string;
  required: boolean;
  /** It has a default, is an identity or is computed: a row need not say it. */
  filled: boolean;
  /** Computed: nobody may write it. */
  generated: boolean;
  /** Where its type is defined. */
  typeSchema: string;
  /** How many views read it: its type cannot be changed then. */
  views: number;
}

/** A table, view, materialized view or continuous aggregate. */
export interface FoundRelation {
  name: string;
  kind: "table" | "view" | "materialized view" | "foreign table";
  /** A view over a materialized hypertable. */
  isAggregate: boolean;
  isHypertable: boolean;
  owner: string;
  /** The server's estimate. */
  rows: number;
  columns: FoundColumn[];
  /** Columns of primary keys and unique indexes without a condition. */
  uniques: string[][];
  /** The primary key, or []. */
  key: string[];
  checks: { name: string; definition: string }[];
  foreignKeys: { name: string; definition: string }[];
  triggers: { name: string; function: string }[];
  /** Who may select from it, beside its owner. */
  readers: string[];
  comment: string | null;
  columnComments: Record<string, string>;
}

/** A function, by what it is called with. */
export interface FoundFunction {
  name: string;
  /** Types, as `pg_get_function_identity_arguments` has them but without names. */
  arguments: string;
  kind: "function" | "procedure" | "aggregate";
  owner: string;
  /** It runs with the rights of its owner. */
  isDefiner: boolean;
}

/** What a database holds that adoption has to know. */
export interface Found {
  schemas: { name: string; owner: string; things: number }[];
  relations: FoundRelation[];
  functions: FoundFunction[];
  /** Those that no column owns; the others follow their table. */
  sequences: { name: string; owner: string; table: string | null }[];
  /** Relations of other schemas that views of ours read. */
  readElsewhere: { schema: string; relation: string }[];
  superusers: string[];
  hasTimescale: boolean;
  /** Migrations of this tree that are applied. */
  migrations: number;
  /** Files that the earlier system's own list has. */
  oldMigrations: string[];
}

/** Ours: what adoption reads and changes. */
const SCHEMAS = ["tracksolid", "reporting", "private"];

/** Reads the catalogs, nothing else, and takes no lock but the weakest. */
export async function find(sql: postgres.Sql): Promise<Found> {
  const hasTimescale = (await sql`select from pg_extension where extname = 'timescaledb'`).length > 0;
  return {
    hasTimescale,
    schemas: await sql`
      select n.nspname as name, pg_get_userbyid(n.nspowner) as owner,
        (select count(*)::int from pg_class c where c.relnamespace = n.oid and c.relkind in ('r', 'p', 'v', 'm', 'f')) as things
      from pg_namespace n
      where n.nspname !~ '^(pg_|_timescaledb|timescaledb_|toolkit_)' and n.nspname <> 'information_schema'
      order by 1`,
    relations: await relationsOf(sql, hasTimescale),
    functions: await sql`
      select n.nspname || '.' || p.proname as name, oidvectortypes(p.proargtypes) as arguments,
        case p.prokind when 'p' then 'procedure' when 'a' then 'aggregate' else 'function' end as kind,
        pg_get_userbyid(p.proowner) as owner, p.prosecdef as "isDefiner"
      from pg_proc p join pg_namespace n on n.oid = p.pronamespace
      where n.nspname = any(${SCHEMAS})
        and not exists (select from pg_depend d where d.objid = p.oid and d.classid = 'pg_proc'::regclass and d.deptype = 'e')
      order by 1, 2`,
    sequences: await sql`
      select c.oid::regclass::text as name, pg_get_userbyid(c.relowner) as owner, d.refobjid::regclass::text as table
      from pg_class c
      left join pg_depend d on d.objid = c.oid and d.classid = 'pg_class'::regclass and d.refclassid = 'pg_class'::regclass
        and d.deptype in ('a', 'i')
      where c.relkind = 'S' and c.relnamespace::regnamespace::text = any(${SCHEMAS})
      order by 1`,
    readElsewhere: await sql`
      select distinct n.nspname as schema, t.oid::regclass::text as relation
      from pg_class v
      join pg_rewrite r on r.ev_class = v.oid
      join pg_depend d on d.objid = r.oid and d.classid = 'pg_rewrite'::regclass and d.refclassid = 'pg_class'::regclass
      join pg_class t on t.oid = d.refobjid and t.relkind in ('r', 'p', 'v', 'm', 'f')
      join pg_namespace n on n.oid = t.relnamespace
      where v.relkind = 'v' and v.relnamespace::regnamespace::text = any(${SCHEMAS})
        and n.nspname <> all(${SCHEMAS}) and n.nspname !~ '^(pg_|_timescaledb|information_schema|timescaledb_)'
      order by 1, 2`,
    superusers: (await sql<{ name: string }[]>`select rolname as name from pg_roles where rolsuper`).map(
      ({ name }) => name,
    ),
    migrations: await countOf(sql, "private.migrations"),
    oldMigrations: await oldMigrationsOf(sql),
  };
}

async function relationsOf(sql: postgres.Sql, hasTimescale: boolean): Promise<FoundRelation[]> {
  const hypertables = hasTimescale
    ? sql`select format('%I.%I', hypertable_schema, hypertable_name)::regclass::oid as oid from timescaledb_information.hypertables`
    : sql`select null::oid as oid where false`;
  const aggregates = hasTimescale
    ? sql`select format('%I.%I', view_schema, view_name)::regclass::oid as oid from timescaledb_information.continuous_aggregates`
    : sql`select null::oid as oid where false`;
  return sql<FoundRelation[]>`
    select n.nspname || '.' || c.relname as name,
      case c.relkind when 'v' then 'view' when 'm' then 'materialized view' when 'f' then 'foreign table' else 'table' end as kind,
      c.oid in (${hypertables}) as "isHypertable", c.oid in (${aggregates}) as "isAggregate",
      pg_get_userbyid(c.relowner) as owner,
      (select coalesce(sum(greatest(p.reltuples, 0)), 0)::float8 from pg_class p
        where p.oid = c.oid or p.oid in (select inhrelid from pg_inherits where inhparent = c.oid)) as rows,
      (select coalesce(json_agg(json_build_object(
          'typeSchema', (select t.typnamespace::regnamespace::text from pg_type t where t.oid = a.atttypid), 'name', a.attname, 'type', format_type(a.atttypid, a.atttypmod), 'required', a.attnotnull,
          'filled', a.atthasdef or a.attidentity <> '', 'generated', a.attgenerated <> '' or a.attidentity = 'a',
          'views', (select count(distinct r.ev_class) from pg_depend d join pg_rewrite r on r.oid = d.objid
            where d.refobjid = c.oid and d.refobjsubid = a.attnum and d.classid = 'pg_rewrite'::regclass)
        ) order by a.attnum), '[]')
        from pg_attribute a where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped) as columns,
      (select coalesce(json_agg(columns), '[]') from (${columnsOfIndexes(sql)}
        and i.indisunique and i.indpred is null and i.indexprs is null and i.indisvalid) u) as uniques,
      (select coalesce(min(columns::text)::json, '[]') from (${columnsOfIndexes(sql)} and i.indisprimary) k) as key,
      (select coalesce(json_agg(json_build_object('name', k.conname, 'definition', pg_get_constraintdef(k.oid)) order by k.conname), '[]')
        from pg_constraint k where k.conrelid = c.oid and k.contype = 'c') as checks,
      (select coalesce(json_agg(json_build_object('name', k.conname, 'definition', pg_get_constraintdef(k.oid)) order by k.conname), '[]')
        from pg_constraint k where k.conrelid = c.oid and k.contype = 'f') as "foreignKeys",
      (select coalesce(json_agg(json_build_object('name', t.tgname, 'function', t.tgfoid::regproc::text) order by t.tgname), '[]')
        from pg_trigger t where t.tgrelid = c.oid and not t.tgisinternal and t.tgname not like 'ts\\_%') as triggers,
      (select coalesce(json_agg(case a.grantee when 0 then 'public' else pg_get_userbyid(a.grantee) end), '[]')
        from aclexplode(c.relacl) a where a.privilege_type = 'SELECT' and a.grantee <> c.relowner) as readers,
      obj_description(c.oid, 'pg_class') as comment,
      (select coalesce(json_object_agg(a.attname, col_description(c.oid, a.attnum)), '{}')
        from pg_attribute a where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
          and col_description(c.oid, a.attnum) is not null) as "columnComments"
    from pg_class c join pg_namespace n on n.oid = c.relnamespace
    where n.nspname = any(${SCHEMAS}) and c.relkind in ('r', 'p', 'v', 'm', 'f')
    order by 1`;
}

/** The columns of the indexes of c, for a condition to follow. */
const columnsOfIndexes = (sql: postgres.Sql) => sql`
  select json_agg(a.attname order by k.position) as columns
  from pg_index i
  cross join lateral unnest(i.indkey::smallint[]) with ordinality k (number, position)
  join pg_attribute a on a.attrelid = i.indrelid and a.attnum = k.number
  where i.indrelid = c.oid
  group by i.indexrelid, i.indisunique, i.indpred, i.indexprs, i.indisvalid, i.indisprimary
  having true`;

async function countOf(sql: postgres.Sql, table: string): Promise<number> {
  if (!(await exists(sql, table))) return 0;
  const [row] = await sql<{ count: number }[]>`select count(*)::int as count from ${sql(table)}`;
  return row?.count ?? 0;
}

/** The list's columns are not known: its first of text is taken for the file's name. */
async function oldMigrationsOf(sql: postgres.Sql): Promise<string[]> {
  const [column] = await sql<{ name: string }[]>`
    select attname as name from pg_attribute
    where attrelid = to_regclass('tracksolid.schema_migrations') and attnum > 0 and not attisdropped
      and atttypid in ('text'::regtype, 'varchar'::regtype, 'int'::regtype, 'bigint'::regtype)
    order by attnum limit 1`;
  if (!column) return [];
  const rows = await sql<{ file: string }[]>`
    select ${sql(column.name)}::text as file from tracksolid.schema_migrations order by 1`;
  return rows.map(({ file }) => file);
}
