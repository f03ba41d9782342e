// The plain canvas: what the first view shows at once, before MapLibre is there, and all there is without WebGL.

import { loadBasemap } from "../basemap.ts";
import type { Camera, Padding } from "../geo.ts";
import type { Palette } from "../palette.ts";
import { clampZoom, type Projection, projectionOf } from "../projection.ts";
import type { MapLayer, MapView, ViewEvents } from "../view.ts";
import type { DrawBase } from "./base.ts";

/** Draws a page's layers; only loaded where the plain canvas stays. */
export type DrawLayers = (
  ctx: CanvasRenderingContext2D,
  view: Projection,
  layers: readonly MapLayer[],
) => void;

export interface PlainView extends MapView {
  /** Sets the camera at once. */
  set(camera: Camera): void;
  drawLayersWith(draw: DrawLayers): void;
  /** Which property of a page's layer is at a pixel. */
  layers(): readonly MapLayer[];
  drawSoon(): void;
}

/** It is drawn once it is given its size. */
export function createPlainView(
  canvas: HTMLCanvasElement,
  events: ViewEvents,
  start: { camera: Camera; padding: Padding; palette: Palette },
): PlainView {
  const ctx = canvas.getContext("2d", { alpha: false });
  let { camera, padding, palette } = start;
  let [width, height] = [1, 1];
  /** Draws what lies below; null until that is there. */
  let drawBase: DrawBase | null = null;
  let layers: readonly MapLayer[] = [];
  let drawLayers: DrawLayers | null = null;
  let frame = 0;
  let isGone = false;

  const projection = () => projectionOf(camera, width, height, padding);

  function draw() {
    frame = 0;
    if (!ctx || isGone) return;
    if (drawBase) drawBase(ctx, projection(), palette);
    else {
      ctx.fillStyle = palette.ocean;
      ctx.fillRect(0, 0, width, height);
    }
    drawLayers?.(ctx, projection(), layers);
    events.onFrame();
  }
  function drawSoon() {
    if (frame === 0 && !isGone) frame = requestAnimationFrame(draw);
  }

  function set(next: Camera) {
    camera = { ...next, zoom: clampZoom(next.zoom) };
    drawSoon();
  }

  Promise.all([loadBasemap(), import("./base.ts")]).then(
    ([map, { drawing }]) => {
      drawBase = drawing(map);
      drawSoon();
    },
    // Vehicles and list work without it.
    (error: unknown) => console.warn("The outlines could not be loaded.", error),
  );

  return {
    projection,
    set,
    move(next) {
      set(next);
      events.onMoved(camera, false);
    },
    setPadding(next) {
      padding = next;
      drawSoon();
    },
    setLayers(next) {
      layers = next;
      drawSoon();
    },
    layers: () => layers,
    setPalette(next) {
      palette = next;
      drawSoon();
    },
    resize() {
      width = canvas.clientWidth || 1;
      height = canvas.clientHeight || 1;
      // More than 3 pixels a pixel costs time and shows nothing.
      const ratio = Math.min(3, devicePixelRatio || 1);
      canvas.width = Math.round(width * ratio);
      canvas.height = Math.round(height * ratio);
      ctx?.setTransform(ratio, 0, 0, ratio, 0, 0);
      // At once: a canvas that is given a size is empty.
      draw();
    },
    drawLayersWith(drawn) {
      drawLayers = drawn;
      drawSoon();
    },
    drawSoon,
    click: () => false,
    remove() {
      isGone = true;
      cancelAnimationFrame(frame);
    },
  };
}
