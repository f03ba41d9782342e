-- Days whose insights are to be made (again), as of $1, oldest first: of the last $2 those that are not kept, that were not made
-- today, or of which, or of the $3 days before, something was computed since.
select d.day::text
from tracksolid.fleet f
cross join lateral (select ($1::text::timestamptz at time zone f.zone)::date as today) t
cross join lateral (select t.today - n as day from generate_series(1, $2::int) n) d
left join reporting.insight_days k on k.day = d.day
where k.day is null or (k.told_at at time zone f.zone)::date < t.today
  or exists (
    select from reporting.day_versions v
    where v.version > k.version and v.day between d.day - $3::int and d.day
  )
order by d.day
