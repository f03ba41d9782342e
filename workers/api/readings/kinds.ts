import { VALUES } from "./schemas.ts";

export type ReadingKind = keyof typeof VALUES;

export const READING_KINDS = Object.keys(VALUES) as [ReadingKind, ...ReadingKind[]];

/** Where readings of a kind are, and the column of their time. */
const TABLES: Record<ReadingKind, { table: string; at: string }> = {
  obd: { table: "obd_readings", at: "reading_time" },
  fuel: { table: "fuel_readings", at: "reading_time" },
  temperature: { table: "temperature_readings", at: "reading_time" },
  lbs: { table: "lbs_readings", at: "reading_time" },
  heartbeats: { table: "heartbeats", at: "gate_time" },
};

/** A value's column: `engineRpm` is in `engine_rpm`. */
const columnOf = (value: string) => value.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);

/**
 * A query of a page of one kind: an answer's values are named, and come in the order, as its schema has them. JSON is made of
 * those that are shown alone.
 * @param newest `newest.sql`, which takes from `reading`.
 * @param page `page.sql`, which takes from `told`.
 */
export function readingsQuery(kind: ReadingKind, newest: string, page: string): string {
  const { table, at } = TABLES[kind];
  const values = Object.keys(VALUES[kind].shape);
  return `
with reading as (
select imei, ${at} as at, hash, ${values.map(columnOf).join(", ")} from tracksolid.${table}
), ${newest}, told as (
select n, at, imei, json_build_object(${values.map((value) => `'${value}', ${columnOf(value)}`).join(", ")}) as facts from shown
)
${page}`;
}
