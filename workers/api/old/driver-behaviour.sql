-- Drivers by day from $2 to $3, with the vehicles that match $1: as reporting.v_driver_aggregates_daily adds them up.
select coalesce(json_agg(to_jsonb(g) order by g.day, g.driver_name), '[]')::text as body
from (
  select r.day, r.driver_name, count(*) as vehicles, sum(r.moving_s) as moving_s, sum(r.idling_s) as idling_s,
    sum(r.distance_km) as distance_km, sum(r.trips) as trips, max(r.max_speed_kmh) as max_speed_kmh,
    sum(r.speeding_events) as speeding_events, sum(r.harsh_events) as harsh_events, sum(r.alarms) as alarms,
    100 * sum(r.speeding_events + r.harsh_events) / nullif(sum(r.distance_km), 0) as events_per_100_km
  from reporting.driver_day r
  where r.day between $2::text::date and $3::text::date and r.imei in (select reporting.fn_matching_vehicles($1::text::json))
    and ($1::text::json -> 'driver' is null or r.driver_name in (select json_array_elements_text($1::text::json -> 'driver')))
  group by r.day, r.driver_name
) g
