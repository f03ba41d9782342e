import type postgres from "postgres";

/** When tickets of the tests are opened. */
export const OPENED_MS = Date.UTC(2026, 9, 6, 6);

/** Where they are. */
export const PLACE = { lat: -1.3, lng: 36.8 };

/** So many minutes after it was opened. */
export const minute = (minutes: number) => new Date(OPENED_MS + minutes * 60_000);

/** A fix so many metres to the north of the place. */
export interface Fix {
  minute: number;
  northM: number;
  speedKmh?: number | null;
  ignition?: boolean | null;
  posType?: string;
}

/** Standing there with the engine on, a fix a minute. */
export const standing = (from: number, to: number, northM = 20): Fix[] =>
  Array.from({ length: to - from + 1 }, (_, index) => ({
    ...{ minute: from + index, northM, speedKmh: 0, ignition: true },
  }));

export async function putFixes(sql: postgres.Sql, imei: string, fixes: Fix[]): Promise<void> {
  const rows = fixes.map(({ minute: at, northM, speedKmh = 0, ignition = true, posType = "GPS" }) => ({
    ...{ imei, gps_time: minute(at).toISOString(), lat: PLACE.lat + northM / 111_320, lng: PLACE.lng },
    ...{ speed_kmh: speedKmh, ignition, pos_type: posType, source: "poll", sources: 1 },
    received_at: minute(at).toISOString(),
  }));
  await sql`
    insert into tracksolid.position_history
      (imei, gps_time, lat, lng, speed_kmh, ignition, pos_type, source, sources, received_at)
    select * from json_to_recordset(${JSON.stringify(rows)}::text::json) as (
      imei text, gps_time timestamptz, lat float8, lng float8, speed_kmh real, ignition boolean, pos_type text,
      source text, sources smallint, received_at timestamptz
    )`;
}

export interface Ticket {
  number: string;
  imei?: string;
  driver_name?: string;
  /** Null: it has no place. */
  place?: null;
  due?: number;
  /** Null: not yet. */
  resolved?: number | null;
  state?: string;
}

export async function putTicket(sql: postgres.Sql, ticket: Ticket): Promise<void> {
  const { number, imei = null, driver_name = null, place, due, resolved = 60, state = null } = ticket;
  const [lat, lng] = place === null ? [null, null] : [PLACE.lat, PLACE.lng];
  await sql`
    insert into tickets.incidents (number, state, lat, lng, opened_at, due_at, resolved_at, driver_name, imei, raw, told_at)
    values (${number}, ${state}, ${lat}, ${lng}, ${minute(0)}, ${due === undefined ? null : minute(due)},
      ${resolved === null ? null : minute(resolved)}, ${driver_name}, ${imei}, '{}', ${minute(0)})`;
}
