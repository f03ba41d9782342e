-- Open tickets of the kind $2 at $3, each with its place and its vehicle's. $1 filters, by the vehicle it is assigned to.
with filter as (
  select $1::text::json as f
)
select json_build_object('type', 'FeatureCollection', 'features', coalesce(json_agg(json_build_object(
  'type', 'Feature', 'id', m.number,
  'geometry', case when m.lat is not null then json_build_object('type', 'Point', 'coordinates', json_build_array(m.lng, m.lat)) end,
  'properties', to_jsonb(m)
) order by m.opened_at, m.number), '[]'))::text as body
from filter, reporting.fn_active_dispatch_map($3::text::timestamptz) m
where m.kind = $2::text
  -- Without a filter those of no vehicle, too.
  and (f::text = '{}' or m.imei in (select reporting.fn_matching_vehicles(f)))
  and (f -> 'driver' is null or m.driver_name in (select json_array_elements_text(f -> 'driver')))
  and (f -> 'q' is null or exists (
    select from json_array_elements_text(f -> 'q') asked (word)
    where strpos(lower(concat_ws(' ', m.number, m.area, m.imei, m.name, m.plate, m.driver_name)), lower(asked.word)) > 0
  ))
