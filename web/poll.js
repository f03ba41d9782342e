// @ts-check
// Asks the server for the live positions every few seconds while somebody looks, and backs off when it fails.

import { learnServerTime, serverNowMs } from "./clock.js";

const EVERY_MS = 10_000;
const TIMEOUT_MS = 15_000;
const BACK_OFF_CAP_MS = 60_000;
/** Full jitter may draw zero; nobody gains from asking a failing server again at once. */
const BACK_OFF_FLOOR_MS = 1_500;

/** @param {number} failures in a row, from 1 */
const backOffMs = (failures) =>
  BACK_OFF_FLOOR_MS +
  Math.random() * (Math.min(BACK_OFF_CAP_MS, EVERY_MS * 2 ** Math.min(failures, 5)) - BACK_OFF_FLOOR_MS);

/** @param {Response} response @returns {Promise<{ title: string, detail: string }>} */
async function problemOf(response) {
  const body = await response.json().catch(() => null);
  return {
    title: typeof body?.title === "string" ? body.title : `Error ${response.status}`,
    detail: typeof body?.detail === "string" ? body.detail : "",
  };
}

/** @param {unknown} error @param {boolean} answered whether the server had begun to answer */
function reasonOf(error, answered) {
  if (error instanceof DOMException && error.name === "AbortError") return "no answer in time";
  if (answered && !(error instanceof TypeError && navigator.onLine === false))
    return "the answer could not be read";
  return "no connection";
}

/**
 * @param {object} options
 * @param {string} options.url
 * @param {() => string | null} options.key sent as a bearer token when there is one
 * @param {(collection: import("./types.js").LiveCollection) => void} options.onData
 * @param {(atMs: number) => void} options.onUnchanged the last data is still true at this time
 * @param {(reason: string) => void} options.onFailure in words for the banner
 * @param {(problem: { title: string, detail: string }) => void} options.onDenied asks no more until `restart`
 */
export function startPolling({ url, key, onData, onUnchanged, onFailure, onDenied }) {
  let timer = 0;
  let busy = false;
  let denied = false;
  let failures = 0;
  /** @type {string | null} */
  let etag = null;

  /** @param {number} waitMs */
  function again(waitMs) {
    clearTimeout(timer);
    if (!document.hidden && !denied) timer = setTimeout(() => void ask(), waitMs);
  }

  /** @param {string} reason @param {number} [atLeastMs] */
  function failed(reason, atLeastMs = 0) {
    failures += 1;
    onFailure(reason);
    again(Math.min(BACK_OFF_CAP_MS, Math.max(atLeastMs, backOffMs(failures))));
  }

  async function ask() {
    if (busy || document.hidden || denied) return;
    busy = true;
    let answered = false;
    const abort = new AbortController();
    const timeout = setTimeout(() => abort.abort(), TIMEOUT_MS);
    try {
      const secret = key();
      const response = await fetch(url, {
        signal: abort.signal,
        cache: "no-store",
        // A sign-in page of Cloudflare Access is a redirect to another origin: never followed, told instead.
        redirect: "manual",
        headers: {
          accept: "application/geo+json, application/json",
          ...(secret ? { authorization: `Bearer ${secret}` } : {}),
          ...(etag ? { "if-none-match": etag } : {}),
        },
      });
      answered = true;
      learnServerTime(response.headers.get("date"));
      if (response.type === "opaqueredirect") return failed("signed out; reload the page to sign in");
      if (response.status === 401 || response.status === 403) {
        const problem = await problemOf(response);
        denied = true;
        return onDenied(problem);
      }
      if (response.status === 304) {
        failures = 0;
        onUnchanged(serverNowMs());
        return again(EVERY_MS);
      }
      if (!response.ok) {
        const { title } = await problemOf(response);
        return failed(
          `the server answers “${title}”`,
          1000 * Number(response.headers.get("retry-after") ?? 0) || 0,
        );
      }
      const collection = await response.json();
      if (!Array.isArray(collection?.features)) throw new SyntaxError("not a feature collection");
      onData(collection);
      // Only now: an answer that could not be shown must not be "unchanged" next time.
      etag = response.headers.get("etag");
      failures = 0;
      again(EVERY_MS);
    } catch (error) {
      failed(reasonOf(error, answered));
    } finally {
      clearTimeout(timeout);
      busy = false;
    }
  }

  const askNow = () => {
    clearTimeout(timer);
    void ask();
  };
  document.addEventListener("visibilitychange", () => (document.hidden ? clearTimeout(timer) : askNow()));
  addEventListener("online", askNow);
  askNow();

  return {
    /** With a new key. */
    restart() {
      denied = false;
      etag = null;
      askNow();
    },
  };
}
