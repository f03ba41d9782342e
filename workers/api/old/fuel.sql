-- reporting.v_fuel_daily from $2 to $3, of the vehicles that match $1.
select coalesce(json_agg(to_jsonb(u) order by u.day, u.imei), '[]')::text as body
from reporting.v_fuel_daily u
where u.day between $2::text::date and $3::text::date and u.imei in (select reporting.fn_matching_vehicles($1::text::json))
  and ($1::text::json -> 'driver' is null or exists (
    select from reporting.driver_day r
    where r.imei = u.imei and r.day = u.day and r.driver_name in (select json_array_elements_text($1::text::json -> 'driver'))
  ))
