-- Stores trouble codes from the list `tracksolid.faultCodes`, each (device, time, content) once. In a replay the new
-- reading of an item takes the place of the old one. Says which it wrote.
with sent as materialized (
  select * from json_to_recordset(current_setting('tracksolid.faultCodes')::json) as sent (
    "key" text, "imei" text, "at" timestamptz, "hash" text, "faultCode" text, "faultDetail" text,
    "undated" boolean, "raw" text, "receivedAt" timestamptz
  )
), written as (
  insert into tracksolid.fault_codes as t (
    imei, fault_time, hash, fault_code, fault_detail, undated, raw, received_at
  )
  select
    sent."imei", "at", "hash", "faultCode", "faultDetail", "undated", "raw"::json, "receivedAt"
  from sent
  -- Repeats are left out before the insert, which would lock their rows.
  where (
    coalesce(current_setting('tracksolid.replay', true), '') = 'on'
    or not exists (
      select from tracksolid.fault_codes k where k.imei = sent."imei" and k.fault_time = sent."at" and k.hash = sent."hash"
    )
  )
  -- The vendor repeats what we did not answer, within minutes. What says no time has that of its receipt, so its
  -- repeat has another.
  and not ("undated" and exists (
    select from tracksolid.fault_codes k
    where k.imei = sent."imei" and k.hash = sent."hash" and k.undated and k.fault_time <> "at"
      and k.fault_time between "at" - interval '10 minutes' and "at" + interval '10 minutes'
  ))
  order by "imei", "at", sent."hash"
  on conflict (imei, fault_time, hash) do update set
    fault_code = excluded.fault_code, fault_detail = excluded.fault_detail
  where coalesce(current_setting('tracksolid.replay', true), '') = 'on'
    and (t.fault_code, t.fault_detail)
      is distinct from (excluded.fault_code, excluded.fault_detail)
  returning imei, fault_time, hash
)
select "key" from sent join written w on w.imei = sent."imei" and w.fault_time = "at" and w.hash = sent."hash"
