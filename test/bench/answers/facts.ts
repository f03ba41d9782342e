import type postgres from "postgres";
import { fillHistory } from "../../setup/reporting-history.ts";
import { post, type Running } from "../workers.ts";

/** The first fleet. */
export const VEHICLES = 150;

/** Days in the fleet's zone that are asked for; as many before them are compared. */
export const PERIOD = { from: "2026-08-03", to: "2026-10-31", days: 90 };

/** Days of which there are positions; the job computes them, and the one in the middle is what those before are like. */
const COMPUTED = { from: new Date("2026-10-29T00:00:00Z"), to: new Date("2026-11-01T00:00:00Z") };
const PATTERN = "2026-10-30";
const COPIES = 2 * PERIOD.days - 2;

/** Of one vehicle a fix every 10 s, as long as tracks may be; before the days above, whose fixes are others. */
export const TRACK = {
  imei: "861000000000000",
  from: "2026-03-01T00:00:00Z",
  dayTo: "2026-03-02T00:00:00Z",
  to: "2026-04-01T00:00:00Z",
  days: 31,
};

/** Tables whose rows of a day are copied, and which day a row is of. */
const COPIED = {
  "reporting.vehicle_day": "day",
  "reporting.driver_day": "day",
  "reporting.alarm_day": "day",
  "reporting.day_versions": "day",
  "reporting.coverage_hours": "(hour at time zone 'Africa/Nairobi')::date",
  "reporting.vehicle_hour": "(hour at time zone 'Africa/Nairobi')::date",
  "tracksolid.trips": "(start_time at time zone 'Africa/Nairobi')::date",
  "tracksolid.alarms": "(alarm_time at time zone 'Africa/Nairobi')::date",
};

/** Fills half a year of the fleet, and a month of one vehicle's way. */
export async function fillFacts(sql: postgres.Sql, workers: Running): Promise<void> {
  const imeis = Array.from({ length: VEHICLES }, (_, n) => String(Number(TRACK.imei) + n));
  await fillHistory(sql, { imeis, ...COMPUTED });
  await describeFleet(sql);
  await derive(sql, workers);
  for (const [table, day] of Object.entries(COPIED)) await copyDay(sql, table, day);
  await fillFuel(sql);
  await fillTrack(sql);
  await sql`vacuum analyze`;
  await sql`checkpoint`;
}

/** What the company says of its fleet, and addresses as the geocoder finds them. */
async function describeFleet(sql: postgres.Sql): Promise<void> {
  await sql`
    insert into tracksolid.vehicle_types (vehicle_type, fuel_l_per_100_km, tank_l) values ('van', 9.5, 70)`;
  await sql`
    insert into tracksolid.fuel_prices (valid_from, price_per_l, currency)
    select '2026-01-01'::date + 30 * month, 170 + month, 'KES' from generate_series(0, 9) month`;
  await sql`
    insert into tracksolid.shifts (shift, weekday, starts_at, ends_at)
    select 'day', weekday, '07:30', '17:00' from generate_series(1, 7) weekday`;
  await sql`update tracksolid.driver_assignments set valid_from = '2026-01-01'`;
  await sql`update tracksolid.devices set plate = device_name, shift = 'day'`;
  await sql`
    update tracksolid.trips set start_address = 'Kenyatta Avenue, Nairobi', end_address = 'Airport North Road, Nairobi'`;
}

/** As if a day of the period had been computed again: what was answered before is not good any more. */
export async function computeAgain(sql: postgres.Sql): Promise<void> {
  await sql`
    update reporting.day_versions set version = (select max(version) + 1 from reporting.day_versions)
    where (imei, day) = (select imei, day from reporting.day_versions where day = ${PERIOD.to} order by imei limit 1)`;
}

