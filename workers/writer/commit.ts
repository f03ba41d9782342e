import type postgres from "postgres";
import type { Facts } from "../../shared/live/facts.ts";
import { nowMs, toIso } from "../../shared/time.ts";
import announceSweep from "./announce-sweep.sql";
import batchLog from "./batch-log.sql";
import devices from "./devices.sql";
import { FACT_STATEMENTS } from "./facts/statements.ts";
import { fixLines } from "./fix-lines.ts";
import { gather, type Rows } from "./gather.ts";
import history from "./history.sql";
import live from "./live.sql";
import type { ReadMessage } from "./parse.ts";
import receipts from "./receipts.sql";
import rejectedItems from "./rejected-items.sql";
import runs from "./runs.sql";

/** What a batch did. */
export interface Written {
  inserted: number;
  updated: number;
  /** Fixes that were there already. */
  duplicate: number;
  rejected: number;
  /** Rows of devices and live positions as they are now, for the live map. */
  changed: Facts;
}

/** One statement per table, in the order in which every transaction takes the tables. */
const STATEMENTS: Record<keyof Rows, string> = {
  devices,
  fixes: history,
  live,
  ...FACT_STATEMENTS,
  runs,
  sweeps: announceSweep,
  rejected: rejectedItems,
  receipts,
};

/** Writes a batch: all its statements in one transaction with their log row, which has the id of the batch. */
export async function commit(
  sql: postgres.Sql,
  messages: ReadMessage[],
  { id, startedMs }: { id: string; startedMs: number },
): Promise<Written> {
  const rows = gather(messages, toIso(startedMs));
  const batch = {
    id,
    runAt: toIso(startedMs),
    durationMs: nowMs() - startedMs,
    items: messages.reduce((sum, { message }) => sum + message.items.length, 0),
    fixes: rows.fixes.length,
    rejected: rows.rejected.length,
  };
  const written = await sql.begin(async (tx) => {
    const {
      fixes,
      devices: registries,
      live: positions,
    } = await execute(tx, rows, { batch: JSON.stringify(batch) }, batchLog);
    const inserted = Number(fixes?.[0]?.inserted ?? 0);
    const updated = Number(fixes?.[0]?.updated ?? 0);
    return {
      inserted,
      updated,
      duplicate: rows.fixes.length - inserted - updated,
      rejected: rows.rejected.length,
      changed: { registries: factsOf(registries), positions: factsOf(positions) },
    };
  });
  return written as Written;
}

/** The facts that a statement returned. */
function factsOf<Row>(rows: postgres.Row[] | undefined): Row[] {
  return rows?.map(({ facts }) => facts as Row) ?? [];
}

/**
 * Runs the statements of a batch and takes them back.
 * @throws what {@link commit} would throw for these items.
 */
export async function probe(sql: postgres.Sql, messages: ReadMessage[]): Promise<void> {
  const takenBack = new Error("probe");
  try {
    await sql.begin(async (tx) => {
      await execute(tx, gather(messages, messages[0]?.message.receivedAt ?? ""), {});
      throw takenBack;
    });
  } catch (error) {
    if (error !== takenBack) throw error;
  }
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
async function execute(
  tx: postgres.TransactionSql,
  rows: Rows,
  settings: Record<string, string>,
  ...last: string[]
): Promise<Partial<Record<keyof Rows, postgres.Row[]>>> {
  const tables = (Object.keys(STATEMENTS) as (keyof Rows)[]).filter((table) => rows[table].length > 0);
  const named = { ...settings, ...Object.fromEntries(tables.map((table) => [table, encode(rows, table)])) };
  const names = Object.keys(named);
  if (names.length === 0) return {};
  const sets = names.map((name, index) => `set_config('tracksolid.${name}', $${index + 1}, true)`);
  await tx.unsafe(`select count(*) from (select ${sets.join(", ")}) as settings`, Object.values(named));
  const [results] = await Promise.all([
    // Executed at once, not when awaited: they leave as one pipeline.
    Promise.all(tables.map((table) => tx.unsafe(STATEMENTS[table]).execute())),
    Promise.all(last.map((text) => tx.unsafe(text).execute())),
  ]);
  return Object.fromEntries(tables.map((table, index) => [table, results[index]]));
}
