-- The roads that are known of the tiles $1 (JSON list of x and y) of level $2.
select t.x, t.y, t.roads
from json_to_recordset($1::text::json) k ("x" integer, "y" integer)
join reporting.road_tiles t on t.level = $2::int and t.x = k."x" and t.y = k."y"
