-- Takes away runs of before $1 with their windows, the oldest first, at most $2. What somebody else is taking is left to
-- them.
with old as materialized (
  select id from private.job_runs
  where planned_at < $1::text::timestamptz and ended_at is not null
  order by planned_at, id
  limit $2::int
  for update skip locked
)
delete from private.job_runs r using old where r.id = old.id
