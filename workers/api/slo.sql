-- What the canary's runs of the month that begins at $1 (UTC, text YYYY-MM-01) say, as of $2, as JSON. A run is good where its fix was on the
-- map within $3 ms. Minutes without a run count as well, from the first run there ever was; the last two may still be under way.
with span as (
  select greatest($1::text::timestamp at time zone 'UTC', first.minute) as from_minute,
    least(($1::text::timestamp + interval '1 month') at time zone 'UTC',
      date_trunc('minute', $2::text::timestamptz) - interval '1 minute') as to_minute
  from (select min(minute) as minute from reporting.canary_runs having count(*) > 0) first
), runs as (
  select r.* from span s join reporting.canary_runs r on r.minute >= s.from_minute and r.minute < s.to_minute
), counted as (
  select count(*) filter (where mapped_ms <= $3::int) as good,
    percentile_cont(array[0.5, 0.95, 0.99]) within group (order by mapped_ms) as parts, max(mapped_ms) as slowest
  from runs
)
select json_build_object(
  'month', left($1, 7),
  'objectiveS', round($3::int / 1000.0, 3),
  'minutes', w.minutes,
  'good', c.good,
  'availability', round(c.good::numeric / nullif(w.minutes, 0), 6),
  'doorToMap', json_build_object(
    'p50S', round((c.parts[1] / 1000)::numeric, 3), 'p95S', round((c.parts[2] / 1000)::numeric, 3),
    'p99S', round((c.parts[3] / 1000)::numeric, 3), 'slowestS', round(c.slowest / 1000.0, 3)
  ),
  'newest', (
    select json_build_object('at', reporting.fn_iso(n.minute), 'doorS', round(n.taken_ms / 1000.0, 3), 'mapS', round(n.mapped_ms / 1000.0, 3))
    from reporting.canary_runs n order by n.minute desc limit 1
  )
)::text as body
from counted c
cross join lateral (
  select coalesce((select greatest(0, extract(epoch from to_minute - from_minute) / 60) from span), 0)::integer as minutes
) w
