/**
 * Judges a vehicle at an instant, by the server's own rule (a test compares the two): for when nothing is heard
 * of the server, and a vehicle must not go on "moving" for ever.
 * @param {Pick<import("./types.js").LiveVehicle, "fixAt" | "contactAt" | "speedKmh" | "ignition">} vehicle
 * @param {number} atMs
 * @param {import("./types.js").Thresholds} thresholds
 * @returns {import("./types.js").Status}
 */
export function judge({ fixAt, contactAt, speedKmh, ignition }, atMs, thresholds) {
  if (fixAt === null) return "unknown";
  const fixMs = Date.parse(fixAt);
  const heardMs = contactAt === null ? fixMs : Math.max(fixMs, Date.parse(contactAt));
  const fast = speedKmh !== null && speedKmh > thresholds.movingAboveKmh;
  /** @param {number} sinceMs @param {number} seconds */
  const isOlder = (sinceMs, seconds) => atMs > sinceMs + seconds * 1000;

  if (isOlder(heardMs, thresholds.silentAfterS)) return "silent";
  if (fast && !isOlder(fixMs, thresholds.staleAfterS)) return "moving";
  if (ignition === false) return "parked";
  if (fast) return "unknown";
  if (ignition === null) return "parked";
  return isOlder(heardMs, thresholds.staleAfterS) ? "unknown" : "idling";
}
