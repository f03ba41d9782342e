-- Moves the live position of vehicles forward, from the list `tracksolid.live`, one element per IMEI with its
-- newest fix and what its contacts add up to. Two clocks: fix columns move in fix_at; contact columns in contact_at,
-- and at the same heartbeat in the order of receipt, since the vendor flips `online` without a new one. What a contact
-- does not say stays: a heartbeat knows the battery, a log-in does not.
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
        or (coalesce(live."online", k.online), coalesce(live."ignition", k.ignition),
          coalesce(live."gsmLevel", k.gsm_level), coalesce(live."batteryPercent", k.battery_percent),
          coalesce(live."batteryVoltageV", k.battery_voltage_v),
          coalesce(live."externalVoltageV", k.external_voltage_v),
          coalesce(live."temperatureC", k.temperature_c), coalesce(live."fuelSensor", k.fuel_sensor))
          is not distinct from (k.online, k.ignition, k.gsm_level, k.battery_percent, k.battery_voltage_v,
          k.external_voltage_v, k.temperature_c, k.fuel_sensor)
      ))
    )
)
order by "imei"
-- An update that turns out to change nothing is dropped by the table's trigger.
on conflict (imei) do update set
  fix_at = case when excluded.fix_at > coalesce(l.fix_at, '-infinity') then excluded.fix_at else l.fix_at end,
  fix_received_at = case when excluded.fix_at > coalesce(l.fix_at, '-infinity') then excluded.fix_received_at else l.fix_received_at end,
  lat = case when excluded.fix_at > coalesce(l.fix_at, '-infinity') then excluded.lat else l.lat end,
  lng = case when excluded.fix_at > coalesce(l.fix_at, '-infinity') then excluded.lng else l.lng end,
  speed_kmh = case when excluded.fix_at > coalesce(l.fix_at, '-infinity') then excluded.speed_kmh else l.speed_kmh end,
  heading_deg = case when excluded.fix_at > coalesce(l.fix_at, '-infinity') then excluded.heading_deg else l.heading_deg end,
  satellites = case when excluded.fix_at > coalesce(l.fix_at, '-infinity') then excluded.satellites else l.satellites end,
  pos_type = case when excluded.fix_at > coalesce(l.fix_at, '-infinity') then excluded.pos_type else l.pos_type end,
  confidence = case when excluded.fix_at > coalesce(l.fix_at, '-infinity') then excluded.confidence else l.confidence end,
  odometer_km = case when excluded.fix_at > coalesce(l.fix_at, '-infinity') then coalesce(excluded.odometer_km, l.odometer_km) else l.odometer_km end,
  contact_at = case when (excluded.contact_at, excluded.contact_received_at) > (coalesce(l.contact_at, '-infinity'), coalesce(l.contact_received_at, '-infinity')) then excluded.contact_at else l.contact_at end,
  contact_received_at = case when (excluded.contact_at, excluded.contact_received_at) > (coalesce(l.contact_at, '-infinity'), coalesce(l.contact_received_at, '-infinity')) then excluded.contact_received_at else l.contact_received_at end,
  online = case when (excluded.contact_at, excluded.contact_received_at) > (coalesce(l.contact_at, '-infinity'), coalesce(l.contact_received_at, '-infinity')) then coalesce(excluded.online, l.online) else l.online end,
  ignition = case when (excluded.contact_at, excluded.contact_received_at) > (coalesce(l.contact_at, '-infinity'), coalesce(l.contact_received_at, '-infinity')) then coalesce(excluded.ignition, l.ignition) else l.ignition end,
  gsm_level = case when (excluded.contact_at, excluded.contact_received_at) > (coalesce(l.contact_at, '-infinity'), coalesce(l.contact_received_at, '-infinity')) then coalesce(excluded.gsm_level, l.gsm_level) else l.gsm_level end,
  battery_percent = case when (excluded.contact_at, excluded.contact_received_at) > (coalesce(l.contact_at, '-infinity'), coalesce(l.contact_received_at, '-infinity')) then coalesce(excluded.battery_percent, l.battery_percent) else l.battery_percent end,
  battery_voltage_v = case when (excluded.contact_at, excluded.contact_received_at) > (coalesce(l.contact_at, '-infinity'), coalesce(l.contact_received_at, '-infinity')) then coalesce(excluded.battery_voltage_v, l.battery_voltage_v) else l.battery_voltage_v end,
  external_voltage_v = case when (excluded.contact_at, excluded.contact_received_at) > (coalesce(l.contact_at, '-infinity'), coalesce(l.contact_received_at, '-infinity')) then coalesce(excluded.external_voltage_v, l.external_voltage_v) else l.external_voltage_v end,
  temperature_c = case when (excluded.contact_at, excluded.contact_received_at) > (coalesce(l.contact_at, '-infinity'), coalesce(l.contact_received_at, '-infinity')) then coalesce(excluded.temperature_c, l.temperature_c) else l.temperature_c end,
  fuel_sensor = case when (excluded.contact_at, excluded.contact_received_at) > (coalesce(l.contact_at, '-infinity'), coalesce(l.contact_received_at, '-infinity')) then coalesce(excluded.fuel_sensor, l.fuel_sensor) else l.fuel_sensor end
returning tracksolid.position_facts(l) as facts, (xmax = 0) as inserted
