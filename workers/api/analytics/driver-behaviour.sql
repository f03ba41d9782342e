-- How drivers drove from day $1 to day $2, beside the days from $3 up to $1: a page by name, at most $7 after the name $6 (null for
-- the first), and all of them together, as one JSON text, with the last name where more follow. $4 vehicles (JSON for
-- fn_matching_vehicles), $5 drivers (JSON list) or null. The score: 100 less $8 for each speeding and $9 for each harsh event on
-- 100 km, of who drove $10 km at least.
with added as (
  -- By driver and vehicle first: to count the vehicles of each of thousands of rows they would have to be sorted.
  select r.driver_name, r.imei, r.day >= $1::date as is_now, count(*) as days, count(*) filter (where k.is_known) as known,
    sum(r.moving_s) filter (where k.is_known) as moving_s, sum(r.idling_s) filter (where k.is_known) as idling_s,
    sum(r.distance_km) as distance_km, count(r.distance_km) as distance_known,
    sum(r.trips) as trips, sum(r.alarms) as alarms, sum(r.speeding_events) as speeding, sum(r.harsh_events) as harsh,
    sum(r.speeding_events) filter (where r.distance_km is not null) as speeding_shared,
    sum(r.harsh_events) filter (where r.distance_km is not null) as harsh_shared,
    max(r.max_speed_kmh) as max_speed_kmh
  from reporting.driver_day r
  cross join lateral (select r.moving_s + r.idling_s + r.parked_s > 0 as is_known) k
  where r.day between $3::date and $2::date
    and ($5::text is null or r.driver_name in (select json_array_elements_text($5::text::json)))
    and r.imei in (select m.imei from reporting.fn_matching_vehicles($4::text::json) m (imei))
  group by 1, 2, 3
), summed as materialized (
  select grouping(a.driver_name) = 1 as is_total, a.driver_name collate "C" as driver, a.is_now,
    count(distinct a.imei) as vehicles, sum(a.days) as days, sum(a.known) as known,
    sum(a.moving_s) as moving_s, sum(a.idling_s) as idling_s,
    sum(a.distance_km) as distance_km, sum(a.distance_known) as distance_known,
    sum(a.trips) as trips, sum(a.alarms) as alarms, sum(a.speeding) as speeding, sum(a.harsh) as harsh,
    -- What happened on days without a distance is not shared out over the others.
    100 * sum(a.speeding_shared)::double precision / nullif(sum(a.distance_km), 0) as speeding_rate,
    100 * sum(a.harsh_shared)::double precision / nullif(sum(a.distance_km), 0) as harsh_rate,
    max(a.max_speed_kmh) as max_speed_kmh
  from added a
  group by grouping sets ((a.driver_name, a.is_now), (a.is_now))
), scored as (
  select s.*, case when s.distance_km >= $10::double precision then round(greatest(
    100 - $8::double precision * s.speeding_rate - $9::double precision * s.harsh_rate, 0
  )::numeric, 1)::double precision end as score
  from summed s
), ranked as materialized (
  select s.*, case when s.score is not null and not s.is_total
    then rank() over (partition by s.is_total, s.is_now order by s.score desc nulls last)
  end as rank
  from scored s
), page as materialized (
  select driver from ranked
  where is_now and not is_total and ($6::text is null or driver > $6::text collate "C")
  order by driver
  limit $7::int + 1
), shown as (select driver from page order by driver limit $7::int), figures as (
  select r.is_total, r.driver, r.is_now, json_build_object(
    'vehicles', r.vehicles, 'driverDays', r.days, 'knownDriverDays', r.known,
    'distanceKm', round(r.distance_km::numeric, 3)::double precision, 'distanceDriverDays', r.distance_known,
    'movingS', r.moving_s, 'idlingS', r.idling_s,
    'idlingShare', round((r.idling_s / nullif(r.moving_s + r.idling_s, 0)::double precision)::numeric, 4)::double precision,
    'trips', r.trips, 'alarms', r.alarms, 'speedingEvents', r.speeding, 'harshEvents', r.harsh,
    'speedingPer100Km', round(r.speeding_rate::numeric, 3)::double precision,
    'harshPer100Km', round(r.harsh_rate::numeric, 3)::double precision,
    'maxSpeedKmh', r.max_speed_kmh, 'score', r.score, 'rank', r.rank
  ) as figures
  from ranked r
  where r.is_total or r.driver in (select driver from shown)
), compared as (
  select driver, (array_agg(figures) filter (where is_now))[1] as period, (array_agg(figures) filter (where not is_now))[1] as before
  from figures where not is_total
  group by driver
)
select json_build_object(
  'totals', json_build_object(
    'period', (select figures from figures where is_total and is_now),
    'before', (select figures from figures where is_total and not is_now)
  ),
  'drivers', coalesce((
    select json_agg(json_build_object('driver', driver, 'period', period, 'before', before) order by driver) from compared
  ), '[]')
)::text as body,
  case when (select count(*) from page) > $7::int then (select json_build_array(max(driver)) from shown) end as place
