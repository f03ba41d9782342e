-- Stores OBD readings from the list `tracksolid.obdReadings`, each (device, time, content) once. In a replay the new
-- reading of an item takes the place of the old one. Says which it wrote.
with sent as materialized (
  select * from json_to_recordset(current_setting('tracksolid.obdReadings')::json) as sent (
    "key" text, "imei" text, "at" timestamptz, "hash" text, "engineRpm" real, "speedKmh" real,
    "fuelLevel" real, "coolantC" real, "batteryVoltageV" real, "odometer" double precision, "vin" text,
    "undated" boolean, "raw" text, "receivedAt" timestamptz
  )
), written as (
  insert into tracksolid.obd_readings as t (
    imei, reading_time, hash, engine_rpm, speed_kmh, fuel_level, coolant_c, battery_voltage_v, odometer, vin,
    undated, raw, received_at
  )
  select
    sent."imei", "at", "hash", "engineRpm", "speedKmh", "fuelLevel", "coolantC", "batteryVoltageV", "odometer",
    "vin", "undated", "raw"::json, "receivedAt"
  from sent
  -- Repeats are left out before the insert, which would lock their rows.
  where (
    coalesce(current_setting('tracksolid.replay', true), '') = 'on'
    or not exists (
      select from tracksolid.obd_readings k where k.imei = sent."imei" and k.reading_time = sent."at" and k.hash = sent."hash"
    )
  )
  -- The vendor repeats what we did not answer, within minutes. What says no time has that of its receipt, so its
  -- repeat has another.
  and not ("undated" and exists (
    select from tracksolid.obd_readings k
    where k.imei = sent."imei" and k.hash = sent."hash" and k.undated and k.reading_time <> "at"
      and k.reading_time between "at" - interval '10 minutes' and "at" + interval '10 minutes'
  ))
  order by "imei", "at", sent."hash"
  on conflict (imei, reading_time, hash) do update set
    engine_rpm = excluded.engine_rpm, speed_kmh = excluded.speed_kmh, fuel_level = excluded.fuel_level,
    coolant_c = excluded.coolant_c, battery_voltage_v = excluded.battery_voltage_v,
    odometer = excluded.odometer, vin = excluded.vin
  where coalesce(current_setting('tracksolid.replay', true), '') = 'on'
    and (t.engine_rpm, t.speed_kmh, t.fuel_level, t.coolant_c, t.battery_voltage_v, t.odometer, t.vin)
      is distinct from (
        excluded.engine_rpm, excluded.speed_kmh, excluded.fuel_level, excluded.coolant_c,
        excluded.battery_voltage_v, excluded.odometer, excluded.vin
      )
  returning imei, reading_time, hash
)
select "key" from sent join written w on w.imei = sent."imei" and w.reading_time = "at" and w.hash = sent."hash"
