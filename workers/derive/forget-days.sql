-- Days of which the positions may be gone, from before the one of the fleet that $1 lies in, stay as they were computed: a fact
-- that comes later than that changes them no more.
delete from private.dirty_days using tracksolid.fleet where day < ($1::text::timestamptz at time zone zone)::date
