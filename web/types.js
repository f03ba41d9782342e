// @ts-check
// Shapes shared by the page's modules; only imported from JSDoc, never loaded by the browser.

/** @typedef {"moving" | "idling" | "parked" | "silent" | "unknown"} Status */

/**
 * What `GET /v1/live` says about one vehicle. Every text is untrusted and goes to the page as text only.
 * @typedef {object} LiveProperties
 * @property {string} imei
 * @property {string | null} name
 * @property {string | null} plate
 * @property {string | null} driver
 * @property {string | null} account
 * @property {string | null} city
 * @property {string | null} segment
 * @property {string | null} vehicleType
 * @property {string | null} model
 * @property {Status} status
 * @property {boolean | null} online
 * @property {boolean | null} ignition
 * @property {number | null} speedKmh
 * @property {number | null} headingDeg
 * @property {string | null} fixAt
 * @property {string | null} contactAt
 * @property {number | null} satellites
 * @property {number | null} odometerKm
 * @property {number | null} batteryPercent
 * @property {number | null} externalVoltageV
 */

/**
 * @typedef {object} LiveFeature
 * @property {{ type: "Point", coordinates: [number, number] } | null} geometry
 * @property {LiveProperties} properties
 */

/** @typedef {{ type: "FeatureCollection", asOf: string, features: LiveFeature[] }} LiveCollection */

/**
 * One vehicle as the page holds it. `x`, `y` are where it is drawn now, `toX`, `toY` where its last fix is
 * (Web Mercator, 0..1); they differ during the second in which it glides from one to the other.
 * @typedef {object} Vehicle
 * @property {string} imei
 * @property {LiveProperties} facts
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
