import type postgres from "postgres";
import alarmDays from "#sql/workers/derive/alarm-days.sql";
import cleanDays from "#sql/workers/derive/clean-days.sql";
import coverage from "#sql/workers/derive/coverage.sql";
import driverDays from "#sql/workers/derive/driver-days.sql";
import fillTrips from "#sql/workers/derive/fill-trips.sql";
import fuelEvents from "#sql/workers/derive/fuel-events.sql";
import vehicleDays from "#sql/workers/derive/vehicle-days.sql";
import vehicleHours from "#sql/workers/derive/vehicle-hours.sql";
import { settings } from "../../shared/settings.ts";
import { nowMs, toIso } from "../../shared/time.ts";
import { computeVisits, type VehicleDay } from "./compute-visits.ts";
import { noteVersions } from "./version-days.ts";

/** A day to be computed again. */
export interface DirtyDay extends VehicleDay {
  changed_from: Date;
  changed_to: Date;
  /** Of its newest change. */
  mark: string;
}

/**
 * Computes everything that is derived from the facts of these days, or nothing.
 * @param fuelFromMs Refills and drains of what changed before stay as they are: their readings may be gone; null for all
 */
export async function computeDays(
  sql: postgres.Sql,
  days: DirtyDay[],
  fuelFromMs: number | null,
): Promise<void> {
  const limit = `${settings.gapWhileMovingS} s`;
  const { movingAboveKmh } = settings;
  const changes = changesOf(days);
  const withReadings = days.filter(
    ({ changed_from }) => fuelFromMs === null || changed_from.getTime() >= fuelFromMs,
  );
  await sql.begin(async (tx) => {
    const query = <Row extends object>(statement: string, parameters: (string | number)[]) =>
      tx.unsafe<(Row & postgres.Row)[]>(statement, parameters, { prepare: true });
    // Trips before marks, as the writer takes them.
    await query(fillTrips, [changes, limit, movingAboveKmh]);
    await query(coverage, [changes, limit, toIso(nowMs()), movingAboveKmh]);
    const touched = await query<VehicleDay>(vehicleHours, [changes, limit, movingAboveKmh]);
    // Their fixes are counted by the hour.
    const visited = await computeVisits(tx, changes, null);
    const concerned = JSON.stringify([...days, ...touched].map(({ imei, day }) => ({ imei, day })));
    await query(alarmDays, [concerned]);
    await query(vehicleDays, [concerned]);
    await query(driverDays, [concerned, limit, movingAboveKmh]);
    await query(fuelEvents, [changesOf(withReadings), movingAboveKmh]);
    await query(cleanDays, [changes]);
    await noteVersions(tx, [...days, ...touched, ...visited]);
  });
}

const changesOf = (days: DirtyDay[]) =>
  JSON.stringify(
    days.map(({ imei, day, changed_from, changed_to, mark }) => ({
      ...{ imei, day, mark },
      changedFrom: changed_from.toISOString(),
      changedTo: changed_to.toISOString(),
    })),
  );
