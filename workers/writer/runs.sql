-- Logs poll runs from a JSON list $1. Whom the vendor left out is counted here, where the registry is.
insert into tracksolid.ingestion_log
  (id, endpoint, run_at, duration_ms, success, api_calls, rows_received, vehicles_left_out, error_code, error)
select
  "id", "job", "runAt", "durationMs", "success", "apiCalls", "rowsReceived",
  case when "accountsListed" is not null then greatest(0, (
    select count(*) from tracksolid.devices d
    where d.enabled and d.account = any (select json_array_elements_text("accountsListed"))
  ) - "rowsReceived") end,
  "errorCode", "error"
from json_to_recordset($1::text::json) as run (
  "id" text, "job" text, "runAt" timestamptz, "durationMs" integer, "success" boolean, "apiCalls" integer,
  "rowsReceived" integer, "accountsListed" json, "errorCode" text, "error" text
)
order by "id"
on conflict (id) do nothing
