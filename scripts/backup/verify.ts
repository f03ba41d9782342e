import { nowMs, toIso } from "../../shared/time.ts";
import type { Store } from "../store/store.ts";
import { inOrder } from "./in-order.ts";
import type { Manifest, Piece, Verification } from "./manifest.ts";
import { getPiece, openPiece, PieceFault } from "./pieces.ts";
import { missingPieces } from "./present.ts";

/** Pieces that are fetched and opened at once. */
const AT_ONCE = 4;

/** Of a backup that is gone, a few say what the rest would. */
const MOST_FAULTS = 50;

/**
 * Fetches every piece of a backup and compares its checksum; with a key that opens it, also its text and the number of its rows.
 * @param onPiece Hears of each that was looked at.
 * @throws what the store throws: that says nothing about the backup
 */
export async function verifyBackup(
  store: Store,
  backup: Manifest,
  identities: readonly string[],
  onPiece: (piece: Piece) => void,
): Promise<Verification> {
  const begunMs = nowMs();
  const absent = await missingPieces(store, backup);
  const damaged = new Set(absent.map(({ key }) => key));
  const faults = absent.map(({ fault }) => fault);
  const pieces = new Map(backup.tables.flatMap((table) => table.pieces.map((piece) => [piece.key, piece])));
  const there = [...pieces.values()].filter(({ key }) => !damaged.has(key));
  const looked = inOrder(there, AT_ONCE, async (piece) => {
    try {
      await (identities.length > 0 ? openPiece(store, piece, identities) : getPiece(store, piece));
      return { piece };
    } catch (error) {
      if (error instanceof PieceFault) return { piece, fault: error.message };
      throw error;
    }
  });
  for await (const { piece, fault } of looked) {
    onPiece(piece);
    if (fault === undefined) continue;
    damaged.add(piece.key);
    faults.push(fault);
  }
  return {
    id: backup.id,
    at: toIso(nowMs()),
    level: identities.length > 0 ? "rows" : "objects",
    isWell: faults.length === 0,
    faults: shortened(faults),
    damaged: [...damaged],
    durationMs: nowMs() - begunMs,
  };
}

const shortened = (faults: string[]) =>
  faults.length <= MOST_FAULTS
    ? faults
    : [...faults.slice(0, MOST_FAULTS), `and ${faults.length - MOST_FAULTS} more.`];
