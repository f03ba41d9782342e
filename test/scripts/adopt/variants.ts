/** How the database of the earlier system may be otherwise than system.sql has it. */
export interface Variant {
  name: string;
  /** After system.sql, before there are rows. */
  sql: string;
  /** What adoption says is in the way; null where it adopts. */
  conflict: RegExp | null;
  /** Whether rows of history.sql fit. */
  empty?: boolean;
}

/** Where the server has no PostGIS, what stands in for it has its names. */
export const GEOMETRY = `
  do $$ begin
    if exists (select from pg_available_extensions where name = 'postgis') then
      create extension postgis;
    else
      create type public.geometry as (x double precision, y double precision, srid integer);
      create function public.st_makepoint(double precision, double precision) returns geometry
        language sql immutable as 'select row($1, $2, 0)::public.geometry';
      create function public.st_setsrid(g geometry, srid integer) returns geometry
        language sql immutable as 'select row((g).x, (g).y, srid)::public.geometry';
      create function public.st_x(g geometry) returns double precision language sql immutable as 'select (g).x';
      create function public.st_y(g geometry) returns double precision language sql immutable as 'select (g).y';
    end if;
  end $$;
  alter table tracksolid.position_history add column geom geometry;
  alter table tracksolid.trips add column start_geom geometry, add column end_geom geometry, add column way geometry;`;

