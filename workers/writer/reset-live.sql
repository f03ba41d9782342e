-- In a replay, before live.sql: sets the live positions of `tracksolid.live` to what is read of them today, where fix
-- or contact came with the same message, or the fix with a later one that is still to be played (reset-history.sql);
-- and odometers that reset-history.sql found to be those of an earlier fix.
with said as (
  select * from json_to_recordset(current_setting('tracksolid.live')::json) as live (
    "imei" text, "fixAt" timestamptz, "fixReceivedAt" timestamptz, "lat" double precision, "lng" double precision,
    "speedKmh" real, "headingDeg" smallint, "satellites" smallint, "posType" text, "confidence" smallint,
    "odometerKm" double precision, "contactAt" timestamptz, "contactReceivedAt" timestamptz, "online" boolean,
    "ignition" boolean, "gsmLevel" smallint, "batteryPercent" real, "batteryVoltageV" real, "externalVoltageV" real,
    "temperatureC" real, "fuelSensor" text
  )
), mended as (
  select * from json_to_recordset(
    coalesce(nullif(current_setting('tracksolid.mended_odometers', true), ''), '[]')::json
  ) as mended ("imei" text, "odometerKm" double precision)
), stale as (
  select said.*, mended."odometerKm" as "mendedOdometerKm", came.fix, came.contact
  from said
  join tracksolid.live_positions l on l.imei = said."imei"
  left join mended on mended."imei" = said."imei"
  cross join lateral (
    select
      coalesce(said."fixAt" = l.fix_at and l.fix_received_at between said."fixReceivedAt"
        and greatest(said."fixReceivedAt", current_setting('tracksolid.replay_until')::timestamptz), false) as fix,
      coalesce((said."contactAt", said."contactReceivedAt") = (l.contact_at, l.contact_received_at), false) as contact
  ) came
  where came.fix or came.contact or mended."imei" is not null
  order by l.imei
  for update of l
)
-- An update that turns out to change nothing is dropped by the table's trigger. What a contact does not say stays.
update tracksolid.live_positions l set
  fix_received_at = case when s.fix then s."fixReceivedAt" else l.fix_received_at end,
  lat = case when s.fix then s."lat" else l.lat end,
  lng = case when s.fix then s."lng" else l.lng end,
  speed_kmh = case when s.fix then s."speedKmh" else l.speed_kmh end,
  heading_deg = case when s.fix then s."headingDeg" else l.heading_deg end,
  satellites = case when s.fix then s."satellites" else l.satellites end,
  pos_type = case when s.fix then s."posType" else l.pos_type end,
  confidence = case when s.fix then s."confidence" else l.confidence end,
  odometer_km = coalesce(case when s.fix then s."odometerKm" end, s."mendedOdometerKm", l.odometer_km),
  online = coalesce(case when s.contact then s."online" end, l.online),
  ignition = coalesce(case when s.contact then s."ignition" end, l.ignition),
  gsm_level = coalesce(case when s.contact then s."gsmLevel" end, l.gsm_level),
  battery_percent = coalesce(case when s.contact then s."batteryPercent" end, l.battery_percent),
  battery_voltage_v = coalesce(case when s.contact then s."batteryVoltageV" end, l.battery_voltage_v),
  external_voltage_v = coalesce(case when s.contact then s."externalVoltageV" end, l.external_voltage_v),
  temperature_c = coalesce(case when s.contact then s."temperatureC" end, l.temperature_c),
  fuel_sensor = coalesce(case when s.contact then s."fuelSensor" end, l.fuel_sensor)
from stale s
where l.imei = s."imei"
returning tracksolid.position_facts(l) as facts
