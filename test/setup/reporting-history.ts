import type postgres from "postgres";

/** A fleet whose days are all alike, so that what they add up to is known. */
export interface History {
  imeis: string[];
  /** Days in UTC, the first and the one after the last. */
  from: Date;
  to: Date;
}

const DAY_MS = 24 * 3_600_000;

/** A fix every 30 s: 2,880 a day. */
export const FIXES_A_DAY = 2_880;

/**
 * From 05:00 to 14:00 UTC, forty fixes under way at 40 km/h and twenty standing with the ignition on, eighteen times. A vehicle
 * moves from the fix before those under way to the one after them.
 */
export const A_DAY = { trips: 18, movingS: 18 * 41 * 30, km: 18 * 40 * (40 / 120) };

/**
 * Writes the registry and history of a fleet past the writer, for its size, and marks all of its days.
 * @returns how many fixes a second were inserted
 */
export async function fillHistory(sql: postgres.Sql, { imeis, from, to }: History): Promise<number> {
  const list = `{${imeis}}`;
  await sql`
    insert into tracksolid.devices (imei, account, device_name, city, segment, vehicle_type, driver_name, facts_at, created_at,
      changed_at)
    select imei, 'size', 'KDA ' || n, (array['Nairobi', 'Mombasa', 'Kampala'])[1 + n % 3], 'field', 'van', 'Driver ' || n,
      ${from}, ${from}, ${from}
    from unnest(${list}::text::text[]) with ordinality as vehicle(imei, n)`;
  await sql`
    insert into tracksolid.driver_assignments (imei, valid_from, driver_name, source)
    select imei, ${from}, driver_name, 'device_detail' from tracksolid.devices where account = 'size'`;
  const startedAt = performance.now();
  for (let day = from.getTime(); day < to.getTime(); day += DAY_MS) {
    await sql`
      insert into tracksolid.position_history (imei, gps_time, lat, lng, speed_kmh, heading_deg, satellites, pos_type,
        ignition, odometer_km, source, sources, received_at)
      select imei, at, -1.3 + 0.2 * sin(km / 30) + n / 1000.0, 36.8 + 0.2 * cos(km / 30), case when driving then 40 else 0 end,
        (km * 10)::int % 360, 9, 'GPS', s between 600 and 1679, 1000 * n + km, 'poll', 1, at
      from unnest(${list}::text::text[]) with ordinality as vehicle(imei, n)
      cross join lateral (select ${Math.round((day - from.getTime()) / DAY_MS)}::int as day_number) d
      cross join generate_series(0, ${FIXES_A_DAY - 1}) s
      cross join lateral (select greatest(least(s, 1680) - 600, 0) as worked, ${new Date(day)}::timestamptz
        + s * interval '30 s' as at) w
      cross join lateral (select s between 600 and 1679 and worked % 60 < 40 as driving,
        day_number * ${A_DAY.km}::float8 + (worked / 60 * 40 + least(worked % 60, 40)) / 3.0 as km) k
      order by imei, at`;
  }
  const seconds = (performance.now() - startedAt) / 1_000;
  await sql`
    insert into tracksolid.trips (imei, start_time, end_time, distance_km, driving_time_s, avg_speed_kmh, max_speed_kmh,
      start_lat, start_lng, end_lat, end_lng, source, raw, received_at)
    select imei, day + interval '5 hours' + n * interval '30 minutes', day + interval '5 hours 20 minutes' + n * interval '30 minutes',
      ${A_DAY.km / A_DAY.trips}::float8, 1200, 40, 40, -1.3, 36.8, -1.2, 36.9, 'poll', '{}', day
    from unnest(${list}::text::text[]) imei, generate_series(${from}::timestamptz, ${to}::timestamptz - interval '1 day', interval '1 day') day,
      generate_series(0, ${A_DAY.trips - 1}) n`;
  await sql`
    insert into tracksolid.alarms (imei, canonical_code, alarm_time, code, alarm_type, source, sources, raw, received_at)
    select imei, code, day + interval '6 hours', code, code, 'push', 2, '{}', day
    from unnest(${list}::text::text[]) imei, generate_series(${from}::timestamptz, ${to}::timestamptz - interval '1 day', interval '1 day') day,
      unnest(array['word:overSpeed', 'jimi:41']) code`;
  // Of the last week, one a vehicle and day, resolved but for the newest.
  await sql`
    insert into tickets.incidents (number, state, lat, lng, opened_at, resolved_at, imei, raw, told_at)
    select 'INC' || imei || day, 'assigned', -1.3, 37, ${to}::timestamptz - day * interval '1 day' + interval '5 hours',
      case when day > 1 then ${to}::timestamptz - day * interval '1 day' + interval '11 hours' end, imei, '{}', ${to}
    from unnest(${list}::text::text[]) imei, generate_series(1, 7) day`;
  await sql`
    insert into tracksolid.geofences (name, kind, geometry, radius_m)
    values ('Depot', 'depot', '{"type": "Point", "coordinates": [37, -1.3]}', 1000)`;
  await sql`
    insert into tracksolid.live_positions (imei, fix_at, fix_received_at, lat, lng, speed_kmh, contact_at, contact_received_at,
      online, ignition, changed_at)
    select imei, ${to}::timestamptz - interval '30 s', ${to}, -1.3, 36.8, 0, ${to}, ${to}, true, false, ${to}
    from unnest(${list}::text::text[]) imei`;
  await sql`
    insert into private.dirty_days (imei, day, changed_from, changed_to, mark)
    select imei, day, day::timestamp at time zone zone, (day + 1)::timestamp at time zone zone - interval '1 s', '1'
    from (select distinct imei, (start_time at time zone zone)::date as day, zone from tracksolid.trips, tracksolid.fleet) t`;
  await sql`analyze`;
  return (imeis.length * FIXES_A_DAY * (to.getTime() - from.getTime())) / DAY_MS / seconds;
}
