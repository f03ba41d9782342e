-- The column of the table $1 (oid) whose newest value is one read of an index away: the first of an index, a time or a day.
-- Both names are quoted as SQL takes them.
select format('%I.%I', n.nspname, c.relname) as relation, quote_ident(a.attname) as quoted, a.attname as column,
  a.atttypid = 'date'::regtype as "isDay"
from pg_index i
join pg_class c on c.oid = i.indrelid
join pg_namespace n on n.oid = c.relnamespace
join pg_class x on x.oid = i.indexrelid
join pg_am m on m.oid = x.relam
join pg_attribute a on a.attrelid = c.oid and a.attnum = i.indkey[0]
where i.indrelid = $1::text::oid and m.amname = 'btree' and i.indisvalid and i.indpred is null
  and a.atttypid in ('timestamptz'::regtype, 'date'::regtype)
order by i.indnkeyatts, x.relname
limit 1
