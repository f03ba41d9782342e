-- How the pipeline is, who is late, and the names by which consumers of the system before this one ask.

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
comment on view reporting.v_ingest_health is 'Newest run, success and failure of every job of the pipeline that ever ran; the caller compares ages with the schedule, or asks fn_ingest_health. The columns of the view that had this name before are not known: these are ours.';
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

create function reporting.fn_driver_clock_today(as_of timestamptz)
returns table (
  day date, driver_name text, imei text, name text, plate text, account text, city text, shift text,
  shift_from timestamptz, shift_to timestamptz, first_ignition_at timestamptz, first_moving_at timestamptz,
  last_moving_at timestamptz, last_ignition_at timestamptz, contact_at timestamptz, status text, late_s integer,
  is_late boolean
)
language sql stable
begin atomic
  with clock as (
    select
      today.day, r.driver_name, d.imei, d.name, d.plate, d.account, d.city, d.shift, s.grace,
      (today.day + s.starts_at) at time zone today.zone as shift_from,
      (today.day + s.ends_at + case when s.ends_at <= s.starts_at then interval '1 day' else interval '0' end)
        at time zone today.zone as shift_to,
      r.first_ignition_at, r.first_moving_at, r.last_moving_at, r.last_ignition_at, l.contact_at
    from (
      select f.zone, (fn_driver_clock_today.as_of at time zone f.zone)::date as day from tracksolid.fleet f
    ) today
    cross join reporting.v_vehicles d
    cross join lateral (
      select k.driver_name, k.first_ignition_at, k.first_moving_at, k.last_moving_at, k.last_ignition_at
      from reporting.driver_day k where k.imei = d.imei and k.day = today.day
      union all
      -- Of whom nothing was seen yet.
      select a.driver_name, null, null, null, null
      from reporting.fn_driver_at(d.imei, fn_driver_clock_today.as_of) a
      where not exists (
        select from reporting.driver_day k
        where k.imei = d.imei and k.day = today.day and k.driver_name = a.driver_name
      )
    ) r
    left join tracksolid.shifts s on s.shift = d.shift and s.weekday = extract(isodow from today.day)
    left join tracksolid.live_positions l on l.imei = d.imei
    where d.enabled
  ), judged as (
    select
      c.*,
      case
        when c.shift_from is null then 'free'
        when c.first_moving_at <= c.shift_from + c.grace then 'on_time'
        when c.first_moving_at is not null then 'late'
        when fn_driver_clock_today.as_of <= c.shift_from + c.grace then 'awaited'
        when c.contact_at >= c.shift_from then 'missing'
        else 'unknown'
      end as status
    from clock c
  )
  select
    j.day, j.driver_name, j.imei, j.name, j.plate, j.account, j.city, j.shift, j.shift_from, j.shift_to,
    j.first_ignition_at, j.first_moving_at, j.last_moving_at, j.last_ignition_at, j.contact_at, j.status,
    case when j.status in ('on_time', 'late', 'missing') then greatest(
      extract(epoch from coalesce(j.first_moving_at, fn_driver_clock_today.as_of) - j.shift_from), 0
    )::integer end,
    case j.status when 'on_time' then false when 'late' then true when 'missing' then true end
  from judged j
  order by j.shift_from, j.driver_name, j.imei;
end;
comment on function reporting.fn_driver_clock_today(timestamptz) is
  'Who has begun to drive on the day of as_of in the fleet''s zone, and who should have: every driver of an enabled vehicle. status: on_time (first moved within the grace of the shift), late (moved later), missing (not moved, though the vehicle was heard of since the shift began), unknown (nothing heard of it since), awaited (the shift or its grace goes on), free (no shift today). late_s: from the start of the shift to the first move, or to as_of while missing, s. The roll-ups are those of now: as_of is meant to be now, or a little earlier.';

-- The old names. They have no parameter, so those that say how things are at an instant read the clock: these views alone.

create view tracksolid.v_fleet_today as
  select * from reporting.fn_fleet_today(now());
comment on view tracksolid.v_fleet_today is 'Every vehicle of the map as it stands now, with its day so far. Grain: vehicle. reporting.fn_fleet_today by its old name; reads the clock. Its columns of then are not known: these are ours.';

create view tracksolid.v_vehicles_not_moved_today as
  select n.* from tracksolid.fleet f
  cross join lateral reporting.fn_vehicles_not_moved((now() at time zone f.zone)::date) n;
comment on view tracksolid.v_vehicles_not_moved_today is 'Vehicles that have not moved today, longest first. Grain: vehicle. reporting.fn_vehicles_not_moved by its old name; reads the clock. Its columns of then are not known: these are ours.';

create view tracksolid.v_currently_idle as
  select * from reporting.fn_currently_idle(now());
comment on view tracksolid.v_currently_idle is 'Vehicles that stand with the ignition on now. Grain: vehicle. reporting.fn_currently_idle by its old name; reads the clock. Its columns of then are not known: these are ours.';

