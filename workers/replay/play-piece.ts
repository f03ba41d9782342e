import { classifyDatabaseError, openDatabase, sqlState } from "../../shared/database.ts";
import { newId } from "../../shared/ids.ts";
import { log } from "../../shared/log.ts";
import { VENDOR_KINDS } from "../../shared/message.ts";
import { nowMs, toIso } from "../../shared/time.ts";
import type { KeepReason } from "../kept/keep.ts";
import { LargeItemMissing } from "../queue/large-items.ts";
import { hintLiveMap } from "../writer/hint.ts";
import type { ReadMessage } from "../writer/parse.ts";
import { rewrite } from "../writer/rewrite.ts";
import type { TableCounts } from "../writer/table-counts.ts";
import { understand } from "../writer/understand.ts";
import { TooMuchRefused, withoutPoison } from "../writer/write-batch.ts";
import { findMessages, type Span } from "./find-messages.ts";
import type { Found } from "./first-messages.ts";
import type { Position } from "./position.ts";
import { type Skipped, SkippedList, type SkipReason } from "./skipped.ts";

/** The database did not take a piece now; `cause` says why. */
export class PieceNotWritten extends Error {
  override name = "PieceNotWritten";
}

/** What came of a piece. */
export interface Piece {
  messages: number;
  items: number;
  /** Per table that the messages had rows for. */
  tables: TableCounts[];
  skipped: Skipped[];
  /** When the last message of the piece was received, ms; null without any. */
  reachedMs: number | null;
  /** Where the next piece begins; null after the last. */
  next: Position | null;
}

/**
 * Plays the next piece of a span: its messages are read by today's parser and written again, in one transaction and in
 * the order in which they were received.
 * @param after the position that the piece before ended at
 * @param dryRun takes everything back
 * @throws PieceNotWritten when the same piece can be written later; whatever else database and R2 throw. Nothing of
 * the piece is then written.
 */
export async function playPiece(env: Env, span: Span, after: Position, dryRun: boolean): Promise<Piece> {
  const batch = { id: newId(), startedMs: nowMs() };
  const skipped = new SkippedList();
  const { found, next } = await findMessages(env, span, after, skipped);
  const reads = await readAll(env, found, skipped);
  const items = reads.reduce((sum, read) => sum + read.items.length, 0);
  const tables = reads.length > 0 ? await write(env, reads, batch, span, dryRun) : [];
  const reachedMs = found.at(-1)?.receivedMs ?? null;
  log("info", "replayed", {
    batchId: batch.id,
    dryRun,
    messages: reads.length,
    items,
    skipped: skipped.toList().length,
    reachedAt: reachedMs === null ? null : toIso(reachedMs),
    durationMs: nowMs() - batch.startedMs,
  });
  return { messages: reads.length, items, tables, skipped: skipped.toList(), reachedMs, next };
}

async function write(
  env: Env,
  reads: ReadMessage[],
  batch: { id: string; startedMs: number },
  { kinds, beforeMs }: Span,
  dryRun: boolean,
): Promise<TableCounts[]> {
  const sql = openDatabase(env.DB_INGEST);
  const isWhole = VENDOR_KINDS.every((kind) => kinds.has(kind));
  const replay = { wholeUntil: isWhole ? toIso(beforeMs - 1) : null };
  try {
    const { tables, changed } = await withoutPoison(sql, reads, batch, (messages) =>
      rewrite(sql, messages, batch, replay, dryRun),
    );
    await hintLiveMap(env, changed);
    return tables;
  } catch (error) {
    // Waiting cures neither a value nor a statement (SQLSTATE class 42).
    const isLasting = classifyDatabaseError(error) === "poison" || sqlState(error)?.startsWith("42");
    if (error instanceof TooMuchRefused || isLasting) throw error;
    throw new PieceNotWritten("The database did not take the piece", { cause: error });
  }
}

/** Reads what was found; what today's Worker cannot read is left where it is. */
async function readAll(env: Env, found: Found[], skipped: SkippedList): Promise<ReadMessage[]> {
  const reads: ReadMessage[] = [];
  for (const { text, key } of found) {
    try {
      const read = await understand(env, text);
      if ("message" in read) reads.push(read);
      else skipped.add(key, reasonOf(read.keep), "message");
    } catch (error) {
      if (!(error instanceof LargeItemMissing)) throw error;
      skipped.add(key, "item_missing", "message");
    }
  }
  return reads;
}

function reasonOf(keep: KeepReason): SkipReason {
  return keep === "unknown_version" || keep === "unknown_kind" ? keep : "unreadable_message";
}
