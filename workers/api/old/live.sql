-- The map's vehicles as the earlier system's function told them. $1 filters, $2 now, $3 and $4 of reporting.fn_live_positions.
with filter as (
  select $1::text::json as f
)
select json_build_object('type', 'FeatureCollection', 'features', coalesce(json_agg(json_build_object(
  'type', 'Feature', 'id', p.imei,
  'geometry', case when p.lat is not null then json_build_object('type', 'Point', 'coordinates', json_build_array(p.lng, p.lat)) end,
  'properties', to_jsonb(p)
) order by p.imei), '[]'))::text as body
from filter, reporting.fn_live_positions($2::text::timestamptz, $3::text::interval, $4::text::interval) p
where p.imei in (select reporting.fn_matching_vehicles(f))
  and (f -> 'driver' is null or p.driver in (select json_array_elements_text(f -> 'driver')))
  and (f -> 'status' is null or p.status in (select json_array_elements_text(f -> 'status')))
  and (f -> 'q' is null or exists (
    select from json_array_elements_text(f -> 'q') asked (word)
    where strpos(lower(concat_ws(' ', p.imei, p.name, p.plate, p.driver)), lower(asked.word)) > 0
  ))