/** Runs the job until nothing is marked. */
async function derive(sql: postgres.Sql, workers: Running): Promise<void> {
  for (;;) {
    const { failures } = await post<{ failures: unknown[] }>(workers, "bench", "/derive", {});
    if (failures.length > 0) throw new Error(`the job failed: ${JSON.stringify(failures)}`);
    const left =
      await sql`select from private.dirty_days union all select from private.dirty_geofences limit 1`;
    if (left.length === 0) return;
  }
}

/** Gives the days before those that were computed the rows of one of them. */
async function copyDay(sql: postgres.Sql, table: string, day: string): Promise<void> {
  const columns = await sql<{ name: string; value: string }[]>`
    select quote_ident(attname) as name, case atttypid
      when 'date'::regtype then format('t.%I - n', attname)
      when 'timestamptz'::regtype then format('t.%I - n * interval ''1 day''', attname)
      else format('t.%I', attname)
    end as value
    from pg_attribute
    where attrelid = ${table}::regclass and attnum > 0 and not attisdropped and attgenerated = ''`;
  await sql.unsafe(`
    insert into ${table} (${columns.map(({ name }) => name)})
    select ${columns.map(({ value }) => value)} from ${table} t, generate_series(1, ${COPIES}) n
    where ${day} = '${PATTERN}' order by n on conflict do nothing`);
}

/** Each vehicle tells its level twice a day, is refilled every fifth day, and that is written down. */
async function fillFuel(sql: postgres.Sql): Promise<void> {
  const days = sql`generate_series(${PERIOD.to}::date - ${2 * PERIOD.days - 1}::int, ${PERIOD.to}::date, interval '1 day') day`;
  await sql`
    insert into tracksolid.fuel_readings (imei, reading_time, hash, value, unit, undated, raw, received_at)
    select imei, day + hour * interval '1 hour', md5(imei || day || hour), 50, '%', false, '{}', day
    from tracksolid.devices, ${days}, unnest(array[6, 12]) hour`;
  await sql`
    insert into reporting.fuel_events (imei, at, source, sensor, unit_code, kind, before_at, from_level, to_level, unexplained,
      standing, driven_km, confidence)
    select imei, day + interval '8 hours', 'sensor', '', '%', 'refill', day + interval '7 hours 50 minutes', 20, 90, 70, true, 0, 0.9
    from tracksolid.devices, ${days} where extract(doy from day)::int % 5 = 0`;
  await sql`
    insert into fuel.fills (imei, filled_at, litres, cost, currency, raw, told_at)
    select imei, day + interval '8 hours', 49, 8575, 'KES', '{}', day
    from tracksolid.devices, ${days} where extract(doy from day)::int % 5 = 0`;
}

/**
 * Every half hour from 05:00 to 14:00 UTC twenty minutes under way and ten standing, and each day twenty minutes of which
 * nothing is known. Degrees as devices send them.
 */
async function fillTrack(sql: postgres.Sql): Promise<void> {
  await sql`
    insert into tracksolid.position_history (imei, gps_time, lat, lng, speed_kmh, heading_deg, altitude_m, satellites, pos_type,
      ignition, odometer_km, source, sources, received_at)
    select ${TRACK.imei}, at, round((-1.3 + 0.2 * sin(km / 30))::numeric, 6), round((36.8 + 0.2 * cos(km / 30))::numeric, 6),
      case when driving then round((40 + 20 * sin(s))::numeric) else 0 end, (km * 10)::int % 360, 1661, 9, 'GPS',
      s between 1800 and 5039, round((48000 + km)::numeric, 2), 'track_list', 4, at
    from generate_series(0, ${TRACK.days - 1}::int) day
    cross join generate_series(0, 8639) s
    cross join lateral (
      select greatest(least(s, 5040) - 1800, 0) as worked, ${TRACK.from}::timestamptz + day * interval '1 day' + s * interval '10 s' as at
    ) w
    cross join lateral (
      select s between 1800 and 5039 and worked % 180 < 120 as driving,
        day * 240 + (worked / 180 * 120 + least(worked % 180, 120)) / 9.0 as km
    ) k
    where s not between 3600 and 3720
    order by at`;
}
