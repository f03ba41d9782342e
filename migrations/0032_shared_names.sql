-- Names that the system before this one uses otherwise: a database that was its own keeps both.

-- Its log has a number of its own as id.
alter table tracksolid.ingestion_log rename column id to run_id;
comment on column tracksolid.ingestion_log.run_id is 'UUIDv7 of the run or the batch.';

-- What the Worker asks for; v_ingest_health is the name by which others ask.
create view reporting.v_job_health as
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
comment on view reporting.v_job_health is 'Newest run, success and failure of every job of the pipeline that ever ran; the caller compares ages with the schedule, or asks fn_ingest_health.';
comment on column reporting.v_job_health.endpoint is 'Job name of a poll, or writer.';
comment on column reporting.v_job_health.last_run_at is 'Newest run (UTC).';
comment on column reporting.v_job_health.last_run_success is 'Whether it succeeded.';
comment on column reporting.v_job_health.last_error_code is 'Class of its failure.';
comment on column reporting.v_job_health.last_error is 'Its failure in words.';
comment on column reporting.v_job_health.last_rows_received is 'Items it received.';
comment on column reporting.v_job_health.last_vehicles_left_out is 'Enabled devices the vendor left out of its answers.';
comment on column reporting.v_job_health.last_success_at is 'Newest success (UTC).';
comment on column reporting.v_job_health.last_failure_at is 'Newest failure (UTC).';

create or replace view reporting.v_ingest_health as select * from reporting.v_job_health;
