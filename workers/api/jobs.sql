-- Of the jobs in the JSON list $1, which ask for spans: what they have covered, what waits, and their open runs, at most $2
-- of each; by name, as one JSON text.
select json_object_agg(job.value, json_build_object('coverage', coverage, 'depth', depth, 'openRuns', runs))::text as body
from json_array_elements_text($1::text::json) as job (value)
cross join lateral (
  select json_build_object(
    'vehicles', count(w.imei), 'neverAsked', count(*) filter (where w.imei is null),
    'oldestTo', to_char(min(w.covered_to) at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'),
    'newestTo', to_char(max(w.covered_to) at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')) as coverage
  from tracksolid.devices d
  left join tracksolid.poll_watermarks w on w.job = job.value and w.account = '*' and w.imei = d.imei
  where d.enabled
) covered
cross join lateral (
  select json_build_object(
    'waiting', count(*) filter (where w.sent_at is null),
    'withQueue', count(*) filter (where w.sent_at is not null and w.holder is null),
    'underWay', count(*) filter (where w.holder is not null)) as depth
  from private.job_windows w
  where w.job = job.value and w.ended_at is null
) windows
cross join lateral (
  select coalesce(json_agg(json_build_object(
    'id', r.id, 'cause', r.cause,
    'plannedAt', to_char(r.planned_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'),
    'vehicles', r.vehicles, 'windows', r.windows, 'windowsLeft', r.windows_left
  ) order by r.planned_at, r.id), '[]') as runs
  from (
    select * from private.job_runs where job = job.value and ended_at is null order by planned_at, id limit $2::int
  ) r
) open
