-- Loses nothing.

alter table tracksolid.ingestion_log rename column run_id to id;
comment on column tracksolid.ingestion_log.id is 'Run id or batch id.';

-- Its definition keeps the name that the column has while it is made.
create or replace view reporting.v_ingest_health as
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

drop view reporting.v_job_health;
