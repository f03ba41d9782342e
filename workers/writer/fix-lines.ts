import type { Fix } from "../../shared/records.ts";

/** Columns in the order of `history.sql`. */
const COLUMNS = [
  "imei",
  "gpsTime",
  "lat",
  "lng",
  "speedKmh",
  "headingDeg",
  "altitudeM",
  "satellites",
  "posType",
  "confidence",
  "ignition",
  "odometerKm",
  "retransmitted",
  "clockAhead",
  "source",
  "sources",
  "receivedAt",
] as const satisfies (keyof Fix)[];

/** Fixes as the text that `history.sql` takes: a line each, tabs between the columns, "" for null. */
export function fixLines(fixes: Fix[]): string {
  return fixes.map((fix) => COLUMNS.map((column) => cell(fix[column])).join("\t")).join("\n");
}

/** The one free text among the columns must not end a cell or a line. */
function cell(value: string | number | boolean | null): string {
  return value === null ? "" : typeof value === "string" ? value.replace(/[\t\n]/g, " ") : String(value);
}
