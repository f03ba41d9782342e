-- What the fleet did from day $1 to day $2, beside the days from $3 up to $1, as one JSON text. $4 vehicles (JSON for
-- fn_matching_vehicles), $5 drivers (JSON list) or null.
with spent as materialized (
  -- By vehicle first: to tell thousands of rows by their vehicles costs more than to add them up.
  select f.imei, f.day >= $1::date as is_now, count(*) as days, count(f.moving_s) as known,
    sum(f.moving_s) as moving_s, sum(f.idling_s) as idling_s, sum(f.parked_s) as parked_s,
    sum(f.unknown_s) as unknown_s, count(f.unknown_s) as unknown_known,
    sum(f.distance_km) as distance_km, count(f.distance_km) as distance_known,
    sum(f.trips) as trips, count(f.trips) as trips_known,
    sum(f.fuel_l::double precision) as reported_l, count(f.fuel_l) as reported_known,
    sum(f.alarms) as alarms, sum(f.speeding_events) as speeding_events, sum(f.harsh_events) as harsh_events,
    count(f.alarms) as alarms_known
  from reporting.fn_fleet_days($3::date, $2::date, $4::text::json, $5::text::json) f
  group by f.imei, f.day >= $1::date
), covered as (
  select c.is_now, count(*) as known, sum(h.known_s) / nullif(sum(h.expected_s), 0)::double precision as share
  from (
    select d.day >= $1::date as is_now, d.day at time zone f.zone as day_from,
      (d.day + interval '1 day') at time zone f.zone as day_to
    from tracksolid.fleet f
    cross join generate_series($3::date::timestamp, $2::date::timestamp, interval '1 day') as d (day)
    -- How much is known of a driver's time nobody counts.
    where $5::text is null
  ) c
  cross join lateral (
    select imei, sum(have_s + recovered_s) as known_s, sum(have_s + recovered_s + missing_s) as expected_s
    from reporting.coverage_hours
    where hour >= c.day_from and hour < c.day_to
    group by imei
  ) h
  where h.imei in (select imei from spent)
  group by c.is_now
), summed as (
  select s.is_now, sum(s.days)::bigint as vehicle_days, count(*) filter (where s.known > 0) as vehicles_known,
    count(*) filter (where s.moving_s > 0) as vehicles_active, sum(s.known) as known,
    sum(s.moving_s) as moving_s, sum(s.idling_s) as idling_s, sum(s.parked_s) as parked_s,
    sum(s.unknown_s) as unknown_s, sum(s.unknown_known) as unknown_known,
    sum(s.distance_km) as distance_km, sum(s.distance_known) as distance_known,
    sum(s.trips) as trips, sum(s.trips_known) as trips_known,
    sum(s.reported_l) as reported_l, sum(s.reported_known) as reported_known,
    sum(s.distance_km * v.fuel_l_per_100_km / 100) as estimated_l,
    sum(s.distance_known) filter (where v.fuel_l_per_100_km is not null) as estimated_known,
    sum(s.alarms) as alarms, sum(s.speeding_events) as speeding_events, sum(s.harsh_events) as harsh_events,
    sum(s.alarms_known) as alarms_known
  from spent s
  join reporting.v_vehicles v on v.imei = s.imei
  group by s.is_now
), told as (
  select p.is_now, f.*
  from (values (true), (false)) p (is_now)
  left join summed s on s.is_now = p.is_now
  left join covered c on c.is_now = p.is_now
  cross join lateral (
    values
      (1, 'vehiclesKnown', s.vehicles_known::double precision, s.known, 0),
      (2, 'vehiclesActive', case when s.known > 0 then s.vehicles_active end, s.known, 0),
      (3, 'distanceKm', s.distance_km, s.distance_known, 3),
      (4, 'movingS', s.moving_s, s.known, 0),
      (5, 'idlingS', s.idling_s, s.known, 0),
      (6, 'parkedS', s.parked_s, s.known, 0),
      (7, 'unknownS', s.unknown_s, s.unknown_known, 0),
      (8, 'trips', s.trips, s.trips_known, 0),
      (9, 'fuelReportedL', s.reported_l, s.reported_known, 3),
      (10, 'fuelEstimatedL', s.estimated_l, s.estimated_known, 3),
      (11, 'alarms', s.alarms, s.alarms_known, 0),
      (12, 'speedingEvents', s.speeding_events, s.alarms_known, 0),
      (13, 'harshEvents', s.harsh_events, s.alarms_known, 0),
      (14, 'coverageShare', c.share, coalesce(c.known, 0), 4)
  ) f (place, name, value, known, decimals)
), compared as (
  select n.place, n.name, n.decimals, n.value, n.known, b.value as before, b.known as before_known
  from told n join told b on b.place = n.place and n.is_now and not b.is_now
)
select json_build_object(
  'vehicles', (select count(distinct imei) from spent),
  'vehicleDays', coalesce((select vehicle_days from summed where is_now), 0),
  'vehicleDaysBefore', coalesce((select vehicle_days from summed where not is_now), 0),
  'figures', (
    select json_object_agg(name, json_build_object(
      'value', round(value::numeric, decimals)::double precision,
      'knownVehicleDays', coalesce(known, 0),
      'before', round(before::numeric, decimals)::double precision,
      'knownVehicleDaysBefore', coalesce(before_known, 0),
      'change', round((value - before)::numeric, decimals)::double precision,
      'changeShare', round(((value - before) / nullif(before, 0))::numeric, 4)::double precision
    ) order by place)
    from compared
  )
)::text as body
