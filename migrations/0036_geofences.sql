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

create table private.dirty_geofences (
  geofence_id integer primary key references tracksolid.geofences on delete cascade,
  mark        xid8 not null,
  done_imei   text not null default '',
  done_to     timestamptz not null default '-infinity'
);
grant delete on private.dirty_geofences to ingest_app;
comment on table private.dirty_geofences is 'Geofences whose visits are to be computed for the whole past, and how far that has come: vehicle by vehicle, each from its oldest hour on.';
comment on column private.dirty_geofences.geofence_id is 'Geofence.';
comment on column private.dirty_geofences.mark is 'Transaction that changed it: what was computed for an older one does not count.';
comment on column private.dirty_geofences.done_imei is 'Vehicle that is being computed; those before it are done.';
comment on column private.dirty_geofences.done_to is 'Up to when that vehicle is done (UTC).';

create table tracksolid.geofence_crossings (
  geofence_id integer not null references tracksolid.geofences on delete cascade,
  imei        text not null,
  is_entry    boolean not null,
  at          timestamptz not null,
  other_at    timestamptz,
  primary key (geofence_id, imei, is_entry, at)
);
create index geofence_crossings_imei_idx on tracksolid.geofence_crossings (imei, at);
grant delete on tracksolid.geofence_crossings to ingest_app;
comment on table tracksolid.geofence_crossings is 'Every entry into a geofence and every exit. Each follows from the fixes near it, whatever happened before and after; visits are made of them. An exit is known once a fix outside is.';
comment on column tracksolid.geofence_crossings.geofence_id is 'Geofence.';
comment on column tracksolid.geofence_crossings.imei is 'Device identity.';
comment on column tracksolid.geofence_crossings.is_entry is 'Entry, or exit.';
comment on column tracksolid.geofence_crossings.at is 'The fix inside: of an entry the first, of an exit the last (UTC).';
comment on column tracksolid.geofence_crossings.other_at is 'The fix on the other side of the border: of an entry the one before, of an exit the one after (UTC); null where there is none.';

create table tracksolid.geofence_visits (
  geofence_id    integer not null references tracksolid.geofences on delete cascade,
  imei           text not null,
  entered_at     timestamptz not null,
  entered_after  timestamptz,
  last_inside_at timestamptz not null,
  left_at        timestamptz,
  left_before    timestamptz,
  fixes          integer not null,
  primary key (geofence_id, imei, entered_at)
);
create index geofence_visits_imei_idx on tracksolid.geofence_visits (imei, entered_at);
grant delete on tracksolid.geofence_visits to ingest_app;
comment on table tracksolid.geofence_visits is 'When vehicles were in geofences, computed from the fixes of satellites, whatever the day. Who was outside for geofences.rejoin_s at most had not left; two fixes inside, over 32 days apart, are two visits. Those who passed by are here, too: reporting.v_geofence_visits leaves them out.';
comment on column tracksolid.geofence_visits.geofence_id is 'Geofence.';
comment on column tracksolid.geofence_visits.imei is 'Device identity.';
comment on column tracksolid.geofence_visits.entered_at is 'First fix inside (UTC).';
comment on column tracksolid.geofence_visits.entered_after is 'The fix before it: it entered between the two (UTC). Null where the first fix of all is inside.';
comment on column tracksolid.geofence_visits.last_inside_at is 'Last fix inside, so far (UTC).';
comment on column tracksolid.geofence_visits.left_at is 'The same once it has left; null while it is inside (UTC).';
comment on column tracksolid.geofence_visits.left_before is 'The fix after it: it left between the two (UTC). Null while it is inside.';
comment on column tracksolid.geofence_visits.fixes is 'Fixes of satellites from entered_at to last_inside_at, those of a short way out included.';

