import { ApiError, errorOf } from "./error.js";

const PATIENCE_MS = 15_000;
/** What changes something may work for 20 s (redrives, a piece of a replay), and is not known to be done without its answer. */
const CHANGE_PATIENCE_MS = 60_000;

/**
 * Values of a query string; a list is sent as `a,b,c`.
 * @typedef {Record<string, string | number | readonly (string | number)[] | undefined>} Query
 */

/**
 * @param {object} options
 * @param {string} options.url
 * @param {() => string | null} options.key
 * @param {import("./types.js").Fetch} options.fetch
 * @param {import("./clock.js").Clock} options.clock
 */
export function createRequests({ url, key, fetch, clock }) {
  /**
   * Asks for JSON.
   * @param {string} path
   * @param {Query} [query]
   * @param {object} [options]
   * @param {string | null} [options.version] the one that is held already
   * @param {AbortSignal} [options.signal]
   * @param {"GET" | "POST" | "PUT" | "DELETE"} [options.method]
   * @param {unknown} [options.body] sent as JSON
   * @param {Record<string, string>} [options.headers]
   * @returns {Promise<unknown>} undefined while that version stands, and for an answer without a body
   * @throws {ApiError}
   */
  return async function ask(
    path,
    query = {},
    { version = null, signal, method = "GET", body, headers = {} } = {},
  ) {
    const address = new URL(path, url);
    for (const [name, value] of Object.entries(query)) {
      if (value !== undefined) address.searchParams.set(name, String(value));
    }
    const secret = key();
    const abort = new AbortController();
    const timeout = setTimeout(() => abort.abort(), method === "GET" ? PATIENCE_MS : CHANGE_PATIENCE_MS);
    const stop = () => abort.abort();
    signal?.addEventListener("abort", stop);
    if (signal?.aborted) stop();
    let answered = false;
    try {
      const response = await fetch(address, {
        method,
        body: body === undefined ? null : JSON.stringify(body),
        signal: abort.signal,
        cache: "no-store",
        // A sign-in page is a redirect to another origin: never followed, told instead.
        redirect: "manual",
        headers: {
          accept: "application/geo+json, application/json",
          ...(secret ? { authorization: `Bearer ${secret}` } : {}),
          ...(version === null ? {} : { "if-none-match": `W/"${version}"` }),
          ...(body === undefined ? {} : { "content-type": "application/json" }),
          ...headers,
        },
      });
      answered = true;
      clock.learn(response.headers.get("date"), 1_000);
      if (response.status === 304 || response.status === 204) return undefined;
      if (response.type === "opaqueredirect" || (response.status >= 300 && response.status < 400)) {
        throw new ApiError({
          code: "signed_out",
          title: "Signed out",
          detail: "Reload the page to sign in.",
        });
      }
      if (!response.ok) throw await errorOf(response);
      return await response.json();
    } catch (error) {
      if (error instanceof ApiError) throw error;
      throw failureOf(error, abort.signal.aborted, answered);
    } finally {
      clearTimeout(timeout);
      signal?.removeEventListener("abort", stop);
    }
  };
}

/** @typedef {ReturnType<typeof createRequests>} Ask */

/** @param {unknown} error @param {boolean} aborted @param {boolean} answered */
function failureOf(error, aborted, answered) {
  if (aborted) return new ApiError({ code: "no_answer", title: "No answer in time" });
  // A connection that breaks in the middle of a body is a TypeError, as one that never was.
  if (answered && error instanceof SyntaxError) {
    return new ApiError({ code: "unreadable_answer", title: "The answer could not be read" });
  }
  return new ApiError({ code: "no_connection", title: "No connection" });
}
