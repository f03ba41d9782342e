// @ts-check
// Numbers, ages and times as a dispatcher reads them.

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

/**
 * @param {number} ms
 * @example formatAge(42_000) // "42 s"
 * @example formatAge(11_520_000) // "3 h 12 min"
 */
export function formatAge(ms) {
  const age = Math.max(0, ms);
  if (age < MINUTE_MS) return `${Math.floor(age / 1000)} s`;
  if (age < HOUR_MS) return `${Math.floor(age / MINUTE_MS)} min`;
  if (age < DAY_MS) {
    const minutes = Math.floor((age % HOUR_MS) / MINUTE_MS);
    return `${Math.floor(age / HOUR_MS)} h${minutes ? ` ${minutes} min` : ""}`;
  }
  return `${Math.floor(age / DAY_MS)} d`;
}

/** The same in one unit, for narrow columns. @param {number} ms */
export const formatShortAge = (ms) =>
  ms >= HOUR_MS && ms < DAY_MS ? `${Math.floor(ms / HOUR_MS)} h` : formatAge(ms);

const clock = new Intl.DateTimeFormat("en-GB", { hour: "2-digit", minute: "2-digit", second: "2-digit" });

/** Time of day in the reader's zone. @param {number} ms */
export const formatTime = (ms) => clock.format(ms);

const whole = new Intl.NumberFormat("en-GB", { maximumFractionDigits: 0 });
const tenth = new Intl.NumberFormat("en-GB", { minimumFractionDigits: 1, maximumFractionDigits: 1 });

/** @param {number} value */
export const formatWhole = (value) => whole.format(value);

/** @param {number} value */
export const formatTenth = (value) => tenth.format(value);

/** @type {Record<import("./types.js").Status, string>} */
export const STATUS_WORDS = {
  moving: "Moving",
  idling: "Idling",
  parked: "Parked",
  silent: "Silent",
  unknown: "Unknown",
};

/** From what needs the eye to what does not; lists and counts follow it. */
export const STATUS_ORDER = /** @type {const} */ (["moving", "idling", "parked", "silent", "unknown"]);
