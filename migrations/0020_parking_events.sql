-- Where vehicles stood, parked or idling, as the vendor reports it. Stays of one vehicle and kind never overlap: the
-- later report is the better one and takes the place of those it overlaps, which is why the writer may delete here.

create table tracksolid.parking_events (
  imei           text not null,
  start_time     timestamptz not null,
  acc            text not null check (acc in ('off', 'on')),
  end_time       timestamptz check (end_time >= start_time),
  duration_s     integer,
  lat            double precision,
  lng            double precision,
  address        text,
  source         text not null check (source in ('poll')),
  raw            json not null,
  reported_until timestamptz not null,
  received_at    timestamptz not null,
  primary key (imei, start_time, acc)
);
create index parking_events_start_time_idx on tracksolid.parking_events (start_time);
grant delete on tracksolid.parking_events to ingest_app;

comment on table tracksolid.parking_events is 'Stays of vehicles: parked (ignition off) or idling (on). Those of one vehicle and kind do not overlap.';
comment on column tracksolid.parking_events.imei is 'Device identity.';
comment on column tracksolid.parking_events.start_time is 'Start (UTC).';
comment on column tracksolid.parking_events.acc is 'off: parked, on: idling.';
comment on column tracksolid.parking_events.end_time is 'End (UTC); null while the vehicle still stands there.';
comment on column tracksolid.parking_events.duration_s is 'Duration, s; so far, while it has no end.';
comment on column tracksolid.parking_events.lat is 'Latitude, WGS-84 degrees.';
comment on column tracksolid.parking_events.lng is 'Longitude, WGS-84 degrees.';
comment on column tracksolid.parking_events.address is 'Address as the vendor sent it, else as it was looked up.';
comment on column tracksolid.parking_events.source is 'Origin: poll.';
comment on column tracksolid.parking_events.raw is 'The item as last sent.';
comment on column tracksolid.parking_events.reported_until is 'Up to when the newest report says how it stands (UTC).';
comment on column tracksolid.parking_events.received_at is 'When the newest report reached us (UTC).';
