-- How the jobs of TimescaleDB are: compression, and whatever else runs in the database by itself.

create function reporting.fn_timescale_jobs(as_of timestamptz)
returns table (
  job_id integer, procedure text, relation text, status text, last_run_at timestamptz, last_success_at timestamptz,
  next_run_at timestamptz, failures bigint, last_error text
)
language plpgsql stable as $$
begin
  -- What follows is read only where it is reached: elsewhere its views do not exist.
  if not exists (select from pg_catalog.pg_extension where extname = 'timescaledb') then
    return;
  end if;
  return query
  select
    j.job_id, j.proc_name::text,
    case when j.hypertable_name is not null then format('%I.%I', j.hypertable_schema, j.hypertable_name) end,
    judged.status,
    nullif(s.last_run_started_at, '-infinity'), nullif(s.last_successful_finish, '-infinity'),
    nullif(s.next_start, '-infinity'), coalesce(s.total_failures, 0),
    case when judged.status = 'failing' then (
      select e.err_message from timescaledb_information.job_errors e
      where e.job_id = j.job_id order by e.start_time desc limit 1
    ) end
  from timescaledb_information.jobs j
  left join timescaledb_information.job_stats s on s.job_id = j.job_id
  cross join lateral (
    select case
      when s.last_run_status = 'Failed' then 'failing'
      when not j.scheduled then 'ok'
      -- The scheduler has never looked at it, which takes seconds; when it was made nobody knows.
      when s.job_id is null then case
        when greatest(j.initial_start, (select min(l.run_at) from tracksolid.ingestion_log l))
          < fn_timescale_jobs.as_of - interval '1 hour' then 'overdue'
        else 'ok'
      end
      -- It runs; who asks may not be allowed to see that in job_status.
      when s.next_start = '-infinity' then case
        when s.last_run_started_at < fn_timescale_jobs.as_of - greatest(j.max_runtime, interval '1 day') then 'overdue'
        else 'ok'
      end
      when s.next_start < fn_timescale_jobs.as_of - interval '1 hour' then 'overdue'
      else 'ok'
    end as status
  ) judged
  -- Those below are TimescaleDB's own: its telemetry fails wherever the server cannot reach the internet.
  where j.job_id >= 1000
  order by j.job_id;
end $$;
comment on function reporting.fn_timescale_jobs(timestamptz) is
  'How every job of TimescaleDB in this database is at as_of, a row each; no row without the extension. status: failing (its last run failed), overdue (an hour late, or under way for a day and longer than it may be), ok; one that is switched off is ok unless its last run failed. Times UTC; failures since it exists. relation is the hypertable it works on, null without one. last_error is null but for the owner of the job or of the database.';
