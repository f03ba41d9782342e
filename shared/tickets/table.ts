import type postgres from "postgres";
import type { Target } from "./targets.ts";

/** What there is of the table of a target. */
export interface TargetTable {
  owner: string;
  /** Whether whoever asks may change its rows. */
  isWritable: boolean;
  /** Whether what is in it is read: tickets may be mapped from other tables. */
  isRead: boolean;
}

/** Who owns tables that are ours. */
export const OUR_OWNER = "tracksolid_owner";

/** Looks the table of a target up; undefined where there is none. */
export async function tableOf(
  sql: postgres.Sql | postgres.TransactionSql,
  { schema, table, view }: Target,
): Promise<TargetTable | undefined> {
  const [found] = await sql<TargetTable[]>`
    select pg_get_userbyid(c.relowner) as owner,
      has_schema_privilege(c.relnamespace, 'usage') and has_table_privilege(c.oid, 'insert')
        and has_table_privilege(c.oid, 'update') as "isWritable",
      exists (
        select from pg_depend d join pg_rewrite w on w.oid = d.objid
        where d.classid = 'pg_rewrite'::regclass and d.refclassid = 'pg_class'::regclass and d.refobjid = c.oid
          and w.ev_class = to_regclass(${view})
      ) as "isRead"
    from pg_class c
    where c.relnamespace = to_regnamespace(${schema}) and c.relname = ${table} and c.relkind in ('r', 'p')`;
  return found;
}
