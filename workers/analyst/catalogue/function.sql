-- What the function $1 (oid) is called with, and the columns it answers with: those of a relation with their comments, those that
-- the function names itself, or its one value.
select pg_get_function_arguments(p.oid) as arguments, coalesce(r.columns, o.columns, json_build_array(json_build_object(
  'name', p.proname, 'type', format_type(p.prorettype, null), 'nullable', true, 'comment', null))) as columns
from pg_proc p
join pg_type t on t.oid = p.prorettype
left join lateral (
  select json_agg(json_build_object('name', a.attname, 'type', format_type(a.atttypid, a.atttypmod), 'nullable', true,
    'comment', col_description(a.attrelid, a.attnum)) order by a.attnum) as columns
  from pg_attribute a
  where t.typrelid <> 0 and a.attrelid = t.typrelid and a.attnum > 0 and not a.attisdropped
) r on true
left join lateral (
  select json_agg(json_build_object('name', p.proargnames[i], 'type', format_type(p.proallargtypes[i], null), 'nullable', true,
    'comment', null) order by i) as columns
  from generate_subscripts(p.proargmodes, 1) i
  where p.proargmodes[i] in ('t', 'o')
) o on true
where p.oid = $1::text::oid
