import { basename } from "node:path";
import type postgres from "postgres";
import {
  type CheckedRow,
  type GivenRow,
  isUnread,
  type Problem,
  rowChecker,
  TOLD_COLUMN,
} from "../../shared/tickets/check.ts";
import type { FieldOptions } from "../../shared/tickets/fields.ts";
import { OUR_OWNER, tableOf } from "../../shared/tickets/table.ts";
import { type Target, type TargetName, targetOf } from "../../shared/tickets/targets.ts";
import type { DatabaseCall } from "../command.ts";
import { inTransaction } from "../database/transaction.ts";
import type { Bar } from "../progress.ts";
import type { Vocabulary } from "./columns.ts";
import { openText } from "./encoding.ts";
import { addBad, type Bad, isRefused, noBad, type Outcome, type Request } from "./outcome.ts";
import { openRows } from "./row-source.ts";
import { openStage, type Stage } from "./stage.ts";

/** How the cells of a file are read. */
export interface Reading extends FieldOptions {
  exportedAt: string | undefined;
}

/** The column that says what each row is, in a file of all tickets. */
const KIND = "kind";

/** What systems of tickets call the two. */
const KINDS: Record<string, TargetName> = {
  ...{ inc: "inc", incident: "inc", incidents: "inc" },
  ...{ crq: "crq", change: "crq", change_request: "crq", change_requests: "crq" },
};

const SYNONYMS: Record<string, string> = {
  ...{ ticket: "number", ticket_no: "number", ticket_number: "number", incident_number: "number" },
  ...{ opened: "opened_at", due: "due_at", resolved: "resolved_at", updated: TOLD_COLUMN },
  ...{ driver: "driver_name", latitude: "lat", longitude: "lng", lon: "lng" },
  ...{ imei_no: "imei", imei_number: "imei" },
  ...{ filled: "filled_at", liters: "litres" },
};

/** A target with the rows for it. */
interface Lane {
  name: TargetName;
  target: Target;
  check: (row: GivenRow) => CheckedRow | string[];
  stage: Stage;
  good: CheckedRow[];
}

/**
 * Takes tickets or fuel fills into tables of our own, from a file of any size: rows wait in the database until all of them are
 * known. All of it is one transaction.
 * @param names What the rows may be; of several each says it in its column `kind`
 */
export async function importRows(
  { sql, progress }: Pick<DatabaseCall, "sql" | "progress">,
  names: TargetName[],
  path: string,
  reading: Reading,
  request: Request,
): Promise<Outcome> {
  const targets = names.map((name) => ({ name, target: targetOf(name, reading) }));
  for (const { target } of targets) await refuseForeign(sql, target);
  const file = await openText(path);
  const columns = targets.flatMap(({ target }) => Object.keys(target.columns));
  const vocabulary: Vocabulary = {
    columns: [...new Set([...columns, TOLD_COLUMN, ...(names.length > 1 ? [KIND] : [])])],
    synonyms: Object.fromEntries(
      Object.entries(SYNONYMS).filter(([, column]) => columns.includes(column) || column === TOLD_COLUMN),
    ),
  };

  return inTransaction(sql, request.apply, async (tx) => {
    await tx`set local role tracksolid_owner`;
    // A statement whose client went away ends, and with it the locks.
    await tx`set local client_connection_check_interval = '2s'`;
    await tx`set local timezone = 'UTC'`;
    const lanes: Lane[] = [];
    for (const { name, target } of targets) {
      const stage = await openStage(tx, target, request.apply);
      lanes.push({ name, target, check: rowChecker(target, reading), stage, good: [] });
    }
    const taken: Taken = { bad: noBad(), unread: new Set() };
    const manner = await shown(progress(`bytes of ${basename(path)}`, file.bytes), async (bar) => {
      const source = await openRows(file, vocabulary, (bytes) => bar.add(bytes));
      for await (const rows of source.rows) await take(rows, lanes, taken, request);
      return source.manner;
    });
    const { bad, unread } = taken;
    const outcome: Outcome = {
      ...{ counts: {}, changes: [], bad, notes: [`Read as ${file.encoding}, ${manner}.`] },
      facts: { encoding: file.encoding, unread: [...unread], unknownImeis: [], beside: 0 },
    };
    // What a row says of itself is told first; what is known of it matters once that can be read.
    if (!isRefused(request, bad)) {
      await shown(progress(`comparing ${basename(path)}`), () => finish(lanes, outcome, request));
    }
    for (const { stage } of lanes) await stage.close();
    if (unread.size > 0) outcome.notes.push(`Kept as it is, but not read: ${[...unread].join(", ")}.`);
    return outcome;
  });
}

