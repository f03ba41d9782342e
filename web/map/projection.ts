// Between places and pixels of one view: what both the plain canvas and MapLibre's have in common.

import { type Bounds, type Camera, latToY, lngToX, type Padding, WORLD_PX, xToLng, yToLat } from "./geo.ts";

export const MIN_ZOOM = 3;
export const MAX_ZOOM = 18;
/** A fit goes no nearer than this: one parked vehicle should show its town, not its bonnet. */
const MAX_FIT_ZOOM = 13;
/** Room around what is fitted, so that no symbol hangs over an edge or under the buttons. */
const FIT_MARGIN_PX = 80;
/** On a phone that would be half of it. */
const FIT_MARGIN_SHARE = 0.14;

export interface Projection {
  camera: Camera;
  width: number;
  height: number;
  padding: Padding;
  /** Pixels of the whole world. */
  scale: number;
  px(x: number): number;
  py(y: number): number;
  x(px: number): number;
  y(py: number): number;
}

export const clampZoom = (zoom: number): number => Math.max(MIN_ZOOM, Math.min(MAX_ZOOM, zoom));

export function projectionOf(camera: Camera, width: number, height: number, padding: Padding): Projection {
  const scale = WORLD_PX * 2 ** camera.zoom;
  const [x, y] = [lngToX(camera.lng), latToY(camera.lat)];
  const middleX = (padding.left + width - padding.right) / 2;
  const middleY = (padding.top + height - padding.bottom) / 2;
  return {
    ...{ camera, width, height, padding, scale },
    px: (worldX) => middleX + (worldX - x) * scale,
    py: (worldY) => middleY + (worldY - y) * scale,
    x: (px) => x + (px - middleX) / scale,
    y: (py) => y + (py - middleY) / scale,
  };
}

/** The camera that shows all of the bounds in what is not covered. */
export function cameraFor(
  [west, south, east, north]: Bounds,
  width: number,
  height: number,
  padding: Padding,
  maxZoom = MAX_FIT_ZOOM,
): Camera {
  const [left, right] = [lngToX(west), lngToX(east)];
  const [top, bottom] = [latToY(north), latToY(south)];
  const free = (px: number) => Math.max(40, px - 2 * Math.min(FIT_MARGIN_PX, px * FIT_MARGIN_SHARE));
  const freeX = free(width - padding.left - padding.right);
  const freeY = free(height - padding.top - padding.bottom);
  const zoom = Math.log2(Math.min(freeX / (right - left || 1e-9), freeY / (bottom - top || 1e-9)) / WORLD_PX);
  return {
    lng: xToLng((left + right) / 2),
    lat: yToLat((top + bottom) / 2),
    zoom: clampZoom(Math.min(maxZoom, zoom)),
  };
}
