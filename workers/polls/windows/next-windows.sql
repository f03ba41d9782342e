-- The next windows of job $1, those of ticks and then the oldest run and span first, so that at most $2 are with the queue.
-- Notes that they go.
with waiting as (
  select w.run_id, w.number
  from private.job_windows w
  join private.job_runs r on r.id = w.run_id
  where w.job = $1 and w.ended_at is null and w.sent_at is null
  order by r.cause = 'tick' desc, w.run_id, w.number
  limit greatest(0, $2::int - (
    select count(*) from private.job_windows where job = $1 and ended_at is null and sent_at is not null
  ))
  for update of w skip locked
)
update private.job_windows w set sent_at = $3::text::timestamptz
from waiting
where w.run_id = waiting.run_id and w.number = waiting.number
returning w.run_id, w.number
