-- Takes away positions from before the day of the fleet that $1 lies in, at most $2, and tells whose days they were of.
select p.imei, p.day::text as day
from tracksolid.fleet f, private.remove_positions(date_trunc('day', $1::text::timestamptz, f.zone), $2::int) p
