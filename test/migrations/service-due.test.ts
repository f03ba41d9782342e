import { expect, it } from "vitest";
import { createDatabase } from "../setup/database.ts";

it("says which service is due, by the odometer where it can, else by the days", async () => {
  await using database = await createDatabase("migrated");
  const { sql } = database;
  const vehicles: [name: string, noted: number | null, odometer: number | null, days: number[]][] = [
    ["due", 1_000, 11_000, []],
    ["soon", null, 99, [4_000, 5_500]],
    ["set back", 90_000, 500, [100]],
    ["ok", 1_000, 9_999, []],
    ["silent", null, 99, []],
  ];
  for (const [index, [name, noted, odometer, days]] of vehicles.entries()) {
    const imei = `86000000000000${index}`;
    await sql`
      insert into tracksolid.devices (imei, device_name, own_service_interval_km, facts_at, created_at, changed_at)
      values (${imei}, ${name}, 10000, now(), now(), now())`;
    await sql`insert into tracksolid.live_positions (imei, odometer_km, changed_at) values (${imei}, ${odometer}, now())`;
    // The newest counts, and none that is to come.
    await sql`
      insert into tracksolid.services values
        (${imei}, '2026-09-01', 0), (${imei}, '2026-10-01', ${noted}), (${imei}, '2026-10-10', 0)`;
    // Of one that fell silent before its service nothing is known since.
    for (const [day, km] of name === "silent" ? [] : [7_000, ...days].entries()) {
      await sql`
        insert into reporting.vehicle_day (
          imei, day, moving_s, idling_s, parked_s, unknown_s, odometer_breaks, trips, fixes, alarms, speeding_events,
          harsh_events, distance_km
        ) values (${imei}, '2026-10-01'::date + ${day}::int, 0, 0, 0, 86400, 0, 0, 0, 0, 0, 0, ${km})`;
    }
  }
  await sql`
    insert into tracksolid.devices (imei, device_name, own_service_interval_km, kind, facts_at, created_at, changed_at) values
      ('860000000000007', 'never', 10000, 'vehicle', now(), now(), now()),
      ('860000000000008', 'canary', 10000, 'canary', now(), now(), now()),
      ('860000000000009', 'no interval', null, 'vehicle', now(), now(), now())`;
  const due = await sql`
    select name, serviced_on::text, since_km, since_source, left_km, status
    from reporting.fn_service_due('2026-10-06T12:00:00Z')`;
  const serviced_on = "2026-10-01";
  expect([...due]).toEqual([
    { name: "due", serviced_on, since_km: 10_000, since_source: "odometer", left_km: 0, status: "due" },
    { name: "soon", serviced_on, since_km: 9_500, since_source: "days", left_km: 500, status: "soon" },
    { name: "ok", serviced_on, since_km: 8_999, since_source: "odometer", left_km: 1_001, status: "ok" },
    { name: "set back", serviced_on, since_km: 100, since_source: "days", left_km: 9_900, status: "ok" },
    { name: "silent", serviced_on, since_km: null, since_source: null, left_km: null, status: "unknown" },
    {
      name: "never",
      serviced_on: null,
      since_km: null,
      since_source: null,
      left_km: null,
      status: "unknown",
    },
  ]);
});
