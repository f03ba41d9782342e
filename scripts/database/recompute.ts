import { readFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import type postgres from "postgres";
import { settings } from "../../shared/settings.ts";
import { keptFrom } from "./kept-from.ts";
import { inTransaction } from "./transaction.ts";

const derive = join(resolve(import.meta.dirname, "../.."), "workers", "derive");

/** A day of a vehicle. */
interface Day {
  imei: string;
  /** YYYY-MM-DD. */
  day: string;
  /** Its first instant in the fleet's zone, and the next day's. */
  changedFrom: string;
  changedTo: string;
  /** Readings reach so far back that refills and drains of the day come out as they did. */
  hasReadings: boolean;
}

/** Others, such as the job, write meanwhile: what they changed cannot be written again from what was there before. */
const MOST_TRIES = 3;

/** What is stored of the days of `listed`: a name for people, and the row. */
const DERIVED = `
  select 'vehicle_day ' || imei || ' ' || day as name, to_jsonb(t)::text as row
  from reporting.vehicle_day t join listed using (imei, day)
  union all
  select 'driver_day ' || imei || ' ' || day || ' ' || driver_name, to_jsonb(t)::text
  from reporting.driver_day t join listed using (imei, day)
  union all
  select 'alarm_day ' || imei || ' ' || day || ' ' || canonical_code, to_jsonb(t)::text
  from reporting.alarm_day t join listed using (imei, day)
  union all
  select 'fuel_events ' || imei || ' ' || at, to_jsonb(t)::text
  from reporting.fuel_events t join listed l using (imei)
  where l.has_readings and t.at >= l.from_time and t.at < l.to_time
  union all
  select 'geofence_visits ' || imei || ' ' || entered_at || ' geofence ' || geofence_id, to_jsonb(t)::text
  from tracksolid.geofence_visits t join listed l using (imei)
  where t.entered_at >= l.from_time and t.entered_at < l.to_time and t.left_at is not null`;

/** Days that were compared, and the rows that came out differently, are missing or should not be there. */
interface Comparison {
  compared: number;
  differing: string[];
}

/**
 * Computes days of vehicles again, drawn by lot, as the job does, and takes it back. The newest two days are left out: what
 * is known of them grows while a vehicle stands. So are days whose positions or readings are no longer kept, visits that go on,
 * and geofences that are still to be computed.
 */
export async function computeAgain(sql: postgres.Sql, most: number, tries = MOST_TRIES): Promise<Comparison> {
  try {
    return await inTransaction(sql, false, (tx) => compare(tx, most), "isolation level repeatable read");
  } catch (error) {
    if ((error as postgres.PostgresError).code !== "40001" || tries === 1) throw error;
    return computeAgain(sql, most, tries - 1);
  }
}

async function compare(tx: postgres.TransactionSql, most: number): Promise<Comparison> {
  const days = await drawn(tx, most, await keptFrom(tx));
  const before = await stored(tx, days);
  await compute(tx, days);
  const after = await stored(tx, days);
  const names = [...new Set([...before.keys(), ...after.keys()])];
  const differing = names.filter((name) => before.get(name) !== after.get(name));
  return { compared: days.length, differing: differing.sort() };
}

const drawn = (tx: postgres.TransactionSql, most: number, from: string | null) => tx<Day[]>`
  select v.imei, v.day::text as day,
    to_char(v.day::timestamp at time zone zone at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') as "changedFrom",
    to_char((v.day + 1)::timestamp at time zone zone at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') as "changedTo",
    exists (
      select from tracksolid.obd_readings r
      where r.imei = v.imei and r.reading_time < v.day::timestamp at time zone zone - interval '4 days'
    ) or exists (
      select from tracksolid.fuel_readings r
      where r.imei = v.imei and r.reading_time < v.day::timestamp at time zone zone - interval '4 days'
    ) as "hasReadings"
  from reporting.vehicle_day v, tracksolid.fleet
  where day < (select max(day) - 1 from reporting.vehicle_day) and day >= ${from ?? "-infinity"}::text::date
    and not exists (select from private.dirty_days d where d.imei = v.imei)
    -- The first step of a day may begin before it.
    and exists (
      select from tracksolid.position_history h
      where h.imei = v.imei and h.gps_time < v.day::timestamp at time zone zone
    )
  order by random() limit ${most}`;

async function stored(tx: postgres.TransactionSql, days: Day[]): Promise<Map<string, string>> {
  const rows = await tx.unsafe<{ name: string; row: string }[]>(
    `with listed as (
      select "imei" as imei, "day" as day, "changedFrom" as from_time, "changedTo" as to_time,
        "hasReadings" as has_readings
      from json_to_recordset($1::text::json) as c (
        "imei" text, "day" date, "changedFrom" timestamptz, "changedTo" timestamptz, "hasReadings" boolean
      )
    ) ${DERIVED}`,
    [JSON.stringify(days)],
  );
  return new Map(rows.map(({ name, row }) => [name, row]));
}

/** What computeDays of the job does, but for trips and coverage, which change with the hour at which they are looked at. */
async function compute(tx: postgres.TransactionSql, days: Day[]): Promise<void> {
  const run = async (name: string, parameters: (string | number)[]) =>
    tx.unsafe(await readFile(join(derive, `${name}.sql`), "utf8"), parameters);
  const limit = `${settings.gapWhileMovingS} s`;
  const { movingAboveKmh } = settings;
  const list = JSON.stringify(days);
  await run("vehicle-hours", [list, limit, movingAboveKmh]);
  const [fences] = await tx<{ computed: string }[]>`
    select coalesce(json_agg(geofence_id), '[]')::text as computed from tracksolid.geofences
    where geofence_id not in (select geofence_id from private.dirty_geofences)`;
  const concerned = await run("geofence-crossings", [list, fences?.computed ?? "[]"]);
  await run("geofence-visits", [JSON.stringify(concerned)]);
  await run("alarm-days", [list]);
  await run("vehicle-days", [list]);
  await run("driver-days", [list, limit, movingAboveKmh]);
  await run("fuel-events", [list, movingAboveKmh]);
}
