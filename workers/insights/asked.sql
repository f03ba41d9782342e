-- The day $1 of the fleet's zone and its borders (UTC), as of $2 -> asOf. at: the day's end, or as_of while it goes on. is_new: of
-- it is known what only the newest is kept of. rules: $2, the thresholds (shared/settings.ts).
select w.day, w.day_from, least(w.as_of, w.day_to) as at, w.as_of, w.day_to, w.zone, w.rules,
  (w.as_of at time zone w.zone)::date - w.day between 0 and 1 as is_new
from (
  select $1::text::date as day, f.zone, $2::text::jsonb as rules, ($2::text::jsonb ->> 'asOf')::timestamptz as as_of,
    $1::text::date::timestamp at time zone f.zone as day_from,
    ($1::text::date + 1)::timestamp at time zone f.zone as day_to
  from tracksolid.fleet f
) w
