import type postgres from "postgres";
import versionDays from "#sql/workers/derive/version-days.sql";
import { nowMs } from "../../shared/time.ts";
import type { VehicleDay } from "./compute-visits.ts";

/** Notes that days were computed anew, at the end of the transaction that did so: no other gets a version until it ends. */
export async function noteVersions(tx: postgres.TransactionSql, days: VehicleDay[]): Promise<void> {
  if (days.length === 0) return;
  const listed = JSON.stringify(days.map(({ imei, day }) => ({ imei, day })));
  await tx.unsafe(versionDays, [listed, nowMs()], { prepare: true });
}
