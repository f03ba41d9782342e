-- What the live map knows of a vehicle, in the words of the API: the writer sends it after a commit, the map reads
-- it to reconcile. One definition, so that the two cannot differ.

create function tracksolid.registry_facts(d tracksolid.devices) returns json
language sql stable
return json_build_object(
  'imei', d.imei,
  'changedAt', to_char(d.changed_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'),
  'shown', d.enabled and not d.hidden_on_map,
  'name', d.device_name, 'plate', d.plate, 'driver', d.driver_name, 'account', d.account, 'city', d.city,
  'segment', d.segment, 'vehicleType', d.vehicle_type, 'model', d.model);

create function tracksolid.position_facts(l tracksolid.live_positions) returns json
language sql stable
return json_build_object(
  'imei', l.imei,
  'changedAt', to_char(l.changed_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'),
  'fixAt', to_char(l.fix_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"'),
  'lat', l.lat, 'lng', l.lng, 'speedKmh', l.speed_kmh, 'headingDeg', l.heading_deg, 'satellites', l.satellites,
  'odometerKm', l.odometer_km,
  'contactAt', to_char(l.contact_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"'),
  'online', l.online, 'ignition', l.ignition, 'batteryPercent', l.battery_percent,
  'externalVoltageV', l.external_voltage_v);

comment on function tracksolid.registry_facts(tracksolid.devices) is
  'A device as the live map knows it: identity, what the map shows of the registry, whether it is shown at all.';
comment on function tracksolid.position_facts(tracksolid.live_positions) is
  'A live position as the live map knows it. Times UTC, speed km/h, odometer km.';
