import type postgres from "postgres";
import geofenceCrossings from "#sql/workers/derive/geofence-crossings.sql";
import geofenceVisits from "#sql/workers/derive/geofence-visits.sql";

/**
 * Computes the visits to geofences around times of vehicles.
 * @param changes JSON list of `imei`, `changedFrom`, `changedTo`
 * @param fences JSON list of the geofences concerned; null for all
 */
export async function computeVisits(
  tx: postgres.TransactionSql,
  changes: string,
  fences: string | null,
): Promise<void> {
  const concerned = await tx.unsafe(geofenceCrossings, [changes, fences], { prepare: true });
  // Two statements: the second sees what the first wrote.
  if (concerned.length > 0) await tx.unsafe(geofenceVisits, [JSON.stringify(concerned)], { prepare: true });
}
