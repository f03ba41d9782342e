-- Stores temperatures from the list `tracksolid.temperatureReadings`, each (device, time, content) once. In a replay the new
-- reading of an item takes the place of the old one. Says which it wrote.
with sent as materialized (
  select * from json_to_recordset(current_setting('tracksolid.temperatureReadings')::json) as sent (
    "key" text, "imei" text, "at" timestamptz, "hash" text, "temperatureC" real, "humidityPercent" real,
    "sensor" text, "undated" boolean, "raw" text, "receivedAt" timestamptz
  )
), written as (
  insert into tracksolid.temperature_readings as t (
    imei, reading_time, hash, temperature_c, humidity_percent, sensor, undated, raw, received_at
  )
  select
    sent."imei", "at", "hash", "temperatureC", "humidityPercent", "sensor", "undated", "raw"::json, "receivedAt"
  from sent
  -- Repeats are left out before the insert, which would lock their rows.
  where (
    coalesce(current_setting('tracksolid.replay', true), '') = 'on'
    or not exists (
      select from tracksolid.temperature_readings k where k.imei = sent."imei" and k.reading_time = sent."at" and k.hash = sent."hash"
    )
  )
  -- The vendor repeats what we did not answer, within minutes. What says no time has that of its receipt, so its
  -- repeat has another.
  and not ("undated" and exists (
    select from tracksolid.temperature_readings k
    where k.imei = sent."imei" and k.hash = sent."hash" and k.undated and k.reading_time <> "at"
      and k.reading_time between "at" - interval '10 minutes' and "at" + interval '10 minutes'
  ))
  order by "imei", "at", sent."hash"
  on conflict (imei, reading_time, hash) do update set
    temperature_c = excluded.temperature_c, humidity_percent = excluded.humidity_percent,
    sensor = excluded.sensor
  where coalesce(current_setting('tracksolid.replay', true), '') = 'on'
    and (t.temperature_c, t.humidity_percent, t.sensor)
      is distinct from (excluded.temperature_c, excluded.humidity_percent, excluded.sensor)
  returning imei, reading_time, hash
)
select "key" from sent join written w on w.imei = sent."imei" and w.reading_time = "at" and w.hash = sent."hash"
