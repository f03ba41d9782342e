-- What /metrics says of the data: a name, labels and a value per row. $1 as_of, $2 silent_after and $3 stale_after
-- in seconds. Sums are over an hour: housekeeping deletes rows, so nothing can be counted from the beginning.
with logged as materialized (
  select * from tracksolid.ingestion_log where run_at > $1::text::timestamptz - interval '1 hour'
), live as (
  select p.status, count(*) as devices
  from reporting.fn_live_positions($1::text::timestamptz, make_interval(secs => $2::int), make_interval(secs => $3::int)) p
  group by p.status
), sample (name, labels, value) as (
  select age.name, '{}'::jsonb, extract(epoch from $1::text::timestamptz - age.newest_at)
  from (select max(fix_at) as fix_at, max(contact_at) as contact_at from tracksolid.live_positions) newest
  cross join lateral (values ('newest_fix_age_seconds', fix_at), ('newest_contact_age_seconds', contact_at)) age (name, newest_at)
  union all
  select 'last_success_age_seconds', jsonb_build_object('job', endpoint), extract(epoch from $1::text::timestamptz - last_success_at)
  from reporting.v_job_health
  union all
  select total.name, jsonb_build_object('job', endpoint), total.value
  from (
    select endpoint, count(*) as runs, sum(api_calls) as calls, sum(rows_received) as received, sum(rows_inserted) as inserted,
      sum(rows_updated) as updated, sum(rows_duplicate) as duplicate, sum(rows_rejected) as rejected
    from logged group by endpoint
  ) summed
  cross join lateral (values
    ('runs_last_hour', runs), ('vendor_calls_last_hour', calls), ('items_received_last_hour', received),
    ('rows_inserted_last_hour', inserted), ('rows_updated_last_hour', updated),
    ('rows_duplicate_last_hour', duplicate), ('items_rejected_last_hour', rejected)
  ) total (name, value)
  union all
  select 'runs_failed_last_hour', jsonb_build_object('job', endpoint, 'code', coalesce(error_code, '')), count(*)
  from logged where not success group by endpoint, error_code
  union all
  select 'timescale_job_failing', jsonb_build_object('job', job_id::text, 'procedure', procedure, 'relation', coalesce(relation, '')),
    case status when 'ok' then 0 else 1 end
  from reporting.fn_timescale_jobs($1::text::timestamptz)
  union all
  select 'devices', jsonb_build_object('status', kind.status), coalesce(kind.devices, 0)
  from (
    select known.status, live.devices
    from (values ('moving'), ('idling'), ('parked'), ('silent'), ('unknown')) known (status)
    left join live on live.status = known.status
    union all select 'canary', count(*) from tracksolid.devices where enabled and kind = 'canary'
    union all select 'hidden', count(*) from tracksolid.devices where enabled and kind = 'vehicle' and hidden_on_map
    union all select 'disabled', count(*) from tracksolid.devices where not enabled
  ) kind
)
select name, labels, value::float8 as value from sample where value is not null order by name, labels
