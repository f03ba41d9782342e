-- What the vehicle's own bus says. No public source shows the fields: known ones are columns, raw has the rest.

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
  undated           boolean not null,
  raw               json not null,
  received_at       timestamptz not null,
  primary key (imei, reading_time, hash)
);

comment on table tracksolid.obd_readings is 'OBD and CAN readings. They come by push only; the fields are read through aliases, raw has all of them. A hypertable on reading_time where TimescaleDB is installed.';
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
comment on column tracksolid.obd_readings.undated is 'The item had no readable time: the row has that of its receipt.';
comment on column tracksolid.obd_readings.raw is 'The item as sent.';
comment on column tracksolid.obd_readings.received_at is 'When it first reached us (UTC).';

do $$
begin
  if not exists (select from pg_extension where extname = 'timescaledb') then
    return;
  end if;
  perform create_hypertable('tracksolid.obd_readings', 'reading_time', chunk_time_interval => interval '7 days');
  -- Compression needs the Timescale licence; an Apache build has hypertables only.
  if current_setting('timescaledb.license', true) = 'timescale' then
    execute 'alter table tracksolid.obd_readings set (timescaledb.compress,
      timescaledb.compress_segmentby = ''imei'', timescaledb.compress_orderby = ''reading_time desc, hash'')';
    perform add_compression_policy('tracksolid.obd_readings', interval '7 days');
  end if;
end $$;
