import type postgres from "postgres";

/** Long past, so that nothing hangs on the hour of the test; its days begin at 21:00 UTC the day before. */
export const HISTORY_DAY = "2026-09-15";
const ZONE_AHEAD_MS = 3 * 3_600_000;
export const HISTORY_FROM_MS = Date.parse(`${HISTORY_DAY}T00:00:00Z`) - ZONE_AHEAD_MS;

/** A name that would be an element, were it not text. */
export const HOSTILE_NAME = "<img src=x onerror=alert(1)> ‮KDA";

/** One part of a day. Minutes; the ignition is on but for `parked`. */
type Part =
  | { drive: number; turnDeg: number }
  | { idle: number }
  | { parked: number }
  | { gone: number; awayDeg: number };

interface Fix {
  atMs: number;
  lat: number;
  lng: number;
  speedKmh: number;
  ignition: boolean;
  odometerKm: number;
}

const M_PER_DEG = 111_320;

/** Drives and stands one part after the other, a fix every so many seconds under way. */
export function fixesOf(startMin: number, [lat0, lng0]: [number, number], parts: Part[], everyS = 10): Fix[] {
  let [lat, lng, headingDeg, atMs, odometerKm] = [
    lat0,
    lng0,
    250,
    HISTORY_FROM_MS + startMin * 60_000,
    4_000,
  ];
  const fixes: Fix[] = [];
  const add = (speedKmh: number, ignition: boolean) =>
    fixes.push({ atMs, lat, lng, speedKmh, ignition, odometerKm });
  const go = (metres: number) => {
    const rad = (headingDeg * Math.PI) / 180;
    lat += (metres * Math.cos(rad)) / M_PER_DEG;
    lng += (metres * Math.sin(rad)) / M_PER_DEG;
    odometerKm += metres / 1000;
  };
  for (const part of parts) {
    if ("drive" in part) {
      const steps = Math.round((part.drive * 60) / everyS);
      for (let n = 0; n < steps; n++) {
        const speedKmh = Math.round(28 + 24 * Math.sin((n / steps) * Math.PI) + 9 * Math.sin(n * 1.7));
        add(speedKmh, true);
        headingDeg += part.turnDeg / steps + (n % 17 === 0 ? 30 * Math.sin(n) : 0);
        go((speedKmh / 3.6) * everyS);
        atMs += everyS * 1000;
      }
    } else if ("gone" in part) {
      headingDeg += part.awayDeg;
      go(part.gone * 400);
      atMs += part.gone * 60_000;
    } else {
      const minutes = "idle" in part ? part.idle : part.parked;
      for (let n = 0; n < minutes; n++) {
        add(0, "idle" in part);
        atMs += 60_000;
      }
    }
  }
  add(0, false);
  return fixes;
}

/** A morning round with a long stop, a time without data, an afternoon, and the way home. */
export const A_ROUND: Part[] = [
  ...[
    { parked: 40 },
    { drive: 25, turnDeg: 120 },
    { idle: 9 },
    { parked: 26 },
    { drive: 18, turnDeg: -70 },
    { parked: 55 },
  ],
  ...[{ drive: 12, turnDeg: 60 }, { gone: 22, awayDeg: 50 }, { drive: 20, turnDeg: 100 }, { idle: 14 }],
  ...[{ drive: 30, turnDeg: 150 }, { parked: 80 }, { drive: 28, turnDeg: -120 }, { parked: 30 }],
];

export const ANOTHER_ROUND: Part[] = [
  ...[{ parked: 20 }, { drive: 40, turnDeg: -160 }, { parked: 70 }, { drive: 22, turnDeg: 90 }, { idle: 12 }],
  ...[{ drive: 35, turnDeg: 60 }, { parked: 120 }, { drive: 15, turnDeg: 30 }, { parked: 20 }],
];

