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
