// @ts-check
// The status line and the banner: whether what the map shows is live. Nobody may mistake old data for live.

import { formatAge, formatTime, formatWhole } from "./format.js";

/** The server says something every 30 s: longer without is not live, even when nothing has failed yet. */
const LIVE_MS = 45_000;
/** A line that is back so soon is not worth a word: the service was renewed, or a phone changed its mast. */
const BREAK_MS = 5_000;
/** Connected, but nothing comes in from any vehicle: the collection behind the server stands still. */
const QUIET_MS = 15 * 60_000;

/** @param {import("./client/index.js").ApiError} error */
function reasonOf({ code, status, title }) {
  if (code === "line_broken") return "the line to the server is down";
  if (code === "signed_out") return "signed out; reload the page to sign in";
  if (status > 0) return `the server answers “${title}”`;
  return title.charAt(0).toLowerCase() + title.slice(1);
}

/**
 * @param {object} options
 * @param {HTMLElement} options.banner
 * @param {HTMLElement} options.status
 * @param {HTMLElement} options.clock
 * @param {() => number} options.nowMs the server's clock
 */
export function createConnection({ banner, status, clock, nowMs }) {
  /** @type {import("./client/index.js").LineState} */
  let line = { via: "none", paused: false, trueAtMs: null, error: null };
  /** Since when the line is down; null while it is not. @type {number | null} */
  let downAtMs = null;
  let heardAtMs = Number.NaN;
  /** Up to when the server followed its database; Infinity while it does. */
  let behindSinceMs = Infinity;
  let count = 0;
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

  /** @param {number} atMs @param {string} why @returns {[string, string, string]} */
  const dataFrom = (atMs, why) => [
    `Showing data from ${formatTime(atMs)} `,
    `(${formatAge(nowMs() - atMs)} old)`,
    `: ${why}`,
  ];

  /** @returns {[string, string, string] | null} */
  function warning() {
    const { trueAtMs, error } = line;
    // The key form says the rest.
    if (trueAtMs === null) {
      return error && !error.isRefusal ? ["No data yet: ", "", `${reasonOf(error)}. Trying again…`] : null;
    }
    if (error?.isRefusal) return dataFrom(trueAtMs, "an access key is needed");
    const now = nowMs();
    const down = downAtMs !== null && Date.now() - downAtMs > BREAK_MS;
    if (down || now - trueAtMs > LIVE_MS) {
      const waiting = line.paused ? "paused" : "waiting for the server";
      return dataFrom(Math.min(trueAtMs, behindSinceMs), error ? reasonOf(error) : waiting);
    }
    if (behindSinceMs < Infinity) return dataFrom(behindSinceMs, "the database does not answer the server");
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
    const { trueAtMs, error } = line;
    const stale = trueAtMs !== null && parts !== null;
    if (parts) {
      write(sentence, parts[0]);
      write(age, parts[1]);
      write(reason, parts[2]);
    }
    banner.hidden = parts === null;
    document.documentElement.dataset.live = trueAtMs === null ? "waiting" : stale ? "stale" : "live";
    document.documentElement.dataset.via = line.via;
    if (trueAtMs === null) return write(status, error ? "No data" : "Loading…");
    write(
      status,
      `${formatWhole(count)} ${count === 1 ? "vehicle" : "vehicles"} · ${stale ? "not live" : "live"}`,
    );
    write(clock, formatTime(Math.min(trueAtMs, behindSinceMs)));
  }
  setInterval(render, 1000);
  // A phone that wakes up draws its old picture first: the banner must be there with it.
  document.addEventListener("visibilitychange", render);

  return {
    /** @param {{ behindSince: string | null, heardAtMs: number, count: number }} picture `heardAtMs`: the newest contact of any vehicle */
    shows(picture) {
      ({ heardAtMs, count } = picture);
      behindSinceMs = picture.behindSince === null ? Infinity : Date.parse(picture.behindSince);
      render();
    },
    /** @param {import("./client/index.js").LineState} state */
    became(state) {
      line = state;
      if (state.error === null) downAtMs = null;
      else downAtMs ??= Date.now();
      render();
    },
  };
}
