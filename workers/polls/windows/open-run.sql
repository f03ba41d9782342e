-- Notes a run and its windows, from the object $1.
with run as (
  insert into private.job_runs (id, job, cause, planned_at, span_from, span_to, windows, windows_left, vehicles)
  select run."id", run."job", run."cause", run."plannedAt", min(w."from"), max(w."to"), count(*), count(*), run."vehicles"
  from json_to_record($1::text::json) as run (
    "id" text, "job" text, "cause" text, "plannedAt" timestamptz, "vehicles" integer, "windows" json
  ), json_to_recordset(run."windows") as w ("from" timestamptz, "to" timestamptz)
  group by run."id", run."job", run."cause", run."plannedAt", run."vehicles"
  returning id, job
)
insert into private.job_windows (run_id, number, job, account, imeis, from_time, to_time)
select run.id, w."number", run.job, w."account", w."imeis", w."from", w."to"
from run, json_to_recordset($1::text::json -> 'windows') as w (
  "number" integer, "account" text, "imeis" json, "from" timestamptz, "to" timestamptz
)
