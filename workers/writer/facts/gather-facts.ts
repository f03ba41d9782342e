import type { AlarmEndRow, FactRows } from "../../../shared/records.ts";

/** What the statements of alarms, trips and drivers need beside the rows. */
export interface FactTurns {
  /** Vehicles of which a batch writes what depends on what others wrote. */
  turns: string[];
  /** Moments at which an alarm began or ended. */
  alarmSpans: Pick<AlarmEndRow, "imei" | "code" | "fenceId" | "at">[];
}

/** Gathers what the items of a batch told by table, each key once. */
export function gatherFacts(told: Partial<FactRows>[]): FactRows & FactTurns {
  const rows: FactRows = {
    alarms: [],
    alarmEnds: [],
    trips: [],
    parkingEvents: [],
    obdReadings: [],
    faultCodes: [],
    fuelReadings: [],
    temperatureReadings: [],
    lbsReadings: [],
    heartbeats: [],
    deviceEvents: [],
    driverSightings: [],
    accounts: [],
    deviceGroups: [],
  };
  for (const table of Object.keys(rows) as (keyof FactRows)[]) collect(rows, table, told);
  const { alarms, alarmEnds, trips, parkingEvents, obdReadings, faultCodes, driverSightings } = rows;
  const dependent = [
    ...[...alarms, ...alarmEnds, ...trips, ...parkingEvents],
    ...[...obdReadings, ...faultCodes, ...driverSightings],
  ];
  return {
    ...rows,
    turns: [...new Set(dependent.map(({ imei }) => imei))],
    alarmSpans: [...alarms, ...alarmEnds].map(({ imei, code, fenceId, at }) => ({ imei, code, fenceId, at })),
  };
}

function collect<Table extends keyof FactRows>(
  rows: FactRows,
  table: Table,
  told: Partial<FactRows>[],
): void {
  const once = new Map<string, FactRows[Table][number]>();
  for (const facts of told) {
    for (const row of facts[table] ?? []) if (!once.has(row.key)) once.set(row.key, row);
  }
  rows[table] = [...once.values()] as FactRows[Table];
}
