// Shapes that the client's modules share; only imported from JSDoc, never loaded.

/** @typedef {import("./answers.d.ts").Answers} Answers */
/** @typedef {Answers["LiveProperties"]["status"]} Status */
/** @typedef {Answers["LiveThresholds"]} Thresholds */
/** @typedef {typeof globalThis.fetch} Fetch */

/**
 * A vehicle of the live fleet. Never changed: a new object takes its place. Every text is untrusted.
 * @typedef {object} LiveVehicle
 * @property {string} imei
 * @property {string | null} name
 * @property {string | null} plate
 * @property {string | null} driver
 * @property {string | null} account
 * @property {string | null} city
 * @property {string | null} segment
 * @property {string | null} vehicleType
 * @property {string | null} model
 * @property {number | null} lng null before the first fix
 * @property {number | null} lat
 * @property {number | null} headingDeg
 * @property {number | null} speedKmh
 * @property {Status} status
 * @property {boolean | null} online
 * @property {boolean | null} ignition
 * @property {string | null} fixAt UTC, seconds
 * @property {string | null} contactAt UTC, seconds
 */

/**
 * What became different, for {@link Listener}.
 * @typedef {object} Change
 * @property {LiveVehicle[]} vehicles new and changed ones; with `reset` the whole fleet
 * @property {string[]} removed IMEIs of vehicles that are not shown any more
 * @property {boolean} reset forget what you hold
 * @property {string} asOf since when the picture holds, UTC
 * @property {string | null} behindSince null while the server follows its database; else up to when it did
 * @property {string} version
 */

/**
 * How the line to the server is.
 * @typedef {object} LineState
 * @property {"stream" | "polling" | "none"} via how the newest news came; `none` while the line is down
 * @property {boolean} paused the page was hidden for a while: nothing is asked until it is seen again
 * @property {number | null} trueAtMs the picture was true then, by the server's clock; null before the first
 * @property {import("./error.js").ApiError | null} error why the line is down
 */

/**
 * Is told about the live fleet.
 * @typedef {object} Listener
 * @property {(change: Change) => void} onChange
 * @property {(state: LineState) => void} [onState]
 * @property {() => void} [onAlarms] alarms came or ended: `/v1/alarms` has them. By the stream alone
 * @property {(error: import("./error.js").ApiError) => void} [onStop] the key is refused: nothing more will come
 */

/**
 * A fleet that is being followed.
 * @typedef {object} Following
 * @property {ReadonlyMap<string, LiveVehicle>} vehicles by IMEI; goes on changing
 * @property {() => void} close
 */

/**
 * A picture of the fleet or a part of it: an answer of `/v1/live?format=columns`, or a message of the stream.
 * @typedef {object} Part
 * @property {boolean} reset
 * @property {string | null} version null: more parts follow at once
 * @property {string} asOf
 * @property {string | null} behindSince
 * @property {Thresholds} thresholds
 * @property {Answers["RegistryColumns"]} registry
 * @property {Answers["PositionColumns"]} positions
 * @property {string[]} removed
 */

/**
 * What the client uses of a WebSocket: that of browsers, of Node, or of a library like `ws`.
 * @typedef {object} Socket
 * @property {(text: string) => void} send
 * @property {(code?: number, reason?: string) => void} close
 * @property {(type: "open" | "message" | "close" | "error", listener: (event: any) => void) => void} addEventListener
 */
/** @typedef {new (url: string) => Socket} SocketClass */

export {};
