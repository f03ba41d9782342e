-- Finished trips, as the vendor reports them. One vehicle's trips never overlap: the later report is the better one
-- and takes the place of those it overlaps, which is why the writer may delete here.

create table tracksolid.trips (
  imei           text not null,
  start_time     timestamptz not null,
  end_time       timestamptz not null check (end_time >= start_time),
  distance_km    double precision,
  driving_time_s integer,
  idle_time_s    integer,
  avg_speed_kmh  real,
  max_speed_kmh  real,
  start_lat      double precision,
  start_lng      double precision,
  end_lat        double precision,
  end_lng        double precision,
  fuel_l         real,
  source         text not null check (source in ('poll', 'push')),
  raw            json not null,
  received_at    timestamptz not null,
  primary key (imei, start_time)
);
create index trips_start_time_idx on tracksolid.trips (start_time);
grant delete on tracksolid.trips to ingest_app;

comment on table tracksolid.trips is 'Finished trips. Those of one vehicle do not overlap; one may begin when the other ends.';
comment on column tracksolid.trips.imei is 'Device identity.';
comment on column tracksolid.trips.start_time is 'Start (UTC).';
comment on column tracksolid.trips.end_time is 'End (UTC); the start where neither end nor duration was sent.';
comment on column tracksolid.trips.distance_km is 'Distance, km (the vendor sends metres).';
comment on column tracksolid.trips.driving_time_s is 'Time under way, s.';
comment on column tracksolid.trips.idle_time_s is 'Time standing with the engine on, s.';
comment on column tracksolid.trips.avg_speed_kmh is 'Average speed, km/h.';
comment on column tracksolid.trips.max_speed_kmh is 'Highest speed, km/h.';
comment on column tracksolid.trips.start_lat is 'Latitude of the start, WGS-84 degrees.';
comment on column tracksolid.trips.start_lng is 'Longitude of the start, WGS-84 degrees.';
comment on column tracksolid.trips.end_lat is 'Latitude of the end, WGS-84 degrees.';
comment on column tracksolid.trips.end_lng is 'Longitude of the end, WGS-84 degrees.';
comment on column tracksolid.trips.fuel_l is 'Fuel used, litres.';
comment on column tracksolid.trips.source is 'Origin: poll or push.';
comment on column tracksolid.trips.raw is 'The item as sent.';
comment on column tracksolid.trips.received_at is 'When the report reached us (UTC): a later one takes its place.';
