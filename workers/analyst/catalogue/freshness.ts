import selectTimeColumn from "#sql/workers/analyst/catalogue/time-column.sql";
import type { ToolContext } from "../tool.ts";
import { type CatalogueObject, nameOf } from "./objects.ts";

/** The newest value of a column, as text: an instant in UTC, or a day. */
export interface Freshness {
  /** `schema.object.column` that it is of. */
  column: string;
  newest: string | null;
}

interface TimeColumn {
  relation: string;
  quoted: string;
  column: string;
  isDay: boolean;
}

const of = (relation: string, column: string, isDay = false): TimeColumn => ({
  relation,
  quoted: column,
  column,
  isDay,
});

const VEHICLE_DAYS = of("reporting.vehicle_day", "day", true);
const DRIVER_DAYS = of("reporting.driver_day", "day", true);
const RUNS = of("tracksolid.ingestion_log", "run_at");

/** A row a vehicle: read whole it is as fast as an index. */
const FIXES = of("tracksolid.live_positions", "fix_at");
const CONTACTS = of("tracksolid.live_positions", "contact_at");

/** Objects whose newest instant is that of another, or that an index would mislead about; null: nothing says in one read. */
const NAMED: Record<string, TimeColumn | null> = {
  "reporting.v_utilisation_daily": VEHICLE_DAYS,
  "reporting.v_fleet_km_daily": VEHICLE_DAYS,
  "reporting.v_fuel_daily": VEHICLE_DAYS,
  "reporting.v_driver_aggregates_daily": DRIVER_DAYS,
  "reporting.v_driver_clock_daily": DRIVER_DAYS,
  "reporting.v_alarms_daily": of("reporting.alarm_day", "day", true),
  "reporting.v_fuel_events": of("reporting.fuel_events", "at"),
  "reporting.v_trips": of("tracksolid.trips", "start_time"),
  "reporting.v_ingest_health": RUNS,
  "reporting.v_job_health": RUNS,
  // The last day of explanations.
  "reporting.insight_remarks": null,
  "tracksolid.live_positions": CONTACTS,
  "tracksolid.heartbeats": CONTACTS,
  "tracksolid.position_history": FIXES,
};

/** How fresh an object is; null where that is not one read away. */
export async function freshnessOf(
  object: CatalogueObject,
  { read }: Pick<ToolContext, "read">,
): Promise<Freshness | null> {
  const named = NAMED[nameOf(object)];
  const [found] =
    named === undefined && object.kind === "table"
      ? await read<TimeColumn>(selectTimeColumn, [object.oid])
      : [named];
  if (!found) return null;
  const { relation, quoted, column, isDay } = found;
  const newest = isDay ? `max(${quoted})::text` : `reporting.fn_iso(max(${quoted}))`;
  const [row] = await read<{ newest: string | null }>(`select ${newest} as newest from ${relation}`);
  return { column: `${relation}.${column}`, newest: row?.newest ?? null };
}
