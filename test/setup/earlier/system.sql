-- A database as the system before this one may have left it. What is known of it is marked "known"; everything else is a guess, and
-- test/scripts/adopt/variants.ts says how it may be otherwise.

-- known: schemas tracksolid, reporting, tickets and fuel (another product's), infrastructure (nobody knows whose); everything was made
-- by a superuser, but for reporting.v_trips.
create schema tracksolid;
create schema reporting;
create schema tickets;
create schema fuel;
create schema infrastructure;

do $$
declare
  old_role text;
begin
  -- known: the names
  foreach old_role in array array['reporting_refresher', 'dashboard_app', 'grafana_ro'] loop
    begin
      execute format('create role %I', old_role);
    exception when duplicate_object or unique_violation then
      null;
    end;
  end loop;
end $$;

-- known: its own list of migrations, files 02 to 19
create table tracksolid.schema_migrations (
  filename   text primary key,
  applied_at timestamptz not null default now()
);
insert into tracksolid.schema_migrations (filename)
select lpad(n::text, 2, '0') || '_migration.sql' from generate_series(2, 19) n;

-- known: the table, imei; guess: the columns, after the fields of the vendor's API
create table tracksolid.devices (
  imei            text primary key,
  device_name     text,
  mc_type         text,
  account         text,
  sim             text,
  vehicle_name    text,
  vehicle_number  text,
  driver_name     text,
  driver_phone    text,
  activation_time timestamptz,
  expiration      timestamptz,
  enabled_flag    smallint,
  city            text,
  segment         text,
  vehicle_type    text,
  depot           text,
  created_at      timestamptz not null default now(),
  updated_at      timestamptz not null default now()
);

-- known: the table; guess: the columns
create table tracksolid.live_positions (
  imei           text primary key,
  lat            double precision not null,
  lng            double precision not null,
  speed          numeric(6, 2),
  direction      integer,
  gps_time       timestamptz not null,
  hb_time        timestamptz,
  acc_status     smallint,
  pos_type       text,
  updated_at     timestamptz not null default now()
);

-- known: hypertable on gps_time, key (imei, gps_time), source poll or track_list; guess: the other columns
create table tracksolid.position_history (
  imei       text not null,
  gps_time   timestamptz not null,
  lat        double precision not null,
  lng        double precision not null,
  speed      numeric(6, 2),
  direction  integer,
  acc_status smallint,
  source     text not null default 'poll',
  primary key (imei, gps_time)
);
create index position_history_gps_time_idx on tracksolid.position_history (gps_time desc);

-- known: distance_km, driving_time_s, average and maximum speed; guess: the other columns and the surrogate key
create table tracksolid.trips (
  id              bigserial primary key,
  imei            text not null,
  start_time      timestamptz not null,
  end_time        timestamptz not null,
  distance_km     numeric(10, 3),
  driving_time_s  integer,
  avg_speed_kmh   numeric(6, 2),
  max_speed_kmh   numeric(6, 2),
  start_lat       double precision,
  start_lng       double precision,
  end_lat         double precision,
  end_lng         double precision,
  start_address   text,
  end_address     text,
  created_at      timestamptz not null default now(),
  unique (imei, start_time)
);

-- known: the table; guess: the columns
create table tracksolid.parking_events (
  id               bigserial primary key,
  imei             text not null,
  start_time       timestamptz not null,
  end_time         timestamptz,
  duration_seconds integer,
  lat              double precision,
  lng              double precision,
  address          text,
  created_at       timestamptz not null default now(),
  unique (imei, start_time)
);

-- known: alarm_type, alarm_name, alarm_time, and that polled alarms doubled because a null in the key never conflicts
create table tracksolid.alarms (
  id          bigserial primary key,
  imei        text not null,
  alarm_type  text not null,
  alarm_name  text,
  alarm_time  timestamptz not null,
  alarm_id    text,
  lat         double precision,
  lng         double precision,
  speed       numeric(6, 2),
  source      text not null default 'poll',
  created_at  timestamptz not null default now(),
  unique (imei, alarm_type, alarm_time, alarm_id)
);

-- known: the tables; guess: the columns
create table tracksolid.obd_readings (
  id          bigserial primary key,
  imei        text not null,
  obd_time    timestamptz not null,
  rpm         integer,
  speed       numeric(6, 2),
  raw_payload jsonb,
  created_at  timestamptz not null default now()
);
create table tracksolid.device_events (
  id          bigserial primary key,
  imei        text not null,
  event_time  timestamptz not null,
  event_type  text,
  payload     jsonb,
  created_at  timestamptz not null default now()
);

-- known: endpoint, run_at, rows_inserted; guess: the other columns and the surrogate key
create table tracksolid.ingestion_log (
  id            bigserial primary key,
  endpoint      text not null,
  run_at        timestamptz not null default now(),
  rows_inserted integer,
  rows_updated  integer,
  duration_ms   integer,
  success       boolean not null default true,
  error_message text
);

-- known: the table; guess: the columns
create table tracksolid.api_token_cache (
  account       text primary key,
  access_token  text not null,
  refresh_token text,
  expires_at    timestamptz not null,
  updated_at    timestamptz not null default now()
);

-- A sequence that no column owns; its table's and the linked ones follow their tables.
create sequence tracksolid.batch_numbers;

-- known: the names; guess: the definitions
create view tracksolid.v_fleet_today as
  select d.imei, d.vehicle_number, l.lat, l.lng, l.gps_time
  from tracksolid.devices d left join tracksolid.live_positions l using (imei);
comment on view tracksolid.v_fleet_today is 'As the dashboards know it.';
create view tracksolid.v_currently_idle as
  select imei, gps_time from tracksolid.live_positions where acc_status = 1 and speed = 0;
create view tracksolid.v_fleet_km_daily as
  select date_trunc('day', start_time) as day, sum(distance_km) as km from tracksolid.trips group by 1;
create view reporting.v_ingest_health as
  select endpoint, max(run_at) as last_run from tracksolid.ingestion_log group by 1;
create table reporting.refresh_log (
  refreshed_at timestamptz not null default now(),
  view_name    text not null
);
create function reporting.fn_live_positions(p_city text default null) returns setof tracksolid.live_positions
language sql stable as $$ select l.* from tracksolid.live_positions l $$;
create function reporting.fn_vehicle_track(p_imei text, p_from timestamptz, p_to timestamptz) returns setof tracksolid.position_history
language sql stable as $$
  select h.* from tracksolid.position_history h where h.imei = p_imei and h.gps_time between p_from and p_to
$$;

-- known: a materialized view of reporting_refresher's
grant usage, create on schema reporting to reporting_refresher;
grant usage on schema tracksolid to reporting_refresher, grafana_ro;
grant select on all tables in schema tracksolid to reporting_refresher, grafana_ro;
create materialized view reporting.v_trips as
  select t.imei, t.start_time, t.end_time, t.distance_km from tracksolid.trips t;
create unique index v_trips_key on reporting.v_trips (imei, start_time);
alter materialized view reporting.v_trips owner to reporting_refresher;

-- What is nobody's business here.
create table tickets.incidents (ticket_no text primary key, title text, lat double precision, lon double precision, created timestamptz);
insert into tickets.incidents values ('INC1', 'No light', -1.28, 36.82, '2026-07-01 08:00Z');
create table fuel.fills (id bigserial primary key, plate text, litres numeric, filled_at timestamptz);
create table infrastructure.sites (id integer primary key, name text);
create view reporting.v_sites as select id, name from infrastructure.sites;
