import { createClock } from "./clock.js";
import { startFollowing } from "./follow.js";
import { createRequests } from "./request.js";

export { ApiError } from "./error.js";

/** @typedef {import("./types.js").LiveVehicle} LiveVehicle */
/** @typedef {import("./types.js").Change} Change */
/** @typedef {import("./types.js").LineState} LineState */
/** @typedef {import("./types.js").Listener} Listener */
/** @typedef {import("./types.js").Following} Following */
/** @typedef {import("./types.js").Answers} Answers */

/** Which vehicles; an absent filter means any, several values any of them.
 * @typedef {{ imei?: string | string[], account?: string | string[], city?: string | string[], segment?: string | string[], vehicle_type?: string | string[], plate?: string | string[], driver?: string | string[], q?: string }} VehicleFilter */
/** @typedef {VehicleFilter & { status?: import("./types.js").Status | import("./types.js").Status[] }} LiveFilter */
/** `bbox`: west, south, east, north in degrees.
 * @typedef {LiveFilter & { bbox?: [number, number, number, number] }} LiveQuery */

/**
 * A client of the API, for browsers and Node 22. Every call throws an {@link ApiError} when it fails.
 * @param {object} options
 * @param {string} options.url of the API, e.g. `https://api.example.com`
 * @param {string | null | (() => string | null)} [options.key] a function is asked before each call
 * @param {import("./types.js").Fetch} [options.fetch]
 * @param {import("./types.js").SocketClass | null} [options.WebSocket] null: never a stream
 * @example
 * const client = createClient({ url: "https://api.example.com", key });
 * const { features } = await client.live({ city: "Nairobi", status: ["moving", "idling"] });
 * const following = client.follow({ onChange: ({ vehicles }) => draw(vehicles), onStop: askForKey });
 */
export function createClient({
  url,
  key = null,
  fetch = globalThis.fetch,
  WebSocket = globalThis.WebSocket,
}) {
  const clock = createClock();
  const ask = createRequests({
    url,
    key: typeof key === "function" ? key : () => key,
    // Called as a method it would get a wrong `this`.
    fetch: (...request) => fetch(...request),
    clock,
  });

  /**
   * @template {keyof Answers} Name
   * @param {Name} _ of the answer's schema
   * @param {string} path
   * @param {import("./request.js").Query} [query]
   * @param {{ signal?: AbortSignal }} [options]
   * @returns {Promise<Answers[Name]>}
   */
  const get = async (_, path, query, options) =>
    /** @type {Answers[Name]} */ (await ask(path, query, options));

  return {
    /** The server's clock, ms since the epoch, as far as its answers have told it. */
    nowMs: clock.nowMs,

    /** Any answer, by its schema's name: `get("Coverage", "/v1/coverage", { from, to })`. */
    get,

    /**
     * Changes something.
     * @param {"POST" | "PUT" | "DELETE"} method
     * @param {string} path
     * @param {unknown} [body] sent as JSON
     * @param {Record<string, string>} [headers]
     * @returns {Promise<unknown>}
     */
    send: (method, path, body, headers) => ask(path, {}, { method, body, headers }),

    /** Current positions as GeoJSON. @param {LiveQuery} [query] */
    live: (query) => get("LiveFeatureCollection", "/v1/live", query),

    /** The same, one list per column: a quarter of the bytes. @param {LiveQuery & { registry?: boolean }} [query] */
    liveColumns: ({ registry = false, ...query } = {}) =>
      get("LiveColumns", "/v1/live", { ...query, format: "columns", registry: String(registry) }),

    /** The vehicles nearest to a point, nearest first. @param {LiveFilter & { lat: number, lng: number, n?: number }} query */
    nearest: (query) => get("Neighbours", "/v1/nearest", query),

    /** A page of the registry. @param {VehicleFilter & { enabled?: "true" | "all", limit?: number, after?: string }} [query] */
    vehicles: (query) => get("VehicleList", "/v1/vehicles", query),

    /** One vehicle in full. @param {string} imei */
    vehicle: (imei) => get("Vehicle", `/v1/vehicles/${encodeURIComponent(imei)}`),

    /** A URL that opens the stream, for a minute. For those who do without {@link follow}. */
    streamUrl: () => get("StreamUrl", "/v1/live/stream-url"),

    /**
     * Follows the live fleet until it is closed or the key is refused.
     * @param {Listener} listener
     * @returns {Following}
     */
    follow: (listener) => startFollowing({ ask, clock, WebSocket: WebSocket ?? undefined }, listener),
  };
}

/** @typedef {ReturnType<typeof createClient>} Client */
