-- Days of vehicles to be computed again, at most $1.
select imei, day::text, changed_from, changed_to, mark::text from private.dirty_days order by imei, day limit $1::int
