-- What vehicles and trackers measure, and what they say of themselves. Known fields are columns, raw has the rest.

create table tracksolid.obd_readings (
  imei              text not null,
  reading_time      timestamptz not null,
  hash              text not null,
  engine_rpm        real,
  speed_kmh         real,
  fuel_level        real,
  coolant_c         real,
  battery_voltage_v real,
  odometer          double precision,
  vin               text,
  source            text not null default 'push' check (source in ('push', 'poll')),
  undated           boolean not null,
  raw               json not null,
  received_at       timestamptz not null,
  primary key (imei, reading_time, hash)
);

comment on table tracksolid.obd_readings is 'OBD and CAN readings, pushed, and polled where POLL_OBD is on; the fields are read through aliases, raw has all of them. A hypertable on reading_time where TimescaleDB is installed.';
comment on column tracksolid.obd_readings.imei is 'Device identity.';
comment on column tracksolid.obd_readings.reading_time is 'When it was measured (UTC).';
comment on column tracksolid.obd_readings.hash is 'MD5 of the item with its kind: the same item twice is one row.';
comment on column tracksolid.obd_readings.engine_rpm is 'Engine speed, 1/min.';
comment on column tracksolid.obd_readings.speed_kmh is 'Speed of the vehicle''s own bus, km/h.';
comment on column tracksolid.obd_readings.fuel_level is 'Fuel level as sent: %, or litres where the field was remainingFuel.';
comment on column tracksolid.obd_readings.coolant_c is 'Coolant temperature, °C.';
comment on column tracksolid.obd_readings.battery_voltage_v is 'Vehicle battery, V; tenths of a volt are told by their size.';
comment on column tracksolid.obd_readings.odometer is 'Total mileage as sent: the unit of these fields is not documented, km by poll.';
comment on column tracksolid.obd_readings.vin is 'Vehicle identification number, where the reading has it.';
comment on column tracksolid.obd_readings.source is 'push or poll. What is told both ways has one row: the pushed one, unless the polled one tells more.';
comment on column tracksolid.obd_readings.undated is 'The item had no readable time: the row has that of its receipt.';
comment on column tracksolid.obd_readings.raw is 'The item as sent.';
comment on column tracksolid.obd_readings.received_at is 'When it first reached us (UTC).';

-- The row that tells less makes way for the other.
grant delete on tracksolid.obd_readings to ingest_app;

-- Pushed one value at a time, and the cells that stand in for a fix.

create table tracksolid.fuel_readings (
  imei         text not null,
  reading_time timestamptz not null,
  hash         text not null,
  value        double precision,
  unit         text,
  sensor       text,
  undated      boolean not null,
  raw          json not null,
  received_at  timestamptz not null,
  primary key (imei, reading_time, hash)
);

comment on table tracksolid.fuel_readings is 'Fuel sensor readings. A hypertable on reading_time where TimescaleDB is installed.';
comment on column tracksolid.fuel_readings.imei is 'Device identity.';
comment on column tracksolid.fuel_readings.reading_time is 'When it was measured (UTC).';
comment on column tracksolid.fuel_readings.hash is 'MD5 of the item with its kind: the same item twice is one row.';
comment on column tracksolid.fuel_readings.value is 'Value as sent; see unit.';
comment on column tracksolid.fuel_readings.unit is 'Unit as sent: an integer code in the vendor''s documents.';
comment on column tracksolid.fuel_readings.sensor is 'Sensor or channel.';
comment on column tracksolid.fuel_readings.undated is 'The item had no readable time: the row has that of its receipt.';
comment on column tracksolid.fuel_readings.raw is 'The item as sent.';
comment on column tracksolid.fuel_readings.received_at is 'When it first reached us (UTC).';

create table tracksolid.temperature_readings (
  imei             text not null,
  reading_time     timestamptz not null,
  hash             text not null,
  temperature_c    real,
  humidity_percent real,
  sensor           text,
  undated          boolean not null,
  raw              json not null,
  received_at      timestamptz not null,
  primary key (imei, reading_time, hash)
);