create function tracksolid.derive_geofence() returns trigger
language plpgsql as $$
begin
  -- A polygon in bands of some 64 edges, at most 64 of them: of 10,000 corners a fix is held against a few hundred. Fewer
  -- where edges are as long as many bands, each of which has them all.
  delete from tracksolid.geofence_parts p where p.geofence_id = new.geofence_id;
  insert into tracksolid.geofence_parts (
    geofence_id, part, min_lat, max_lat, min_lng, max_lng, area, holes, centre_lat, centre_lng, radius_m
  )
  with edge as materialized (
    select * from tracksolid.fn_geofence_edges(new.geometry)
  ), whole as (
    select polygon, min(lat) as south, max(lat) as north, ceil(least(
        64, count(*) / 64.0, 4 * count(*) * (max(lat) - min(lat)) / nullif(sum(abs(next_lat - lat)), 0)
      ))::integer as bands
    from edge where ring = 1 group by polygon
  ), band as (
    select w.polygon, b.band, w.south + (w.north - w.south) * (b.band - 1) / w.bands as south,
      case when b.band = w.bands then w.north else w.south + (w.north - w.south) * b.band / w.bands end as north
    from whole w cross join lateral generate_series(1, w.bands) b (band)
  ), clipped as (
    -- An edge is cut where it leaves the band, ten metres beyond it. What it cut off is joined along the cut, where no fix
    -- of the band can be.
    select b.polygon, b.band, b.south, b.north, e.ring, e.corner, e.next_lat, c.lat, c.to_lat,
      case when c.lat = e.lat then e.lng else e.lng + (c.lat - e.lat) * slope end as lng,
      case when c.to_lat = e.next_lat then e.next_lng else e.lng + (c.to_lat - e.lat) * slope end as to_lng
    from band b
    join edge e on e.polygon = b.polygon
      and least(e.lat, e.next_lat) <= b.north + 1e-4 and greatest(e.lat, e.next_lat) >= b.south - 1e-4
    cross join lateral (
      select least(greatest(e.lat, b.south - 1e-4), b.north + 1e-4) as lat,
        least(greatest(e.next_lat, b.south - 1e-4), b.north + 1e-4) as to_lat,
        (e.next_lng - e.lng) / nullif(e.next_lat - e.lat, 0) as slope
    ) c
  ), outline as (
    select polygon, band, south, north, ring, least(min(lng), min(to_lng)) as west, greatest(max(lng), max(to_lng)) as east,
      ('(' || string_agg(
        point(lng * 1e6, lat * 1e6)::text
          || case when to_lat = next_lat then '' else ',' || point(to_lng * 1e6, to_lat * 1e6)::text end,
        ',' order by corner
      ) || ')')::polygon as outline
    from clipped
    group by polygon, band, south, north, ring
  )
  select new.geofence_id, row_number() over (order by a.polygon, a.band), a.south, a.north, a.west, a.east, a.outline,
    array(
      select h.outline from outline h where (h.polygon, h.band) = (a.polygon, a.band) and h.ring > 1 order by h.ring
    ), null, null, null
  from outline a where a.ring = 1
  union all
  select new.geofence_id, 1, new.min_lat, new.max_lat, new.min_lng, new.max_lng, null, null,
    (place.at ->> 1)::double precision, (place.at ->> 0)::double precision, new.radius_m
  from (select case when new.radius_m is not null then new.geometry -> 'coordinates' end as at) place
  where place.at is not null;

  if tg_op = 'UPDATE' then
    if (old.geometry, old.radius_m, old.enabled, old.rejoin_s)
      is not distinct from (new.geometry, new.radius_m, new.enabled, new.rejoin_s)
    then
      return null;
    end if;
    -- In the order in which they are written.
    delete from tracksolid.geofence_crossings c where c.geofence_id = new.geofence_id;
    delete from tracksolid.geofence_visits v where v.geofence_id = new.geofence_id;
    delete from private.dirty_geofences d where d.geofence_id = new.geofence_id;
  end if;
  if new.enabled then
    insert into private.dirty_geofences (geofence_id, mark) values (new.geofence_id, pg_current_xact_id());
  end if;
  return null;
end $$;
comment on function tracksolid.derive_geofence() is
  'Cuts a geofence into parts. Where its shape changed, or what a visit is, takes its visits away and has them computed again.';
create trigger derive_geofence after insert or update on tracksolid.geofences
  for each row execute function tracksolid.derive_geofence();

create view reporting.v_geofences as
  select g.geofence_id, g.name, g.kind, g.geometry, g.radius_m, g.enabled, g.min_stay_s, g.rejoin_s, g.min_lat, g.max_lat,
    g.min_lng, g.max_lng, g.created_at, g.changed_at
  from tracksolid.geofences g;
