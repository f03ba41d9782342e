-- Fuel of days from $2 to $3, of the vehicles that match $1, with the columns of reporting.v_fuel_daily. Not read from there: until the
-- cut-over of an adopted database a view of the earlier system may have that name.
with fuel as (
  select v.day, v.imei, d.name, d.plate, d.account, d.city, d.segment, d.vehicle_type, v.distance_km,
    v.fuel_l as reported_l, v.distance_km * d.fuel_l_per_100_km / 100 as estimated_l,
    v.fuel_l::numeric * p.price_per_l as reported_cost,
    (v.distance_km * d.fuel_l_per_100_km / 100)::numeric * p.price_per_l as estimated_cost,
    p.currency, e.refills, e.refilled_l, e.drains, e.drained_l
  from reporting.vehicle_day v
  join reporting.v_vehicles d on d.imei = v.imei
  cross join tracksolid.fleet f
  left join lateral (
    select price_per_l, currency from tracksolid.fuel_prices where valid_from <= v.day order by valid_from desc limit 1
  ) p on true
  cross join lateral (
    select
      (count(*) filter (where kind = 'refill'))::integer as refills,
      sum(litres) filter (where kind = 'refill') as refilled_l,
      (count(*) filter (where kind = 'drain'))::integer as drains,
      sum(litres) filter (where kind = 'drain') as drained_l
    from (
      select x.kind, x.litres, x.source, max(x.source) over () as counts from reporting.v_fuel_events x
      where x.imei = v.imei and x.at >= v.day::timestamp at time zone f.zone
        and x.at < (v.day + 1)::timestamp at time zone f.zone and x.confidence >= 0.5
    ) told
    -- What the sensor told and the bus told too happened once.
    where source = counts
  ) e
  where v.day between $2::text::date and $3::text::date and v.imei in (select reporting.fn_matching_vehicles($1::text::json))
)
select coalesce(json_agg(to_jsonb(u) order by u.day, u.imei), '[]')::text as body
from fuel u
where $1::text::json -> 'driver' is null or exists (
  select from reporting.driver_day r
  where r.imei = u.imei and r.day = u.day and r.driver_name in (select json_array_elements_text($1::text::json -> 'driver'))
)
