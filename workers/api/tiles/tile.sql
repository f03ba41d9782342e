-- The roads of tile ($2, $3) of level $1 and their version; without the roads where the caller's copy has that version (JSON list $4).
select t.version::text as version,
  case when t.version::text in (select json_array_elements_text($4::text::json)) then null else t.roads end as roads
from reporting.road_tiles t
where t.level = $1::int and t.x = $2::int and t.y = $3::int