comment on view reporting.v_geofences is 'The geofences, a row each, also those that are disabled.';
comment on column reporting.v_geofences.geofence_id is 'Identity.';
comment on column reporting.v_geofences.name is 'Name, unique.';
comment on column reporting.v_geofences.kind is 'What it is, free text.';
comment on column reporting.v_geofences.geometry is 'GeoJSON Polygon, MultiPolygon or Point.';
comment on column reporting.v_geofences.radius_m is 'Of a Point: radius of the circle, m.';
comment on column reporting.v_geofences.enabled is 'One that is not has no visits.';
comment on column reporting.v_geofences.min_stay_s is 'Who surely was inside no longer than this passed by, s.';
comment on column reporting.v_geofences.rejoin_s is 'Who is outside no longer than this has not left, s.';
comment on column reporting.v_geofences.min_lat is 'South end, degrees.';
comment on column reporting.v_geofences.max_lat is 'North end, degrees.';
comment on column reporting.v_geofences.min_lng is 'West end, degrees.';
comment on column reporting.v_geofences.max_lng is 'East end, degrees.';
comment on column reporting.v_geofences.created_at is 'When it was added (UTC).';
comment on column reporting.v_geofences.changed_at is 'When it last changed (UTC).';

create view reporting.v_geofence_visits as
  select v.geofence_id, g.name as geofence, g.kind, v.imei, d.name, d.plate, d.city, v.entered_at, v.entered_after, v.left_at,
    v.left_before, k.known_to, extract(epoch from k.known_to - v.entered_at)::integer as inside_s,
    extract(epoch from v.left_before - v.entered_after)::integer as at_most_s,
    extract(epoch from v.entered_at - v.entered_after)::integer as entry_within_s,
    extract(epoch from v.left_before - v.left_at)::integer as exit_within_s,
    coalesce(v.entered_at - v.entered_after <= interval '10 minutes', false) as entry_is_exact,
    case when v.left_at is not null then v.left_before - v.left_at <= interval '10 minutes' end as exit_is_exact, v.fixes
  from tracksolid.geofence_visits v
  join tracksolid.geofences g on g.geofence_id = v.geofence_id
  join reporting.v_vehicles d on d.imei = v.imei
  left join tracksolid.live_positions l on l.imei = v.imei and l.ignition is false and v.left_at is null
  cross join lateral (
    -- With its ignition off it is where it was, as far as it was heard of.
    select greatest(v.last_inside_at, l.contact_at) as known_to
  ) k
  where (v.left_before - v.entered_after <= g.min_stay_s * interval '1 second') is not true;
comment on view reporting.v_geofence_visits is 'Visits of vehicles to geofences; without those who passed by: surely inside for geofences.min_stay_s at most. Grain: visit, whatever the day.';
comment on column reporting.v_geofence_visits.geofence_id is 'Geofence.';
comment on column reporting.v_geofence_visits.geofence is 'Its name.';
comment on column reporting.v_geofence_visits.kind is 'Its kind.';
comment on column reporting.v_geofence_visits.imei is 'Device identity.';
comment on column reporting.v_geofence_visits.name is 'Device name.';
comment on column reporting.v_geofence_visits.plate is 'Licence plate.';
comment on column reporting.v_geofence_visits.city is 'Home city, as it is now.';
comment on column reporting.v_geofence_visits.entered_at is 'First fix inside (UTC).';
comment on column reporting.v_geofence_visits.entered_after is 'The fix before it (UTC); null where there is none.';
comment on column reporting.v_geofence_visits.left_at is 'Last fix inside; null while it is inside (UTC).';
comment on column reporting.v_geofence_visits.left_before is 'The fix after it; null while it is inside (UTC).';
comment on column reporting.v_geofence_visits.known_to is 'Up to when it is known to be inside: the last fix inside or, of one that has not left and has its ignition off, the last contact (UTC).';
comment on column reporting.v_geofence_visits.inside_s is 'From entered_at to known_to, s: inside at least so long.';
comment on column reporting.v_geofence_visits.at_most_s is 'From entered_after to left_before, s: inside at most so long; null without either.';
comment on column reporting.v_geofence_visits.entry_within_s is 'It entered in so many seconds before entered_at; null where no fix was before.';
comment on column reporting.v_geofence_visits.exit_within_s is 'It left in so many seconds after left_at; null while it is inside.';
comment on column reporting.v_geofence_visits.entry_is_exact is 'entry_within_s is ten minutes at most; else it entered in a gap.';
comment on column reporting.v_geofence_visits.exit_is_exact is 'exit_within_s is ten minutes at most; else it left in a gap. Null while it is inside.';
comment on column reporting.v_geofence_visits.fixes is 'Fixes of satellites meanwhile.';

