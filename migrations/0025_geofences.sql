-- Geofences, and which vehicles were in them when: visits are computed from fixes, and computed again when either changes.

create table tracksolid.geofences (
  geofence_id integer generated always as identity primary key,
  name        text not null unique check (name = btrim(name) and length(name) between 1 and 200),
  kind        text not null check (kind = btrim(kind) and length(kind) between 1 and 50),
  geometry    jsonb not null,
  radius_m    double precision check (radius_m > 0 and radius_m <= 100000),
  enabled     boolean not null default true,
  rejoin_s    integer not null default 120 check (rejoin_s between 0 and 3600),
  min_stay_s  integer not null default 60 check (min_stay_s between 0 and 86400),
  min_lat     double precision not null check (min_lat >= -90),
  max_lat     double precision not null check (max_lat <= 90),
  min_lng     double precision not null check (min_lng >= -180),
  max_lng     double precision not null check (max_lng <= 180),
  created_at  timestamptz not null default now(),
  changed_at  timestamptz not null,
  check (min_lat <= max_lat and min_lng <= max_lng),
  check ((geometry ->> 'type' = 'Point') = (radius_m is not null))
);
grant delete on tracksolid.geofences to ingest_app;
comment on table tracksolid.geofences is 'Places that vehicles visit: depots, city zones, customers. Whoever writes a row, a trigger refuses a geometry that is none, and has its visits computed again.';
comment on column tracksolid.geofences.geofence_id is 'Identity.';
comment on column tracksolid.geofences.name is 'Name, unique.';
comment on column tracksolid.geofences.kind is 'What it is, free text: depot, city zone, customer.';
comment on column tracksolid.geofences.geometry is 'The truth: a GeoJSON Polygon (with holes), MultiPolygon, or Point; WGS-84, longitude first.';
comment on column tracksolid.geofences.radius_m is 'Of a Point: radius of the circle, m, at most 100,000; else null.';
comment on column tracksolid.geofences.enabled is 'One that is not has no visits.';
comment on column tracksolid.geofences.rejoin_s is 'Who is outside no longer than this, s, has not left: positions wander over the border of whoever stands beside it.';
comment on column tracksolid.geofences.min_stay_s is 'Who surely was inside no longer than this, s, passed by: no visit in reports. A fix each 30 s, and one of them inside, is up to 60 s.';
comment on column tracksolid.geofences.min_lat is 'South end, degrees; set by the trigger, as the next three.';
comment on column tracksolid.geofences.max_lat is 'North end, degrees.';
comment on column tracksolid.geofences.min_lng is 'West end, degrees.';
comment on column tracksolid.geofences.max_lng is 'East end, degrees.';
comment on column tracksolid.geofences.created_at is 'When it was added (UTC).';
comment on column tracksolid.geofences.changed_at is 'When any column last changed (UTC).';

create table tracksolid.geofence_parts (
  geofence_id integer not null references tracksolid.geofences on delete cascade,
  part        integer not null,
  min_lat     double precision not null,
  max_lat     double precision not null,
  min_lng     double precision not null,
  max_lng     double precision not null,
  bounds      box not null generated always as (box(point(min_lng, min_lat), point(max_lng, max_lat))) stored,
  area        polygon,
  holes       polygon[],
  centre_lat  double precision,
  centre_lng  double precision,
  radius_m    double precision,
  primary key (geofence_id, part)
)
-- A part of some hundred corners stays in its row: fetched from beside it for every fix, it took most of the time.
with (toast_tuple_target = 8160);
create index geofence_parts_bounds_idx on tracksolid.geofence_parts using gist (bounds);
grant delete on tracksolid.geofence_parts to ingest_app;
comment on table tracksolid.geofence_parts is 'Geofences cut into parts that are quick to test: a row per polygon, of one with many corners a row per band of latitude. Made by a trigger, never written by hand.';
comment on column tracksolid.geofence_parts.geofence_id is 'Geofence.';
comment on column tracksolid.geofence_parts.part is 'Counts from 1.';
comment on column tracksolid.geofence_parts.min_lat is 'South end, degrees. What is within these four may be inside.';
comment on column tracksolid.geofence_parts.max_lat is 'North end, degrees.';
comment on column tracksolid.geofence_parts.min_lng is 'West end, degrees.';
comment on column tracksolid.geofence_parts.max_lng is 'East end, degrees.';
comment on column tracksolid.geofence_parts.bounds is 'The same as a box, which an index knows.';
comment on column tracksolid.geofence_parts.area is 'Outer ring, (longitude, latitude) in millionths of a degree: Postgres takes what is nearer than a millionth of the unit for the border. It reaches some metres beyond the band. Null of a circle.';
comment on column tracksolid.geofence_parts.holes is 'Holes in it; null of a circle.';
comment on column tracksolid.geofence_parts.centre_lat is 'Of a circle: latitude of its centre, degrees.';
comment on column tracksolid.geofence_parts.centre_lng is 'Of a circle: longitude of its centre, degrees.';
comment on column tracksolid.geofence_parts.radius_m is 'Of a circle: radius, m.';

