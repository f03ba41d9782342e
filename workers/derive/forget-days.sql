-- Days of which the positions may be gone, from before the one of the fleet that $1 lies in, stay as they were computed: a fact
-- that comes later than that changes them no more. At most $2, and which they were: what lists show of them has changed.
with old as materialized (
  select d.imei, d.day from private.dirty_days d, tracksolid.fleet f
  where d.day < ($1::text::timestamptz at time zone f.zone)::date
  order by d.imei, d.day
  limit $2::int
)
delete from private.dirty_days d using old where (d.imei, d.day) = (old.imei, old.day)
returning d.imei, d.day::text as day
