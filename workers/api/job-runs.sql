-- A page of the runs of job $1, newest first, each as JSON text: those that are logged, and those that are not yet. $2
-- whether they succeeded, or null. $3 one alone by its id, or null. $4 the last of the page before (JSON: at, id) or null.
-- $5 how many. $6 before then a run that ended is in the log.
with after as materialized (
  select * from json_to_record($4::text::json) as after ("at" timestamptz, "id" text)
), logged as (
  select l.run_id as id, l.run_at, l.duration_ms, l.success, l.api_calls, l.rows_received, l.vehicles_left_out, l.error_code, l.error
  from tracksolid.ingestion_log l
  where l.endpoint = $1 and ($2::text is null or l.success = $2::text::boolean) and ($3::text is null or l.run_id = $3)
    and ($4::text is null or (l.run_at, l.run_id) < (select "at", "id" from after))
  order by l.run_at desc, l.run_id desc
  limit $5::int
), unlogged as (
  select r.id, r.planned_at, null::integer, null::boolean, r.api_calls, r.items, null::integer, r.error_code, r.error
  from private.job_runs r
  where r.job = $1 and $2::text is null and ($3::text is null or r.id = $3)
    and (r.ended_at is null or r.ended_at > $6::text::timestamptz)
    and not exists (select from tracksolid.ingestion_log l where l.run_id = r.id)
    and ($4::text is null or (r.planned_at, r.id) < (select "at", "id" from after))
  order by r.planned_at desc, r.id desc
  limit $5::int
), page as (
  select * from logged union all select * from unlogged
  order by run_at desc, id desc
  limit $5::int
)
select p.id, to_char(p.run_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') as at, json_build_object(
  'id', p.id, 'runAt', to_char(p.run_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'),
  'durationMs', p.duration_ms, 'success', p.success, 'apiCalls', p.api_calls, 'rowsReceived', p.rows_received,
  'vehiclesLeftOut', p.vehicles_left_out, 'errorCode', p.error_code, 'error', p.error,
  'plan', case when r.id is not null then json_build_object(
    'cause', r.cause, 'vehicles', r.vehicles,
    'from', to_char(r.span_from at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'),
    'to', to_char(r.span_to at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'),
    'windows', r.windows, 'windowsLeft', r.windows_left,
    'done', r.done, 'postponed', r.postponed, 'failed', r.failed, 'lost', r.lost) end
)::text as run
from page p
left join private.job_runs r on r.id = p.id
order by p.run_at desc, p.id desc
