-- Sums over the days from $2 to $3 of the vehicles that match $1: what nobody knows is null.
with filter as (
  select $1::text::json as f
), vehicle as (
  select v.imei from filter, reporting.v_vehicles v where v.enabled and v.imei in (select reporting.fn_matching_vehicles(f))
), day as (
  select u.* from reporting.vehicle_day u
  where u.day between $2::text::date and $3::text::date and u.imei in (select reporting.fn_matching_vehicles($1::text::json))
    and ($1::text::json -> 'driver' is null or exists (
      select from reporting.driver_day r
      where r.imei = u.imei and r.day = u.day and r.driver_name in (select json_array_elements_text($1::text::json -> 'driver'))
    ))
)
select json_build_object(
  'from', $2::text, 'to', $3::text,
  'vehicles', (select count(*) from vehicle),
  'active_vehicles', (select count(distinct imei) from day where moving_s > 0),
  'distance_km', sum(distance_km), 'trips', sum(trips), 'moving_s', sum(moving_s), 'idling_s', sum(idling_s),
  'parked_s', sum(parked_s), 'unknown_s', sum(unknown_s), 'alarms', sum(alarms), 'speeding_events', sum(speeding_events),
  'harsh_events', sum(harsh_events), 'fuel_l', sum(fuel_l), 'max_speed_kmh', max(max_speed_kmh)
)::text as body
from day
