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
