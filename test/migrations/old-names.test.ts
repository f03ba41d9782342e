import postgres from "postgres";
import { expect, it } from "vitest";
import { localRoleUrls } from "../../scripts/database/roles.ts";
import { createDatabase } from "../setup/database.ts";

const NAMES = [
  "tracksolid.v_fleet_today",
  "tracksolid.v_vehicles_not_moved_today",
  "tracksolid.v_currently_idle",
  "tracksolid.v_driver_aggregates_daily",
  "tracksolid.v_fleet_km_daily",
  "tracksolid.v_alarms_daily",
  "tracksolid.v_driver_clock_daily",
  "tracksolid.v_driver_clock_today",
  "tracksolid.v_utilisation_daily",
  "tracksolid.v_mileage_daily_cagg",
  "reporting.v_ingest_health",
  "reporting.v_fuel_daily",
];

const IMEI = "860000000000001";
const HIDDEN = "860000000000002";
const CANARY = "860000000000003";

it("answers by every old name what the new ones say, to who may only read", async () => {
  await using database = await createDatabase("migrated");
  const { sql } = database;
  await sql`
    insert into tracksolid.devices (imei, shift, kind, hidden_on_map, facts_at, created_at, changed_at) values
      (${IMEI}, 'day', 'vehicle', false, now(), now(), now()), (${HIDDEN}, 'day', 'vehicle', true, now(), now(), now()),
      (${CANARY}, 'day', 'canary', false, now(), now(), now())`;
  await sql`
    insert into tracksolid.live_positions (imei, fix_at, contact_at, speed_kmh, ignition, lat, lng, changed_at)
    select imei, now() - interval '20 s', now(), 0, true, -1.3, 36.8, now() from tracksolid.devices`;
  await sql`
    insert into tracksolid.position_history (imei, gps_time, lat, lng, speed_kmh, ignition, source, sources, received_at)
    select imei, now() - n * interval '1 minute', -1.3, 36.8, 0, true, 'poll', 1, now()
    from tracksolid.devices, generate_series(0, 9) n`;
  await sql`
    insert into reporting.vehicle_day (
      imei, day, moving_s, idling_s, parked_s, unknown_s, odometer_breaks, trips, fixes, alarms, speeding_events, harsh_events
    )
    select imei, (now() at time zone zone)::date, 0, 540, 0, 85860, 0, 0, 10, 1, 0, 0 from tracksolid.devices, tracksolid.fleet`;
  await sql`
    insert into reporting.driver_day (
      imei, day, driver_name, moving_s, idling_s, parked_s, trips, alarms, speeding_events, harsh_events
    ) select imei, day, 'Juma', moving_s, idling_s, parked_s, trips, alarms, 0, 0 from reporting.vehicle_day`;
  await sql`
    insert into tracksolid.driver_assignments (imei, valid_from, driver_name, source)
    select imei, now() - interval '1 hour', 'Juma', 'own' from tracksolid.devices`;
  await sql`insert into reporting.alarm_day select imei, day, 'jimi:48', 1 from reporting.vehicle_day`;
  await sql`
    insert into tracksolid.ingestion_log (run_id, endpoint, run_at, duration_ms, success) values ('1', 'live', now(), 1, true)`;
  const reader = postgres(localRoleUrls(database.url).read, { max: 1, onnotice: () => {} });
  try {
    const hidden: string[] = [];
    for (const name of NAMES) {
      const rows = await reader.unsafe(`select * from ${name}`);
      const imeis = rows.map(({ imei }) => imei).filter(Boolean);
      expect(rows.length, name).toBeGreaterThan(0);
      expect(imeis, name).not.toContain(CANARY);
      if (imeis.includes(HIDDEN)) hidden.push(name);
    }
    // Those of maps have no vehicle that is hidden there.
    expect(hidden).not.toContain("tracksolid.v_fleet_today");
    expect(hidden).not.toContain("tracksolid.v_currently_idle");
  } finally {
    await reader.end();
  }
});

it("says who is late, who is missing, and of whom nobody can say", async () => {
  await using database = await createDatabase("migrated");
  const { sql } = database;
  // A Tuesday. Work begins at eight in Nairobi, five in UTC.
  await sql`insert into tracksolid.shifts values ('day', 2, '08:00', '17:00', '15 minutes')`;
  const drivers = ["punctual", "late", "missing", "silent", "free"];
  for (const [index, driver] of drivers.entries()) {
    const imei = `86000000000001${index}`;
    await sql`
      insert into tracksolid.devices (imei, shift, facts_at, created_at, changed_at)
      values (${imei}, ${driver === "free" ? null : "day"}, now(), now(), now())`;
    await sql`insert into tracksolid.driver_assignments values (${imei}, '2026-09-01', ${driver}, null, 'device_detail')`;
    await sql`
      insert into tracksolid.live_positions (imei, contact_at, changed_at)
      values (${imei}, ${driver === "silent" ? "2026-10-06T04:59:00Z" : "2026-10-06T06:00:00Z"}, now())`;
    const moved = { punctual: "2026-10-06T05:15:00Z", late: "2026-10-06T05:15:01Z" }[driver];
    if (moved) {
      await sql`
        insert into reporting.driver_day (
          imei, day, driver_name, moving_s, idling_s, parked_s, trips, alarms, speeding_events, harsh_events, first_moving_at,
          last_moving_at
        ) values (${imei}, '2026-10-06', ${driver}, 60, 0, 0, 0, 0, 0, 0, ${moved}, ${moved}::timestamptz + interval '1 minute')`;
      await sql`
        insert into reporting.vehicle_hour (
          imei, hour, moving_s, idling_s, parked_s, gps_km, odometer_breaks, fixes, first_moving_at, last_moving_at
        ) values (${imei}, '2026-10-06T05:00:00Z', 60, 0, 0, 1, 0, 2, ${moved}, ${moved}::timestamptz + interval '1 minute')`;
    }
  }
  const clock = async (asOf: string) =>
    (
      await sql`select driver_name, status, late_s, is_late from reporting.fn_driver_clock_today(${asOf}) order by imei`
    ).map(({ driver_name, status, late_s, is_late }) => [driver_name, status, late_s, is_late]);
  expect(await clock("2026-10-06T06:00:00Z")).toEqual([
    ["punctual", "on_time", 900, false],
    ["late", "late", 901, true],
    ["missing", "missing", 3_600, true],
    ["silent", "unknown", null, null],
    ["free", "free", null, null],
  ]);
  // Within the grace nobody is missing yet; on a Wednesday nobody works.
  expect((await clock("2026-10-06T05:15:00Z"))[2]).toEqual(["missing", "awaited", null, null]);
  expect(new Set((await clock("2026-10-07T06:00:00Z")).map(([, status]) => status))).toEqual(
    new Set(["free"]),
  );
});