create function tracksolid.fn_geofence_holds(
  area polygon, holes polygon[], centre_lat double precision, centre_lng double precision, radius_m double precision,
  lat double precision, lng double precision
)
returns boolean
language sql immutable parallel safe
return case
  when radius_m is null then area @> point(lng * 1e6, lat * 1e6) and not point(lng * 1e6, lat * 1e6) <@ any (holes)
  else 111320 * sqrt((lat - centre_lat) ^ 2 + ((lng - centre_lng) * cos(radians((lat + centre_lat) / 2))) ^ 2) <= radius_m
end;
comment on function tracksolid.fn_geofence_holds(polygon, polygon[], double precision, double precision, double precision, double precision, double precision) is
  'Whether a place is in a part of a geofence, once it is within its four ends. The outer border is inside, the border of a hole is not, wherever the two touch; a circle holds its border. Distances over ground that is flat at this scale.';

create function tracksolid.fn_geofence_edges(geometry jsonb)
returns table (
  polygon integer, ring integer, corner integer, lat double precision, lng double precision, next_lat double precision,
  next_lng double precision
)
language sql immutable
begin atomic
  select * from (
    select p.number::integer, r.number::integer, c.number::integer,
      (c.place ->> 1)::double precision, (c.place ->> 0)::double precision,
      (lead(c.place) over w ->> 1)::double precision as next_lat, (lead(c.place) over w ->> 0)::double precision
    from jsonb_array_elements(
      case geometry ->> 'type'
        when 'Polygon' then jsonb_build_array(geometry -> 'coordinates')
        when 'MultiPolygon' then geometry -> 'coordinates'
        else '[]'
      end
    ) with ordinality p (rings, number)
    cross join lateral jsonb_array_elements(p.rings) with ordinality r (places, number)
    cross join lateral jsonb_array_elements(r.places) with ordinality c (place, number)
    window w as (partition by p.number, r.number order by c.number)
  ) e
  where e.next_lat is not null;
end;
comment on function tracksolid.fn_geofence_edges(jsonb) is
  'The edges of a GeoJSON Polygon or MultiPolygon that fn_geofence_problem has nothing against; ring 1 is the outer one.';

create function tracksolid.fn_geofence_problem(geometry jsonb, radius_m double precision)
returns text
language plpgsql immutable
as $$
declare
  polygons   jsonb;
  polygon    record;
  ring       record;
  bad        record;
  said       text;
  positions  integer := 0;
  reach_lat  double precision;
  reach_lng  double precision;
  -- A millimetre: what only touches does not cross.
  touch_deg  constant double precision := 1e-8;
