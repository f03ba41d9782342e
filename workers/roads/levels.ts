/** Of a side of a tile: at level 12, on the equator, 0.6 m each. Tiles two zooms further in have a quarter of them. */
export const TILE_UNITS = 16_384;

/** Zooms at which roads are kept. A tile of another zoom is cut out of the next level further out, so each is read from one row. */
export interface Level {
  zoom: 3 | 6 | 9 | 12;
  /** Side of a cell; a road covers its cells and those beside them. Divides a tile. */
  cellUnits: number;
  /** A road goes so far from west to east, or from north to south, where none was; less is a device that wanders. */
  leastUnits: number;
  /** Places nearer to the one before say nothing. */
  thinUnits: number;
  /** A line may be so far off. */
  toleranceUnits: number;
}

/** Further out a cell is 8 pixels at the zoom where it is largest, and 2 where it is smallest. */
const coarse = { cellUnits: 64, leastUnits: 16, thinUnits: 16, toleranceUnits: 8 };

export const LEVELS: readonly Level[] = [
  // 20 m: both lanes of a road are one, parallel streets are two.
  { zoom: 12, cellUnits: 32, leastUnits: 96, thinUnits: 8, toleranceUnits: 6 },
  { zoom: 9, ...coarse },
  { zoom: 6, ...coarse },
  { zoom: 3, ...coarse },
];

/** The level that tiles of a zoom, from 3 on, are cut out of. */
export const levelOf = (zoom: number): number => Math.min(12, Math.floor(zoom / 3) * 3);

/** Web Mercator shows no more. */
const MOST_LATITUDE = 85.05;

/**
 * Where a way leads in units of a level, from the north-west of the world: x and y in turn.
 * @param lngLats Longitude and latitude in turn, in millionths of a degree.
 */
export function onLevel(lngLats: readonly number[], { zoom, thinUnits }: Level): number[] {
  const units = TILE_UNITS * 2 ** zoom;
  const places: number[] = [];
  let [lastX, lastY] = [Number.NEGATIVE_INFINITY, 0];
  for (let n = 0; n + 1 < lngLats.length; n += 2) {
    const [lng = 0, lat = 0] = [(lngLats[n] ?? 0) / 1e6, (lngLats[n + 1] ?? 0) / 1e6];
    const radians = (Math.min(MOST_LATITUDE, Math.max(-MOST_LATITUDE, lat)) * Math.PI) / 180;
    const x = (lng / 360 + 0.5) * units;
    const y = (0.5 - Math.asinh(Math.tan(radians)) / (2 * Math.PI)) * units;
    const isEnd = n + 2 >= lngLats.length && places.length > 0;
    if (!isEnd && Math.hypot(x - lastX, y - lastY) < thinUnits) continue;
    places.push(x, y);
    [lastX, lastY] = [x, y];
  }
  return places;
}
