import { copyOut } from "../database/copy-out.ts";
import type { Store } from "../store/store.ts";
import { type CutSizes, cutRows } from "./cut.ts";
import { inOrder } from "./in-order.ts";
import type { Lane } from "./lane.ts";
import type { Piece } from "./manifest.ts";
import { digestOf, sealRows } from "./pieces.ts";

/** Pieces of a table that are compressed, encrypted or on their way at once. */
const AT_ONCE = 3;

/** What a piece of this text is in the store already, by the SHA-256 of its text. */
export type Known = Map<string, { key: string; bytes: number; sha256: string }>;

/** Where pieces go. */
export interface Destination {
  store: Store;
  recipients: readonly string[];
  known: Known;
  sizes: CutSizes;
  /** Ends it between two pieces. */
  signal: AbortSignal;
  /** A piece is in the store. */
  onPiece(piece: Piece, isNew: boolean): void;
}

/** Copies the rows of a statement. @returns their pieces, in order */
export async function copyRows(lane: Lane, select: string, destination: Destination): Promise<Piece[]> {
  const { store, recipients, known, sizes, signal, onPiece } = destination;
  const { chunks } = copyOut(lane.sql, select);
  const stored: Piece[] = [];
  const storing = inOrder(cutRows(chunks, sizes), AT_ONCE, async (part) => {
    signal.throwIfAborted();
    const textSha256 = digestOf(part.text);
    const there = known.get(textSha256);
    if (there) {
      const piece = { ...there, rows: part.count, textBytes: part.text.length, textSha256 };
      onPiece(piece, false);
      return piece;
    }
    const { piece, body } = await sealRows(part, textSha256, recipients);
    await store.put(piece.key, body);
    known.set(textSha256, piece);
    onPiece(piece, true);
    return piece;
  });
  for await (const piece of storing) stored.push(piece);
  return stored;
}
