-- Stores ends of alarms from the list `tracksolid.alarmEnds`, each (device, event, fence, time) once. Says which it
-- wrote.
with sent as materialized (
  select distinct on ("imei", canonical_code, "fenceId", "at") coalesce(c.canonical_code, sent."code") as canonical_code, sent.*
  from rows from (json_to_recordset(current_setting('tracksolid.alarmEnds')::json) as (
    "key" text, "imei" text, "at" timestamptz, "code" text, "fenceId" text, "source" text, "raw" text,
    "receivedAt" timestamptz
  )) with ordinality as sent
  left join tracksolid.alarm_codes c on c.code = sent."code"
  order by "imei", canonical_code, "fenceId", "at", ordinality
), written as (
  insert into tracksolid.alarm_ends as e
    (imei, canonical_code, fence_id, ended_at, code, source, raw, received_at)
  select "imei", canonical_code, "fenceId", "at", "code", "source", "raw"::json, "receivedAt"
  from sent
  order by "imei", canonical_code, "fenceId", "at"
  on conflict (imei, canonical_code, fence_id, ended_at) do nothing
  returning imei, canonical_code, fence_id, ended_at
)
select "key"
from sent
join written w on w.imei = sent."imei" and w.canonical_code = sent.canonical_code
  and w.fence_id = sent."fenceId" and w.ended_at = sent."at"
