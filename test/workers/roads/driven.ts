import { env } from "cloudflare:workers";
import { emptyOutcome } from "../../../workers/polls/outcome.ts";
import { layRoads } from "../../../workers/roads/index.ts";
import { LEVELS, type Level, onLevel, TILE_UNITS } from "../../../workers/roads/levels.ts";
import { unpack } from "../../../workers/roads/packed.ts";
import { addVehicle } from "../api/fleet.ts";
import { database, newImei } from "../writer/deliver.ts";
import { awayFrom } from "./drawn.ts";

const [streets] = LEVELS as [Level, ...Level[]];
export const HOUR_MS = 3_600_000;
export const DAY_MS = 24 * HOUR_MS;
const LAT = -1.3;

/** Places where no other test of this file drives, each in the middle of a tile of its own. */
let lng = 20.1;
export const nextLng = () => {
  lng += 1.5;
  return Number(lng.toFixed(3));
};

/** Days so long ago, and so far from each other, that no run of another test looks at them. In Nairobi they begin at 21:00 UTC. */
let startMs = Date.parse("1975-01-01T21:00:00Z");
export const nextDayMs = () => {
  startMs += 800 * DAY_MS;
  return startMs;
};
export const dayOf = (ms: number) => new Date(ms + 3 * HOUR_MS).toISOString().slice(0, 10);

/** A run of the job as of an instant, once no other goes on. */
export async function run(asOfMs: number, deadlineMs = Number.POSITIVE_INFINITY) {
  for (;;) {
    const outcome = emptyOutcome();
    await layRoads({ env, runId: crypto.randomUUID(), startedMs: asOfMs, deadlineMs, outcome });
    if (outcome.leftToRun === null) return outcome;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

export interface Fix {
  /** Seconds after the day began, and degrees east of where the way begins. */
  s: number;
  east: number;
  kmh?: number;
  north?: number;
  change?: object;
}

/** Eastward at 72 km/h, a fix every 20 s. */
export const drive = (fromS: number, fixes: number, fromEast = 0): Fix[] =>
  Array.from({ length: fixes }, (_, n) => ({ s: fromS + n * 20, east: fromEast + n * 0.0036, kmh: 72 }));

/** Stores fixes as the writer does, and has the day computed as `derive` does. */
export async function tell(
  imei: string,
  dayMs: number,
  fromLng: number,
  fixes: Fix[],
  receivedMs = dayMs,
): Promise<void> {
  const rows = fixes.map(({ s, east, north = 0, kmh = 72, change }) => ({
    ...{ imei, gps_time: new Date(dayMs + s * 1_000).toISOString(), lat: LAT + north, lng: fromLng + east },
    ...{ speed_kmh: kmh, pos_type: "GPS", source: "track_list", sources: 4, clock_ahead: false },
    ...{ received_at: new Date(receivedMs).toISOString(), ...change },
  }));
  const sql = database();
  await sql`
    insert into tracksolid.position_history
    select * from json_populate_recordset(null::tracksolid.position_history, ${JSON.stringify(rows)}::text::json)`;
  await compute(imei, dayMs, fixes.length);
}

export async function compute(imei: string, dayMs: number, fixes: number): Promise<void> {
  const sql = database();
  const day = dayOf(dayMs);
  const none = { odometer_breaks: 0, trips: 0, alarms: 0, speeding_events: 0, harsh_events: 0 };
  const row = { imei, day, moving_s: 600, idling_s: 0, parked_s: 0, unknown_s: 85_800, fixes, ...none };
  await sql`
    insert into reporting.vehicle_day ${sql(row)} on conflict (imei, day) do update set fixes = vehicle_day.fixes + excluded.fixes`;
  await sql`
    with given as (update reporting.newest_version set version = version + 1 returning version)
    insert into reporting.day_versions select ${imei}, ${day}::text::date, version from given
    on conflict (imei, day) do update set version = excluded.version`;
}

export async function newVehicle(device = {}): Promise<string> {
  const imei = newImei();
  await addVehicle(imei, { account: "roads", ...device });
  return imei;
}

/** What is kept around a place: lines in units of the level from the north-west of the world, with their last days. */
export async function roadsAt(fromLng: number, level: Level = streets) {
  const [x = 0, y = 0] = onLevel([fromLng * 1e6, LAT * 1e6], { ...level, thinUnits: 0 });
  const tile = { x: Math.floor(x / TILE_UNITS), y: Math.floor(y / TILE_UNITS) };
  const rows = await database()<
    { x: number; y: number; roads: Uint8Array; oldest_day: string; version: string }[]
  >`
    select x, y, roads, oldest_day::text, version::text from reporting.road_tiles
    where level = ${level.zoom} and x between ${tile.x} and ${tile.x + 1} and y = ${tile.y} order by x`;
  const roads = rows.flatMap((row) =>
    unpack(row.roads).map(({ places, lastDay }) => ({
      lastDay: new Date(lastDay * DAY_MS).toISOString().slice(0, 10),
      places: places.map((at, n) => at + (n % 2 === 0 ? row.x : row.y) * TILE_UNITS),
    })),
  );
  return { lines: roads.map(({ places }) => places), days: roads.map(({ lastDay }) => lastDay), rows };
}

/** How far, in metres, the lines around a place are from a place so many degrees east of it. */
export async function metresOff(fromLng: number, east: number, north = 0): Promise<number> {
  const { lines } = await roadsAt(fromLng);
  const [x = 0, y = 0] = onLevel([(fromLng + east) * 1e6, (LAT + north) * 1e6], streets);
  return awayFrom(lines, x, y) * 0.6;
}
