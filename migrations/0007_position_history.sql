-- Every fix ever reported, once. No foreign keys: history outlives devices.

create table tracksolid.position_history (
  imei               text not null,
  gps_time           timestamptz not null,
  lat                double precision not null,
  lng                double precision not null,
  speed_kmh          real,
  heading_deg        smallint,
  altitude_m         real,
  satellites         smallint,
  pos_type           text,
  confidence         smallint,
  ignition           boolean,
  odometer_km        double precision,
  retransmitted      boolean,
  clock_ahead        boolean not null default false,
  source             text not null check (source in ('poll', 'push', 'track_list')),
  sources            smallint not null,
  received_at        timestamptz not null,
  primary key (imei, gps_time)
);

comment on table tracksolid.position_history is 'All fixes, key (imei, gps_time). A hypertable on gps_time where TimescaleDB is installed.';
comment on column tracksolid.position_history.imei is 'Device identity.';
comment on column tracksolid.position_history.gps_time is 'Time of the fix (UTC).';
comment on column tracksolid.position_history.lat is 'Latitude, WGS-84 degrees.';
comment on column tracksolid.position_history.lng is 'Longitude, WGS-84 degrees.';
comment on column tracksolid.position_history.speed_kmh is 'Speed, km/h; null is unknown.';
comment on column tracksolid.position_history.heading_deg is 'Course over ground, degrees from north.';
comment on column tracksolid.position_history.altitude_m is 'Altitude, m.';
comment on column tracksolid.position_history.satellites is 'Satellites used.';
comment on column tracksolid.position_history.pos_type is 'GPS, LBS, WIFI or BEACON.';
comment on column tracksolid.position_history.confidence is 'Vendor accuracy class, 3 best.';
comment on column tracksolid.position_history.ignition is 'Ignition on at the fix.';
comment on column tracksolid.position_history.odometer_km is 'Odometer, km.';
comment on column tracksolid.position_history.retransmitted is 'Stored by the device and sent later (vendor gpsMode 1).';
comment on column tracksolid.position_history.clock_ahead is 'The fix was more than 10 min ahead of its receipt: kept, but never shown as live.';
comment on column tracksolid.position_history.source is 'First origin: poll, push or track_list.';
comment on column tracksolid.position_history.sources is 'Every origin: bit 1 poll, 2 push, 4 track_list. A higher bit is the better witness.';
comment on column tracksolid.position_history.received_at is 'When it first reached us (UTC).';

select private.store_by_time('tracksolid.position_history', 'gps_time');
