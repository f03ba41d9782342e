-- Addresses of the places where trips and stays begin and end. Places are asked for by cell, some 25 m wide, and each cell
-- once. The cell of a row is computed by the table itself: whoever writes a row, it has the right one.

create function tracksolid.cell_of(lat double precision, lng double precision) returns text
language sql immutable strict parallel safe
-- 4452.8 cells to a degree of 111,320 m; a degree of longitude shrinks with the latitude, in steps of one degree.
return floor(lat * 4452.8)::bigint || ':'
  || floor(lng * 4452.8 * greatest(cos(radians(floor(lat) + 0.5)), 0.01))::bigint;
comment on function tracksolid.cell_of(double precision, double precision) is
  'The cell of a place: some 25 m from north to south and from west to east.';

create table tracksolid.geocode_cache (
  cell       text primary key,
  lat        double precision not null,
  lng        double precision not null,
  address    text,
  fetched_at timestamptz not null
);
comment on table tracksolid.geocode_cache is 'Addresses by cell, as Nominatim told them (© OpenStreetMap contributors, ODbL).';
comment on column tracksolid.geocode_cache.cell is 'tracksolid.cell_of the place.';
comment on column tracksolid.geocode_cache.lat is 'Latitude that was asked for, WGS-84 degrees.';
comment on column tracksolid.geocode_cache.lng is 'Longitude that was asked for, WGS-84 degrees.';
comment on column tracksolid.geocode_cache.address is 'What was answered; null where no address is known.';
comment on column tracksolid.geocode_cache.fetched_at is 'When it was answered (UTC): after a while it is asked for again.';

alter table tracksolid.trips
  add column start_cell text generated always as (tracksolid.cell_of(start_lat, start_lng)) stored,
  add column end_cell text generated always as (tracksolid.cell_of(end_lat, end_lng)) stored,
  add column start_address text,
  add column end_address text;
comment on column tracksolid.trips.start_cell is 'Cell of the start; null without a place.';
comment on column tracksolid.trips.end_cell is 'Cell of the end; null without a place.';
comment on column tracksolid.trips.start_address is 'Address of the start; null until it is known.';
comment on column tracksolid.trips.end_address is 'Address of the end; null until it is known.';

alter table tracksolid.parking_events
  add column cell text generated always as (tracksolid.cell_of(lat, lng)) stored;
comment on column tracksolid.parking_events.cell is 'Cell of the place; null without one.';

-- Who waits for a cell, and the newest that wait at all. Rows leave these indexes with their address.
create index trips_start_cell_idx on tracksolid.trips (start_cell) where start_address is null;
create index trips_end_cell_idx on tracksolid.trips (end_cell) where end_address is null;
create index trips_unaddressed_idx on tracksolid.trips (start_time)
  where start_address is null and start_cell is not null or end_address is null and end_cell is not null;
create index parking_events_cell_idx on tracksolid.parking_events (cell) where address is null;
create index parking_events_unaddressed_idx on tracksolid.parking_events (start_time)
  where address is null and cell is not null;

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
