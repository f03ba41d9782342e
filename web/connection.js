// @ts-check
// The status line and the banner: whether what the map shows is live. Nobody may mistake old data for live.

import { serverNowMs } from "./clock.js";
import { formatAge, formatTime, formatWhole } from "./format.js";

/** Two polls and a bit: longer without an answer is not live, even when nothing has failed yet. */
const LIVE_MS = 26_000;
/** Connected, but nothing comes in from any vehicle: the collection behind the server stands still. */
const QUIET_MS = 15 * 60_000;

/**
 * @param {{ banner: HTMLElement, status: HTMLElement, clock: HTMLElement }} elements
 */
export function createConnection({ banner, status, clock }) {
  /** The data shown is true as of then; null before the first. @type {number | null} */
  let shownAtMs = null;
  let heardAtMs = Number.NaN;
  let count = 0;
  /** @type {string | null} */
  let failure = null;
  let denied = false;
  const sentence = document.createElement("span");
  const age = document.createElement("span");
  const reason = document.createElement("span");
  // The alert is read out when its sentence changes, not every second with the age.
  age.setAttribute("aria-hidden", "true");
  banner.append(sentence, age, reason);

  /** @param {HTMLElement} element @param {string} text */
  const write = (element, text) => {
    if (element.textContent !== text) element.textContent = text;
  };

  /** @returns {[string, string, string] | null} */
  function warning() {
    if (shownAtMs === null)
      return failure && !denied ? ["No data yet: ", "", `${failure}. Trying again…`] : null;
    const now = serverNowMs();
    const oldMs = now - shownAtMs;
    if (failure !== null || oldMs > LIVE_MS) {
      const why = failure ?? (document.hidden ? "paused" : "waiting for the server");
      return [`Showing data from ${formatTime(shownAtMs)} `, `(${formatAge(oldMs)} old)`, `, ${why}`];
    }
    if (now - heardAtMs > QUIET_MS)
      return [
        `No vehicle has reported since ${formatTime(heardAtMs)} `,
        `(${formatAge(now - heardAtMs)})`,
        "",
      ];
    return null;
  }

  function render() {
    const parts = warning();
    const stale = shownAtMs !== null && parts !== null;
    if (parts) {
      write(sentence, parts[0]);
      write(age, parts[1]);
      write(reason, parts[2]);
    }
    banner.hidden = parts === null;
    document.documentElement.dataset.live = shownAtMs === null ? "waiting" : stale ? "stale" : "live";
    if (shownAtMs === null) return write(status, failure ? "No data" : "Loading…");
    write(
      status,
      `${formatWhole(count)} ${count === 1 ? "vehicle" : "vehicles"}${stale ? " · not live" : ""}`,
    );
    write(clock, formatTime(shownAtMs));
  }
  setInterval(render, 1000);
  // A phone that wakes up draws its old picture first: the banner must be there with it.
  document.addEventListener("visibilitychange", render);

  return {
    /** @param {{ asOfMs: number, heardAtMs: number, count: number }} data `heardAtMs`: the newest contact of any vehicle */
    fresh(data) {
      shownAtMs = data.asOfMs;
      heardAtMs = data.heardAtMs;
      count = data.count;
      failure = null;
      denied = false;
      render();
    },
    /** @param {number} atMs */
    unchanged(atMs) {
      shownAtMs = atMs;
      failure = null;
      render();
    },
    /** @param {string} why */
    failed(why) {
      failure = why;
      denied = false;
      render();
    },
    /** The key form says the rest. */
    denied() {
      failure = "an access key is needed";
      denied = true;
      render();
    },
  };
}
