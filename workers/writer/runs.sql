-- Logs poll runs from the list `tracksolid.runs`. Whom the vendor left out is counted here, where the registry is.
with run as materialized (
  select * from json_to_recordset(current_setting('tracksolid.runs')::json) as run (
    "id" text, "job" text, "runAt" timestamptz, "durationMs" integer, "success" boolean, "apiCalls" integer,
    "rowsReceived" integer, "accountsListed" json, "vehiclesListed" integer, "errorCode" text, "error" text
  )
), registered as materialized (
  select account, count(*) as vehicles from tracksolid.devices where enabled group by account
)
insert into tracksolid.ingestion_log
  (run_id, endpoint, run_at, duration_ms, success, api_calls, rows_received, vehicles_left_out, error_code, error)
select
  "id", "job", "runAt", "durationMs", "success", "apiCalls", "rowsReceived",
  case when "accountsListed" is not null then greatest(0, coalesce((
    select sum(r.vehicles) from registered r
    where r.account in (select json_array_elements_text("accountsListed"))
  ), 0) - "vehiclesListed") end,
  "errorCode", "error"
from run
order by "id"
on conflict (run_id) do nothing
