// @ts-check
// The server's clock as this page knows it: a phone whose own clock is wrong must not turn old data fresh.

let offsetMs = 0;

/**
 * Learns from an answer's `Date` header (whole seconds, hence half a second added).
 * @param {string | null} dateHeader
 */
export function learnServerTime(dateHeader) {
  const serverMs = Date.parse(dateHeader ?? "");
  if (Number.isNaN(serverMs)) return;
  const difference = serverMs + 500 - Date.now();
  // Below two seconds it is the header's rounding and the way here, not a wrong clock.
  offsetMs = Math.abs(difference) < 2000 ? 0 : difference;
}

export const serverNowMs = () => Date.now() + offsetMs;
