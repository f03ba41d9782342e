// @ts-check
// Shapes shared by the page's modules; only imported from JSDoc, never loaded by the browser.

/** @typedef {import("./client/types.js").Status} Status */
/** @typedef {import("./client/index.js").LiveVehicle} LiveVehicle */

/**
 * One vehicle as the page holds it. `x`, `y` are where it is drawn now, `toX`, `toY` where its last fix is
 * (Web Mercator, 0..1); they differ during the second in which it glides from one to the other.
 * @typedef {object} Vehicle
 * @property {string} imei
 * @property {LiveVehicle} facts every text is untrusted and goes to the page as text only
 * @property {Status} status
 * @property {boolean} placed false when it never had a fix
 * @property {number} x
 * @property {number} y
 * @property {number} fromX
 * @property {number} fromY
 * @property {number} toX
 * @property {number} toY
 * @property {number} headingDeg
 * @property {number} fromHeadingDeg
 * @property {number} toHeadingDeg
 * @property {number} glideStartMs of `performance.now()`
 * @property {number} fixAtMs NaN when it never had a fix
 * @property {string} label plate, else name, else the end of the IMEI
 * @property {string} haystack lower-case text the search looks in
 * @property {TrailPoint[]} trail oldest first
 */

/** `joined` is false where the line from the point before would not be a road driven (a gap or a jump).
 * @typedef {{ x: number, y: number, atMs: number, joined: boolean }} TrailPoint */

/** Pixels of the canvas that the panel and the sheet cover.
 * @typedef {{ top: number, right: number, bottom: number, left: number }} Padding */

/** @typedef {{ x: number, y: number, radius: number }} Disc */

export {};