create view tracksolid.v_driver_clock_today as
  select * from reporting.fn_driver_clock_today(now());
comment on view tracksolid.v_driver_clock_today is 'Who has begun to drive today, and who should have. Grain: driver and vehicle. reporting.fn_driver_clock_today by its old name; reads the clock. Its columns of then are not known: these are ours.';

create view tracksolid.v_driver_aggregates_daily as select * from reporting.v_driver_aggregates_daily;
create view tracksolid.v_fleet_km_daily          as select * from reporting.v_fleet_km_daily;
create view tracksolid.v_alarms_daily            as select * from reporting.v_alarms_daily;
create view tracksolid.v_driver_clock_daily      as select * from reporting.v_driver_clock_daily;
create view tracksolid.v_utilisation_daily       as select * from reporting.v_utilisation_daily;
create view tracksolid.v_mileage_daily_cagg as
  select v.day, v.imei, v.distance_km, v.distance_source, v.odometer_km, v.vendor_km, v.gps_km, v.fixes
  from reporting.vehicle_day v join reporting.v_vehicles d on d.imei = v.imei;
comment on view tracksolid.v_mileage_daily_cagg is 'How far a vehicle drove on a day. Grain: vehicle and day. reporting.vehicle_day by the name of an aggregate that summed other readings. Its columns of then are not known: these are ours.';

do $$
declare
  column_of record;
  words jsonb := '{
    "imei": "Device identity.", "name": "Device name.", "plate": "Licence plate.",
    "driver": "Driver, as the registry has it.", "driver_name": "Driver.", "account": "Owning Tracksolid account.",
    "city": "Home city.", "segment": "Business segment.", "vehicle_type": "Vehicle class.", "shift": "Shift.",
    "status": "moving, idling, parked, silent or unknown.", "lat": "Latitude, WGS-84 degrees.",
    "lng": "Longitude, WGS-84 degrees.", "fix_at": "Time of the newest fix (UTC).",
    "contact_at": "When it was last heard of (UTC).", "day": "Day in the fleet''s zone.", "moving_s": "Under way, s.",
    "idling_s": "Standing with the ignition on, s.", "parked_s": "Standing with the ignition not on, s.",
    "unknown_s": "The rest of what has gone of the day, s.", "distance_km": "The distance that counts, km.",
    "distance_source": "Where it comes from: odometer, vendor or gps.", "trips": "Trips that began on the day.",
    "first_moving_at": "First instant under way (UTC).", "last_moving_at": "Last instant under way (UTC).",
    "first_ignition_at": "First instant with the ignition on (UTC).",
    "last_ignition_at": "Last instant with the ignition on (UTC).", "max_speed_kmh": "Highest speed of a fix, km/h.",
    "speeding_events": "Alarms of the class speed.", "harsh_events": "Alarms of harsh driving.",
    "last_moved_day": "Last day on which it moved; null where none is known.", "days_since": "Days since then.",
    "known": "It was seen standing today; otherwise nobody knows.", "idle_since": "Since when it idles (UTC).",
    "idle_s": "For how long, s.", "shift_from": "When the shift begins (UTC).", "shift_to": "When the shift ends (UTC).",
    "late_s": "From the start of the shift to the first move, s; to now while it is missing.",
    "is_late": "Later than the grace of the shift; null where that cannot be said."
  }';
begin
  for column_of in
    select v.relname as view_name, a.attname as column_name, col_description(
      coalesce(to_regclass('reporting.' || v.relname), 'reporting.vehicle_day'::regclass), s.attnum
    ) as source_words
    from pg_class v
    join pg_attribute a on a.attrelid = v.oid and a.attnum > 0
    left join pg_attribute s on s.attname = a.attname
      and s.attrelid = coalesce(to_regclass('reporting.' || v.relname), 'reporting.vehicle_day'::regclass)
    where v.relnamespace = 'tracksolid'::regnamespace and v.relkind = 'v' and v.relname in (
      'v_fleet_today', 'v_vehicles_not_moved_today', 'v_currently_idle', 'v_driver_clock_today',
      'v_driver_aggregates_daily', 'v_fleet_km_daily', 'v_alarms_daily', 'v_driver_clock_daily',
      'v_utilisation_daily', 'v_mileage_daily_cagg'
    )
  loop
    execute format(
      'comment on column tracksolid.%I.%I is %L', column_of.view_name, column_of.column_name,
      case
        when column_of.view_name like '%daily%' then coalesce(column_of.source_words, words ->> column_of.column_name)
        else words ->> column_of.column_name
      end
    );
    if column_of.view_name like '%daily' then
      execute format(
        'comment on view tracksolid.%I is %L', column_of.view_name,
        obj_description(to_regclass('reporting.' || column_of.view_name), 'pg_class')
          || ' reporting.' || column_of.view_name
          || ' by its old name; its columns of then are not known: these are ours.'
      );
    end if;
  end loop;
end $$;

comment on column tracksolid.v_driver_clock_today.status is 'on_time, late, missing, unknown, awaited or free: as fn_driver_clock_today.';
