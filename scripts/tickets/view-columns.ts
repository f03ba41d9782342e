/** Our columns, in their order, with their types. `create or replace view` refuses to change either. */

export type ColumnType = "text" | "double precision" | "numeric" | "timestamptz";

export const TICKET_COLUMNS = {
  kind: "text",
  number: "text",
  state: "text",
  priority: "text",
  area: "text",
  lat: "double precision",
  lng: "double precision",
  opened_at: "timestamptz",
  due_at: "timestamptz",
  resolved_at: "timestamptz",
  driver_name: "text",
  imei: "text",
} as const satisfies Record<string, ColumnType>;

export const FILL_COLUMNS = {
  imei: "text",
  filled_at: "timestamptz",
  litres: "double precision",
  cost: "numeric",
  currency: "text",
  odometer_km: "double precision",
  station: "text",
} as const satisfies Record<string, ColumnType>;
