-- Tables, views and functions that this role may read, of the schemas $1 (JSON list). reltuples of a hypertable is that of its
-- chunks; of one that was never analyzed it is -1.
select o.oid::text as oid, n.nspname as schema, obj_description(n.oid, 'pg_namespace') as "schemaComment", o.name, o.kind,
  o.comment, o.row_estimate as "rowEstimate"
from (
  select c.oid, c.relnamespace as namespace, c.relname as name,
    case when c.relkind in ('r', 'p', 'f') then 'table' else 'view' end as kind, obj_description(c.oid, 'pg_class') as comment,
    case when c.relkind in ('r', 'p') then (
      select case when min(p.reltuples) >= 0 or max(p.reltuples) > 0 then sum(greatest(p.reltuples, 0)) end
      from pg_class p
      where p.oid = c.oid or p.oid in (select i.inhrelid from pg_inherits i where i.inhparent = c.oid)
    )::float8 end as row_estimate
  from pg_class c
  where c.relkind in ('r', 'p', 'f', 'v', 'm') and not c.relispartition
    and (has_table_privilege(c.oid, 'select') or has_any_column_privilege(c.oid, 'select'))
  union all
  select p.oid, p.pronamespace, p.proname, 'function', obj_description(p.oid, 'pg_proc'), null
  from pg_proc p
  where p.prokind = 'f' and p.prorettype <> 'trigger'::regtype and has_function_privilege(p.oid, 'execute')
) o
join pg_namespace n on n.oid = o.namespace
where n.nspname in (select json_array_elements_text($1::text::json)) and has_schema_privilege(n.oid, 'usage')
order by n.nspname, case o.kind when 'view' then 0 when 'table' then 1 else 2 end, o.name