/** Puts a vehicle with its day into the database, past the writer, and marks the day to be added up. */
export async function addVehicleDay(
  sql: postgres.Sql,
  vehicle: { imei: string; plate?: string | null; name?: string; driver?: string | null; isHidden?: boolean },
  fixes: readonly Fix[],
): Promise<void> {
  const { imei, plate = null, name = imei, driver = null, isHidden = false } = vehicle;
  const told = new Date(HISTORY_FROM_MS);
  await sql`
    insert into tracksolid.devices (imei, account, device_name, plate, driver_name, city, hidden_on_map, facts_at, created_at, changed_at)
    values (${imei}, 'history', ${name}, ${plate}, ${driver}, 'Nairobi', ${isHidden}, ${told}, ${told}, ${told})`;
  const last = fixes.at(-1);
  if (last === undefined) return;
  const seen = new Date(last.atMs);
  await sql`
    insert into tracksolid.live_positions (imei, fix_at, fix_received_at, lat, lng, speed_kmh, contact_at, contact_received_at,
      online, ignition, changed_at)
    values (${imei}, ${seen}, ${seen}, ${last.lat}, ${last.lng}, 0, ${seen}, ${seen}, true, false, ${seen})`;
  await sql`
    insert into tracksolid.position_history (imei, gps_time, lat, lng, speed_kmh, pos_type, ignition, odometer_km, source, sources,
      received_at)
    select ${imei}, to_timestamp("atMs" / 1000), lat, lng, "speedKmh", 'GPS', ignition, "odometerKm", 'track_list', 4, ${seen}
    from json_to_recordset(${JSON.stringify(fixes)}::text::json) as f (
      "atMs" double precision, lat double precision, lng double precision, "speedKmh" real, ignition boolean,
      "odometerKm" double precision)`;
  await sql`
    insert into private.dirty_days (imei, day, changed_from, changed_to, mark)
    values (${imei}, ${HISTORY_DAY}, ${new Date(HISTORY_FROM_MS)}, ${new Date(HISTORY_FROM_MS + 86_399_000)}, '1')`;
}

/** A trip for each time under way, and an alarm in the middle of each, as the vendor would tell them. */
export async function addReports(sql: postgres.Sql, imei: string, fixes: readonly Fix[]): Promise<void> {
  const trips: { from: Fix; to: Fix }[] = [];
  let from: Fix | null = null;
  for (const fix of fixes) {
    if (from === null && fix.speedKmh > 3) from = fix;
    else if (from !== null && fix.speedKmh <= 3) {
      trips.push({ from, to: fix });
      from = null;
    }
  }
  for (const { from: start, to: end } of trips) {
    const [startAt, endAt] = [new Date(start.atMs), new Date(end.atMs)];
    await sql`
      insert into tracksolid.trips (imei, start_time, end_time, distance_km, driving_time_s, avg_speed_kmh, max_speed_kmh,
        start_lat, start_lng, end_lat, end_lng, start_address, end_address, source, raw, received_at)
      values (${imei}, ${startAt}, ${endAt}, ${end.odometerKm - start.odometerKm}, ${(end.atMs - start.atMs) / 1000}, 34, 61,
        ${start.lat}, ${start.lng}, ${end.lat}, ${end.lng}, 'Ngong Road, Nairobi', null, 'poll', '{}', ${endAt})`;
    await sql`
      insert into tracksolid.parking_events (imei, start_time, acc, end_time, address, source, raw, reported_until, received_at)
      values (${imei}, ${endAt}, 'off', ${new Date(end.atMs + 600_000)}, 'Moi Avenue 12, Nairobi', 'poll', '{}', ${endAt}, ${endAt})`;
    const middle = fixes[Math.floor((fixes.indexOf(start) + fixes.indexOf(end)) / 2)] ?? start;
    await sql`
      insert into tracksolid.alarms (imei, canonical_code, alarm_time, code, alarm_type, alarm_name, lat, lng, speed_kmh, source,
        sources, raw, received_at)
      values (${imei}, 'jimi:48', ${new Date(middle.atMs)}, 'jimi:48', '48', 'Sudden deceleration', ${middle.lat}, ${middle.lng},
        ${middle.speedKmh}, 'push', 2, '{}', ${endAt})`;
  }
}

/** A fix a second, all day under way: 50 km/h in its first minute of each hour, and so many more as the hour has. */
export async function addDenseDay(
  sql: postgres.Sql,
  vehicle: { imei: string; plate: string },
): Promise<void> {
  await addVehicleDay(sql, vehicle, []);
  await sql`
    insert into tracksolid.position_history (imei, gps_time, lat, lng, speed_kmh, pos_type, ignition, source, sources, received_at)
    select ${vehicle.imei}, ${new Date(HISTORY_FROM_MS)}::timestamptz + s * interval '1 second', -1.28 + 0.2 * sin(s / 7000.0),
      36.8 + 0.2 * cos(s / 7000.0), 50 + s / 3600, 'GPS', true, 'track_list', 4, now()
    from generate_series(0, 86399) s`;
}
