import type postgres from "postgres";

/** Days that have figures: four weeks, long past, the last two of which are asked for beside each other. */
export const FIGURE_DAYS = { from: "2026-02-16", to: "2026-03-15" };
/** The last week of them; the one before it has figures, too. */
export const FIGURE_WEEK = { from: "2026-03-09", to: "2026-03-15" };

export const FIGURE_VEHICLES = 24;

/** What somebody calls a vehicle and its driver who would like to run a script. */
export const HOSTILE = {
  vehicle: '<img src=x onerror="document.title=1">',
  driver: "<script>document.title=1</script> Mwangi",
};

/**
 * Writes what vehicles and drivers did, past the jobs that compute it: 24 vehicles, two of which are silent at weekends and
 * one always; odometers, trips and fixes for distances; shifts, so that some are late; fuel as reported, refilled and lost.
 */
export async function fillFigures(sql: postgres.Sql): Promise<void> {
  const { from, to } = FIGURE_DAYS;
  await sql`
    insert into tracksolid.vehicle_types (vehicle_type, fuel_l_per_100_km, tank_l) values ('van', 11, 70), ('truck', 28, 180)`;
  await sql`
    insert into tracksolid.fuel_prices (valid_from, price_per_l, currency)
    values ('2026-01-01', 180, 'KES'), ('2026-03-11', 184, 'KES')`;
  await sql`
    insert into tracksolid.shifts (shift, weekday, starts_at, ends_at)
    select 'day', weekday, '07:30', '17:00' from generate_series(1, 6) weekday`;
  await sql`
    insert into tracksolid.devices (imei, account, device_name, plate, city, segment, vehicle_type, shift, driver_name, facts_at,
      created_at, changed_at)
    select imei, case when v % 4 = 3 then 'safari' else 'fireside' end,
      case v when 3 then ${HOSTILE.vehicle} else 'Unit ' || v + 1 end, case when v <> 3 then 'KD' || chr(65 + v) || ' ' || 101 + v || 'A' end,
      (array['Nairobi', 'Nairobi', 'Mombasa', 'Kisumu', null])[1 + v % 5], (array['installation', 'repair', 'delivery'])[1 + v % 3],
      case when v % 6 = 5 then 'truck' else 'van' end, case when v < 18 then 'day' end, driver, now(), now(), now()
    from ${vehicles(sql)}`;
  await sql`
    insert into tracksolid.driver_assignments (imei, valid_from, driver_name, source)
    select imei, '2026-02-01T00:00:00Z', driver, 'own' from ${vehicles(sql)}`;
  await sql`
    insert into reporting.vehicle_day (imei, day, moving_s, idling_s, parked_s, unknown_s, distance_km, distance_source, trips, fixes,
      odometer_breaks, max_speed_kmh, first_moving_at, last_moving_at, known_to, alarms, speeding_events, harsh_events, fuel_l)
    select imei, day, moving_s, idling_s, parked_s, 86400 - moving_s - idling_s - parked_s, km,
      (array['odometer', 'odometer', 'vendor', 'gps'])[1 + v % 4], 3 + (v + d) % 6, 900, 0, 60 + (v * 7 + d) % 40,
      began_at, ended_at, ended_at + interval '1 hour', speeding + harsh, speeding, harsh, case when v % 2 = 0 then km * 0.11 end
    from ${deeds(sql)}`;
  await sql`
    insert into reporting.driver_day (imei, day, driver_name, moving_s, idling_s, parked_s, distance_km, trips, max_speed_kmh,
      first_moving_at, last_moving_at, first_ignition_at, last_ignition_at, alarms, speeding_events, harsh_events)
    select imei, day, driver, moving_s, idling_s, parked_s, km, 3 + (v + d) % 6, 60 + (v * 7 + d) % 40, began_at, ended_at, began_at,
      ended_at, speeding + harsh, speeding, harsh
    from ${deeds(sql)}`;
  await sql`
    insert into reporting.vehicle_hour (imei, hour, moving_s, idling_s, parked_s, gps_km, odometer_breaks, fixes, first_moving_at,
      last_moving_at)
    select imei, date_trunc('hour', began_at), 600, 0, 0, 5, 0, 20, began_at, date_trunc('hour', began_at) + interval '59 minutes'
    from ${deeds(sql)}`;
  await sql`
    insert into reporting.coverage_hours (imei, hour, have_s, recovered_s, missing_s)
    select imei, date_trunc('hour', began_at), moving_s - 200, 100, (v + d) % 5 * 60 from ${deeds(sql)}`;
  await sql`
    insert into tracksolid.fuel_readings (imei, reading_time, hash, value, unit, sensor, undated, raw, received_at)
    select imei, began_at, 'a', 40, 'percent', '', false, '{}', now() from ${deeds(sql)} where v in (2, 4)`;
  await sql`
    insert into reporting.fuel_events (imei, at, source, kind, confidence, sensor, unit_code, before_at, from_level, to_level,
      unexplained, driven_km)
    select imei, began_at, 'sensor', case when d % 4 = 0 then 'refill' else 'drain' end, 0.9, '', 'percent', began_at, 20, 60,
      case when d % 4 = 0 then 40 else 12 end, 0
    from ${deeds(sql)} where v in (2, 4) and (d % 4 = 0 or d = 23)`;
  await sql`
    insert into fuel.fills (imei, filled_at, litres, cost, currency, raw, told_at)
    select imei, began_at, 40, 7200, 'KES', '{}', now() from ${deeds(sql)} where v in (2, 4) and d % 4 = 0`;
  await sql`analyze`;

  /** What vehicles did, a row for each day of which anything is known. 2026-02-16 is a Monday. */
  function deeds(tx: postgres.Sql) {
    return tx`(
      select v, imei, driver, d, day, moving_s, idling_s, 40000 + (v * 997 + d * 311) % 30000 as parked_s, moving_s / 3600.0 * 31 as km,
        day::timestamp at time zone 'Africa/Nairobi' + interval '7 hours' + (v * 13 + d * 7) % 50 * interval '1 minute' as began_at,
        day::timestamp at time zone 'Africa/Nairobi' + interval '16 hours' + (v * 11 + d * 5) % 90 * interval '1 minute' as ended_at,
        case when (v * d) % 11 = 1 then 1 + v % 3 else 0 end as speeding, case when (v + d) % 7 = 0 then 1 else 0 end as harsh
      from ${vehicles(tx)}
      cross join lateral (
        select day::date as day, (day::date - ${from}::date) as d from generate_series(${from}::timestamp, ${to}::timestamp, '1 day') day
      ) days
      cross join lateral (
        select (6000 + (v * 7 + d * 3) % 10 * 1300) / case when d % 7 >= 5 then 3 else 1 end as moving_s,
          600 + (v * 5 + d) % 6 * 500 as idling_s
      ) spent
      where v <> 23 and not (v in (5, 17) and d % 7 >= 5) and not (v = 9 and d between 21 and 24)
    ) deeds`;
  }
}

function vehicles(sql: postgres.Sql) {
  return sql`(
    select v, (868000000000000 + v)::text as imei, case v when 3 then ${HOSTILE.driver} else (array['Achieng', 'Barasa', 'Chebet', 'Didi',
      'Evans', 'Faraja', 'Gitau', 'Halima'])[1 + v % 8] || ' ' || (array['Otieno', 'Kamau', 'Wanjiru'])[1 + v / 8] end as driver
    from generate_series(0, ${FIGURE_VEHICLES - 1}::int) v
  ) vehicles`;
}
