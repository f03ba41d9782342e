import { toIso } from "../../shared/time.ts";

/** Where a message stands in the order in which everything is played: by receipt, then by its id. */
export interface Position {
  receivedMs: number;
  producer: string;
  sequence: number;
}

/** Before every message that was received at a moment. */
export const startOf = (receivedMs: number): Position => ({ receivedMs, producer: "", sequence: 0 });

/** Negative when `a` is played first, 0 when they are the same message. */
export function compare(a: Position, b: Position): number {
  if (a.receivedMs !== b.receivedMs) return a.receivedMs - b.receivedMs;
  if (a.producer !== b.producer) return a.producer < b.producer ? -1 : 1;
  return a.sequence - b.sequence;
}

/** A position as text that a caller hands back. */
export function encodeCursor({ receivedMs, producer, sequence }: Position): string {
  return `${toIso(receivedMs)}/${sequence}/${producer}`;
}

const CURSOR = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z)\/(\d{1,15})\/(.{0,100})$/s;

/** The inverse of {@link encodeCursor}; null for what it did not write. */
export function decodeCursor(text: string): Position | null {
  const [, iso = "", sequence = "", producer = ""] = CURSOR.exec(text) ?? [];
  const receivedMs = Date.parse(iso);
  return Number.isNaN(receivedMs) ? null : { receivedMs, producer, sequence: Number(sequence) };
}
