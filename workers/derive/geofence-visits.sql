-- Makes visits of the crossings of vehicles and geofences in the list $1, around the times that it gives: from the last entry
-- before them to the first after. Each entry lasts until the exit after it. Fixes of whole hours are counted already
-- (reporting.vehicle_hour), or a visit of months would be counted fix by fix each minute that it goes on.
with listed as (
  select c."imei" as imei, c."geofenceId" as geofence_id, c."to" as to_time,
    coalesce(
      (
        select k.at from tracksolid.geofence_crossings k
        where k.geofence_id = c."geofenceId" and k.imei = c."imei" and k.is_entry and k.at <= c."from"
        order by k.at desc limit 1
      ),
      c."from"
    ) as from_time
  from json_to_recordset($1::text::json) as c ("imei" text, "geofenceId" integer, "from" timestamptz, "to" timestamptz)
), entry as (
  select distinct k.geofence_id, k.imei, k.at as entered_at, k.other_at as entered_after
  from listed l
  join tracksolid.geofence_crossings k
    on k.geofence_id = l.geofence_id and k.imei = l.imei and k.is_entry and k.at between l.from_time and l.to_time
), visit as (
  select e.*, left_it.at as left_at, left_it.other_at as left_before,
    coalesce(left_it.at, newest.gps_time, e.entered_at) as last_inside_at
  from entry e
  left join lateral (
    select k.at from tracksolid.geofence_crossings k
    where k.geofence_id = e.geofence_id and k.imei = e.imei and k.is_entry and k.at > e.entered_at
    order by k.at limit 1
  ) next on true
  left join lateral (
    select k.at, k.other_at from tracksolid.geofence_crossings k
    where k.geofence_id = e.geofence_id and k.imei = e.imei and not k.is_entry and k.at >= e.entered_at
      and (k.at < next.at or next.at is null)
    order by k.at desc limit 1
  ) left_it on true
  -- It has not left: the newest fix of all is inside.
  left join lateral (
    select h.gps_time from tracksolid.position_history h
    where h.imei = e.imei and not h.clock_ahead and (h.pos_type is null or h.pos_type = 'GPS')
      and left_it.at is null and next.at is null
    order by h.gps_time desc limit 1
  ) newest on true
), counted as materialized (
  select v.*, fixes.fixes
  from visit v
  cross join tracksolid.fleet f
  cross join lateral (
    select date_trunc('hour', v.entered_at, f.zone) + interval '1 hour' as first_hour,
      greatest(
        date_trunc('hour', v.last_inside_at, f.zone), date_trunc('hour', v.entered_at, f.zone) + interval '1 hour'
      ) as last_hour
  ) whole
  cross join lateral (
    select (
      (
        select count(*) from tracksolid.position_history h
        where h.imei = v.imei and h.gps_time >= v.entered_at and h.gps_time < least(whole.first_hour, v.last_inside_at)
          and not h.clock_ahead and (h.pos_type is null or h.pos_type = 'GPS')
      ) + (
        select coalesce(sum(r.fixes), 0) from reporting.vehicle_hour r
        where r.imei = v.imei and r.hour >= whole.first_hour and r.hour < whole.last_hour
      ) + (
        select count(*) from tracksolid.position_history h
        where h.imei = v.imei and h.gps_time >= least(whole.last_hour, v.last_inside_at) and h.gps_time <= v.last_inside_at
          and not h.clock_ahead and (h.pos_type is null or h.pos_type = 'GPS')
      )
    )::integer as fixes
  ) fixes
), gone as (
  delete from tracksolid.geofence_visits k
  using listed l
  where k.geofence_id = l.geofence_id and k.imei = l.imei and k.entered_at between l.from_time and l.to_time
    and not exists (
      select from counted c where (c.geofence_id, c.imei, c.entered_at) = (k.geofence_id, k.imei, k.entered_at)
    )
  returning k.imei, k.entered_at
), kept as (
  insert into tracksolid.geofence_visits as k (
    geofence_id, imei, entered_at, entered_after, last_inside_at, left_at, left_before, fixes
  )
  select geofence_id, imei, entered_at, entered_after, last_inside_at, left_at, left_before, fixes from counted
  order by 1, 2, 3
  on conflict (geofence_id, imei, entered_at) do update set
    entered_after = excluded.entered_after, last_inside_at = excluded.last_inside_at, left_at = excluded.left_at,
    left_before = excluded.left_before, fixes = excluded.fixes
  where (k.entered_after, k.last_inside_at, k.left_at, k.left_before, k.fixes) is distinct from
    (excluded.entered_after, excluded.last_inside_at, excluded.left_at, excluded.left_before, excluded.fixes)
  returning k.imei, k.entered_at
)
select distinct v.imei, (v.entered_at at time zone f.zone)::date::text as day
from tracksolid.fleet f, (table gone union all table kept) v
