import selectTrips from "#sql/workers/api/trips/page.sql";
import { type Asker, selectBody } from "../select.ts";

/** Which trips, and how they are told. */
export interface TripsAsked {
  from: string;
  to: string;
  /** As `vehicleFilter` returns them. */
  vehicles: string;
  drivers: string | null;
  /** As `readCursor` returns it. */
  after: string;
  limit: number;
  form: "json" | "geojson" | "trip";
  /** Metres that their tracks may be off; null without tracks. */
  toleranceM: number | null;
  leastKm: number | null;
}

/** Reads a page of trips; null where one was asked for that is not there. */
export const readTrips = (asker: Asker, asked: TripsAsked): Promise<string | null> =>
  selectBody(asker, selectTrips, [
    ...[asked.from, asked.to, asked.vehicles, asked.drivers, asked.after, asked.limit],
    ...[asked.form, asked.toleranceM, asked.leastKm],
  ]);
