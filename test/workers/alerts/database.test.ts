import { env } from "cloudflare:workers";
import { expect, it } from "vitest";
import { askDatabase } from "../../../workers/alerts/sources/database.ts";
import { addVehicle, unique } from "../api/fleet.ts";
import { at, mondaysFrom } from "../insights/days.ts";
import { database, newImei } from "../writer/deliver.ts";

const nextMonday = mondaysFrom("1980-01-07");
const NOON = 12;

it("tells today of who is outside the city, and of who began late, without waiting for the night", async () => {
  const monday = nextMonday();
  const [city, shift, driver] = [unique("City"), unique("shift"), unique("Ñandú")];
  const sql = database();
  await sql`
    insert into tracksolid.geofences (name, kind, geometry, radius_m)
    values (${city.toLowerCase()}, 'city zone', '{"type": "Point", "coordinates": [36.8, -1.3]}', 20000)`;
  await sql`insert into tracksolid.shifts ${sql({ shift, weekday: 1, starts_at: "07:00", ends_at: "17:00", grace: "15 minutes" })}`;
  const [away, late] = [newImei(), newImei()];
  const registered = { created_at: at(monday, -1_000) };
  const fix = { fix_at: at(monday, 11), contact_at: at(monday, 11), lng: 36.8, ignition: false };
  await addVehicle(away, { plate: "KDA 001A", city, ...registered }, { ...fix, lat: -1.8 });
  await addVehicle(late, { plate: "KDA 002A", city, shift, ...registered }, { ...fix, lat: -1.3 });
  await sql`insert into tracksolid.driver_assignments ${sql({ imei: late, valid_from: at(monday, -500), driver_name: driver, source: "own" })}`;
  const moved = { moving_s: 600, idling_s: 0, parked_s: 0 };
  await sql`insert into reporting.vehicle_hour ${sql({
    ...{ imei: late, hour: at(monday, 8), ...moved, gps_km: 5, odometer_breaks: 0, fixes: 10 },
    ...{ first_moving_at: at(monday, 8.5), last_moving_at: at(monday, 8.9) },
  })}`;
  await sql`insert into reporting.driver_day ${sql({
    ...{ imei: late, day: monday.day, driver_name: driver, ...moved, trips: 1, alarms: 0 },
    ...{
      speeding_events: 0,
      harsh_events: 0,
      first_moving_at: at(monday, 8.5),
      last_moving_at: at(monday, 11),
    },
  })}`;

  const told = await askDatabase(env, Date.parse(at(monday, NOON)));
  const ours = told.filter(({ subject }) => subject.startsWith(away) || subject.startsWith(driver));
  expect(ours).toHaveLength(2);
  expect(ours).toEqual(
    expect.arrayContaining([
      { rule: "outside_city", subject: away, text: `KDA 001A is outside ${city}` },
      { rule: "driver_late", subject: `${driver} ${monday.day}`, text: `${driver} began 1 h 30 min late` },
    ]),
  );
});
