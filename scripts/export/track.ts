import type postgres from "postgres";
import type { Kind, Relation } from "./catalog.ts";
import type { Batch, Value } from "./copied.ts";

const HISTORY = "tracksolid.position_history";

/** Longer without a fix, and farther away: nobody knows the way. As reporting.fn_vehicle_track has it. */
const GAP_MIN = 10;
const GAP_M = 200;

const COLUMNS: [name: string, kind: Kind, comment: string][] = [
  ["imei", "text", "Device identity."],
  ["day", "day", "Day of the fix in the fleet's zone."],
  ["segment", "integer", "Counts the ways of a vehicle from 1: another begins where the way is not known."],
  ["gps_time", "instant", "Time of the fix (UTC)."],
  ["lat", "double", "Latitude, WGS-84 degrees."],
  ["lng", "double", "Longitude, WGS-84 degrees."],
  ["speed_kmh", "real", "Speed, km/h; null is unknown."],
  ["heading_deg", "integer", "Course over ground, degrees from north."],
  ["altitude_m", "real", "Altitude, m."],
  ["ignition", "boolean", "Ignition on at the fix."],
];

/** Where a column of the track is in its rows. */
export const TRACK = Object.fromEntries(COLUMNS.map(([name], index) => [name, index])) as Record<
  "imei" | "day" | "segment" | "gps_time" | "lat" | "lng" | "altitude_m",
  number
>;

/** What `track` is beside the tables, where the history may be read. */
export function trackRelation(relations: Relation[]): Relation | undefined {
  const history = relations.find(({ name, columns }) => name === HISTORY && columns.length > 0);
  return (
    history && {
      ...history,
      name: "track",
      comment: "Ways that vehicles went, by GPS: their fixes in order, cut where the way is not known.",
      columns: COLUMNS.map(([name, kind, comment]) => ({ name, expression: name, kind, comment })),
    }
  );
}

/**
 * The fixes that a map draws, in the order of vehicles and time: those of GPS, of vehicles that maps show, with a clock that was
 * right. The key has them in this order.
 */
export const trackQuery = (conditions: string[]) => `
  select f.imei, (f.gps_time at time zone (select zone from tracksolid.fleet))::date,
    1 + count(*) filter (where f.is_gap) over (partition by f.imei order by f.gps_time),
    f.gps_time, f.lat, f.lng, f.speed_kmh, f.heading_deg, f.altitude_m, f.ignition
  from (
    select h.*, h.gps_time - lag(h.gps_time) over w > interval '${GAP_MIN} minutes' and 111320 * sqrt(
      (h.lat - lag(h.lat) over w) ^ 2 + ((h.lng - lag(h.lng) over w) * cos(radians(h.lat))) ^ 2
    ) > ${GAP_M} as is_gap
    from tracksolid.position_history h
    where ${[
      ...conditions,
      "not clock_ahead",
      "(pos_type is null or pos_type = 'GPS')",
      "imei not in (select d.imei from tracksolid.devices d where d.hidden_on_map or d.kind <> 'vehicle')",
    ].join(" and ")}
    window w as (partition by h.imei order by h.gps_time)
  ) f
  order by f.imei, f.gps_time`;

/** What vehicles are called, by IMEI. */
export type Names = Map<string, { name: string | null; plate: string | null }>;

/** A fleet has thousands of them, its history any number of fixes. */
export async function readNames(sql: postgres.Sql): Promise<Names> {
  const rows = await sql<{ imei: string; name: string | null; plate: string | null }[]>`
    select imei, name, plate from reporting.v_vehicles`;
  return new Map(rows.map(({ imei, ...names }) => [imei, names]));
}

/** A part of a way: of one vehicle and day, without a gap. */
export interface Leg {
  imei: string;
  day: string;
  segment: string;
  fixes: Value[][];
}

/** The legs of rows of the track. One is held at a time: no more than what a vehicle reports in a day. */
export async function* legsOf(batches: AsyncIterable<Batch>): AsyncGenerator<Leg> {
  let leg: Leg | undefined;
  for await (const batch of batches) {
    for (const row of batch) {
      const [imei = "", day = "", segment = ""] = [
        row[TRACK.imei],
        row[TRACK.day],
        row[TRACK.segment],
      ] as string[];
      if (leg?.imei !== imei || leg.day !== day || leg.segment !== segment) {
        if (leg) yield leg;
        leg = { imei, day, segment, fixes: [] };
      }
      leg.fixes.push(row);
    }
  }
  if (leg) yield leg;
}