comment on table tracksolid.temperature_readings is 'Temperature and humidity readings. A hypertable on reading_time where TimescaleDB is installed.';
comment on column tracksolid.temperature_readings.imei is 'Device identity.';
comment on column tracksolid.temperature_readings.reading_time is 'When it was measured (UTC).';
comment on column tracksolid.temperature_readings.hash is 'MD5 of the item with its kind: the same item twice is one row.';
comment on column tracksolid.temperature_readings.temperature_c is 'Temperature, °C.';
comment on column tracksolid.temperature_readings.humidity_percent is 'Relative humidity, %.';
comment on column tracksolid.temperature_readings.sensor is 'Sensor, MAC or channel.';
comment on column tracksolid.temperature_readings.undated is 'The item had no readable time: the row has that of its receipt.';
comment on column tracksolid.temperature_readings.raw is 'The item as sent.';
comment on column tracksolid.temperature_readings.received_at is 'When it first reached us (UTC).';

create table tracksolid.lbs_readings (
  imei         text not null,
  reading_time timestamptz not null,
  hash         text not null,
  post_type    text,
  mcc          integer,
  mnc          integer,
  cells        text,
  raw          json not null,
  received_at  timestamptz not null,
  primary key (imei, reading_time, hash)
);

comment on table tracksolid.lbs_readings is 'Cells or access points that a device without a fix could hear. No coordinates inside as a rule. A hypertable on reading_time where TimescaleDB is installed.';
comment on column tracksolid.lbs_readings.imei is 'Device identity.';
comment on column tracksolid.lbs_readings.reading_time is 'When the gateway had it (UTC).';
comment on column tracksolid.lbs_readings.hash is 'MD5 of the item with its kind: the same item twice is one row.';
comment on column tracksolid.lbs_readings.post_type is 'LBS or WIFI.';
comment on column tracksolid.lbs_readings.mcc is 'Mobile country code.';
comment on column tracksolid.lbs_readings.mnc is 'Mobile network code.';
comment on column tracksolid.lbs_readings.cells is 'Cells as sent: lac,ci,rssi, separated by semicolons.';
comment on column tracksolid.lbs_readings.raw is 'The item as sent.';
comment on column tracksolid.lbs_readings.received_at is 'When it first reached us (UTC).';

-- Every minute or three; the newest is in live_positions.

create table tracksolid.heartbeats (
  imei            text not null,
  gate_time       timestamptz not null,
  hash            text not null,
  battery_percent real,
  gsm_percent     smallint,
  ignition        boolean,
  relay_cut       boolean,
  has_fix         boolean,
  remote_lock     boolean,
  charging        boolean,
  armed           boolean,
  temperature_c   real,
  voltage_v       real,
  raw             json not null,
  received_at     timestamptz not null,
  primary key (imei, gate_time, hash)
);

comment on table tracksolid.heartbeats is 'Heartbeats as pushed, one every 1-3 min per device. A hypertable on gate_time where TimescaleDB is installed.';
comment on column tracksolid.heartbeats.imei is 'Device identity.';
comment on column tracksolid.heartbeats.gate_time is 'When the gateway had it (UTC).';
comment on column tracksolid.heartbeats.hash is 'MD5 of the item with its kind: the same item twice is one row.';
comment on column tracksolid.heartbeats.battery_percent is 'Internal battery, %.';
comment on column tracksolid.heartbeats.gsm_percent is 'GSM signal, 0-100.';
comment on column tracksolid.heartbeats.ignition is 'Ignition on.';
comment on column tracksolid.heartbeats.relay_cut is 'Fuel and power relay cut (vendor oilEle).';
comment on column tracksolid.heartbeats.has_fix is 'The device has a GPS fix (vendor gpsPos).';
comment on column tracksolid.heartbeats.remote_lock is 'Locked from afar.';
comment on column tracksolid.heartbeats.charging is 'Charging (vendor powerStatus).';
comment on column tracksolid.heartbeats.armed is 'Armed (vendor fortify).';
comment on column tracksolid.heartbeats.temperature_c is 'Temperature, °C.';
comment on column tracksolid.heartbeats.voltage_v is 'Voltage as sent, V.';
comment on column tracksolid.heartbeats.raw is 'The item as sent.';
comment on column tracksolid.heartbeats.received_at is 'When it first reached us (UTC).';

select private.store_by_time('tracksolid.obd_readings', 'reading_time');
select private.store_by_time('tracksolid.fuel_readings', 'reading_time');
select private.store_by_time('tracksolid.temperature_readings', 'reading_time');
select private.store_by_time('tracksolid.lbs_readings', 'reading_time');
select private.store_by_time('tracksolid.heartbeats', 'gate_time');
