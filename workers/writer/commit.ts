import type postgres from "postgres";
import { newId } from "../../shared/ids.ts";
import { nowMs, toIso } from "../../shared/time.ts";
import announceSweep from "./announce-sweep.sql";
import batchLog from "./batch-log.sql";
import devices from "./devices.sql";
import { gather, type Rows } from "./gather.ts";
import history from "./history.sql";
import live from "./live.sql";
import type { ReadMessage } from "./parse.ts";
import receipts from "./receipts.sql";
import rejectedItems from "./rejected-items.sql";
import runs from "./runs.sql";

/** What a batch did, for the log. */
export interface Written {
  inserted: number;
  updated: number;
  rejected: number;
  moved: number;
}

/** Writes a batch: one statement per table in a fixed order, all in one transaction with their log row. */
export async function commit(
  sql: postgres.Sql,
  messages: ReadMessage[],
  startedMs: number,
): Promise<Written> {
  const rows = gather(messages, toIso(startedMs));
  const items = messages.reduce((sum, { message }) => sum + message.items.length, 0);
  const durationMs = nowMs() - startedMs;
  return sql.begin(async (tx) => {
    const [counted, moved] = await Promise.all([
      ...recordStatements(tx, rows),
      statement(tx, rejectedItems, rows.rejected),
      statement(tx, receipts, rows.receipts),
      tx.unsafe(
        batchLog,
        [newId(), toIso(startedMs), durationMs, items, rows.fixes.length, rows.rejected.length],
        { prepare: true },
      ),
    ]);
    return {
      inserted: Number(counted?.[0]?.inserted ?? 0),
      updated: Number(counted?.[0]?.updated ?? 0),
      rejected: rows.rejected.length,
      moved: moved?.length ?? 0,
    };
  }) as Promise<Written>;
}

/**
 * Runs the statements that take vendor values and takes them back.
 * @throws what {@link commit} would throw for these items.
 */
export async function probe(sql: postgres.Sql, messages: ReadMessage[]): Promise<void> {
  const takenBack = new Error("probe");
  try {
    await sql.begin(async (tx) => {
      await Promise.all(recordStatements(tx, gather(messages, messages[0]?.message.receivedAt ?? "")));
      throw takenBack;
    });
  } catch (error) {
    if (error !== takenBack) throw error;
  }
}

/** History and live come first in the answer: their counts are reported. */
function recordStatements(
  tx: postgres.TransactionSql,
  rows: Rows,
): Promise<postgres.RowList<postgres.Row[]>>[] {
  const ofDevices = statement(tx, devices, rows.devices);
  const ofHistory = statement(tx, history, rows.fixes);
  const ofLive = statement(tx, live, rows.live);
  const ofRuns = statement(tx, runs, rows.runs);
  const ofSweeps = rows.sweeps.map((sweep) =>
    run(tx, announceSweep, [sweep.startedAt, String(sweep.devices)]),
  );
  return [ofHistory, ofLive, ofDevices, ofRuns, ...ofSweeps];
}

const nothing = Promise.resolve([] as unknown as postgres.RowList<postgres.Row[]>);

/** Rows travel as one JSON text: no parameter ceiling, least work for the client (measured in the bench). */
function statement(
  tx: postgres.TransactionSql,
  text: string,
  rows: object[],
): Promise<postgres.RowList<postgres.Row[]>> {
  return rows.length === 0 ? nothing : run(tx, text, [JSON.stringify(rows)]);
}

function run(
  tx: postgres.TransactionSql,
  text: string,
  parameters: string[],
): Promise<postgres.RowList<postgres.Row[]>> {
  // A query of postgres.js starts when it is awaited or executed: executed here, all travel in one pipeline.
  return tx.unsafe(text, parameters, { prepare: true }).execute();
}
