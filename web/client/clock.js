/** Below this a difference is the way here, not a wrong clock. */
const TOLERATED_MS = 2_000;

/** The server's clock as this client knows it: a phone whose own clock is wrong must not turn old data fresh. */
export function createClock() {
  let offsetMs = 0;
  return {
    nowMs: () => Date.now() + offsetMs,
    /**
     * Learns what time it is there.
     * @param {string | null | undefined} instant
     * @param {number} [roundedMs] what the instant may lack, as a `Date` header does
     */
    learn(instant, roundedMs = 0) {
      const serverMs = Date.parse(instant ?? "");
      if (Number.isNaN(serverMs)) return;
      const differenceMs = serverMs + roundedMs / 2 - Date.now();
      offsetMs = Math.abs(differenceMs) < TOLERATED_MS ? 0 : differenceMs;
    },
  };
}

/** @typedef {ReturnType<typeof createClock>} Clock */
