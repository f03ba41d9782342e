import type postgres from "postgres";
import cacheAddresses from "#sql/workers/addresses/cache-addresses.sql";
import fillAddresses from "#sql/workers/addresses/fill-addresses.sql";
import announceSweep from "#sql/workers/writer/announce-sweep.sql";
import audit from "#sql/workers/writer/audit.sql";
import batchLog from "#sql/workers/writer/batch-log.sql";
import devices from "#sql/workers/writer/devices.sql";
import dirtyDays from "#sql/workers/writer/dirty-days.sql";
import history from "#sql/workers/writer/history.sql";
import live from "#sql/workers/writer/live.sql";
import receipts from "#sql/workers/writer/receipts.sql";
import rejectedItems from "#sql/workers/writer/rejected-items.sql";
import resetDevices from "#sql/workers/writer/reset-devices.sql";
import resetHistory from "#sql/workers/writer/reset-history.sql";
import resetLive from "#sql/workers/writer/reset-live.sql";
import runs from "#sql/workers/writer/runs.sql";
import type { Hint } from "../../shared/live/facts.ts";
import type { WantedCell } from "../../shared/records.ts";
import { nowMs, toIso } from "../../shared/time.ts";
import { addressesSince } from "../addresses/since.ts";
import { dirtied } from "./dirtied.ts";
import { FACT_STATEMENTS, FACT_TABLES } from "./facts/statements.ts";
import { fixLines } from "./fix-lines.ts";
import { gather, type Rows } from "./gather.ts";
import { outcomesOf, type WasWritten } from "./item-outcomes.ts";
import type { ReadMessage } from "./parse.ts";
import { receiptRows } from "./receipt-rows.ts";

/** What a batch did. */
export interface Written {
  inserted: number;
  updated: number;
  /** Facts that were there already. */
  duplicate: number;
  rejected: number;
  /** Rows of devices and live positions as they are now, and how many alarms: for the live map. */
  changed: Hint;
  /** Cells whose address nobody has told yet, for the geocoder. */
  wanted: WantedCell[];
}

/** One statement per table, in the order in which every transaction takes the tables. */
const STATEMENTS: Record<keyof Rows, string> = {
  devices,
  fixes: history,
  live,
  ...FACT_STATEMENTS,
  runs,
  sweeps: announceSweep,
  addresses: cacheAddresses,
  places: fillAddresses,
  audits: audit,
  rejected: rejectedItems,
};

/** In a replay each goes before the statement of its table: a row takes the values of the message that brought it. */
const RESETS: Partial<Record<keyof Rows, string>> = {
  devices: resetDevices,
  fixes: resetHistory,
  live: resetLive,
};

/** What a batch is, for its row in the log. */
export interface Batch {
  /** Id of the batch in `ingestion_log` and in every line about it. */
  id: string;
  startedMs: number;
  /** Says what became of the items where their messages have receipts already: instead of new ones. */
  settle?: (outcomes: string[]) => Statements;
}

/** Facts are parsed anew. */
export interface Replay {
  /** The last instant until which messages of every kind are played; null where only some kinds are. */
  wholeUntil: string | null;
}

/** Statements by the name of the setting that each reads, with its text. */
export type Statements = Record<string, readonly [text: string, statement: string]>;

/**
 * Writes a batch: its facts, the receipts of its messages and its log row in one transaction. What became of each
 * item the statements themselves say, so receipts and log go after them.
 */
export async function commit(sql: postgres.Sql, messages: ReadMessage[], batch: Batch): Promise<Written> {
  const rows = gather(messages);
  const written = await sql.begin(async (tx) => {
    const results = await writeFacts(tx, rows);
    const counts = countsOf(rows, results);
    const wrote = wasWritten(results);
    const outcomes = outcomesOf(messages, wrote);
    const dirty = dirtied(rows, wrote, results);
    await run(tx, {
      ...(dirty.length > 0 && { dirty_days: [JSON.stringify(dirty), dirtyDays] }),
      ...(batch.settle?.(outcomes) ?? {
        receipts: [JSON.stringify(receiptRows(messages, outcomes, toIso(nowMs()))), receipts],
      }),
      batch: [JSON.stringify(logRow(batch, "writer", messages, counts)), batchLog],
    });
    const changed = {
      ...{ registries: factsOf(results.devices), positions: factsOf(results.live) },
      alarms: alarmsOf(results),
    };
    return { ...counts, changed, wanted: (results.places ?? []) as WantedCell[] };
  });
  return written as Written;
}

/**
 * Runs the statements of a batch and takes them back.
 * @throws what {@link commit} would throw for these items.
 */
export async function probe(sql: postgres.Sql, messages: ReadMessage[]): Promise<void> {
  const takenBack = new Error("probe");
  try {
    await sql.begin(async (tx) => {
      await writeFacts(tx, gather(messages));
      throw takenBack;
    });
  } catch (error) {
    if (error !== takenBack) throw error;
  }
}

