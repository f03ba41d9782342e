-- The next windows of job $1, oldest run and span first, so that at most $2 are with the queue. Notes that they go.
with waiting as (
  select run_id, number from private.job_windows
  where job = $1 and ended_at is null and sent_at is null
  order by run_id, number
  limit greatest(0, $2::int - (
    select count(*) from private.job_windows where job = $1 and ended_at is null and sent_at is not null
  ))
  for update skip locked
)
update private.job_windows w set sent_at = $3::text::timestamptz
from waiting
where w.run_id = waiting.run_id and w.number = waiting.number
returning w.run_id, w.number
