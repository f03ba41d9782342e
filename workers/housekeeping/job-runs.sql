-- Takes away runs of before $1 with their windows, at most $2, oldest first.
with gone as (
  delete from private.job_runs
  where id in (
    select id from private.job_runs
    where planned_at < $1::text::timestamptz and ended_at is not null order by planned_at limit $2::int
  )
  returning 1
)
select count(*)::int as count from gone
