/** Nobody gains from asking a failing server again at once; and after a deployment all come back together. */
const FLOOR_MS = 1_000;
const BASE_MS = 4_000;
const CAP_MS = 60_000;
/** The longest that a server may make a client wait. */
const RETRY_AFTER_CAP_MS = 5 * 60_000;

/**
 * Full jitter between a floor and a cap that doubles.
 * @param {number} failures in a row, from 1
 * @param {number | null} [retryAfterS] what the server asks for at least
 */
export function backOffMs(failures, retryAfterS = null) {
  const mostMs = Math.min(CAP_MS, BASE_MS * 2 ** Math.min(failures - 1, 10));
  const drawnMs = FLOOR_MS + Math.random() * (mostMs - FLOOR_MS);
  return Math.max(drawnMs, Math.min(RETRY_AFTER_CAP_MS, (retryAfterS ?? 0) * 1000));
}

/** A pause that can be cut short. */
export function createPause() {
  let wake = () => {};
  return {
    /** @param {number} ms Infinity: until it is woken @returns {Promise<void>} */
    rest: (ms) =>
      new Promise((resolve) => {
        const timer = ms === Infinity ? undefined : setTimeout(resolve, ms);
        wake = () => {
          clearTimeout(timer);
          resolve();
        };
      }),
    wake: () => wake(),
  };
}
