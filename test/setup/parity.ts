import type { OwnDatabase } from "./database.ts";

/** The vehicles of the fleet that both databases have. */
export const ONE = "860000000000001";
export const TWO = "860000000000002";

/** The days that are filled, in Nairobi. */
export const SPAN = ["--from", "2026-10-01", "--to", "2026-10-04"];

const TABLES = ["devices", "position_history", "trips", "alarms", "parking_events"];

/** Tables of an earlier system of the same fleet, as far as they are known, with types of its own. */
export async function createOldSchema({ sql }: OwnDatabase): Promise<void> {
  await sql
    .unsafe(`
      create schema tracksolid;
      create table tracksolid.devices (id serial primary key, imei varchar(40) unique, vehicle_name varchar(100));
      create table tracksolid.position_history (
        imei varchar(40) not null, gps_time timestamp not null, latitude numeric(9, 5), longitude numeric(9, 5),
        speed numeric, source varchar(20), primary key (imei, gps_time)
      );
      create table tracksolid.trips (
        id serial primary key, imei varchar(40) not null, start_time timestamp not null, end_time timestamp,
        distance_km numeric(10, 2), driving_time_s bigint
      );
      create index on tracksolid.trips (imei, start_time);
      create table tracksolid.alarms (
        id serial primary key, imei varchar(40) not null, alarm_type text, alarm_name text, alarm_time timestamptz not null
      );
      create table tracksolid.parking_events (
        id serial primary key, imei varchar(40) not null, start_time timestamp not null, end_time timestamp,
        duration_seconds integer
      )`)
    .simple();
}

/**
 * Empties both databases and writes the same into them: a fix every ten minutes, trips of 12.345 km, which are 12.35 in the old
 * one, alarms and stays.
 */
export async function fillAlike(ours: OwnDatabase, theirs: OwnDatabase): Promise<void> {
  const emptied = `truncate ${TABLES.map((table) => `tracksolid.${table}`)};`;
  const vehicles = `unnest(array['${ONE}', '${TWO}']) imei`;
  const every = (step: string) =>
    `generate_series(timestamptz '2026-09-30T21:00Z', timestamptz '2026-10-03T20:59Z', interval '${step}') at`;
  const utc = "at at time zone 'UTC'";
  const lng = "36.812345 + extract(epoch from at)::bigint % 7 * 0.001";
  await ours.sql
    .unsafe(`${emptied}
      insert into tracksolid.devices (imei, facts_at, created_at, changed_at) select imei, now(), now(), now() from ${vehicles};
      insert into tracksolid.position_history (imei, gps_time, lat, lng, source, sources, received_at)
      select imei, at, -1.300005, ${lng}, 'push', 2, at from ${vehicles}, ${every("10 minutes")};
      insert into tracksolid.trips (imei, start_time, end_time, distance_km, driving_time_s, source, raw, received_at)
      select imei, at, at + interval '20 minutes', 12.345, 1200, 'poll', '{}', at from ${vehicles}, ${every("8 hours")};
      insert into tracksolid.alarms (imei, canonical_code, alarm_time, code, alarm_type, source, sources, raw, received_at)
      select imei, 'jimi:48', at, 'jimi:48', '48', 'poll', 1, '{}', at from ${vehicles}, ${every("6 hours")};
      insert into tracksolid.parking_events (imei, start_time, acc, end_time, duration_s, source, raw, reported_until, received_at)
      select imei, at, 'off', at + interval '10 minutes', 600, 'poll', '{}', at, at from ${vehicles}, ${every("12 hours")}`)
    .simple();
  await theirs.sql
    .unsafe(`${emptied}
      insert into tracksolid.devices (imei) select imei from ${vehicles};
      insert into tracksolid.position_history (imei, gps_time, latitude, longitude, source)
      select imei, ${utc}, -1.300005, ${lng}, 'track_list' from ${vehicles}, ${every("10 minutes")};
      insert into tracksolid.trips (imei, start_time, end_time, distance_km, driving_time_s)
      select imei, ${utc}, ${utc} + interval '20 minutes', 12.345, 1200 from ${vehicles}, ${every("8 hours")};
      insert into tracksolid.alarms (imei, alarm_time, alarm_type, alarm_name)
      select imei, at, '48', 'Over speed' from ${vehicles}, ${every("6 hours")};
      insert into tracksolid.parking_events (imei, start_time, end_time, duration_seconds)
      select imei, ${utc}, ${utc} + interval '10 minutes', 600 from ${vehicles}, ${every("12 hours")}`)
    .simple();
}

/** The days of vehicles of a kind in the summary: compared, equal, differing, only here, only there. */
export function daysOf(stdout: string, kind: string): number[] {
  const line = stdout.split("\n").find((one) => one.startsWith(`│ ${kind} `)) ?? "";
  return line.split("│").slice(2, -1).map(Number);
}
