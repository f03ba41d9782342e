-- What ran from $1 to $2 (not included), by hour (UTC), job and result, as one JSON text. The writer's batches are a job here.
with hours as (
  select date_trunc('hour', run_at, 'UTC') as hour, endpoint,
    case when success then null else coalesce(nullif(error_code, ''), 'unknown') end as error_code,
    count(*) as runs, sum(api_calls) as calls, sum(rows_received) as items, sum(rows_inserted) as inserted,
    sum(rows_updated) as updated, sum(rows_duplicate) as duplicate, sum(rows_rejected) as rejected
  from tracksolid.ingestion_log
  where run_at >= $1::text::timestamptz and run_at < $2::text::timestamptz
  group by 1, 2, 3
)
select coalesce(json_agg(json_build_object(
  'hour', to_char(hour at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"'), 'job', endpoint, 'errorCode', error_code,
  'runs', runs, 'apiCalls', calls, 'items', items, 'inserted', inserted, 'updated', updated, 'duplicate', duplicate,
  'rejected', rejected) order by hour, endpoint, error_code nulls first), '[]')::text as body
from hours
