import { sqlState } from "../../shared/database.ts";
import { reportFailure } from "../../shared/failure-reports.ts";
import { newId } from "../../shared/ids.ts";
import { log, messageOf } from "../../shared/log.ts";
import { noteBatch } from "../../shared/points.ts";
import { nowMs } from "../../shared/time.ts";
import type { Written } from "./commit.ts";
import type { ReadMessage } from "./parse.ts";

/** Enough to find the batches of a run; a full batch may hold messages of 50. */
const MOST_RECEIPTS = 10;

/** Rows of a batch by what became of them. */
export interface RowCounts {
  inserted: number;
  updated: number;
  /** Fixes that were there already. */
  duplicate: number;
  rejected: number;
  /** Live positions that moved. */
  moved: number;
}

/** What becomes of a batch, added to as it goes. */
export interface BatchOutcome {
  /** UUIDv7: id of the batch in `ingestion_log` and in every line about it. */
  batchId: string;
  startedMs: number;
  messages: number;
  written: number;
  parked: number;
  retried: number;
  rows: RowCounts;
  /** Highest number of deliveries of a message that failed. */
  attempts: number;
  /** Runs and bodies whose items it holds. */
  receipts: Set<string>;
  /** When the vendor gave the oldest answer in it, ms. */
  oldestMs: number;
  failure: { error: unknown } | null;
}

/** The outcome of a batch that has yet to be read. */
export function emptyBatch(messages: number): BatchOutcome {
  const startedMs = nowMs();
  return {
    batchId: newId(),
    startedMs,
    messages,
    written: 0,
    parked: 0,
    retried: 0,
    rows: { inserted: 0, updated: 0, duplicate: 0, rejected: 0, moved: 0 },
    attempts: 0,
    receipts: new Set(),
    oldestMs: startedMs,
    failure: null,
  };
}

/** Adds a message that was read. */
export function addRead(outcome: BatchOutcome, { message }: ReadMessage): void {
  outcome.receipts.add(message.receipt);
  // A record of ours is dated by the start of its run, which may have been minutes long.
  if (message.kind === "run" || message.kind === "sweep") return;
  outcome.oldestMs = Math.min(outcome.oldestMs, Date.parse(message.receivedAt));
}

/** Adds what was committed. */
export function addWritten(outcome: BatchOutcome, messages: number, written: Written): void {
  const { changed, wanted: _, ...counts } = written;
  const rows: RowCounts = { ...counts, moved: changed.positions.length };
  outcome.written += messages;
  for (const count of Object.keys(rows) as (keyof RowCounts)[]) outcome.rows[count] += rows[count];
}

/** Says once, in the log, in the metrics and to whoever hears of failures, what became of a batch. */
export function tellBatch(env: Env, outcome: BatchOutcome): void {
  const { batchId, messages, written, parked, retried, rows, receipts, failure } = outcome;
  const durationMs = nowMs() - outcome.startedMs;
  const lagMs = nowMs() - outcome.oldestMs;
  const event = retried > 0 ? "batch_failed" : "batch_written";
  log(failure ? "error" : "info", event, {
    batchId,
    receipts: [...receipts].slice(0, MOST_RECEIPTS).join(),
    messages,
    written,
    parked,
    retried,
    ...rows,
    lagMs,
    durationMs,
    ...(failure && {
      attempts: outcome.attempts,
      sqlState: sqlState(failure.error),
      error: messageOf(failure.error),
    }),
  });
  noteBatch(env, { outcome: retried > 0 ? "failed" : "written", durationMs, messages, ...rows, lagMs });
  if (failure) {
    const state = sqlState(failure.error) ?? "none";
    reportFailure(env, {
      event: "batch_failed",
      error: failure.error,
      alike: [state],
      tags: { batchId, sqlState: state },
    });
  }
}