create view reporting.v_geofence_visits_daily as
  select day::date as day, v.geofence_id, v.geofence, v.kind, v.imei, v.name, v.plate, v.city, count(*)::integer as visits,
    (count(*) filter (where v.entered_at >= t.day_from))::integer as visits_begun,
    sum(extract(epoch from least(v.known_to, t.day_to) - greatest(v.entered_at, t.day_from)))::integer as inside_s
  from tracksolid.fleet f
  cross join reporting.v_geofence_visits v
  cross join lateral generate_series(
    (v.entered_at at time zone f.zone)::date::timestamp, v.known_to at time zone f.zone, interval '1 day'
  ) as day
  cross join lateral (
    select day at time zone f.zone as day_from, (day + interval '1 day') at time zone f.zone as day_to
  ) t
  group by 1, 2, 3, 4, 5, 6, 7, 8;
comment on view reporting.v_geofence_visits_daily is 'Visits by the day; one over midnight is shared out. Grain: geofence, vehicle and day.';
comment on column reporting.v_geofence_visits_daily.day is 'Day in the fleet''s zone.';
comment on column reporting.v_geofence_visits_daily.geofence_id is 'Geofence.';
comment on column reporting.v_geofence_visits_daily.geofence is 'Its name.';
comment on column reporting.v_geofence_visits_daily.kind is 'Its kind.';
comment on column reporting.v_geofence_visits_daily.imei is 'Device identity.';
comment on column reporting.v_geofence_visits_daily.name is 'Device name.';
comment on column reporting.v_geofence_visits_daily.plate is 'Licence plate.';
comment on column reporting.v_geofence_visits_daily.city is 'Home city, as it is now.';
comment on column reporting.v_geofence_visits_daily.visits is 'Visits that touch the day: one over midnight counts on both.';
comment on column reporting.v_geofence_visits_daily.visits_begun is 'Visits that began on it: these add up.';
comment on column reporting.v_geofence_visits_daily.inside_s is 'Time inside on the day, s, as far as it is known.';

create function reporting.fn_inside_geofences(as_of timestamptz)
returns table (
  geofence_id integer, geofence text, kind text, imei text, name text, plate text, driver text, city text, status text,
  lat double precision, lng double precision, fix_at timestamptz, entered_at timestamptz
)
language sql stable
begin atomic
  select g.geofence_id, g.name, g.kind, l.imei, l.name, l.plate, l.driver, l.city, l.status, l.lat, l.lng, l.fix_at,
    case when visit.is_open then visit.entered_at end
  from reporting.fn_live_positions(fn_inside_geofences.as_of, interval '24 hours', interval '10 minutes') l
  join reporting.v_vehicles d on d.imei = l.imei
  cross join lateral (
    select distinct p.geofence_id from tracksolid.geofence_parts p
    where p.bounds @> point(l.lng, l.lat)
      and l.lat between p.min_lat and p.max_lat and l.lng between p.min_lng and p.max_lng
      and tracksolid.fn_geofence_holds(p.area, p.holes, p.centre_lat, p.centre_lng, p.radius_m, l.lat, l.lng)
  ) held
  join tracksolid.geofences g on g.geofence_id = held.geofence_id and g.enabled
  left join lateral (
    select v.entered_at, v.left_at is null or v.left_at >= l.fix_at as is_open from tracksolid.geofence_visits v
    where v.geofence_id = g.geofence_id and v.imei = l.imei and v.entered_at <= l.fix_at
    order by v.entered_at desc limit 1
  ) visit on true
  where l.fix_at <= fn_inside_geofences.as_of
  order by g.name, l.imei;
end;
comment on function reporting.fn_inside_geofences(timestamptz) is
  'Which vehicles of the map are in which geofences, by their newest fix: as_of is meant to be now. entered_at: null until the visit is computed.';
