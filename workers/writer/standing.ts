import { classifyDatabaseError } from "../../shared/database.ts";
import { nowMs } from "../../shared/time.ts";

/** A restart or a failover is over sooner; what fails for longer is away. */
const AWAY_AFTER_MS = 5_000;

/** While it is away, one batch in so long asks whether it is back. */
const ASK_EVERY_MS = 5_000;

/** What code throws that is wrong. */
const OURS = [TypeError, RangeError, ReferenceError, SyntaxError];

let failingSinceMs: number | null = null;
let askedMs = 0;

/**
 * Whether the database is known to be away: then a batch need not wait to find out. Every isolate knows for itself,
 * from its own batches.
 */
export function databaseIsAway(): boolean {
  const now = nowMs();
  if (failingSinceMs === null || now - failingSinceMs < AWAY_AFTER_MS) return false;
  if (now - askedMs < ASK_EVERY_MS) return true;
  askedMs = now;
  return false;
}

/** Notes that the database answered. */
export function noteAnswer(): void {
  failingSinceMs = null;
}

/** Notes an error of the database; one that it sent itself is an answer, and one of our own code says nothing. */
export function noteError(error: unknown): void {
  if (OURS.some((kind) => error instanceof kind)) return;
  if (classifyDatabaseError(error) !== "unreachable") noteAnswer();
  else failingSinceMs ??= nowMs();
}
