-- Stores trouble codes from the list `tracksolid.faultCodes`, each (device, time, content) once. A code that is
-- polled and pushed of a device at a time is one, but never the same content: the polled row stands, since it says what the
-- code means. In a replay the new reading of an item takes the place of the old one. Says which it wrote. Only who has
-- the vehicle's turn gets here, so nobody else's row is unseen.
with sent as materialized (
  select * from json_to_recordset(current_setting('tracksolid.faultCodes')::json) as sent (
    "key" text, "imei" text, "at" timestamptz, "hash" text, "faultCode" text, "faultDetail" text,
    "source" text, "undated" boolean, "raw" text, "receivedAt" timestamptz
  )
), polled as materialized (
  select "imei" as imei, "at" as fault_time, "faultCode" as fault_code from sent where "source" = 'poll'
  union
  select k.imei, k.fault_time, k.fault_code
  from sent s
  join tracksolid.fault_codes k on k.imei = s."imei" and k.fault_time = s."at"
  where s."source" = 'push' and k.source = 'poll'
), replaced as (
  delete from tracksolid.fault_codes k using polled p
  where k.imei = p.imei and k.fault_time = p.fault_time and k.fault_code = p.fault_code
    and k.source = 'push' and not k.undated
), written as (
  insert into tracksolid.fault_codes as t (
    imei, fault_time, hash, fault_code, fault_detail, source, undated, raw, received_at
  )
  select
    sent."imei", "at", "hash", "faultCode", "faultDetail", "source", "undated", "raw"::json, "receivedAt"
  from sent
  -- Repeats are left out before the insert, which would lock their rows.
  where (
    coalesce(current_setting('tracksolid.replay', true), '') = 'on'
    or not exists (
      select from tracksolid.fault_codes k where k.imei = sent."imei" and k.fault_time = sent."at" and k.hash = sent."hash"
    )
  )
  and not ("source" = 'push' and not "undated" and exists (
    select from polled p
    where p.imei = sent."imei" and p.fault_time = sent."at" and p.fault_code = sent."faultCode"
  ))
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
