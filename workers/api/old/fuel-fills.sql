-- Fuel as written down at the pump, on days of the fleet from $2 to $3, of the vehicles that match $1.
select coalesce(json_agg(to_jsonb(u) order by u.filled_at, u.imei), '[]')::text as body
from tracksolid.fleet f, reporting.v_fuel_fills u
where u.filled_at >= $2::text::date::timestamp at time zone f.zone
  and u.filled_at < ($3::text::date + 1)::timestamp at time zone f.zone
  and ($1::text = '{}' or u.imei in (select reporting.fn_matching_vehicles($1::text::json)))
