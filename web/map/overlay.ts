// The canvas over the map that the vehicles are drawn on.

import type { LiveVehicle } from "../client/index.js";
import type { Palette } from "./palette.ts";
import type { Projection } from "./projection.ts";
import { createVehicleLayer, type VehicleHit } from "./vehicles/layer.ts";
import { createMarkers, type Marker } from "./vehicles/markers.ts";
import type { Town } from "./vehicles/towns.ts";

/** Ages dim the symbols: drawn anew so often though nothing moves. */
const AGES_EVERY_MS = 15_000;

interface Surroundings {
  projection: () => Projection;
  nowMs: () => number;
  isCalm: () => boolean;
  /** It was drawn. */
  onDrawn: (view: Projection) => void;
}

export function createOverlay(canvas: HTMLCanvasElement, around: Surroundings) {
  const ctx = canvas.getContext("2d");
  const markers = createMarkers();
  const layer = createVehicleLayer(markers);
  let palette: Palette | null = null;
  let selectedImei: string | null = null;
  let hoveredImei: string | null = null;
  let towns: readonly Town[] = [];
  let pixelRatio = 1;
  let frame = 0;

  function draw(): void {
    cancelAnimationFrame(frame);
    frame = 0;
    if (!ctx || !palette) return;
    const view = around.projection();
    const isGliding = markers.step(performance.now());
    ctx.clearRect(0, 0, view.width, view.height);
    layer.draw(ctx, view, {
      ...{ palette, pixelRatio, towns, selectedImei, hoveredImei },
      serverNowMs: around.nowMs(),
    });
    around.onDrawn(view);
    if (isGliding) drawSoon();
  }
  function drawSoon(): void {
    if (frame === 0) frame = requestAnimationFrame(draw);
  }
  const ageing = setInterval(() => {
    if (!document.hidden) drawSoon();
  }, AGES_EVERY_MS);

  return {
    draw,
    drawSoon,
    show(vehicles: Iterable<LiveVehicle>): void {
      const isFirst = markers.all.length === 0;
      markers.show(vehicles, performance.now(), around.isCalm() || document.hidden);
      // The first ones are waited for.
      if (isFirst) draw();
      else drawSoon();
    },
    /** Those that are drawn. */
    shown: (): readonly Marker[] => markers.all,
    select(imei: string | null): void {
      if (selectedImei === imei) return;
      selectedImei = imei;
      drawSoon();
    },
    hover(imei: string | null): void {
      if (hoveredImei === imei) return;
      hoveredImei = imei;
      drawSoon();
    },
    setTowns(next: readonly Town[]): void {
      towns = next;
      drawSoon();
    },
    setPalette(next: Palette): void {
      palette = next;
      drawSoon();
    },
    hit: (px: number, py: number, isFinger: boolean): VehicleHit =>
      layer.hit(around.projection(), px, py, isFinger),
    resize(): void {
      // More than 3 pixels a pixel costs time and shows nothing.
      pixelRatio = Math.min(3, devicePixelRatio || 1);
      canvas.width = Math.round(canvas.clientWidth * pixelRatio);
      canvas.height = Math.round(canvas.clientHeight * pixelRatio);
      ctx?.setTransform(pixelRatio, 0, 0, pixelRatio, 0, 0);
      draw();
    },
    remove(): void {
      cancelAnimationFrame(frame);
      clearInterval(ageing);
    },
  };
}
