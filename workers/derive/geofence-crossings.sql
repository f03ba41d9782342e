-- Finds where vehicles crossed the borders of geofences around what changed: the list $1 of vehicles and times; of all
-- geofences, or of those in the list $2. Says which vehicles and geofences that concerns, and in which times.
--
-- A vehicle is in a geofence from one fix inside to the next, unless a fix outside is between them, and more time than its
-- rejoin_s; or over 32 days. So a fix inside is an entry or an exit by the fixes next to it and those within rejoin_s, whatever
-- came first. One that changed bears on entries from it to the fix after, on exits from the fix before to it.
--
-- Ten minutes of a vehicle are held against the parts of geofences by an index, then fixes against the parts that are left.
-- Of a day of 150 vehicles with 2,880 fixes each, 500 geofences, three around every fix: 5.1 s, where vehicle-hours.sql takes
-- 2.8 s in the same run; of a minute of all of them 0.05 s. With hours held against all parts, and joined by hash, it was 17 s.
with fence as materialized (
  select geofence_id, rejoin_s * interval '1 second' as rejoin from tracksolid.geofences
  where enabled and ($2::text is null or geofence_id in (select value::integer from json_array_elements_text($2::text::json)))
), longest as (
  select max(rejoin) as rejoin from fence having count(*) > 0
), changed as (
  select "imei" as imei, "changedFrom" as from_time, "changedTo" as to_time
  from json_to_recordset($1::text::json) as c ("imei" text, "changedFrom" timestamptz, "changedTo" timestamptz)
), around as (
  select c.*, least(before.gps_time, c.from_time - longest.rejoin) as first_fix,
    greatest(after.gps_time, c.to_time + longest.rejoin) as last_fix
  from changed c
  cross join longest
  left join lateral (
    select gps_time from tracksolid.position_history h
    where h.imei = c.imei and h.gps_time < c.from_time and not h.clock_ahead and (h.pos_type is null or h.pos_type = 'GPS')
    order by h.gps_time desc limit 1
  ) before on true
  left join lateral (
    select gps_time from tracksolid.position_history h
    where h.imei = c.imei and h.gps_time > c.to_time and not h.clock_ahead and (h.pos_type is null or h.pos_type = 'GPS')
    order by h.gps_time limit 1
  ) after on true
), span as materialized (
  -- Each time once; not the months between a change of today and one of long ago.
  select row_number() over ()::integer as span, t.imei, lower(t.times) as first_fix, upper(t.times) as last_fix,
    min(a.from_time) as from_time, max(a.to_time) as to_time
  from (
    select imei, unnest(range_agg(tstzrange(first_fix, last_fix, '[]'))) as times from around group by imei
  ) t
  join around a on a.imei = t.imei and a.first_fix >= lower(t.times) and a.last_fix <= upper(t.times)
  group by t.imei, t.times
), fix as materialized (
  select s.span, h.gps_time, h.lat, h.lng, row_number() over w as number, lag(h.gps_time) over w as before_at,
    lead(h.gps_time) over w as after_at
  from span s
  cross join lateral (
    select gps_time, lat, lng from tracksolid.position_history h
    where h.imei = s.imei and h.gps_time >= s.first_fix and h.gps_time <= s.last_fix
      and not h.clock_ahead and (h.pos_type is null or h.pos_type = 'GPS')
    order by h.gps_time
  ) h
  window w as (partition by s.span order by h.gps_time)
), way as (
  select span, array_agg(gps_time) as times, array_agg(number) as numbers, array_agg(lat) as lats, array_agg(lng) as lngs,
    box(point(min(lng), min(lat)), point(max(lng), max(lat))) as bounds
  from fix
  group by span, date_bin('10 minutes', gps_time, 'epoch')
), inside as (
  -- One on the border between two parts shows in both, which says nothing new.
  select w.span, f.number, f.gps_time, e.geofence_id, e.rejoin
  from way w
  join tracksolid.geofence_parts p on p.bounds && w.bounds
  join fence e on e.geofence_id = p.geofence_id
  cross join lateral unnest(w.times, w.numbers, w.lats, w.lngs) f (gps_time, number, lat, lng)
  where f.lat between p.min_lat and p.max_lat and f.lng between p.min_lng and p.max_lng
    and tracksolid.fn_geofence_holds(p.area, p.holes, p.centre_lat, p.centre_lng, p.radius_m, f.lat, f.lng)
), neighbour as (
  select i.*,
    lag(gps_time) over w as inside_before, lag(number) over w as number_before,
    lead(gps_time) over w as inside_after, lead(number) over w as number_after
  from inside i
  window w as (partition by span, geofence_id order by gps_time)
), judged as (
  select span, geofence_id, number, gps_time,
    coalesce(
      gps_time - inside_before <= interval '32 days'
        and (number - number_before <= 1 or gps_time - inside_before <= rejoin),
      false
    ) as was_inside,
    coalesce(
      inside_after - gps_time <= interval '32 days'
        and (number_after - number <= 1 or inside_after - gps_time <= rejoin),
      false
    ) as stays_inside
  from neighbour
), edge as materialized (
  -- The first and the last of a geofence are always among them.
  select s.imei, s.span, s.from_time, s.to_time, j.geofence_id, j.gps_time, j.was_inside, j.stays_inside, f.before_at,
    f.after_at
  from judged j
  join fix f on f.span = j.span and f.number = j.number
  join span s on s.span = j.span
  where not (j.was_inside and j.stays_inside)
), crossing as materialized (
  select distinct geofence_id, imei, true as is_entry, gps_time as at, before_at as other_at
  from edge where not was_inside and gps_time >= from_time
  union all
  select distinct geofence_id, imei, false, gps_time, after_at
  from edge where not stays_inside and gps_time <= to_time and after_at is not null
), gone as (
  delete from tracksolid.geofence_crossings k
  using span s
  where k.imei = s.imei and k.geofence_id in (select geofence_id from fence)
    and k.at >= case when k.is_entry then s.from_time else s.first_fix end
    and k.at <= case when k.is_entry then s.last_fix else s.to_time end
    and not exists (
      select from crossing c
      where (c.geofence_id, c.imei, c.is_entry, c.at) = (k.geofence_id, k.imei, k.is_entry, k.at)
    )
  returning k.geofence_id, k.imei, s.first_fix, s.last_fix
), written as (
  insert into tracksolid.geofence_crossings as k (geofence_id, imei, is_entry, at, other_at)
  select geofence_id, imei, is_entry, at, other_at from crossing
  order by 1, 2, 3, 4
  on conflict (geofence_id, imei, is_entry, at) do update set other_at = excluded.other_at
    where k.other_at is distinct from excluded.other_at
)
select t.imei, t.geofence_id as "geofenceId", t.first_fix::text as "from", t.last_fix::text as "to"
from (
  select imei, geofence_id, first_fix, last_fix from gone
  union
  select e.imei, e.geofence_id, s.first_fix, s.last_fix from edge e join span s on s.span = e.span
) t
