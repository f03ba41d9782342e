-- When vehicles came into geofences and left them: crossings, found where a fix lies inside and the one beside it does not, and
-- the visits they add up to.

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
  join tracksolid.live_positions fix on fix.imei = l.imei and (fix.pos_type is null or fix.pos_type = 'GPS')
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
  'Which vehicles of the map are in which geofences, by their newest fix, where a satellite told it: as_of is meant to be now. entered_at: null until the visit is computed.';
