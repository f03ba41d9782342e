-- When the answer was true, and which jobs that bring or compute facts have not succeeded for two and a half of their periods.
select reporting.fn_iso(now()) as as_of,
  'Ingest is late, so the newest facts may be missing: ' || string_agg(
    late.job || coalesce(' (last success ' || reporting.fn_iso(late.run_at) || ')', ' (has never succeeded)'), ', '
  ) || '.' as warning
from (
  select j.job, done.run_at
  from tracksolid.pipeline_jobs j
  left join lateral reporting.fn_last_run(j.job, true, now()) done on true
  where j.job in ('live', 'alarms', 'trips', 'parking', 'tracks', 'devices', 'derive')
    and coalesce(done.run_at, '-infinity') < now() - 2.5 * make_interval(secs => j.every_s)
  order by j.every_s, j.job
) late
