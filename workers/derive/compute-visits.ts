import type postgres from "postgres";
import geofenceCrossings from "#sql/workers/derive/geofence-crossings.sql";
import geofenceVisits from "#sql/workers/derive/geofence-visits.sql";

/** A vehicle, and a day in the fleet's zone, YYYY-MM-DD. */
export interface VehicleDay {
  imei: string;
  day: string;
}

/**
 * Computes the visits to geofences around times of vehicles.
 * @param changes JSON list of `imei`, `changedFrom`, `changedTo`
 * @param fences JSON list of the geofences concerned; null for all
 * @returns On which days visits that changed had begun
 */
export async function computeVisits(
  tx: postgres.TransactionSql,
  changes: string,
  fences: string | null,
): Promise<VehicleDay[]> {
  const concerned = await tx.unsafe(geofenceCrossings, [changes, fences], { prepare: true });
  // Two statements: the second sees what the first wrote.
  if (concerned.length === 0) return [];
  return tx.unsafe<(VehicleDay & postgres.Row)[]>(geofenceVisits, [JSON.stringify(concerned)], {
    prepare: true,
  });
}
