import type postgres from "postgres";
import { analystParts } from "../../../scripts/roles/analysts.ts";

/** `db:roles` grants to them, and runs after an adoption. */
const PARTS = analystParts.map(({ name }) => name);

/** Everything in the schemas of the fleet that our statements may rely on, a line each. */
export async function shapeOf(sql: postgres.Sql): Promise<string[]> {
  const rows = await sql<{ line: string }[]>`
    with relation as (
      -- Where a name is another's, ours has this ending until the cut-over.
      select c.oid, n.nspname || '.' || case when exists (
        select from pg_class o where o.relnamespace = c.relnamespace and o.relname = c.relname || '_ours'
      ) then c.relname || '_theirs' else regexp_replace(c.relname, '_ours$', '') end as name, c.relkind, c.relacl, c.relowner
      from pg_class c join pg_namespace n on n.oid = c.relnamespace
      where n.nspname in ('tracksolid', 'reporting', 'private') and c.relkind in ('r', 'p', 'v')
    )
    select 'column ' || r.name || '.' || a.attname as line
    from relation r join pg_attribute a on a.attrelid = r.oid and a.attnum > 0 and not a.attisdropped
    union all
    select 'function ' || n.nspname || '.' || regexp_replace(p.proname, '_ours$', '') || '(' || oidvectortypes(p.proargtypes) || ')'
    from pg_proc p join pg_namespace n on n.oid = p.pronamespace
    where n.nspname in ('tracksolid', 'reporting', 'private')
    union all
    select 'trigger ' || r.name || ' ' || t.tgname
    from relation r join pg_trigger t on t.tgrelid = r.oid and not t.tgisinternal and t.tgname not like 'ts\\_%'
    union all
    select 'unique ' || r.name || ' ' || (
      select string_agg(a.attname, ', ' order by a.attname) from pg_attribute a
      where a.attrelid = r.oid and a.attnum = any (i.indkey)
    )
    from relation r join pg_index i on i.indrelid = r.oid and i.indisunique and i.indisvalid
    union all
    select 'index on ' || r.name || ' ' || regexp_replace(pg_get_indexdef(i.indexrelid), '^.* USING ', '')
    from relation r join pg_index i on i.indrelid = r.oid and not i.indisunique and i.indisvalid
    union all
    select 'grant ' || lower(a.privilege_type) || ' on ' || r.name || ' to ' || pg_get_userbyid(a.grantee)
    from relation r, aclexplode(r.relacl) a
    where a.grantee <> r.relowner and a.grantee <> 0 and pg_get_userbyid(a.grantee) <> all(${PARTS})
    union all
    select 'setting ' || s.name || ' ' || s.value from (
      select 'zone' as name, coalesce((xpath('//zone/text()', query_to_xml(
        case when to_regclass('tracksolid.fleet') is null then 'select 1' else 'select zone from tracksolid.fleet' end, false, true, ''
      )))[1]::text, '') as value
    ) s
    order by 1`;
  return rows.map(({ line }) => line);
}
