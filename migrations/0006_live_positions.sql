-- Where every vehicle is now. Two clocks: fix columns move forward in fix_at, contact columns in
-- (contact_at, contact_received_at); a parked vehicle's contact goes on while its fix stands still.

create table tracksolid.live_positions (
  imei                text primary key,
  fix_at              timestamptz,
  fix_received_at     timestamptz,
  lat                 double precision,
  lng                 double precision,
  speed_kmh           real,
  heading_deg         smallint,
  satellites          smallint,
  pos_type            text,
  confidence          smallint,
  odometer_km         double precision,
  contact_at          timestamptz,
  contact_received_at timestamptz,
  online              boolean,
  ignition            boolean,
  gsm_level           smallint,
  battery_percent     real,
  battery_voltage_v   real,
  external_voltage_v  real,
  temperature_c       real,
  fuel_sensor         text,
  changed_at          timestamptz not null
);

create trigger touch_changed_at before insert or update on tracksolid.live_positions
  for each row execute function tracksolid.touch_changed_at();

-- No index but the key: changed_at moves with every update, and indexed it would forbid HOT updates.

comment on table tracksolid.live_positions is 'Newest fix and newest contact per vehicle.';
comment on column tracksolid.live_positions.imei is 'Device identity.';
comment on column tracksolid.live_positions.fix_at is 'Time of the newest fix (UTC). A fix more than 10 min ahead of its receipt never gets here.';
comment on column tracksolid.live_positions.fix_received_at is 'When that fix reached us (UTC).';
comment on column tracksolid.live_positions.lat is 'Latitude, WGS-84 degrees.';
comment on column tracksolid.live_positions.lng is 'Longitude, WGS-84 degrees.';
comment on column tracksolid.live_positions.speed_kmh is 'Speed, km/h; null is unknown (some models say so when parked).';
comment on column tracksolid.live_positions.heading_deg is 'Course over ground, degrees from north.';
comment on column tracksolid.live_positions.satellites is 'Satellites used.';
comment on column tracksolid.live_positions.pos_type is 'GPS, LBS, WIFI or BEACON.';
comment on column tracksolid.live_positions.confidence is 'Vendor accuracy class, 3 best.';
comment on column tracksolid.live_positions.odometer_km is 'Odometer, km.';
comment on column tracksolid.live_positions.contact_at is 'Last heartbeat (UTC).';
comment on column tracksolid.live_positions.contact_received_at is 'When that contact reached us (UTC); the vendor flips online at an unchanged heartbeat.';
comment on column tracksolid.live_positions.online is 'Device has a connection to the vendor.';
comment on column tracksolid.live_positions.ignition is 'Ignition on.';
comment on column tracksolid.live_positions.gsm_level is 'GSM level 0-4 (vendor gpsSignal).';
comment on column tracksolid.live_positions.battery_percent is 'Internal battery, %.';
comment on column tracksolid.live_positions.battery_voltage_v is 'Internal battery, V.';
comment on column tracksolid.live_positions.external_voltage_v is 'External supply, V.';
comment on column tracksolid.live_positions.temperature_c is 'Temperature sensor, °C.';
comment on column tracksolid.live_positions.fuel_sensor is 'Fuel sensor as sent, may carry a unit.';
comment on column tracksolid.live_positions.changed_at is 'When any column last changed (UTC).';

-- What the live map knows of a vehicle, in the words of the API: the writer sends it after a commit, the map reads
-- it to reconcile. One definition, so that the two cannot differ.
create function tracksolid.registry_facts(d tracksolid.devices) returns json
language sql stable
return json_build_object(
  'imei', d.imei,
  'changedAt', to_char(d.changed_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'),
  'shown', d.enabled and not d.hidden_on_map and d.kind = 'vehicle',
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

-- The same for whoever asks in SQL. Nothing that readers call reads the clock: they pass as_of.
create function reporting.fn_live_positions(as_of timestamptz, silent_after interval, stale_after interval)
returns table (
  imei text, name text, plate text, driver text, account text, city text, segment text, vehicle_type text,
  model text, status text, online boolean, ignition boolean, lat double precision, lng double precision,
  speed_kmh real, heading_deg smallint, fix_at timestamptz, contact_at timestamptz, satellites smallint,
  odometer_km double precision, battery_percent real, external_voltage_v real
)
language sql stable
begin atomic
  select
    d.imei, d.device_name, d.plate, d.driver_name, d.account, d.city, d.segment, d.vehicle_type,
    d.model,
    case
      when l.fix_at is null then 'unknown'
      when greatest(l.contact_at, l.fix_at) < as_of - silent_after then 'silent'
      when l.speed_kmh > 3 and l.fix_at >= as_of - stale_after then 'moving'
      when l.ignition is false then 'parked'
      -- Last seen under way, and not since: it may stand, drive on or have lost the sky.
      when l.speed_kmh > 3 then 'unknown'
      when l.ignition is null then 'parked'
      when greatest(l.contact_at, l.fix_at) >= as_of - stale_after then 'idling'
      else 'unknown'
    end,
    l.online, l.ignition, l.lat, l.lng, l.speed_kmh, l.heading_deg, l.fix_at, l.contact_at, l.satellites,
    l.odometer_km, l.battery_percent, l.external_voltage_v
  from tracksolid.devices d
  left join tracksolid.live_positions l on l.imei = d.imei
  where d.enabled and not d.hidden_on_map and d.kind = 'vehicle';
end;
comment on function reporting.fn_live_positions(timestamptz, interval, interval) is
  'Every enabled vehicle that maps show, with its newest fix; no canary devices. status: silent (nothing heard for silent_after before as_of), moving (> 3 km/h, fix within stale_after), idling (standing, ignition on, heard of within stale_after), parked (ignition off), unknown (never a fix; or under way or with the ignition on when last seen, longer than stale_after ago).';
