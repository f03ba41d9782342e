-- Tiles with a road that nobody drove since $1, the longest first, at most $2.
select level, x, y from reporting.road_tiles
where oldest_day < $1::text::date
order by oldest_day, level, x, y
limit $2::int
