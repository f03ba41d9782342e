-- Takes away calls of analysts from before $1, the oldest first, at most $2. None is locked before: who may lock a row may
-- change it.
with old as materialized (
  select id from private.audit
  where asked_at < $1::text::timestamptz
  order by asked_at, id
  limit $2::int
)
delete from private.audit a using old where a.id = old.id
