-- The column that dates the rows of a log which only a database that was taken over has; no row where it is not there, or
-- not ours to clear.
select quote_ident(a.attname) as column
from pg_attribute a
where a.attrelid = to_regclass('reporting.refresh_log')
  and a.atttypid in ('timestamptz'::regtype, 'timestamp'::regtype) and a.attnum > 0 and not a.attisdropped
  and has_table_privilege(a.attrelid, 'select') and has_table_privilege(a.attrelid, 'delete')
order by a.attnum
limit 1
