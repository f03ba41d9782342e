-- What is to be computed next of geofences that changed: those that have come as far as the one that waits longest, and at
-- most $1 days of vehicles from there on. A day begins with an hour of which something is known. Behind the last vehicle come
-- the newest fixes of all: of a vehicle with a single fix no hour is known.
with recursive oldest as (
  select mark, done_imei, done_to from private.dirty_geofences order by mark, geofence_id limit 1
), fence as (
  select d.geofence_id from private.dirty_geofences d join oldest using (mark, done_imei, done_to)
), day as (
  (
    select h.imei, h.hour, 1 as number from oldest o
    cross join lateral (
      select imei, hour from reporting.vehicle_hour
      where (imei, hour) >= (o.done_imei, o.done_to) order by imei, hour limit 1
    ) h
  )
  union all
  select h.imei, h.hour, d.number + 1 from day d
  cross join lateral (
    select imei, hour from reporting.vehicle_hour
    where (imei, hour) >= (d.imei, d.hour + interval '1 day') order by imei, hour limit 1
  ) h
  where d.number < $1::int
), last as (
  select imei, hour + interval '1 day' as done_to from day order by number desc limit 1
)
select mark::text, done_imei as "fromImei", done_to::text as "fromTime",
  (select json_agg(geofence_id order by geofence_id) from fence)::text as fences,
  (select count(*) from day)::int as days,
  (select imei from last) as "toImei", (select done_to::text from last) as "toTime",
  coalesce(
    (
      select json_agg(json_build_object('imei', imei, 'changedFrom', hour, 'changedTo', hour + interval '1 day')) from day
      having count(*) = $1::int
    ),
    (
      select json_agg(json_build_object('imei', c.imei, 'changedFrom', c.from_time, 'changedTo', c.to_time)) from (
        select imei, hour as from_time, hour + interval '1 day' as to_time from day
        union all
        select imei, fix_at, fix_at from tracksolid.live_positions where fix_at is not null
      ) c
    ),
    '[]'
  )::text as changes
from oldest
