-- Fuel as written down at the pump, on days of the fleet from $2 to $3, of the vehicles that match $1, with the drivers of the time.
select coalesce(json_agg(to_jsonb(u) order by u.filled_at, u.imei), '[]')::text as body
from tracksolid.fleet f, reporting.v_fuel_fills u
where u.filled_at >= $2::text::date::timestamp at time zone f.zone
  and u.filled_at < ($3::text::date + 1)::timestamp at time zone f.zone
  -- Without a filter those of vehicles that nobody knows, too; the span is none.
  and ($1::text::jsonb - array['from', 'to'] = '{}' or u.imei in (select reporting.fn_matching_vehicles($1::text::json)))
  and ($1::text::json -> 'driver' is null or exists (
    select from reporting.fn_driver_at(u.imei, u.filled_at)
    where driver_name in (select json_array_elements_text($1::text::json -> 'driver'))
  ))
