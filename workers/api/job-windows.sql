-- A page of the windows of run $1 after number $2, at most $3, as one JSON text.
select coalesce(json_agg(json_build_object(
  'number', w.number, 'account', w.account, 'vehicles', json_array_length(w.imeis), 'imeis', w.imeis,
  'from', to_char(w.from_time at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'),
  'to', to_char(w.to_time at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'),
  'outcome', w.outcome, 'missing', coalesce(w.missing, '[]'), 'apiCalls', w.api_calls, 'items', w.items,
  'errorCode', w.error_code, 'error', w.error,
  'sentAt', to_char(w.sent_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'),
  'takenAt', to_char(w.taken_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'),
  'endedAt', to_char(w.ended_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')
) order by w.number), '[]')::text as body
from (
  select * from private.job_windows where run_id = $1 and number > $2::int order by number limit $3::int
) w
