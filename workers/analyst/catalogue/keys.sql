-- Keys and indexes of the table $1 (oid), as they are defined.
select
  coalesce((
    select json_agg(pg_get_constraintdef(k.oid) order by k.contype <> 'p', k.conname)
    from pg_constraint k where k.conrelid = $1::text::oid and k.contype in ('p', 'u', 'f')
  ), '[]') as keys,
  coalesce((
    select json_agg(regexp_replace(pg_get_indexdef(i.indexrelid), '^.* USING ', '') order by i.indexrelid::regclass::text)
    from pg_index i where i.indrelid = $1::text::oid and i.indisvalid
  ), '[]') as indexes
