// @ts-check
// Reads basemap.json: lines packed as text (differences in 1/scale degrees, five bits a character) into paths.

import { latToY, lonToX } from "./projection.js";

/** Paths are kept relative to here: canvas coordinates are 32-bit, and this keeps street zoom steady. */
export const ORIGIN = { x: lonToX(36), y: latToY(0) };

/**
 * @typedef {object} Basemap
 * @property {Path2D} land filled, with the cuts along the frame
 * @property {Path2D} coast the same without the cuts
 * @property {Path2D} borders
 * @property {Path2D} farLand coarse, for what lies outside the frame
 * @property {Path2D} farCoast
 * @property {Path2D} farBorders
 * @property {Path2D} lakes
 * @property {{ west: number, north: number, east: number, south: number }} frame where the detailed layer ends
 * @property {{ name: string, x: number, y: number, zoom: number }[]} countries
 * @property {{ name: string, x: number, y: number, zoom: number }[]} waters
 * @property {{ name: string, x: number, y: number, zoom: number }[]} places `zoom`: from which it may be named
 */

/** @param {string} text @param {number} scale @returns {[number, number][]} lon, lat */
function unpack(text, scale) {
  /** @type {[number, number][]} */
  const points = [];
  let at = 0;
  const next = () => {
    let value = 0;
    let shift = 0;
    let bits = 0;
    do {
      bits = text.charCodeAt(at++) - 63;
      value |= (bits & 31) << shift;
      shift += 5;
    } while (bits >= 32);
    return value & 1 ? ~(value >> 1) : value >> 1;
  };
  let lon = 0;
  let lat = 0;
  while (at < text.length) {
    lon += next();
    lat += next();
    points.push([lon / scale, lat / scale]);
  }
  return points;
}

/**
 * @param {string[]} lines
 * @param {number} scale
 * @param {(a: [number, number], b: [number, number]) => boolean} [skip] segments to leave out
 */
function pathOf(lines, scale, skip = () => false) {
  const path = new Path2D();
  for (const line of lines) {
    /** @type {[number, number] | null} */
    let before = null;
    for (const point of unpack(line, scale)) {
      const x = lonToX(point[0]) - ORIGIN.x;
      const y = latToY(point[1]) - ORIGIN.y;
      if (before && !skip(before, point)) path.lineTo(x, y);
      else path.moveTo(x, y);
      before = point;
    }
  }
  return path;
}

/** @param {[string, number, number, number?][]} rows @param {number} zoom when the row names none */
const namesOf = (rows, zoom) =>
  rows.map(([name, lon, lat, from]) => ({ name, x: lonToX(lon), y: latToY(lat), zoom: from ?? zoom }));

/** @returns {Promise<Basemap>} */
export async function loadBasemap() {
  const response = await fetch("basemap.json");
  if (!response.ok) throw new Error(`basemap.json: ${response.status}`);
  const data = await response.json();
  const { scale } = data;
  const [west, south, east, north] = data.near;
  /**
   * Lines along the edge of a layer's box are cuts, not coasts.
   * @param {[number, number, number, number]} box
   * @returns {(a: [number, number], b: [number, number]) => boolean}
   */
  const alongBox =
    ([w, s, e, n]) =>
    (a, b) =>
      (a[0] === b[0] && (a[0] === w || a[0] === e)) || (a[1] === b[1] && (a[1] === s || a[1] === n));
  const frame = { west: lonToX(west), north: latToY(north), east: lonToX(east), south: latToY(south) };
  return {
    land: pathOf(data.land, scale),
    coast: pathOf(data.land, scale, alongBox(data.near)),
    borders: pathOf(data.borders, scale),
    farLand: pathOf(data.farLand, scale),
    farCoast: pathOf(data.farLand, scale, alongBox(data.far)),
    farBorders: pathOf(data.farBorders, scale),
    lakes: pathOf(data.lakes, scale),
    frame,
    countries: namesOf(data.countries, 4),
    waters: namesOf(data.waters, 5),
    places: namesOf(data.places, 5),
  };
}
