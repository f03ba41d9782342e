-- What devices say of themselves every minute or three. The newest is in live_positions.

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

do $$
begin
  if not exists (select from pg_extension where extname = 'timescaledb') then
    return;
  end if;
  perform create_hypertable('tracksolid.heartbeats', 'gate_time', chunk_time_interval => interval '7 days');
  -- Compression needs the Timescale licence; an Apache build has hypertables only.
  if current_setting('timescaledb.license', true) = 'timescale' then
    execute 'alter table tracksolid.heartbeats set (timescaledb.compress,
      timescaledb.compress_segmentby = ''imei'', timescaledb.compress_orderby = ''gate_time desc, hash'')';
    perform add_compression_policy('tracksolid.heartbeats', interval '7 days');
  end if;
end $$;
