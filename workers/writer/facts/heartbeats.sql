-- Stores heartbeats from the list `tracksolid.heartbeats`, each (device, time, content) once. In a replay the new
-- reading of an item takes the place of the old one. Says which it wrote.
with sent as materialized (
  select * from json_to_recordset(current_setting('tracksolid.heartbeats')::json) as sent (
    "key" text, "imei" text, "at" timestamptz, "hash" text, "batteryPercent" real, "gsmPercent" smallint,
    "ignition" boolean, "relayCut" boolean, "hasFix" boolean, "remoteLock" boolean, "charging" boolean,
    "armed" boolean, "temperatureC" real, "voltageV" real, "raw" text, "receivedAt" timestamptz
  )
), written as (
  insert into tracksolid.heartbeats as t (
    imei, gate_time, hash, battery_percent, gsm_percent, ignition, relay_cut, has_fix, remote_lock, charging,
    armed, temperature_c, voltage_v, raw, received_at
  )
  select
    sent."imei", "at", "hash", "batteryPercent", "gsmPercent", "ignition", "relayCut", "hasFix", "remoteLock",
    "charging", "armed", "temperatureC", "voltageV", "raw"::json, "receivedAt"
  from sent
  -- Repeats are left out before the insert, which would lock their rows.
  where (
    coalesce(current_setting('tracksolid.replay', true), '') = 'on'
    or not exists (
      select from tracksolid.heartbeats k where k.imei = sent."imei" and k.gate_time = sent."at" and k.hash = sent."hash"
    )
  )
  order by "imei", "at", sent."hash"
  on conflict (imei, gate_time, hash) do update set
    battery_percent = excluded.battery_percent, gsm_percent = excluded.gsm_percent,
    ignition = excluded.ignition, relay_cut = excluded.relay_cut, has_fix = excluded.has_fix,
    remote_lock = excluded.remote_lock, charging = excluded.charging, armed = excluded.armed,
    temperature_c = excluded.temperature_c, voltage_v = excluded.voltage_v
  where coalesce(current_setting('tracksolid.replay', true), '') = 'on'
    and (
      t.battery_percent, t.gsm_percent, t.ignition, t.relay_cut, t.has_fix, t.remote_lock, t.charging, t.armed,
      t.temperature_c, t.voltage_v
    )
      is distinct from (
        excluded.battery_percent, excluded.gsm_percent, excluded.ignition, excluded.relay_cut,
        excluded.has_fix, excluded.remote_lock, excluded.charging, excluded.armed, excluded.temperature_c,
        excluded.voltage_v
      )
  returning imei, gate_time, hash
)
select "key" from sent join written w on w.imei = sent."imei" and w.gate_time = "at" and w.hash = sent."hash"