export const VARIANTS: Variant[] = [
  { name: "as guessed", sql: "", conflict: null },
  {
    name: "other column names",
    sql: `
      alter table tracksolid.live_positions rename column lat to latitude;
      alter table tracksolid.live_positions rename column lng to longitude;
      alter table tracksolid.position_history rename column lat to latitude;
      alter table tracksolid.position_history rename column lng to longitude;
      alter table tracksolid.trips rename column end_time to stop_time;
      alter table tracksolid.trips rename column avg_speed_kmh to avg_speed;
      alter table tracksolid.devices rename column vehicle_number to license_plate;`,
    conflict: null,
    empty: true,
  },
  {
    name: "other types",
    sql: `
      drop function reporting.fn_live_positions, reporting.fn_vehicle_track;
      drop view tracksolid.v_fleet_today, tracksolid.v_currently_idle, tracksolid.v_fleet_km_daily;
      drop materialized view reporting.v_trips;
      alter table tracksolid.devices alter column imei type varchar(20), alter column device_name type varchar(40),
        alter column enabled_flag type boolean using enabled_flag = 1;
      alter table tracksolid.live_positions alter column imei type varchar(20), alter column lat type numeric(9, 6),
        alter column lng type numeric(9, 6), alter column acc_status type text, alter column pos_type type varchar(10);
      alter table tracksolid.position_history alter column imei type varchar(20), alter column lat type numeric(9, 6),
        alter column lng type numeric(9, 6), alter column source type varchar(20), alter column acc_status type boolean using acc_status = 1;
      alter table tracksolid.trips alter column imei type varchar(20), alter column distance_km type real,
        alter column driving_time_s type bigint, alter column start_lat type numeric(9, 6), alter column created_at type timestamp;
      alter table tracksolid.alarms alter column imei type varchar(20), alter column alarm_type type varchar(30);
      alter table tracksolid.obd_readings alter column raw_payload type json;`,
    conflict: null,
    empty: true,
  },
  {
    name: "columns that must not be null, and that we know nothing of",
    sql: `
      alter table tracksolid.position_history add column tenant integer not null default 1, add column batch text not null default '';
      alter table tracksolid.position_history alter column batch drop default;
      alter table tracksolid.trips add column polled_by text not null default 'a';
      alter table tracksolid.alarms add column polled_by text not null default 'a';
      alter table tracksolid.live_positions alter column speed set not null, alter column hb_time set not null;`,
    conflict: null,
    empty: true,
  },
  {
    name: "triggers that write next door",
    sql: `
      create table tracksolid.changes (id bigserial primary key, relation text, imei text, at timestamptz default now());
      create function tracksolid.note_change() returns trigger language plpgsql as $$
      begin insert into tracksolid.changes (relation, imei) values (tg_table_name, new.imei); return new; end $$;
      create trigger note before insert or update on tracksolid.trips for each row execute function tracksolid.note_change();
      create trigger note after insert on tracksolid.alarms for each row execute function tracksolid.note_change();`,
    conflict: null,
  },
  {
    name: "keys without a surrogate, foreign keys, checks",
    sql: `
      alter table tracksolid.trips drop constraint trips_pkey, drop constraint trips_imei_start_time_key, drop column id, add primary key (imei, start_time);
      alter table tracksolid.live_positions add foreign key (imei) references tracksolid.devices;
      alter table tracksolid.position_history add constraint known_source check (source in ('poll', 'track_list'));
      alter table tracksolid.trips add constraint goes_on check (end_time >= start_time);`,
    conflict: null,
  },
  {
    name: "a writer that is no superuser",
    sql: `
      do $$ begin create role old_writer login; exception when duplicate_object or unique_violation then null; end $$;
      grant usage on schema tracksolid to old_writer;
      do $$ declare t text; begin
        for t in select format('%I.%I', schemaname, tablename) from pg_tables where schemaname = 'tracksolid' loop
          execute format('alter table %s owner to old_writer', t);
        end loop;
      end $$;`,
    conflict: null,
  },
  {
    name: "a function that is called as ours is",
    sql: `
      create function reporting.fn_live_positions(a timestamptz, b interval, c interval) returns bigint
      language sql stable as $$ select count(*) from tracksolid.live_positions $$;`,
    conflict: /fn_live_positions\(timestamp with time zone, interval, interval\): is called as ours is/,
  },
  {
    name: "a table that we thought was new",
    sql: `
      create table tracksolid.heartbeats (id bigserial primary key, imei text not null, hb_time timestamptz not null, payload jsonb);
      create table tracksolid.driver_assignments (imei text not null, valid_from timestamptz not null, driver_name text not null, primary key (imei, valid_from));`,
    conflict: null,
  },
  {
    name: "the mileage as a materialized view",
    sql: `
      create materialized view tracksolid.v_mileage_daily_cagg as
      select imei, date_trunc('day', gps_time) as bucket, count(*) as points, (max(lat) - min(lat)) * 111 as distance_km
      from tracksolid.position_history group by 1, 2;
      grant select on tracksolid.v_mileage_daily_cagg to grafana_ro;`,
    conflict: null,
  },
  { name: "geometry that the writer filled", sql: GEOMETRY, conflict: null },
  {
    name: "columns of our names that may be null",
    sql: `
      alter table tracksolid.devices add column enabled boolean, add column kind text;
      alter table tracksolid.trips add column received_at timestamptz, add column source text;`,
    conflict: null,
  },
  {
    name: "times without a zone",
    sql: `
      drop function reporting.fn_vehicle_track;
      alter table tracksolid.position_history alter column gps_time type timestamp;`,
    conflict: /position_history: has gps_time as timestamp without time zone, and it has to be timestamptz/,
    empty: true,
  },
  {
    name: "a history without places",
    sql: `
      drop function reporting.fn_vehicle_track;
      alter table tracksolid.position_history drop column lat, drop column lng, add column geom text;`,
    conflict: /position_history: has no column for lat: looked for lat, latitude/,
    empty: true,
  },
  {
    name: "a view where we have a table",
    sql: "create view tracksolid.alarm_codes as select 1 as code;",
    conflict: /alarm_codes: is a view, and has to be a table/,
  },
  {
    name: "a key with a column that is nobody's",
    sql: `
      alter table tracksolid.trips drop constraint trips_pkey, drop constraint trips_imei_start_time_key,
        add column region text not null, add primary key (imei, start_time, region);`,
    conflict: /trips: has region in its key, which we cannot fill/,
    empty: true,
  },
];
