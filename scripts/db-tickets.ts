import { checkRows } from "../shared/tickets/check.ts";
import { instant } from "../shared/tickets/fields.ts";
import { type TargetName, targetOf } from "../shared/tickets/targets.ts";
import type { Outcome } from "../shared/tickets/write.ts";
import { nowMs } from "../shared/time.ts";
import { type DatabaseCall, databaseCommand, runFromTerminal } from "./command.ts";
import { offsetsOf } from "./tickets/local-time.ts";
import { readRows } from "./tickets/rows.ts";
import { importRows } from "./tickets/write.ts";

const TARGETS: readonly string[] = ["inc", "crq", "fills"] satisfies TargetName[];

/** Of vehicles that nobody knows; the rest is counted. */
const MOST_NAMED = 10;

const options = {
  zone: { type: "string" },
  "exported-at": { type: "string" },
  apply: { type: "boolean", default: false },
} as const;

export const ticketsCommand = databaseCommand({
  help: `Imports tickets or fuel fills from a CSV or JSON file into tables of our own.

  npm run db:tickets -- inc FILE [--zone ZONE] [--exported-at INSTANT] [--apply]      incidents
  npm run db:tickets -- crq FILE …                                                    change requests
  npm run db:tickets -- fills FILE …                                                  fuel fills

  --zone Z         zone of times that name none (IANA name, such as Africa/Nairobi)
  --exported-at T  when the file was made (2026-01-15T06:00Z), for rows without a column updated_at
  --apply          do it; without, everything is tried and taken back

Columns of tickets: number, opened_at, and as far as known state, priority, area, lat, lng, due_at, resolved_at,
driver_name, imei. Of fills: imei, filled_at, litres, and cost, currency, odometer_km, station. And updated_at: a row that is
older than what is known changes nothing. A column that the file does not have stays as it is, an empty cell clears.
If one row cannot be read nothing is imported.

DATABASE_URL is a direct connection as tracksolid_owner.`,
  options,
  takes: ([target = "", ...files]) => TARGETS.includes(target) && files.length === 1,
  run: importFile,
});

async function importFile({ sql, words, values, log, error }: DatabaseCall<typeof options>): Promise<number> {
  const [name, path] = words as [TargetName, string];
  const zone = values.zone === undefined ? undefined : offsetsOf(values.zone);
  const reading = { zone, nowMs: nowMs(), nameOf: (column: string) => column };
  const exportedAt = readExportedAt(values["exported-at"], reading.nowMs);
  const target = targetOf(name, reading);
  const read = await readRows(path);
  const { rows, problems, unread } = checkRows(target, read.rows, { ...reading, exportedAt });
  const all = [...read.problems, ...problems];
  // What a row says of itself is told first; what is known of it matters once that can be read.
  const outcome = all.length === 0 ? await importRows(sql, target, rows, values.apply) : undefined;
  all.push(...(outcome?.problems ?? []));
  if (unread.length > 0) log(`Kept as it is, but not read: ${unread.join(", ")}.`);
  if (outcome === undefined || all.length > 0) {
    const numberOf = ({ place }: { place: string }) => Number(place.replaceAll(/\D/g, ""));
    all.sort((a, b) => numberOf(a) - numberOf(b));
    error(all.map(({ place, reason }) => `${place}: ${reason}`).join("\n"));
    const bad = new Set(all.map(({ place }) => place)).size;
    error(`${bad} of the rows cannot be imported, and so none is.`);
    return 1;
  }
  for (const line of told(outcome, values.apply)) log(line);
  return 0;
}

function readExportedAt(text: string | undefined, nowMs: number): string | undefined {
  if (text === undefined) return undefined;
  const parsed = instant({ zone: undefined, nowMs }, "past").safeParse(text);
  if (!parsed.success) throw new Error(`--exported-at ${parsed.error.issues[0]?.message}.`);
  return parsed.data;
}

function told({ written, unknownImeis }: Outcome, applied: boolean): string[] {
  const { changed, same, older } = written;
  const counts = `${written.new} new, ${changed} changed, ${same} as known, ${older} older than what is known`;
  const lines = [applied ? `${counts}.` : `It would be: ${counts}. Add --apply to do it.`];
  if (unknownImeis.length > 0) {
    const named = unknownImeis.slice(0, MOST_NAMED).join(", ");
    const rest = unknownImeis.length - MOST_NAMED;
    const more = rest > 0 ? ` and ${rest} more` : "";
    lines.push(`Vehicles that nobody has heard of: ${named}${more}. Their rows are kept.`);
  }
  return lines;
}

if (import.meta.main) await runFromTerminal(ticketsCommand);
