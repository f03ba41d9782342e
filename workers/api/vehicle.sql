-- One device of IMEI $1 with its newest fix and contact, as one JSON text. $2 as_of, $3 silent_after and $4
-- stale_after in seconds.
select json_build_object(
  'imei', d.imei, 'name', d.device_name, 'plate', d.plate, 'driver', d.driver_name, 'driverPhone', d.driver_phone,
  'driverSince', reporting.fn_iso(a.valid_from),
  'account', d.account, 'city', d.city, 'segment', d.segment, 'vehicleType', d.vehicle_type, 'model', d.model,
  'vehicleName', d.vehicle_name, 'vehicleBrand', d.vehicle_brand, 'vehicleModel', d.vehicle_model, 'vin', d.vin,
  'group', coalesce(d.group_name, g.name), 'sim', d.sim, 'enabled', d.enabled, 'hiddenOnMap', d.hidden_on_map,
  'activatedAt', reporting.fn_iso(d.activated_at),
  'expiresAt', reporting.fn_iso(d.expires_at),
  'status', p.status,
  'position', case when l.fix_at is not null then json_build_object(
    'lat', l.lat, 'lng', l.lng, 'speedKmh', l.speed_kmh, 'headingDeg', l.heading_deg, 'satellites', l.satellites,
    'posType', l.pos_type, 'odometerKm', l.odometer_km,
    'fixAt', reporting.fn_iso(l.fix_at),
    'receivedAt', reporting.fn_iso(l.fix_received_at)) end,
  'contact', case when l.contact_at is not null then json_build_object(
    'contactAt', reporting.fn_iso(l.contact_at),
    'online', l.online, 'ignition', l.ignition, 'gsmLevel', l.gsm_level, 'batteryPercent', l.battery_percent,
    'batteryVoltageV', l.battery_voltage_v, 'externalVoltageV', l.external_voltage_v,
    'temperatureC', l.temperature_c, 'fuelSensor', l.fuel_sensor) end
)::text as body
from tracksolid.devices d
left join tracksolid.live_positions l on l.imei = d.imei
left join tracksolid.device_groups g on g.group_id = d.group_id
-- Not of a driver who was put into the registry by hand.
left join reporting.fn_driver_at(d.imei, $2::text::timestamptz) a on a.driver_name = d.driver_name
left join reporting.fn_live_positions(
  $2::text::timestamptz, make_interval(secs => $3::int), make_interval(secs => $4::int)) p on p.imei = d.imei
where d.imei = $1