/** What each statement returned. */
export type Results = Partial<Record<keyof Rows | `reset_${keyof Rows}`, postgres.Row[]>>;

/** Runs the statements of the tables that have rows; in a replay with what goes before them. */
export async function writeFacts(
  tx: postgres.TransactionSql,
  rows: Rows,
  replay: Replay | null = null,
): Promise<Results> {
  const tables = (Object.keys(STATEMENTS) as (keyof Rows)[]).filter((table) => rows[table].length > 0);
  const named = tables.flatMap((table) => {
    const reset = replay === null ? undefined : RESETS[table];
    return [
      // It reads the list of its table.
      ...(reset === undefined ? [] : [[`reset_${table}`, ["", reset]] as const]),
      [table, [encode(rows, table), STATEMENTS[table]]] as const,
    ];
  });
  const settings = {
    fix_count: String(rows.fixes.length),
    addresses_since: addressesSince(),
    ...(replay && { replay: "on", replay_until: replay.wholeUntil ?? "-infinity" }),
  };
  return run(tx, Object.fromEntries(named), settings);
}

/** JSON for all but the fixes, which come by the thousand. */
function encode(rows: Rows, table: keyof Rows): string {
  return table === "fixes" ? fixLines(rows.fixes) : JSON.stringify(rows[table]);
}

/**
 * The rows travel as settings of the transaction, each list as one text, and the statements have no
 * parameters: the driver would ask the server about each parameterised statement first, and wait. So a batch
 * takes the same few round trips however many statements it has.
 */
export async function run(
  tx: postgres.TransactionSql,
  statements: Statements,
  settings: Record<string, string> = {},
): Promise<Record<string, postgres.Row[]>> {
  const rows = Object.entries(statements).map(([name, [text]]) => [name, text] as const);
  const named = [...Object.entries(settings), ...rows];
  const sets = named.map(([name], index) => `set_config('tracksolid.${name}', $${index + 1}, true)`);
  const texts = named.map(([, text]) => text);
  await tx.unsafe(`select count(*) from (select ${sets.join(", ")}) as settings`, texts);
  // Executed at once, not when awaited: they leave as one pipeline.
  const results = await Promise.all(
    Object.values(statements).map(([, statement]) => tx.unsafe(statement).execute()),
  );
  return Object.fromEntries(Object.keys(statements).map((name, index) => [name, results[index] ?? []]));
}

/** What a batch did, in figures. */
export type Counts = Omit<Written, "changed" | "wanted">;

/** Rows of the tables of facts count as inserted: their statements tell only which they wrote. */
function countsOf(rows: Rows, results: Results): Counts {
  const updated = Number(results.fixes?.[0]?.updated ?? 0);
  let inserted = Number(results.fixes?.[0]?.inserted ?? 0);
  let facts = rows.fixes.length;
  for (const table of FACT_TABLES) {
    inserted += results[table]?.length ?? 0;
    facts += rows[table].length;
  }
  return {
    inserted,
    updated,
    duplicate: facts - inserted - updated,
    rejected: rows.rejected.length,
  };
}

/** Whether a row was inserted or changed, as its statement said. */
function wasWritten(results: Results): WasWritten {
  const { fixes, live: positions, devices: registries } = results;
  const imeis = (rows: postgres.Row[] | undefined) =>
    new Set(factsOf<{ imei: string }>(rows).map(({ imei }) => imei));
  const keys: Record<string, ReadonlySet<string> | "all"> = {
    fixes: fixKeys(fixes?.[0]?.keys),
    live: imeis(positions),
    devices: imeis(registries),
  };
  for (const table of [...FACT_TABLES, "audits"] as const) {
    keys[table] = new Set(results[table]?.map(({ key }) => key as string));
  }
  return (table, key) => {
    const written = keys[table];
    return written === "all" || (written?.has(key) ?? false);
  };
}

/** Null is "every one": the usual case need not travel. */
function fixKeys(keys: string | null | undefined): ReadonlySet<string> | "all" {
  if (keys === null) return "all";
  return new Set(
    (keys ?? "")
      .split(",")
      .filter(Boolean)
      .map((key) => {
        const [imei = "", ms] = key.split(" ");
        return `${imei} ${toIso(Number(ms))}`;
      }),
  );
}

/** The facts that a statement returned. */
export function factsOf<Row>(rows: postgres.Row[] | undefined): Row[] {
  return rows?.map(({ facts }) => facts as Row) ?? [];
}

/** How many alarms began or ended. */
export const alarmsOf = ({ alarms = [], alarmEnds = [] }: Results): number =>
  alarms.length + alarmEnds.length;

/** A row of `ingestion_log`, for `batch-log.sql`. */
export function logRow(
  { id, startedMs }: Batch,
  endpoint: "writer" | "replay",
  messages: ReadMessage[],
  counts: Counts,
) {
  const items = messages.reduce((sum, read) => sum + read.items.length, 0);
  return { id, endpoint, runAt: toIso(startedMs), durationMs: nowMs() - startedMs, items, ...counts };
}