begin
  if jsonb_typeof(geometry) is distinct from 'object' then
    return 'there is no geometry: give a Polygon, a MultiPolygon, or a Point with a radius';
  end if;
  case geometry ->> 'type'
    when 'Polygon' then polygons := jsonb_build_array(geometry -> 'coordinates');
    when 'MultiPolygon' then polygons := geometry -> 'coordinates';
    -- As if it were a ring of one position.
    when 'Point' then polygons := jsonb_build_array(jsonb_build_array(jsonb_build_array(geometry -> 'coordinates')));
    else
      return format('its geometry is a %s: give a Polygon, a MultiPolygon, or a Point with a radius',
        coalesce(left(geometry ->> 'type', 40), 'thing without a type'));
  end case;
  if geometry ->> 'type' <> 'Point' and radius_m is not null then
    return 'only a Point has a radius';
  elsif geometry ->> 'type' = 'Point' and radius_m is null then
    return 'a Point needs a radius in metres';
  elsif not (radius_m > 0 and radius_m <= 100000) then
    return format('its radius is %s m: give more than 0 and at most 100,000', radius_m);
  end if;
  if jsonb_typeof(polygons) is distinct from 'array' or polygons = '[]' then
    return 'it has no coordinates';
  end if;

  for polygon in select value, ordinality as number from jsonb_array_elements(polygons) with ordinality loop
    if jsonb_typeof(polygon.value) is distinct from 'array' or polygon.value = '[]' then
      return format('polygon %s has no rings', polygon.number);
    end if;
    for ring in select value, ordinality as number from jsonb_array_elements(polygon.value) with ordinality loop
      said := case when geometry ->> 'type' = 'Point' then 'its place'
        else format('ring %s of polygon %s', ring.number, polygon.number) end;
      if jsonb_typeof(ring.value) is distinct from 'array' then
        return said || ' is no list of positions';
      end if;
      positions := positions + jsonb_array_length(ring.value);
      if positions > 20000 then
        return 'it has more than 20,000 positions: simplify it';
      end if;
      select p.number, case
          when jsonb_typeof(p.place) <> 'array' then 'is no position'
          when jsonb_typeof(p.place -> 0) is distinct from 'number' or jsonb_typeof(p.place -> 1) is distinct from 'number'
            then 'is no pair of numbers'
          when not (p.place ->> 1)::numeric between -90 and 90
            then format('has latitude %s: the longitude comes first', left(p.place ->> 1, 20))
          when not (p.place ->> 0)::numeric between -180 and 180 then format('has longitude %s', left(p.place ->> 0, 20))
        end as fault
      into bad
      from jsonb_array_elements(ring.value) with ordinality p (place, number)
      where case
        when jsonb_typeof(p.place) <> 'array' then true
        when jsonb_typeof(p.place -> 0) is distinct from 'number' or jsonb_typeof(p.place -> 1) is distinct from 'number' then true
        else not ((p.place ->> 1)::numeric between -90 and 90 and (p.place ->> 0)::numeric between -180 and 180)
      end
      order by p.number limit 1;
      if found then
        return case when geometry ->> 'type' = 'Point' then 'its place ' || bad.fault
          else format('position %s of %s %s', bad.number, said, bad.fault) end;
      end if;
      continue when geometry ->> 'type' = 'Point';

      if jsonb_array_length(ring.value) < 4 then
        return format('%s has %s positions: a closed ring has at least 4', said, jsonb_array_length(ring.value));
      end if;
      if (ring.value -> 0 -> 0, ring.value -> 0 -> 1) <> (ring.value -> -1 -> 0, ring.value -> -1 -> 1) then
        return said || ' is not closed: its last position is not its first';
      end if;
      select e.corner, case when abs(e.next_lng - e.lng) > 180 then 'crosses the antimeridian: cut it in two there' end as fault
      into bad
      from tracksolid.fn_geofence_edges(
        jsonb_build_object('type', 'Polygon', 'coordinates', jsonb_build_array(ring.value))
      ) e
      where abs(e.next_lng - e.lng) > 180 limit 1;
      if found then
        return format('%s %s', said, bad.fault);
      end if;

      -- In cells, or every edge would be held against every other; in larger ones where edges are long.
      with edge as materialized (
        select e.*, least(e.lat, e.next_lat) as south, greatest(e.lat, e.next_lat) as north,
          least(e.lng, e.next_lng) as west, greatest(e.lng, e.next_lng) as east,
          nullif(sqrt((e.next_lat - e.lat) ^ 2 + (e.next_lng - e.lng) ^ 2), 0) as length
        from tracksolid.fn_geofence_edges(
          jsonb_build_object('type', 'Polygon', 'coordinates', jsonb_build_array(ring.value))
        ) e
      ), grid as materialized (
        select min(south) as south, min(west) as west,
          nullif(greatest((max(north) - min(south)) / (1 + count(*) / 16), sum(north - south) / (2 * count(*))), 0) as height,
          nullif(greatest((max(east) - min(west)) / (1 + count(*) / 16), sum(east - west) / (2 * count(*))), 0) as width
        from edge
      ), celled as materialized (
        select e.*, r.cell_row, c.cell_column
        from edge e
        cross join grid g
        cross join lateral generate_series(
          floor((e.south - g.south) / g.height)::integer, floor((e.north - g.south) / g.height)::integer
        ) r (cell_row)
        cross join lateral generate_series(
          floor((e.west - g.west) / g.width)::integer, floor((e.east - g.west) / g.width)::integer
        ) c (cell_column)
      )
      select a.corner, b.corner as other into bad
      from celled a
      join celled b on a.cell_row = b.cell_row and a.cell_column = b.cell_column and a.corner < b.corner
        and a.south <= b.north and b.south <= a.north and a.west <= b.east and b.west <= a.east
      cross join lateral (
        select
          ((a.next_lng - a.lng) * (b.lat - a.lat) - (a.next_lat - a.lat) * (b.lng - a.lng)) / a.length as b_from,
          ((a.next_lng - a.lng) * (b.next_lat - a.lat) - (a.next_lat - a.lat) * (b.next_lng - a.lng)) / a.length as b_to,
          ((b.next_lng - b.lng) * (a.lat - b.lat) - (b.next_lat - b.lat) * (a.lng - b.lng)) / b.length as a_from,
          ((b.next_lng - b.lng) * (a.next_lat - b.lat) - (b.next_lat - b.lat) * (a.next_lng - b.lng)) / b.length as a_to
      ) off
      where least(abs(off.b_from), abs(off.b_to), abs(off.a_from), abs(off.a_to)) > touch_deg
        and off.b_from * off.b_to < 0 and off.a_from * off.a_to < 0
      order by 1, 2 limit 1;
      if found then
        return format('%s crosses itself: its edges %s and %s', said, bad.corner, bad.other);
      end if;

      if not (
        select abs(sum(
          (e.lng - (ring.value -> 0 ->> 0)::double precision) * (e.next_lat - (ring.value -> 0 ->> 1)::double precision)
          - (e.next_lng - (ring.value -> 0 ->> 0)::double precision) * (e.lat - (ring.value -> 0 ->> 1)::double precision)
        )) > 1e-11
        from tracksolid.fn_geofence_edges(
          jsonb_build_object('type', 'Polygon', 'coordinates', jsonb_build_array(ring.value))
        ) e
      ) then
        return said || ' encloses nothing';
      end if;
    end loop;
  end loop;

  if geometry ->> 'type' = 'Point' then
    reach_lat := abs((geometry -> 'coordinates' ->> 1)::double precision) + radius_m / 111320;
    if reach_lat > 89 then
      return 'it reaches to a pole';
    end if;
    reach_lng := abs((geometry -> 'coordinates' ->> 0)::double precision) + radius_m / 111320 / cos(radians(reach_lat));
    if reach_lng > 180 then
      return 'it crosses the antimeridian: give a MultiPolygon that is cut in two there';
    end if;
  end if;
  return null;
