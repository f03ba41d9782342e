-- Takes window $2 of run $1 for the holder $3 at $4, where nobody has it or its holder was not heard of since $5. Tells
-- who had it.
with window_before as (
  select run_id, number, holder from private.job_windows
  where run_id = $1 and number = $2::int and ended_at is null
    and (holder is null or heard_at < $5::text::timestamptz)
  for update
)
update private.job_windows w
set holder = $3, taken_at = $4::text::timestamptz, heard_at = $4::text::timestamptz
from window_before b
where w.run_id = b.run_id and w.number = b.number
returning w.job, w.account, w.imeis, w.from_time, w.to_time, b.holder as former_holder
