-- The newest run of job $1 that a tick planned and that has ended, and the oldest that has not.
(
  select * from private.job_runs where job = $1 and cause = 'tick' and ended_at is not null
  order by planned_at desc limit 1
)
union all
(select * from private.job_runs where job = $1 and cause = 'tick' and ended_at is null order by planned_at limit 1)