end $$;
comment on function tracksolid.fn_geofence_problem(jsonb, double precision) is
  'What is wrong with a geofence, in words; null for a good one. Rings are closed, have 4 positions or more and enclose something; they may touch themselves and each other, in either direction of the clock, but no ring crosses itself or the antimeridian. radius_m: of a Point, and only of one.';

create function tracksolid.check_geofence() returns trigger
language plpgsql as $$
declare
  problem constant text := tracksolid.fn_geofence_problem(new.geometry, new.radius_m);
  lat     double precision;
  lng     double precision;
  reach   double precision;
begin
  if problem is not null then
    raise exception using errcode = 'check_violation', message = format('geofence %s: %s', new.name, problem);
  end if;
  if new.radius_m is null then
    select min(e.lat), max(e.lat), min(e.lng), max(e.lng) into new.min_lat, new.max_lat, new.min_lng, new.max_lng
    from tracksolid.fn_geofence_edges(new.geometry) e;
  else
    lat := (new.geometry -> 'coordinates' ->> 1)::double precision;
    lng := (new.geometry -> 'coordinates' ->> 0)::double precision;
    reach := new.radius_m / 111320;
    new.min_lat := lat - reach;
    new.max_lat := lat + reach;
    new.min_lng := lng - reach / cos(radians(abs(lat) + reach));
    new.max_lng := lng + reach / cos(radians(abs(lat) + reach));
  end if;
  return new;
end $$;
comment on function tracksolid.check_geofence() is 'Refuses a geofence that is none, and keeps its four ends.';
create trigger check_geofence before insert or update on tracksolid.geofences
  for each row execute function tracksolid.check_geofence();
create trigger touch_changed_at before insert or update on tracksolid.geofences
  for each row execute function tracksolid.touch_changed_at();
