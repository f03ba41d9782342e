-- Sensors that are pushed one value at a time, and the cells that stand in for a fix.

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

comment on table tracksolid.fuel_readings is 'Fuel sensor readings.';
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

comment on table tracksolid.temperature_readings is 'Temperature and humidity readings.';
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

comment on table tracksolid.lbs_readings is 'Cells or access points that a device without a fix could hear. No coordinates inside as a rule.';
comment on column tracksolid.lbs_readings.imei is 'Device identity.';
comment on column tracksolid.lbs_readings.reading_time is 'When the gateway had it (UTC).';
comment on column tracksolid.lbs_readings.hash is 'MD5 of the item with its kind: the same item twice is one row.';
comment on column tracksolid.lbs_readings.post_type is 'LBS or WIFI.';
comment on column tracksolid.lbs_readings.mcc is 'Mobile country code.';
comment on column tracksolid.lbs_readings.mnc is 'Mobile network code.';
comment on column tracksolid.lbs_readings.cells is 'Cells as sent: lac,ci,rssi, separated by semicolons.';
comment on column tracksolid.lbs_readings.raw is 'The item as sent.';
comment on column tracksolid.lbs_readings.received_at is 'When it first reached us (UTC).';
