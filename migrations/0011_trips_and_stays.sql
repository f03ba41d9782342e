-- Finished trips, and where vehicles stood, as the vendor reports them. Trips of one vehicle never overlap, nor do stays of one
-- vehicle and kind: the later report is the better one and takes the place of those it overlaps, which is why the writer may
-- delete here.

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
  start_cell     text generated always as (tracksolid.cell_of(start_lat, start_lng)) stored,
  end_cell       text generated always as (tracksolid.cell_of(end_lat, end_lng)) stored,
  start_address  text,
  end_address    text,
  fuel_l         real,
  filled         smallint not null default 0,
  source         text not null check (source in ('poll', 'push')),
  raw            json not null,
  received_at    timestamptz not null,
  primary key (imei, start_time)
);
create index trips_start_time_idx on tracksolid.trips (start_time);
-- Who waits for a cell, and the newest that wait at all. Rows leave these indexes with their address.
create index trips_start_cell_idx on tracksolid.trips (start_cell) where start_address is null;
create index trips_end_cell_idx on tracksolid.trips (end_cell) where end_address is null;
create index trips_unaddressed_idx on tracksolid.trips (start_time)
  where start_address is null and start_cell is not null or end_address is null and end_cell is not null;
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
comment on column tracksolid.trips.start_cell is 'Cell of the start; null without a place.';
comment on column tracksolid.trips.end_cell is 'Cell of the end; null without a place.';
comment on column tracksolid.trips.start_address is 'Address of the start; null until it is known.';
comment on column tracksolid.trips.end_address is 'Address of the end; null until it is known.';
comment on column tracksolid.trips.fuel_l is 'Fuel used, litres.';
comment on column tracksolid.trips.filled is 'What the vendor left out and the track told: bit 1 start place, 2 end place, 4 highest speed, 8 idle time.';
comment on column tracksolid.trips.source is 'Origin: poll or push.';
comment on column tracksolid.trips.raw is 'The item as sent.';
comment on column tracksolid.trips.received_at is 'When the report reached us (UTC): a later one takes its place.';

-- An address belongs to a place. What a stay is told to be at wavers within metres, and keeps its address.
create function tracksolid.forget_addresses() returns trigger
language plpgsql as $$
begin
  if tracksolid.cell_of(new.start_lat, new.start_lng) is distinct from old.start_cell then
    new.start_address := null;
  end if;
  if tracksolid.cell_of(new.end_lat, new.end_lng) is distinct from old.end_cell then
    new.end_address := null;
  end if;
  return new;
end $$;
comment on function tracksolid.forget_addresses() is 'Takes the address from an end of a trip that is found to be in another cell.';

create trigger forget_addresses before update of start_lat, start_lng, end_lat, end_lng on tracksolid.trips
  for each row execute function tracksolid.forget_addresses();

create table tracksolid.parking_events (
  imei           text not null,
  start_time     timestamptz not null,
  acc            text not null check (acc in ('off', 'on')),
  end_time       timestamptz check (end_time >= start_time),
  duration_s     integer,
  lat            double precision,
  lng            double precision,
  cell           text generated always as (tracksolid.cell_of(lat, lng)) stored,
  address        text,
  source         text not null check (source in ('poll')),
  raw            json not null,
  reported_until timestamptz not null,
  received_at    timestamptz not null,
  primary key (imei, start_time, acc)
);
create index parking_events_start_time_idx on tracksolid.parking_events (start_time);
create index parking_events_cell_idx on tracksolid.parking_events (cell) where address is null;
create index parking_events_unaddressed_idx on tracksolid.parking_events (start_time)
  where address is null and cell is not null;
grant delete on tracksolid.parking_events to ingest_app;

comment on table tracksolid.parking_events is 'Stays of vehicles: parked (ignition off) or idling (on). Those of one vehicle and kind do not overlap.';
comment on column tracksolid.parking_events.imei is 'Device identity.';
comment on column tracksolid.parking_events.start_time is 'Start (UTC).';
comment on column tracksolid.parking_events.acc is 'off: parked, on: idling.';
comment on column tracksolid.parking_events.end_time is 'End (UTC); null while the vehicle still stands there.';
comment on column tracksolid.parking_events.duration_s is 'Duration, s; so far, while it has no end.';
comment on column tracksolid.parking_events.lat is 'Latitude, WGS-84 degrees.';
comment on column tracksolid.parking_events.lng is 'Longitude, WGS-84 degrees.';
comment on column tracksolid.parking_events.cell is 'Cell of the place; null without one.';
comment on column tracksolid.parking_events.address is 'Address as the vendor sent it, else as it was looked up.';
comment on column tracksolid.parking_events.source is 'Origin: poll.';
comment on column tracksolid.parking_events.raw is 'The item as last sent.';
comment on column tracksolid.parking_events.reported_until is 'Up to when the newest report says how it stands (UTC).';
comment on column tracksolid.parking_events.received_at is 'When the newest report reached us (UTC).';

create table private.vehicle_turns (
  imei text primary key
);
comment on table private.vehicle_turns is 'A row per vehicle that a batch locks until it commits, where what it writes of the vehicle depends on what others write: the end of an alarm, trips that must not overlap.';
comment on column private.vehicle_turns.imei is 'Device identity.';
