-- Stores OBD readings from the list `tracksolid.obdReadings`, each (device, time, content) once. What is polled and pushed
-- of a device at a time is one reading, but never the same content: the pushed row stands, unless the polled one has
-- a value that it lacks. The VIN is none of these: the registry has it. In a replay the new reading of an item takes the
-- place of the old one. Says which it wrote. Only who has the vehicle's turn gets here, so nobody else's row is unseen.
with sent as materialized (
  select * from json_to_recordset(current_setting('tracksolid.obdReadings')::json) as sent (
    "key" text, "imei" text, "at" timestamptz, "hash" text, "engineRpm" real, "speedKmh" real,
    "fuelLevel" real, "coolantC" real, "batteryVoltageV" real, "odometer" double precision, "vin" text,
    "source" text, "undated" boolean, "raw" text, "receivedAt" timestamptz
  )
), pushed as materialized (
  select "imei" as imei, "at" as reading_time, "engineRpm" as engine_rpm, "speedKmh" as speed_kmh,
    "fuelLevel" as fuel_level, "coolantC" as coolant_c, "batteryVoltageV" as battery_voltage_v, "odometer" as odometer
  from sent where "source" = 'push' and not "undated"
  union all
  select k.imei, k.reading_time, engine_rpm, speed_kmh, fuel_level, coolant_c, battery_voltage_v, k.odometer
  from (select distinct "imei", "at" from sent where "source" = 'poll') s
  join tracksolid.obd_readings k on k.imei = s."imei" and k.reading_time = s."at"
  where k.source = 'push' and not k.undated
), replaced as (
  delete from tracksolid.obd_readings k using pushed p
  where k.imei = p.imei and k.reading_time = p.reading_time and k.source = 'poll'
    and (k.engine_rpm is null or p.engine_rpm is not null) and (k.speed_kmh is null or p.speed_kmh is not null)
    and (k.fuel_level is null or p.fuel_level is not null) and (k.coolant_c is null or p.coolant_c is not null)
    and (k.battery_voltage_v is null or p.battery_voltage_v is not null)
    and (k.odometer is null or p.odometer is not null)
), written as (
  insert into tracksolid.obd_readings as t (
    imei, reading_time, hash, engine_rpm, speed_kmh, fuel_level, coolant_c, battery_voltage_v, odometer, vin,
    source, undated, raw, received_at
  )
  select
    sent."imei", "at", "hash", "engineRpm", "speedKmh", "fuelLevel", "coolantC", "batteryVoltageV", "odometer",
    "vin", "source", "undated", "raw"::json, "receivedAt"
  from sent
  -- Repeats are left out before the insert, which would lock their rows.
  where (
    coalesce(current_setting('tracksolid.replay', true), '') = 'on'
    or not exists (
      select from tracksolid.obd_readings k where k.imei = sent."imei" and k.reading_time = sent."at" and k.hash = sent."hash"
    )
  )
  and not ("source" = 'poll' and exists (
    select from pushed p
    where p.imei = sent."imei" and p.reading_time = sent."at"
      and ("engineRpm" is null or p.engine_rpm is not null) and ("speedKmh" is null or p.speed_kmh is not null)
      and ("fuelLevel" is null or p.fuel_level is not null) and ("coolantC" is null or p.coolant_c is not null)
      and ("batteryVoltageV" is null or p.battery_voltage_v is not null)
      and (sent."odometer" is null or p.odometer is not null)
  ))
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
