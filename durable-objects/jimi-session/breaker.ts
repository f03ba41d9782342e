import type { JimiFailure } from "../../shared/jimi/failures.ts";

/** How long nobody may call, and how it came to that. Stored per method. */
export interface BreakerState {
  /** Consecutive 1006. */
  streak: number;
  /** When the first of them came, ms. */
  firstAt: number;
  /** No permit before, ms. */
  until: number;
  /** For the caller that is turned away. */
  reason: string;
}

const FIRST_PAUSE_MS = 30_000;
const LONGEST_PAUSE_MS = 5 * 60_000;
const STREAK_LIMIT = 6;
const STREAK_AGE_MS = 15 * 60_000;
const OPEN_MS = 3_600_000;
const IP_PAUSE_MS = 5 * 60_000;

/**
 * The next state after a failure (reference §1.9): pauses doubling from 30 s to 5 min; an hour after six
 * 1006 in more than 15 minutes, or as soon as the vendor says "today".
 *
 * @param jitter In [0, 1): spreads deployments that hit the limit together.
 * @returns null for a failure that closes nothing.
 */
export function afterFailure(
  state: BreakerState | null,
  failure: JimiFailure,
  nowMs: number,
  jitter: number,
): BreakerState | null {
  // A call that was under way when the breaker closed says nothing new.
  const streak = (state?.streak ?? 0) + (state !== null && nowMs < state.until ? 0 : 1);
  const firstAt = state?.firstAt ?? nowMs;
  switch (failure.kind) {
    case "quota":
      return { streak, firstAt, until: nowMs + OPEN_MS, reason: failure.message };
    case "ip_limited":
      return { streak, firstAt, until: nowMs + IP_PAUSE_MS * (1 + jitter), reason: failure.message };
    case "too_frequent": {
      const exhausted = streak >= STREAK_LIMIT && nowMs - firstAt > STREAK_AGE_MS;
      const pauseMs = Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** (streak - 1));
      // The jitter only adds: the vendor's 30 s are a minimum.
      const until = nowMs + (exhausted ? OPEN_MS : pauseMs * (1 + jitter / 4));
      return { streak, firstAt, until, reason: failure.message };
    }
    default:
      return null;
  }
}
