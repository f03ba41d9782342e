-- How the pipeline is.

create table tracksolid.pipeline_jobs (
  job      text primary key,
  every_s  integer check (every_s > 0),
  optional boolean not null default false
);
comment on table tracksolid.pipeline_jobs is 'What has to run for data to come in, and how often: health looks at nothing else, so what somebody ran once by hand is not late for ever. As in workers/polls/schedule.ts, which a test compares it with.';
comment on column tracksolid.pipeline_jobs.job is 'As in ingestion_log.endpoint.';
comment on column tracksolid.pipeline_jobs.every_s is 'Period, s; null for the writer, which runs when there is something to write.';
comment on column tracksolid.pipeline_jobs.optional is 'Off unless somebody wants it: never late.';
insert into tracksolid.pipeline_jobs (job, every_s, optional) values
  ('writer', null, false), ('live', 60, false), ('derive', 60, false), ('parked', 60, false), ('alarms', 300, false),
  ('trips', 900, false), ('parking', 900, false), ('tracks', 1800, false), ('obd', 1800, true),
  ('left-out', 600, false), ('ledger', 600, false), ('addresses', 600, false), ('coverage', 3600, false),
  ('second-look', 86400, false), ('devices', 3600, false), ('housekeeping', 86400, false);

create index ingestion_log_endpoint_success_run_at_idx on tracksolid.ingestion_log (endpoint, success, run_at);

create function reporting.fn_last_run(job text, success boolean, as_of timestamptz)
returns setof tracksolid.ingestion_log
language sql stable
begin atomic
  -- One step into the index, which may lead to another job's run. Asked for the job's own, the server walks the whole log
  -- by time where a job never ran or has failed for a month: 1.3 million rows of a log of 100,000.
  select l.* from (
    select k.* from tracksolid.ingestion_log k
    where (k.endpoint, k.success, k.run_at) <= (fn_last_run.job, fn_last_run.success, fn_last_run.as_of)
    order by k.endpoint desc, k.success desc, k.run_at desc limit 1
  ) l
  where l.endpoint = fn_last_run.job and l.success = fn_last_run.success;
end;
comment on function reporting.fn_last_run(text, boolean, timestamptz) is
  'The newest run of a job up to as_of that succeeded, or that failed; no row where there is none.';

create view reporting.v_ingest_health as
  select
    j.job                      as endpoint,
    last_run.run_at            as last_run_at,
    last_run.success           as last_run_success,
    last_run.error_code        as last_error_code,
    last_run.error             as last_error,
    last_run.rows_received     as last_rows_received,
    last_run.vehicles_left_out as last_vehicles_left_out,
    last_success.run_at        as last_success_at,
    last_failure.run_at        as last_failure_at
  from tracksolid.pipeline_jobs j
  left join lateral reporting.fn_last_run(j.job, true, 'infinity') last_success on true
  left join lateral reporting.fn_last_run(j.job, false, 'infinity') last_failure on true
  cross join lateral (
    select * from (select (last_success).* union all select (last_failure).*) r
    where r.run_at is not null order by r.run_at desc limit 1
  ) last_run;
comment on view reporting.v_ingest_health is 'Newest run, success and failure of every job of the pipeline that ever ran; the caller compares ages with the schedule, or asks fn_ingest_health. The columns of the view that had this name before are not known: these are ours.';
comment on column reporting.v_ingest_health.endpoint is 'Job name of a poll, or writer.';
comment on column reporting.v_ingest_health.last_run_at is 'Newest run (UTC).';
comment on column reporting.v_ingest_health.last_run_success is 'Whether it succeeded.';
comment on column reporting.v_ingest_health.last_error_code is 'Class of its failure.';
comment on column reporting.v_ingest_health.last_error is 'Its failure in words.';
comment on column reporting.v_ingest_health.last_rows_received is 'Items it received.';
comment on column reporting.v_ingest_health.last_vehicles_left_out is 'Enabled devices the vendor left out of its answers.';
comment on column reporting.v_ingest_health.last_success_at is 'Newest success (UTC).';
comment on column reporting.v_ingest_health.last_failure_at is 'Newest failure (UTC).';

create function reporting.fn_ingest_health(as_of timestamptz)
returns table (
  job text, every_s integer, status text, last_run_at timestamptz, last_success_at timestamptz,
  last_success_age_s integer, last_failure_at timestamptz, last_error_code text, last_error text,
  last_rows_received integer, last_vehicles_left_out integer, runs_1h integer, failures_1h integer, runs_24h integer,
  failures_24h integer
)
language sql stable
begin atomic
  select
    j.job, j.every_s,
    case
      when last_run.success is false then 'failing'
      -- One missed tick is not news; the first run of a daily job is awaited from the first run of any.
      when not j.optional and coalesce(
        case when last_run.run_at is null then since.logging_since else last_success.run_at end, '-infinity'
      ) < fn_ingest_health.as_of - 2.5 * make_interval(secs => j.every_s) then 'late'
      else 'ok'
    end,
    last_run.run_at, last_success.run_at,
    extract(epoch from fn_ingest_health.as_of - last_success.run_at)::integer,
    last_failure.run_at, last_failure.error_code, last_failure.error, last_run.rows_received,
    last_run.vehicles_left_out,
    coalesce(counted.hour_runs, 0)::integer, coalesce(counted.hour_failures, 0)::integer,
    coalesce(counted.day_runs, 0)::integer, coalesce(counted.day_failures, 0)::integer
  from tracksolid.pipeline_jobs j
  cross join (
    select min(l.run_at) as logging_since from tracksolid.ingestion_log l
  ) since
  left join lateral reporting.fn_last_run(j.job, true, fn_ingest_health.as_of) last_success on true
  left join lateral reporting.fn_last_run(j.job, false, fn_ingest_health.as_of) last_failure on true
  left join lateral (
    select * from (select (last_success).* union all select (last_failure).*) r
    where r.run_at is not null order by r.run_at desc limit 1
  ) last_run on true
  left join (
    select
      l.endpoint, count(*) as day_runs, count(*) filter (where not l.success) as day_failures,
      count(*) filter (where l.run_at > fn_ingest_health.as_of - interval '1 hour') as hour_runs,
      count(*) filter (where not l.success and l.run_at > fn_ingest_health.as_of - interval '1 hour') as hour_failures
    from tracksolid.ingestion_log l
    where l.run_at > fn_ingest_health.as_of - interval '24 hours' and l.run_at <= fn_ingest_health.as_of
    group by l.endpoint
  ) counted on counted.endpoint = j.job
  order by j.every_s nulls first, j.job;
end;
comment on function reporting.fn_ingest_health(timestamptz) is
  'How every job of the pipeline is at as_of, a row each, also for those that never ran. status: failing (its newest run failed), late (no success for two and a half periods; never the writer, nor an optional job), ok. Times UTC, ages s; last_error_code and last_error are those of the newest failure, runs and failures those of the last hour and the last 24.';
