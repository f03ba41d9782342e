-- Those of the JSON list $1 that no device has, in its order, at most $2, and how many there are.
select named.imei, (count(*) over ())::int as unknown
from json_array_elements_text($1::text::json) with ordinality as named (imei, place)
where not exists (select from tracksolid.devices d where d.imei = named.imei)
order by named.place
limit $2::int
