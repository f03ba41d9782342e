// Web Mercator. The world is the square 0..1 × 0..1, y grows southwards.

/** Side of the world in CSS pixels at zoom 0, as MapLibre counts: zoom numbers mean the same on both canvases. */
export const WORLD_PX = 512;

const EQUATOR_M = 40_075_016.686;
/** Mercator has no poles; beyond this the square ends. */
const MAX_LAT = 85.0511;

export interface Place {
  lng: number;
  lat: number;
}

/** Where a map looks: the middle of what no panel covers. */
export interface Camera extends Place {
  zoom: number;
}

/** West, south, east, north in degrees. */
export type Bounds = [number, number, number, number];

/** Pixels of the map that something covers. */
export interface Padding {
  top: number;
  right: number;
  bottom: number;
  left: number;
}

export const NO_PADDING: Padding = { top: 0, right: 0, bottom: 0, left: 0 };

export const lngToX = (lng: number): number => lng / 360 + 0.5;

export function latToY(lat: number): number {
  const sin = Math.sin((Math.max(-MAX_LAT, Math.min(MAX_LAT, lat)) * Math.PI) / 180);
  return 0.5 - Math.log((1 + sin) / (1 - sin)) / (4 * Math.PI);
}

export const xToLng = (x: number): number => (x - 0.5) * 360;

export const yToLat = (y: number): number => (Math.atan(Math.sinh(Math.PI * (1 - 2 * y))) * 180) / Math.PI;

/** Metres on the ground for one CSS pixel; Mercator stretches with latitude. */
export const metresPerPixel = (lat: number, zoom: number): number =>
  (EQUATOR_M * Math.cos((lat * Math.PI) / 180)) / (WORLD_PX * 2 ** zoom);

/** Metres between two near points of the square; exact enough to tell a drive from a jump. */
export const distanceM = (ax: number, ay: number, bx: number, by: number): number =>
  Math.hypot(ax - bx, ay - by) * EQUATOR_M * Math.cos((yToLat((ay + by) / 2) * Math.PI) / 180);

/** What encloses the places; null without any. */
export function boundsOf(places: Iterable<{ lng: number | null; lat: number | null }>): Bounds | null {
  let [west, south, east, north] = [180, 90, -180, -90];
  let some = false;
  for (const { lng, lat } of places) {
    if (lng === null || lat === null) continue;
    some = true;
    if (lng < west) west = lng;
    if (lng > east) east = lng;
    if (lat < south) south = lat;
    if (lat > north) north = lat;
  }
  return some ? [west, south, east, north] : null;
}
