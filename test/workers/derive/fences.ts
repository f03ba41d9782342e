import { database } from "../writer/deliver.ts";
import { DAY_START_MS } from "./days.ts";

/** What a test of the roll-ups drives never gets so far north. */
const NORTH_KM = 3_000;

/** Kilometres north of where the first fence may begin, as fixes give them. */
export const north = (km: number) => NORTH_KM + km;

const latOf = (km: number) => -1.3 + north(km) / 111.32;

/** A ring over the road of the tests, from so many kilometres to so many. */
export const strip = (fromKm: number, toKm: number) => [
  [36.7, latOf(fromKm)],
  [36.9, latOf(fromKm)],
  [36.9, latOf(toKm)],
  [36.7, latOf(toKm)],
  [36.7, latOf(fromKm)],
];

/** A geofence over the road. Disposing removes it: a fence costs every run of every other test. */
export async function newFence(fromKm: number, toKm: number, columns: Record<string, unknown> = {}) {
  const sql = database();
  const geometry = { type: "Polygon", coordinates: [strip(fromKm, toKm)] };
  const [row] = await sql<{ id: number }[]>`
    insert into tracksolid.geofences (name, kind, geometry, rejoin_s, min_stay_s)
    values (${crypto.randomUUID()}, 'test', ${JSON.stringify(geometry)}::text::jsonb,
      ${(columns.rejoinS as number) ?? 120}, ${(columns.minStayS as number) ?? 60})
    returning geofence_id as id`;
  const id = row?.id ?? 0;
  return {
    id,
    async [Symbol.asyncDispose]() {
      await sql`delete from tracksolid.geofences where geofence_id = ${id}`;
    },
  };
}

/** Seconds since the first midnight of the tests. */
export const secondsOf = (at: unknown) =>
  at === null ? null : ((at as Date).getTime() - DAY_START_MS) / 1_000;

/** The visits of a vehicle, in seconds. */
export async function visitsOf(imei: string, id: number) {
  const rows = await database()`
    select * from tracksolid.geofence_visits where imei = ${imei} and geofence_id = ${id} order by entered_at`;
  return rows.map(({ entered_at, entered_after, last_inside_at, left_at, left_before, fixes }) => ({
    enteredAfter: secondsOf(entered_after),
    enteredAt: secondsOf(entered_at),
    lastInsideAt: secondsOf(last_inside_at),
    leftAt: secondsOf(left_at),
    leftBefore: secondsOf(left_before),
    fixes: fixes as number,
  }));
}
