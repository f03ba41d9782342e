-- Stores device events from the list `tracksolid.deviceEvents`, each (device, time, content) once. In a replay the new
-- reading of an item takes the place of the old one. Says which it wrote.
with sent as materialized (
  select * from json_to_recordset(current_setting('tracksolid.deviceEvents')::json) as sent (
    "key" text, "imei" text, "at" timestamptz, "hash" text, "kind" text, "eventType" text, "path" text,
    "channel" text, "fileNames" text, "instructionId" text, "outcome" text, "card" text, "mac" text,
    "content" text, "lat" double precision, "lng" double precision, "undated" boolean, "raw" text,
    "receivedAt" timestamptz
  )
), written as (
  insert into tracksolid.device_events as t (
    imei, event_time, hash, kind, event_type, path, channel, file_names, instruction_id, outcome, card, mac,
    content, lat, lng, undated, raw, received_at
  )
  select
    sent."imei", "at", "hash", "kind", "eventType", "path", "channel", "fileNames", "instructionId", "outcome",
    "card", "mac", "content", "lat", "lng", "undated", "raw"::json, "receivedAt"
  from sent
  -- Repeats are left out before the insert, which would lock their rows.
  where (
    coalesce(current_setting('tracksolid.replay', true), '') = 'on'
    or not exists (
      select from tracksolid.device_events k where k.imei = sent."imei" and k.event_time = sent."at" and k.hash = sent."hash"
    )
  )
  -- The vendor repeats what we did not answer, within minutes. What says no time has that of its receipt, so its
  -- repeat has another.
  and not ("undated" and exists (
    select from tracksolid.device_events k
    where k.imei = sent."imei" and k.hash = sent."hash" and k.undated and k.event_time <> "at"
      and k.event_time between "at" - interval '10 minutes' and "at" + interval '10 minutes'
  ))
  order by "imei", "at", sent."hash"
  on conflict (imei, event_time, hash) do update set
    kind = excluded.kind, event_type = excluded.event_type, path = excluded.path, channel = excluded.channel,
    file_names = excluded.file_names, instruction_id = excluded.instruction_id, outcome = excluded.outcome,
    card = excluded.card, mac = excluded.mac, content = excluded.content, lat = excluded.lat,
    lng = excluded.lng
  where coalesce(current_setting('tracksolid.replay', true), '') = 'on'
    and (
      t.kind, t.event_type, t.path, t.channel, t.file_names, t.instruction_id, t.outcome, t.card, t.mac,
      t.content, t.lat, t.lng
    )
      is distinct from (
        excluded.kind, excluded.event_type, excluded.path, excluded.channel, excluded.file_names,
        excluded.instruction_id, excluded.outcome, excluded.card, excluded.mac, excluded.content, excluded.lat,
        excluded.lng
      )
  returning imei, event_time, hash
)
select "key" from sent join written w on w.imei = sent."imei" and w.event_time = "at" and w.hash = sent."hash"
