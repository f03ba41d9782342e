-- Takes away namings of drivers from before $1 that say the same as those before and after them, in the order of devices, at
-- most $2: without them the assignments are the same. What the company named stays: it says whom to hear.
with told as (
  select imei, seen_at,
    driver_name = lag(driver_name) over w and driver_name = lead(driver_name) over w
      and (driver_phone is null or driver_phone = lead(driver_phone) over w) and source not in ('own', 'returned') as repeats
  from private.driver_sightings
  where seen_at < $1::text::timestamptz
  window w as (partition by imei order by seen_at)
), old as materialized (
  select imei, seen_at from told where repeats order by imei, seen_at limit $2::int
)
delete from private.driver_sightings s using old where (s.imei, s.seen_at) = (old.imei, old.seen_at)
