-- Stores cells from the list `tracksolid.lbsReadings`, each (device, time, content) once. In a replay the new
-- reading of an item takes the place of the old one. Says which it wrote.
with sent as materialized (
  select * from json_to_recordset(current_setting('tracksolid.lbsReadings')::json) as sent (
    "key" text, "imei" text, "at" timestamptz, "hash" text, "postType" text, "mcc" integer, "mnc" integer,
    "cells" text, "raw" text, "receivedAt" timestamptz
  )
), written as (
  insert into tracksolid.lbs_readings as t (
    imei, reading_time, hash, post_type, mcc, mnc, cells, raw, received_at
  )
  select
    sent."imei", "at", "hash", "postType", "mcc", "mnc", "cells", "raw"::json, "receivedAt"
  from sent
  -- Repeats are left out before the insert, which would lock their rows.
  where (
    coalesce(current_setting('tracksolid.replay', true), '') = 'on'
    or not exists (
      select from tracksolid.lbs_readings k where k.imei = sent."imei" and k.reading_time = sent."at" and k.hash = sent."hash"
    )
  )
  order by "imei", "at", sent."hash"
  on conflict (imei, reading_time, hash) do update set
    post_type = excluded.post_type, mcc = excluded.mcc, mnc = excluded.mnc, cells = excluded.cells
  where coalesce(current_setting('tracksolid.replay', true), '') = 'on'
    and (t.post_type, t.mcc, t.mnc, t.cells)
      is distinct from (excluded.post_type, excluded.mcc, excluded.mnc, excluded.cells)
  returning imei, reading_time, hash
)
select "key" from sent join written w on w.imei = sent."imei" and w.reading_time = "at" and w.hash = sent."hash"
