import type { Results } from "./commit.ts";
import type { Rows } from "./gather.ts";
import type { WasWritten } from "./item-outcomes.ts";
import { fixKey } from "./merge.ts";

/** Facts of a vehicle that changed, from the oldest to the newest of an hour. */
interface Change {
  imei: string;
  from: string;
  to: string;
}

/** What a batch changed of the facts that others are derived from. */
export function dirtied(rows: Rows, wasWritten: WasWritten, results: Results): Change[] {
  const changes = new Map<string, Change>();
  const note = (imei: string, from: string, to: string) => {
    // The hour of an ISO text.
    const key = `${imei} ${from.slice(0, 13)}`;
    const known = changes.get(key);
    if (known === undefined) changes.set(key, { imei, from, to });
    else {
      if (from < known.from) known.from = from;
      if (to > known.to) known.to = to;
    }
  };
  for (const fix of rows.fixes) {
    if (wasWritten("fixes", fixKey(fix))) note(fix.imei, fix.gpsTime, fix.gpsTime);
  }
  // A trip concerns the time of those it replaced, too; who drove, the time until the next naming.
  for (const table of ["trips", "driverSightings"] as const) {
    const written = new Map(results[table]?.map((row) => [row.key as string, row]));
    for (const { key, imei } of rows[table]) {
      const row = written.get(key);
      if (row) note(imei, row.changed_from.toISOString(), row.changed_to.toISOString());
    }
  }
  for (const { key, imei, at, endAt } of rows.parkingEvents) {
    if (wasWritten("parkingEvents", key)) note(imei, at, endAt ?? at);
  }
  for (const { key, imei, at } of rows.alarms) if (wasWritten("alarms", key)) note(imei, at, at);
  // Of readings only what tells of fuel: nothing else is derived from them.
  for (const { key, imei, at, value } of rows.fuelReadings) {
    if (value !== null && wasWritten("fuelReadings", key)) note(imei, at, at);
  }
  for (const { key, imei, at, fuelLevel } of rows.obdReadings) {
    if (fuelLevel !== null && wasWritten("obdReadings", key)) note(imei, at, at);
  }
  return [...changes.values()];
}
