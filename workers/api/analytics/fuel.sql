-- Fuel of vehicles from day $1 to day $2, beside the days from $3 up to $1: a page of groups by $6, at most $8 after the key $7 (null
-- for the first), and all of them together, as one JSON text, with the last key where more follow. $4 vehicles (JSON for
-- fn_matching_vehicles), $5 drivers (JSON list) or null. Litres and costs of a day are those of v_fuel_daily, which asks for price
-- and events of each day alone, and for the driver of each event: that takes ten times as long.
with span as materialized (
  select $1::date as split_day, $1::date - $3::date as days, zone,
    $3::date::timestamp at time zone zone as from_time, ($2::date + 1)::timestamp at time zone zone as to_time
  from tracksolid.fleet
), vehicle as materialized (
  select v.imei, case $6
      when 'vehicle' then v.imei when 'account' then v.account when 'city' then v.city when 'segment' then v.segment
      when 'vehicle_type' then v.vehicle_type
    end as key, v.fuel_l_per_100_km,
    coalesce(d.own_tank_l, t.tank_l)::double precision as tank_l,
    exists (select from reporting.fn_fuel_levels(v.imei, s.from_time, split.at)) as told_before,
    exists (select from reporting.fn_fuel_levels(v.imei, split.at, s.to_time)) as told_now
  from reporting.v_vehicles v
  join tracksolid.devices d on d.imei = v.imei
  left join tracksolid.vehicle_types t on t.vehicle_type = v.vehicle_type
  cross join span s
  cross join lateral (select s.split_day::timestamp at time zone s.zone as at) split
  where v.imei in (select m.imei from reporting.fn_matching_vehicles($4::text::json) m (imei))
), price as (
  select lower(valid) as from_day, upper(valid) as next_day, price_per_l, currency
  from (
    select daterange(valid_from, lead(valid_from) over (order by valid_from)) as valid, price_per_l, currency
    from tracksolid.fuel_prices
  ) p
), event as (
  select e.imei, (e.at at time zone s.zone)::date as day, e.kind, d.driver_name, e.source,
    e.unexplained * case u.unit when 'l' then 1 when 'percent' then v.tank_l / 100 end as litres,
    max(e.source) over (partition by e.imei, (e.at at time zone s.zone)::date) as counts
  from span s
  join reporting.fuel_events e on e.at >= s.from_time and e.at < s.to_time and e.confidence >= 0.5
  join vehicle v on v.imei = e.imei
  left join tracksolid.fuel_units u on u.code = e.unit_code
  left join lateral reporting.fn_driver_at(e.imei, e.at) d on $5::text is not null
), priced as materialized (
  select c.day::date as day, p.from_day
  from generate_series($3::date::timestamp, $2::date::timestamp, interval '1 day') as c (day)
  join price p on c.day >= p.from_day and (p.next_day is null or c.day < p.next_day)
), spent as (
  -- Added up by vehicle and price at once: days by the thousand are multiplied once.
  select f.imei, case when $6 = 'day' then f.day end as day, f.day >= $1::date as is_now, p.from_day,
    count(*) as days, count(f.fuel_l) as reported_days, count(f.distance_km) as distance_days, sum(f.distance_km) as distance_km,
    sum(f.fuel_l::double precision) as reported_l,
    sum(f.fuel_l::double precision) filter (where f.distance_km is not null) as measured_l,
    sum(f.distance_km) filter (where f.fuel_l is not null) as measured_km
  from reporting.fn_fleet_days($3::date, $2::date, $4::text::json, $5::text::json) f
  left join priced p on p.day = f.day
  group by 1, 2, 3, 4
), fact as materialized (
  select key.of as key, f.is_now, bool_or(case when f.is_now then v.told_now else v.told_before end) as has_level,
    p.currency, sum(f.days) as days, sum(f.reported_days) as reported_days,
    coalesce(sum(f.distance_days) filter (where v.fuel_l_per_100_km is not null), 0) as estimated_days,
    sum(f.distance_km) as distance_km, sum(f.reported_l) as reported_l, sum(e.estimated_l) as estimated_l,
    sum(f.measured_l) as measured_l, sum(f.measured_km) as measured_km,
    sum(f.reported_l)::numeric * p.price_per_l as reported, sum(e.estimated_l)::numeric * p.price_per_l as estimated,
    0::bigint as refills, null::double precision as refilled_l, 0::bigint as drains, null::double precision as drained_l,
    0::bigint as fills, null::double precision as filled_l, null::numeric as filled
  from span s
  cross join spent f
  join vehicle v on v.imei = f.imei
  left join price p on p.from_day = f.from_day
  cross join lateral (select f.distance_km * v.fuel_l_per_100_km / 100 as estimated_l) e
  cross join lateral (
    -- A day stands beside the one as many days before it.
    select case when $6 = 'day' then (f.day + case when f.is_now then 0 else s.days end)::text else v.key end collate "C" as of
  ) key
  group by 1, 2, p.currency, p.price_per_l
  union all
  select key.of, o.day >= s.split_day, false, o.currency, 0, 0, 0, null, null, null, null, null, null, null,
    count(*) filter (where o.kind = 'refill'), sum(o.litres) filter (where o.kind = 'refill'),
    count(*) filter (where o.kind = 'drain'), sum(o.litres) filter (where o.kind = 'drain'),
    count(*) filter (where o.kind = 'fill'), sum(o.litres) filter (where o.kind = 'fill'), sum(o.cost)
  from span s
  cross join (
    -- What the sensor told and the bus told too happened once.
    select e.imei, e.day, e.driver_name, e.kind, e.litres, null as currency, null::numeric as cost from event e
    where e.source = e.counts
    union all
    select l.imei, (l.filled_at at time zone s.zone)::date, d.driver_name, 'fill', l.litres,
      case when l.cost is not null then l.currency end, l.cost
    from span s
    join reporting.v_fuel_fills l on l.filled_at >= s.from_time and l.filled_at < s.to_time
    left join lateral reporting.fn_driver_at(l.imei, l.filled_at) d on $5::text is not null
  ) o
  join vehicle v on v.imei = o.imei
  cross join lateral (
    select case when $6 = 'day' then (o.day + case when o.day < s.split_day then s.days else 0 end)::text else v.key end collate "C" as of
  ) key
  where $5::text is null or o.driver_name in (select json_array_elements_text($5::text::json))
  group by 1, 2, o.currency
), summed as materialized (
  select grouping(key) = 1 as is_total, key, is_now, sum(days) as days, sum(reported_days) as reported_days,
    sum(estimated_days) as estimated_days, sum(distance_km) as distance_km, sum(reported_l) as reported_l,
    100 * sum(measured_l) / nullif(sum(measured_km), 0) as reported_rate, sum(estimated_l) as estimated_l,
    bool_or(has_level) as has_level, sum(refills) as refills, sum(refilled_l) as refilled_l, sum(drains) as drains,
    sum(drained_l) as drained_l, sum(fills) as fills, sum(filled_l) as filled_l
  from fact
  group by grouping sets ((key, is_now), (is_now))
), page as materialized (
  select distinct key from summed
  where not is_total and ($7::text is null or key > $7::text collate "C" or key is null)
  order by key nulls last
  limit $8::int + 1
), shown as (select key from page order by key nulls last limit $8::int), paid as (
  select grouping(key) = 1 as is_total, key, is_now, currency, sum(reported) as reported, sum(estimated) as estimated,
    sum(filled) as filled
  from fact
  where currency is not null
  group by grouping sets ((key, is_now, currency), (is_now, currency))
), costs as (
  select is_total, key, is_now, json_agg(json_build_object(
    'currency', currency, 'reported', round(reported, 2), 'estimated', round(estimated, 2), 'filled', round(filled, 2)
  ) order by currency) as costs
  from paid
  where reported is not null or estimated is not null or filled is not null
  group by is_total, key, is_now
), figures as (
  select s.is_total, s.key, s.is_now, json_build_object(
    'vehicleDays', s.days, 'distanceKm', round(s.distance_km::numeric, 3)::double precision,
    'reportedL', round(s.reported_l::numeric, 3)::double precision, 'reportedVehicleDays', s.reported_days,
    'reportedLPer100Km', round(s.reported_rate::numeric, 2)::double precision,
    'estimatedL', round(s.estimated_l::numeric, 3)::double precision, 'estimatedVehicleDays', s.estimated_days,
    'refills', case when s.has_level or s.refills > 0 then s.refills end,
    'refilledL', round(s.refilled_l::numeric, 1)::double precision,
    'drains', case when s.has_level or s.drains > 0 then s.drains end,
    'drainedL', round(s.drained_l::numeric, 1)::double precision,
    'fills', s.fills, 'filledL', round(s.filled_l::numeric, 3)::double precision,
    'costs', coalesce(c.costs, '[]')
  ) as figures
  from summed s
  left join costs c on c.is_total = s.is_total and c.is_now = s.is_now and coalesce('=' || c.key, '') = coalesce('=' || s.key, '')
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
