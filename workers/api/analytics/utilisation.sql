-- How much vehicles were used from day $1 to day $2, beside the days from $3 up to $1: a page of groups by $6, at most $8 after the
-- key $7 (null for the first), and all of them together, as one JSON text, with the last key where more follow. $4 vehicles
-- (JSON for fn_matching_vehicles), $5 drivers (JSON list) or null.
with added as (
  -- By vehicle, or by day, before it is told what each belongs to: thousands of rows cost more than a few hundred.
  select case when $6 <> 'day' then f.imei end as imei, case when $6 = 'day' then f.day end as day, f.day >= $1::date as is_now,
    count(*) as days, count(f.moving_s) as known, count(*) filter (where f.moving_s > 0) as used, sum(f.moving_s) as moving_s,
    sum(f.idling_s) as idling_s, sum(f.parked_s) as parked_s, sum(f.unknown_s) as unknown_s, sum(f.distance_km) as distance_km,
    count(f.distance_km) as distance_known, sum(f.trips) as trips, count(f.trips) as trips_known,
    min(f.first_moving_at) as first_moving_at, max(f.last_moving_at) as last_moving_at, max(f.max_speed_kmh) as max_speed_kmh
  from reporting.fn_fleet_days($3::date, $2::date, $4::text::json, $5::text::json) f
  group by 1, 2, 3
), spent as materialized (
  select a.*, case $6
    when 'vehicle' then v.imei when 'account' then v.account when 'city' then v.city when 'segment' then v.segment
    when 'vehicle_type' then v.vehicle_type
    -- A day stands beside the one as many days before it.
    when 'day' then (a.day + case when a.is_now then 0 else $1::date - $3::date end)::text
  end collate "C" as key
  from added a left join reporting.v_vehicles v on v.imei = a.imei
), seen as (
  -- Of days alone nothing tells which vehicles they were of.
  select f.day >= $1::date as is_now, count(distinct f.imei) as vehicles
  from reporting.fn_fleet_days($3::date, $2::date, $4::text::json, $5::text::json) f
  where $6 = 'day'
  group by 1
), counted as (
  select grouping(key) = 1 as is_total, key, is_now, sum(days) as days, sum(known) as known,
    -- On a day it is as many as days of vehicles; of all else each vehicle has one row.
    case when $6 = 'day' then sum(days) else count(*) end as vehicles,
    sum(used) as used, sum(moving_s) as moving_s, sum(idling_s) as idling_s,
    sum(parked_s) as parked_s, sum(unknown_s) as unknown_s, sum(distance_km) as distance_km,
    sum(distance_known) as distance_known, sum(trips) as trips, sum(trips_known) as trips_known,
    min(first_moving_at) as first_moving_at, max(last_moving_at) as last_moving_at, max(max_speed_kmh) as max_speed_kmh
  from spent
  group by grouping sets ((key, is_now), (is_now))
), summed as materialized (
  select c.is_total, c.key, c.is_now, c.days, c.known, c.used, c.moving_s, c.idling_s, c.parked_s, c.unknown_s, c.distance_km,
    c.distance_known, c.trips, c.trips_known, c.first_moving_at, c.last_moving_at, c.max_speed_kmh,
    coalesce(s.vehicles, c.vehicles) as vehicles
  from counted c
  left join seen s on c.is_total and s.is_now = c.is_now
), page as materialized (
  select distinct key from summed
  where not is_total and ($7::text is null or key > $7::text collate "C" or key is null)
  order by key nulls last
  limit $8::int + 1
), shown as (select key from page order by key nulls last limit $8::int), figures as (
  select s.is_total, s.key, s.is_now, json_build_object(
    'vehicles', s.vehicles, 'vehicleDays', s.days, 'knownVehicleDays', s.known,
    'usedVehicleDays', case when s.known > 0 then s.used end,
    'movingS', s.moving_s, 'idlingS', s.idling_s, 'parkedS', s.parked_s, 'unknownS', s.unknown_s,
    'movingShare', round((s.moving_s / k.known_s)::numeric, 4)::double precision,
    'idlingShare', round((s.idling_s / k.known_s)::numeric, 4)::double precision,
    'parkedShare', round((s.parked_s / k.known_s)::numeric, 4)::double precision,
    'distanceKm', round(s.distance_km::numeric, 3)::double precision, 'distanceVehicleDays', s.distance_known,
    'trips', s.trips, 'tripsVehicleDays', s.trips_known,
    'firstMovingAt', reporting.fn_iso(s.first_moving_at),
    'lastMovingAt', reporting.fn_iso(s.last_moving_at),
    'maxSpeedKmh', s.max_speed_kmh
  ) as figures
  from summed s
  cross join lateral (select nullif(s.moving_s + s.idling_s + s.parked_s, 0)::double precision as known_s) k
  where s.is_total or s.key in (select key from shown) or s.key is null and exists (select from shown where key is null)
), compared as (
  select key, (array_agg(figures) filter (where is_now))[1] as period, (array_agg(figures) filter (where not is_now))[1] as before
  from figures where not is_total
  group by key
)
select json_build_object(
  'groupBy', $6,
  'totals', json_build_object(
    'period', (select figures from figures where is_total and is_now),
    'before', (select figures from figures where is_total and not is_now)
  ),
  'groups', coalesce((
    select json_agg(json_build_object(
      'key', g.key, 'name', v.name, 'plate', v.plate, 'period', g.period, 'before', g.before
    ) order by g.key nulls last)
    from compared g
    left join reporting.v_vehicles v on $6 = 'vehicle' and v.imei = g.key
  ), '[]')
)::text as body,
  case when (select count(*) from page) > $8::int
    then (select json_build_array($6, key) from shown order by key desc limit 1)
  end as place
