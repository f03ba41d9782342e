-- Days of vehicles to be computed again, at most $1: those first that were left alone longest, so that vehicles which
-- change all the time keep nobody waiting.
select imei, day::text, changed_from, changed_to, mark::text from private.dirty_days order by mark, imei, day limit $1::int
