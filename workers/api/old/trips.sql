-- Trips as the earlier system's function told them, oldest first, as lines from start to end. $1 filters, $2 and $3 from and to.
with span as (
  -- A time without a zone is of the fleet's; a day ends with it.
  select
    case when $2::text ~ '.{10,}(Z|[+-]\d\d:?\d\d)$' then $2::text::timestamptz else $2::text::timestamp at time zone zone end as from_time,
    case when $3::text ~ '.{10,}(Z|[+-]\d\d:?\d\d)$' then $3::text::timestamptz
      else ($3::text::timestamp + case when length($3::text) = 10 then interval '1 day' else interval '0' end) at time zone zone
    end as to_time
  from tracksolid.fleet
), filter as (
  select $1::text::json as f
)
select json_build_object('type', 'FeatureCollection', 'features', coalesce(json_agg(json_build_object(
  'type', 'Feature',
  'geometry', case when t.start_lat is not null and t.end_lat is not null then json_build_object(
    'type', 'LineString', 'coordinates', json_build_array(
      json_build_array(t.start_lng, t.start_lat), json_build_array(t.end_lng, t.end_lat)
    )
  ) end,
  'properties', to_jsonb(t)
) order by t.start_time, t.imei), '[]'))::text as body
-- Not v_trips, which until the cut-over of an adopted database is the earlier system's.
from span, filter, reporting.fn_trips_for_map(span.from_time, span.to_time, null::text[]) t
where t.imei in (select reporting.fn_matching_vehicles(f))
  and (f -> 'driver' is null or t.driver in (select json_array_elements_text(f -> 'driver')))
  and (f -> 'q' is null or exists (
    select from json_array_elements_text(f -> 'q') asked (word)
    where strpos(lower(concat_ws(' ', t.imei, t.name, t.plate, t.driver)), lower(asked.word)) > 0
  ))
