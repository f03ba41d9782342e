// @ts-check
// Web Mercator. The world is the square 0..1 × 0..1, y grows southwards.

/** Side of the world in CSS pixels at zoom 0: the convention of every web map, so zoom numbers mean the same. */
export const WORLD_PX = 256;

const EQUATOR_M = 40_075_016.686;
/** Mercator has no poles; beyond this the square ends. */
const MAX_LAT = 85.0511;

/** @param {number} lon degrees */
export const lonToX = (lon) => lon / 360 + 0.5;

/** @param {number} lat degrees */
export function latToY(lat) {
  const sin = Math.sin((Math.max(-MAX_LAT, Math.min(MAX_LAT, lat)) * Math.PI) / 180);
  return 0.5 - Math.log((1 + sin) / (1 - sin)) / (4 * Math.PI);
}

/** @param {number} x */
export const xToLon = (x) => (x - 0.5) * 360;

/** @param {number} y */
export const yToLat = (y) => (Math.atan(Math.sinh(Math.PI * (1 - 2 * y))) * 180) / Math.PI;

/**
 * Metres on the ground for one CSS pixel.
 * @param {number} y world coordinate, because Mercator stretches with latitude
 * @param {number} zoom
 */
export const metresPerPixel = (y, zoom) =>
  (EQUATOR_M * Math.cos((yToLat(y) * Math.PI) / 180)) / (WORLD_PX * 2 ** zoom);

/**
 * Metres between two near points; exact enough for trails and jumps.
 * @param {number} ax
 * @param {number} ay
 * @param {number} bx
 * @param {number} by
 */
export const distanceM = (ax, ay, bx, by) =>
  Math.hypot(ax - bx, ay - by) * EQUATOR_M * Math.cos((yToLat((ay + by) / 2) * Math.PI) / 180);
