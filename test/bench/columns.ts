import type postgres from "postgres";
import type { Fix } from "../../shared/records.ts";

/** A way of storing fixes. Making text of the rows is part of it. */
export type Write = (sql: postgres.Sql, rows: Fix[]) => Promise<unknown>;

/** Columns of `position_history` and the fields of a fix, in one order. */
export const COLUMNS: [column: string, field: keyof Fix][] = [
  ["imei", "imei"],
  ["gps_time", "gpsTime"],
  ["lat", "lat"],
  ["lng", "lng"],
  ["speed_kmh", "speedKmh"],
  ["heading_deg", "headingDeg"],
  ["altitude_m", "altitudeM"],
  ["satellites", "satellites"],
  ["pos_type", "posType"],
  ["confidence", "confidence"],
  ["ignition", "ignition"],
  ["odometer_km", "odometerKm"],
  ["retransmitted", "retransmitted"],
  ["clock_ahead", "clockAhead"],
  ["source", "source"],
  ["sources", "sources"],
  ["received_at", "receivedAt"],
];

export const TABLE = "tracksolid.position_history";
/** The columns, separated by commas. */
export const COLUMN_LIST = COLUMNS.map(([column]) => column).join(", ");
