-- Keeps the roads of tiles $1 (JSON list of x, y, roads in base64 and oldestDay) of level $2 as of $3, ms since 1970. A tile without
-- roads is one without oldestDay, and goes.
with given as materialized (
  select * from json_to_recordset($1::text::json) k ("x" integer, "y" integer, "roads" text, "oldestDay" date)
), gone as (
  delete from reporting.road_tiles t using given g
  where t.level = $2::int and t.x = g."x" and t.y = g."y" and g."oldestDay" is null
)
insert into reporting.road_tiles as t (level, x, y, roads, oldest_day, version)
select $2::int, "x", "y", decode("roads", 'base64'), "oldestDay", $3::bigint
from given
where "oldestDay" is not null
order by 2, 3
on conflict (level, x, y) do update set
  roads = excluded.roads, oldest_day = excluded.oldest_day, version = greatest(t.version + 1, excluded.version)
