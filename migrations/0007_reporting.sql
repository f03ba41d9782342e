-- What the read API and analysts select from. Nothing here reads the clock: callers pass as_of.

create function reporting.fn_live_positions(as_of timestamptz, silent_after interval, stale_after interval)
returns table (
  imei text, name text, plate text, driver text, account text, city text, segment text, vehicle_type text,
  model text, status text, online boolean, ignition boolean, lat double precision, lng double precision,
  speed_kmh real, heading_deg smallint, fix_at timestamptz, contact_at timestamptz, satellites smallint,
  odometer_km double precision, battery_percent real, external_voltage_v real
)
language sql stable
begin atomic
  select
    d.imei, d.device_name, d.plate, d.driver_name, d.account, d.city, d.segment, d.vehicle_type,
    d.model,
    case
      when l.fix_at is null then 'unknown'
      when greatest(l.contact_at, l.fix_at) < as_of - silent_after then 'silent'
      when l.speed_kmh > 3 and l.fix_at >= as_of - stale_after then 'moving'
      when l.ignition is false then 'parked'
      -- Last seen under way, and not since: it may stand, drive on or have lost the sky.
      when l.speed_kmh > 3 then 'unknown'
      when l.ignition is null then 'parked'
      when greatest(l.contact_at, l.fix_at) >= as_of - stale_after then 'idling'
      else 'unknown'
    end,
    l.online, l.ignition, l.lat, l.lng, l.speed_kmh, l.heading_deg, l.fix_at, l.contact_at, l.satellites,
    l.odometer_km, l.battery_percent, l.external_voltage_v
  from tracksolid.devices d
  left join tracksolid.live_positions l on l.imei = d.imei
  where d.enabled and not d.hidden_on_map;
end;
comment on function reporting.fn_live_positions(timestamptz, interval, interval) is
  'Every enabled vehicle with its newest fix. status: silent (nothing heard for silent_after before as_of), moving (> 3 km/h, fix within stale_after), idling (standing, ignition on, heard of within stale_after), parked (ignition off), unknown (never a fix; or under way or with the ignition on when last seen, longer than stale_after ago).';

create view reporting.v_ingest_health as
  with endpoints as (
    -- Walks the index from endpoint to endpoint instead of reading the log.
    with recursive walk as (
      (select endpoint from tracksolid.ingestion_log order by endpoint limit 1)
      union all
      select (select l.endpoint from tracksolid.ingestion_log l where l.endpoint > w.endpoint order by l.endpoint limit 1)
      from walk w where w.endpoint is not null
    )
    select endpoint from walk where endpoint is not null
  )
  select
    e.endpoint,
    last_run.run_at            as last_run_at,
    last_run.success           as last_run_success,
    last_run.error_code        as last_error_code,
    last_run.error             as last_error,
    last_run.rows_received     as last_rows_received,
    last_run.vehicles_left_out as last_vehicles_left_out,
    last_success.run_at        as last_success_at
  from endpoints e
  cross join lateral (
    select * from tracksolid.ingestion_log l where l.endpoint = e.endpoint order by l.run_at desc limit 1
  ) last_run
  left join lateral (
    select l.run_at from tracksolid.ingestion_log l
    where l.endpoint = e.endpoint and l.success order by l.run_at desc limit 1
  ) last_success on true;
comment on view reporting.v_ingest_health is 'Newest run and newest success of every endpoint; the caller compares ages with the schedule.';
comment on column reporting.v_ingest_health.endpoint is 'Job name of a poll, or writer.';
comment on column reporting.v_ingest_health.last_run_at is 'Newest run (UTC).';
comment on column reporting.v_ingest_health.last_run_success is 'Whether it succeeded.';
comment on column reporting.v_ingest_health.last_error_code is 'Class of its failure.';
comment on column reporting.v_ingest_health.last_error is 'Its failure in words.';
comment on column reporting.v_ingest_health.last_rows_received is 'Items it received.';
comment on column reporting.v_ingest_health.last_vehicles_left_out is 'Enabled devices the vendor left out of its answers.';
comment on column reporting.v_ingest_health.last_success_at is 'Newest success (UTC).';