/** Works while a line shows how far. */
async function shown<Result>(bar: Bar, work: (bar: Bar) => Promise<Result>): Promise<Result> {
  try {
    return await work(bar);
  } finally {
    bar[Symbol.dispose]();
  }
}

/** What is known of the rows so far. */
interface Taken {
  bad: Bad;
  /** Columns that are only kept. */
  unread: Set<string>;
}

async function take(
  rows: (GivenRow | Problem)[],
  lanes: Lane[],
  taken: Taken,
  request: Request,
): Promise<void> {
  for (const row of rows) {
    if ("reason" in row) addBad(taken.bad, row.place, [row.reason]);
    else takeRow(lanes, row, taken);
  }
  for (const lane of lanes) {
    // What will not be written need not be kept.
    if (!isRefused(request, taken.bad)) await lane.stage.add(lane.good);
    lane.good = [];
  }
}

function takeRow(lanes: Lane[], row: GivenRow, { bad, unread }: Taken): void {
  const lane = laneOf(lanes, row);
  if (typeof lane === "string") {
    addBad(bad, row.place, [lane]);
    return;
  }
  for (const name of row.values.keys()) {
    if (isUnread(lane.target, name) && name !== KIND) unread.add(name);
  }
  const checked = lane.check(row);
  if (Array.isArray(checked)) addBad(bad, row.place, checked);
  else lane.good.push(checked);
}

/** Where a row belongs, or why that cannot be said. */
function laneOf(lanes: Lane[], { values }: GivenRow): Lane | string {
  const [only, ...others] = lanes;
  const said = String(values.get(KIND) ?? "").trim();
  const kind = KINDS[said.toLowerCase().replaceAll(/[\s-]+/g, "_")];
  if (only !== undefined && others.length === 0) {
    const isOther = only.name !== "fills" && kind !== undefined && kind !== only.name;
    return isOther ? `is of the kind "${said}", not ${only.name}` : only;
  }
  if (!values.has(KIND)) return `has no ${KIND}: add the column, or name inc or crq for the whole file`;
  return lanes.find(({ name }) => name === kind) ?? `${KIND} "${said}" is neither inc nor crq`;
}

/** Compares what came with what is known, and writes it where that is asked for. */
async function finish(lanes: Lane[], outcome: Outcome, request: Request): Promise<void> {
  const { bad, counts, changes, notes, facts } = outcome;
  let beside = 0;
  for (const { stage } of lanes) {
    const settled = await stage.settle();
    bad.rows += settled.bad.rows;
    bad.problems.push(...settled.bad.problems);
    beside += settled.beside;
  }
  const numberOf = ({ place }: { place: string }) => Number(place.replaceAll(/\D/g, ""));
  bad.problems.sort((a, b) => numberOf(a) - numberOf(b));
  if (isRefused(request, bad)) return;
  if (beside > 0) {
    notes.push(`Rows that do not count, as another of the same key is newer or says the same: ${beside}.`);
  }
  facts.beside = beside;
  const strangers = { count: 0, imeis: [] as string[] };
  for (const { target, stage } of lanes) {
    const compared = await stage.compare();
    counts[`${target.schema}.${target.table}`] = compared.written;
    changes.push(...compared.changes);
    const found = await stage.strangers();
    strangers.count += found.count;
    strangers.imeis.push(...found.imeis);
    if (request.apply) await stage.write();
  }
  if (strangers.count === 0) return;
  const rest = strangers.count - strangers.imeis.length;
  const more = rest > 0 ? ` and ${rest} more` : "";
  notes.push(`Vehicles that nobody has heard of: ${strangers.imeis.join(", ")}${more}. Their rows are kept.`);
  facts.unknownImeis = strangers.imeis;
}

async function refuseForeign(sql: postgres.Sql, target: Target): Promise<void> {
  const { schema, table } = target;
  const found = await tableOf(sql, target);
  if (found?.owner === OUR_OWNER) return;
  throw new Error(
    found === undefined
      ? `There is no table ${schema}.${table} of ours. Before npm run db:migrate there is none; where the schema ${schema} belongs to another product there never is: see npm run db:map-tickets.`
      : `The table ${schema}.${table} belongs to ${found.owner}, and nothing is written there: see npm run db:map-tickets.`,
  );
}
