-- Moves the live position of vehicles forward, from the list `tracksolid.live`, one element per IMEI with its
-- newest fix and its newest contact. Two clocks: fix columns move in fix_at; contact columns in contact_at, and at the
-- same heartbeat in the order of receipt, since the vendor flips `online` without a new one.
insert into tracksolid.live_positions as l (
  imei, fix_at, fix_received_at, lat, lng, speed_kmh, heading_deg, satellites, pos_type, confidence, odometer_km,
  contact_at, contact_received_at, online, ignition, gsm_level, battery_percent, battery_voltage_v,
  external_voltage_v, temperature_c, fuel_sensor
)
select
  "imei", "fixAt", "fixReceivedAt", "lat", "lng", "speedKmh", "headingDeg", "satellites", "posType", "confidence", "odometerKm",
  "contactAt", "contactReceivedAt", "online", "ignition", "gsmLevel", "batteryPercent", "batteryVoltageV",
  "externalVoltageV", "temperatureC", "fuelSensor"
from json_to_recordset(current_setting('tracksolid.live')::json) as live (
  "imei" text, "fixAt" timestamptz, "fixReceivedAt" timestamptz, "lat" double precision, "lng" double precision,
  "speedKmh" real, "headingDeg" smallint, "satellites" smallint, "posType" text, "confidence" smallint,
  "odometerKm" double precision, "contactAt" timestamptz, "contactReceivedAt" timestamptz, "online" boolean,
  "ignition" boolean, "gsmLevel" smallint, "batteryPercent" real, "batteryVoltageV" real, "externalVoltageV" real,
  "temperatureC" real, "fuelSensor" text
)
-- What moves neither clock is left out before the insert, which would lock the row.
where not exists (
  select from tracksolid.live_positions k
  where k.imei = live."imei"
    and coalesce(live."fixAt" <= k.fix_at, live."fixAt" is null)
    and (
      coalesce(live."contactAt" < k.contact_at, live."contactAt" is null)
      or (live."contactAt" = k.contact_at and (
        live."contactReceivedAt" <= k.contact_received_at
        or (live."online", live."ignition", live."gsmLevel", live."batteryPercent", live."batteryVoltageV",
          live."externalVoltageV", live."temperatureC", live."fuelSensor")
          is not distinct from (k.online, k.ignition, k.gsm_level, k.battery_percent, k.battery_voltage_v,
          k.external_voltage_v, k.temperature_c, k.fuel_sensor)
      ))
    )
)
order by "imei"
on conflict (imei) do update set
  (fix_at, fix_received_at, lat, lng, speed_kmh, heading_deg, satellites, pos_type, confidence, odometer_km) = (
    select excluded.fix_at, excluded.fix_received_at, excluded.lat, excluded.lng, excluded.speed_kmh,
      excluded.heading_deg, excluded.satellites, excluded.pos_type, excluded.confidence,
      coalesce(excluded.odometer_km, l.odometer_km)
    where excluded.fix_at > coalesce(l.fix_at, '-infinity')
    union all
    select l.fix_at, l.fix_received_at, l.lat, l.lng, l.speed_kmh, l.heading_deg, l.satellites, l.pos_type,
      l.confidence, l.odometer_km
    where (excluded.fix_at > coalesce(l.fix_at, '-infinity')) is not true
  ),
  (contact_at, contact_received_at, online, ignition, gsm_level, battery_percent, battery_voltage_v,
   external_voltage_v, temperature_c, fuel_sensor) = (
    select excluded.contact_at, excluded.contact_received_at, excluded.online, excluded.ignition,
      excluded.gsm_level, excluded.battery_percent, excluded.battery_voltage_v, excluded.external_voltage_v,
      excluded.temperature_c, excluded.fuel_sensor
    where (excluded.contact_at, excluded.contact_received_at)
      > (coalesce(l.contact_at, '-infinity'), coalesce(l.contact_received_at, '-infinity'))
    union all
    select l.contact_at, l.contact_received_at, l.online, l.ignition, l.gsm_level, l.battery_percent,
      l.battery_voltage_v, l.external_voltage_v, l.temperature_c, l.fuel_sensor
    where ((excluded.contact_at, excluded.contact_received_at)
      > (coalesce(l.contact_at, '-infinity'), coalesce(l.contact_received_at, '-infinity'))) is not true
  )
returning imei
