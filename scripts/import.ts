import { instant } from "../shared/tickets/fields.ts";
import type { TargetName } from "../shared/tickets/targets.ts";
import { nowMs } from "../shared/time.ts";
import { type DatabaseCall, databaseCommand, runFromTerminal } from "./command.ts";
import { type TableName, tableOf } from "./fleet/tables.ts";
import { importGeofences } from "./import/geofences.ts";
import { offsetsOf } from "./import/local-time.ts";
import { importMaster } from "./import/master.ts";
import { type Outcome, type Request, report } from "./import/outcome.ts";
import { importRows, type Reading } from "./import/tickets.ts";

/** What goes into tables of the fleet, by the words for it here. */
const LISTS: Record<string, TableName> = {
  ...{ devices: "vehicles", drivers: "drivers", types: "types", shifts: "shifts" },
  ...{ prices: "prices", services: "services", units: "units" },
};

/** What has times, and comes in files of any size; of tickets also one kind alone. */
const FACTS: Record<string, TargetName[]> = {
  ...{ tickets: ["inc", "crq"], "tickets inc": ["inc"], "tickets crq": ["crq"] },
  fuel: ["fills"],
};

const GEOFENCES = "geofences";

const options = {
  apply: { type: "boolean", default: false },
  "skip-bad": { type: "boolean", default: false },
  zone: { type: "string" },
  "exported-at": { type: "string" },
} as const;
type ImportCall = DatabaseCall<typeof options>;

const columnsOf = (what: string) => Object.keys(tableOf(LISTS[what] as TableName).columns).join(", ");

export const importCommand = databaseCommand({
  help: `Takes lists that people keep into the database: first it says what would change, with --apply it changes it.

  npm run import-devices -- FILE.csv             what the company knows of its vehicles
  npm run import-drivers -- FILE.csv             who drives which vehicle
  npm run import-tickets -- FILE.csv             with a column kind (inc or crq); or import-tickets -- inc FILE.csv for incidents,
                                                 crq for change requests
  npm run import-fuel -- FILE.csv                fuel that vehicles were filled with
  npm run import-geofences -- FILE.geojson       Polygons, MultiPolygons, Points with radiusM
  npm run import -- TABLE FILE.csv               types, shifts, prices, services, units

  --apply          do it; without, say what would be done
  --skip-bad       leave out what cannot be taken, and take the rest; without, one bad row keeps all out
  --zone Z         of tickets and fuel: zone of times that name none (IANA name, such as Africa/Nairobi)
  --exported-at T  of tickets and fuel: when the file was made (2026-01-15T06:00Z), for rows without a column updated_at

Columns
${Object.keys(LISTS)
  .map((what) => `  ${what.padEnd(9)} ${columnsOf(what)}`)
  .join("\n")}
  tickets   number, opened_at, and as far as known state, priority, area, lat, lng, due_at, resolved_at, driver_name, imei,
            updated_at
  fuel      imei, filled_at, litres, and as far as known cost, currency, odometer_km, station, updated_at
  geofences properties: name, kind, radiusM, and where they differ from the usual enabled (true), rejoinS (120: who is outside no
            longer has not left), minStayS (60: who is inside no longer passed by)

Columns may be in any order, in capitals, with blanks or hyphens; cells parted by commas, semicolons, tabs or bars; the text
UTF-8, UTF-16 or Windows-1252 (Latin-1). Tickets and fuel may also be a list in a file named .json. A column that the file has not
stays as it is, an empty cell clears. Vehicles are named by imei or, where the file has none, by plate. Where a driver is emptied,
whom the vendor names drives again. Of rows that contradict each other the first is taken, the others are bad. Of tickets and
fuel a row that is older than what is known changes nothing.

Ends with 0 where all rows are in, or would be, and with 1 where one is not, also with --skip-bad. All of a file is one
transaction. DATABASE_URL is a direct connection as tracksolid_owner. See docs/reporting.md.`,
  options,
  takes: (words) => isKnown(whatOf(words)) && words.length > 1,
  async run(call) {
    const what = whatOf(call.words);
    if (!Object.hasOwn(FACTS, what) && (call.values.zone ?? call.values["exported-at"]) !== undefined) {
      call.error(`--zone and --exported-at are of tickets and fuel: ${what} has no times.`);
      return 2;
    }
    const request = { apply: call.values.apply, skipBad: call.values["skip-bad"] };
    return report(call, request, await importFile(call, what, request));
  },
});

/** What is imported: all words but that of the file. */
const whatOf = (words: string[]) => words.slice(0, -1).join(" ");

const isKnown = (what: string) =>
  Object.hasOwn(LISTS, what) || Object.hasOwn(FACTS, what) || what === GEOFENCES;

function importFile(call: ImportCall, what: string, request: Request): Promise<Outcome> {
  const path = call.words.at(-1) as string;
  const list = LISTS[what];
  if (list !== undefined) return importMaster(call.sql, list, path, request);
  const facts = FACTS[what];
  if (facts !== undefined) return importRows(call, facts, path, readingOf(call), request);
  return importGeofences(call.sql, path, request);
}

function readingOf({ values }: ImportCall): Reading {
  const now = nowMs();
  const zone = values.zone === undefined ? undefined : offsetsOf(values.zone);
  const exportedAt = readExportedAt(values["exported-at"], now);
  return { zone, nowMs: now, nameOf: (column) => column, exportedAt };
}

function readExportedAt(text: string | undefined, now: number): string | undefined {
  if (text === undefined) return undefined;
  const parsed = instant({ zone: undefined, nowMs: now }, "past").safeParse(text);
  if (!parsed.success) throw new Error(`--exported-at ${parsed.error.issues[0]?.message}.`);
  return parsed.data;
}

if (import.meta.main) await runFromTerminal(importCommand);
