-- Tables, views and functions that this role may read, of the schemas $1 (JSON list). reltuples of a hypertable is that of its
-- chunks; of one that was never analyzed it is -1. Schemas are picked first: asked for the comments of all that a server has, it takes 300 ms.
with n as materialized (
  select oid, nspname as schema, obj_description(oid, 'pg_namespace') as comment
  from pg_namespace
  where nspname in (select json_array_elements_text($1::text::json)) and has_schema_privilege(oid, 'usage')
)
select o.oid::text as oid, o.schema, o.schema_comment as "schemaComment", o.name, o.kind, o.comment, o.row_estimate as "rowEstimate"
from (
  select c.oid, n.schema, n.comment as schema_comment, c.relname as name,
    case when c.relkind in ('r', 'p', 'f') then 'table' else 'view' end as kind, obj_description(c.oid, 'pg_class') as comment,
    case when c.relkind in ('r', 'p') then (
      select case when min(p.reltuples) >= 0 or max(p.reltuples) > 0 then sum(greatest(p.reltuples, 0)) end
      from pg_class p
      where p.oid in (select c.oid union all select i.inhrelid from pg_inherits i where i.inhparent = c.oid)
    )::float8 end as row_estimate
  from n join pg_class c on c.relnamespace = n.oid
  where c.relkind in ('r', 'p', 'f', 'v', 'm') and not c.relispartition
    and (has_table_privilege(c.oid, 'select') or has_any_column_privilege(c.oid, 'select'))
  union all
  select p.oid, n.schema, n.comment, p.proname, 'function', obj_description(p.oid, 'pg_proc'), null
  from n join pg_proc p on p.pronamespace = n.oid
  where p.prokind = 'f' and p.prorettype <> 'trigger'::regtype and has_function_privilege(p.oid, 'execute')
) o
order by o.schema, case o.kind when 'view' then 0 when 'table' then 1 else 2 end, o.name
