-- Ends windows as the list $1 says, at $2, where they are still their holder's, and counts them in their runs. Tells of
-- runs of which they were the last.
with ended as (
  update private.job_windows w
  set ended_at = $2::text::timestamptz, outcome = e."outcome", missing = e."missing",
    api_calls = e."apiCalls", items = e."items", error_code = e."errorCode", error = e."error"
  from json_to_recordset($1::text::json) as e (
    "runId" text, "number" integer, "holder" text, "outcome" text, "missing" json, "apiCalls" integer,
    "items" integer, "errorCode" text, "error" text
  )
  where w.run_id = e."runId" and w.number = e."number" and w.holder is not distinct from e."holder"
    and w.ended_at is null
  returning w.*
), counted as (
  select
    run_id, count(*) as windows, count(*) filter (where outcome = 'done') as done,
    count(*) filter (where outcome = 'postponed') as postponed, count(*) filter (where outcome = 'failed') as failed,
    count(*) filter (where outcome = 'lost') as lost, sum(api_calls) as api_calls, sum(items) as items,
    (array_agg(error_code order by number) filter (where error_code is not null))[1] as error_code,
    (array_agg(error order by number) filter (where error is not null))[1] as error
  from ended
  group by run_id
)
update private.job_runs r
set windows_left = windows_left - c.windows, done = r.done + c.done, postponed = r.postponed + c.postponed,
  failed = r.failed + c.failed, lost = r.lost + c.lost, api_calls = r.api_calls + c.api_calls,
  items = r.items + c.items, error_code = coalesce(r.error_code, c.error_code), error = coalesce(r.error, c.error),
  ended_at = case when r.windows_left = c.windows then $2::text::timestamptz end
from counted c
where r.id = c.run_id
returning r.*
