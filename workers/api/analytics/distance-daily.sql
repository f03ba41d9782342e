-- How far vehicles drove on each day from day $1 to day $2, beside the days from $3 up to $1, and where that is known from: a page of
-- days or, with $6, of days of vehicles, at most $9 after the day $7 and vehicle $8 (null for the first), and all of them
-- together, as one JSON text, with the last place where more follow. $4 vehicles (JSON for fn_matching_vehicles), $5 drivers
-- (JSON list) or null.
with fleet as materialized (
  -- Of a whole fleet's day it matters how many vehicles there are, not of which of them nothing is known.
  select v.imei from reporting.v_vehicles v
  where not $6::boolean and $5::text is null
    and v.imei in (select m.imei from reporting.fn_matching_vehicles($4::text::json) m (imei))
    and (v.enabled or exists (
      select from reporting.vehicle_day o where o.imei = v.imei and o.day between $3::date and $2::date
    ))
), known as materialized (
  select t.day, t.distance_source as source, count(*) as days, sum(t.distance_km) as distance_km, count(t.distance_km) as known
  from reporting.vehicle_day t
  where not $6::boolean and $5::text is null and t.day between $3::date and $2::date and t.imei in (select imei from fleet)
  group by 1, 2
), added as (
  -- Added up before anything else is made of them.
  select k.day, '' as imei, k.source, k.days, k.distance_km, k.known from known k
  union all
  select c.day::date, '', null, (select count(*) from fleet) - coalesce(sum(k.days), 0), null, 0
  from generate_series($3::date::timestamp, $2::date::timestamp, interval '1 day') c (day)
  left join known k on k.day = c.day::date
  group by c.day
  having (select count(*) from fleet) > coalesce(sum(k.days), 0)
  union all
  select f.day, case when $6::boolean then f.imei else '' end, f.distance_source, count(*), sum(f.distance_km), count(f.distance_km)
  from reporting.fn_fleet_days($3::date, $2::date, $4::text::json, $5::text::json) f
  where $6::boolean or $5::text is not null
  group by 1, 2, 3
), spent as materialized (
  select a.day >= $1::date as is_now, a.imei, a.source, a.days, a.distance_km, a.known,
    -- A day stands beside the one as many days before it.
    a.day + case when a.day < $1::date then $1::date - $3::date else 0 end as day
  from added a
), page as materialized (
  select distinct day, imei from spent
  where is_now and ($7::text is null or (day, imei) > ($7::date, $8::text))
  order by day, imei
  limit $9::int + 1
), shown as materialized (select day, imei from page order by day, imei limit $9::int), summed as (
  select false as is_total, s.*
  from (
    select day, imei, is_now, sum(days) as days, sum(distance_km) as distance_km, sum(known) as known,
      sum(distance_km) filter (where source = 'odometer') as odometer_km,
      coalesce(sum(known) filter (where source = 'odometer'), 0) as odometer_days,
      sum(distance_km) filter (where source = 'vendor') as vendor_km,
      coalesce(sum(known) filter (where source = 'vendor'), 0) as vendor_days,
      sum(distance_km) filter (where source = 'gps') as gps_km,
      coalesce(sum(known) filter (where source = 'gps'), 0) as gps_days
    from spent
    where (day, imei) in (select day, imei from shown)
    group by day, imei, is_now
  ) s
  union all
  select true, null, null, is_now, sum(days), sum(distance_km), sum(known),
    sum(distance_km) filter (where source = 'odometer'),
    coalesce(sum(known) filter (where source = 'odometer'), 0),
    sum(distance_km) filter (where source = 'vendor'),
    coalesce(sum(known) filter (where source = 'vendor'), 0),
    sum(distance_km) filter (where source = 'gps'),
    coalesce(sum(known) filter (where source = 'gps'), 0)
  from spent
  group by is_now
), figures as (
  select is_total, day, imei, is_now, json_build_object(
    'vehicleDays', days, 'knownVehicleDays', known, 'distanceKm', round(distance_km::numeric, 3)::double precision,
    'bySource', json_build_object(
      'odometer', json_build_object(
        'distanceKm', round(odometer_km::numeric, 3)::double precision, 'vehicleDays', odometer_days),
      'vendor', json_build_object(
        'distanceKm', round(vendor_km::numeric, 3)::double precision, 'vehicleDays', vendor_days),
      'gps', json_build_object('distanceKm', round(gps_km::numeric, 3)::double precision, 'vehicleDays', gps_days)
    )
  ) as figures
  from summed
), compared as (
  select day, imei, (array_agg(figures) filter (where is_now))[1] as period,
    (array_agg(figures) filter (where not is_now))[1] as before
  from figures where not is_total
  group by day, imei
)
select json_build_object(
  'totals', json_build_object(
    'period', (select figures from figures where is_total and is_now),
    'before', (select figures from figures where is_total and not is_now)
  ),
  'days', coalesce((
    select json_agg(json_build_object(
      'day', c.day, 'imei', nullif(c.imei, ''), 'name', v.name, 'plate', v.plate, 'period', c.period, 'before', c.before
    ) order by c.day, c.imei)
    from compared c left join reporting.v_vehicles v on v.imei = c.imei
  ), '[]')
)::text as body,
  case when (select count(*) from page) > $9::int
    then (select json_build_array(day, imei) from shown order by day desc, imei desc limit 1)
  end as place
