-- Columns of the table or view $1 (oid), in their order.
select a.attname as name, format_type(a.atttypid, a.atttypmod) as type, not a.attnotnull as nullable,
  col_description(a.attrelid, a.attnum) as comment
from pg_attribute a
where a.attrelid = $1::text::oid and a.attnum > 0 and not a.attisdropped
order by a.attnum
