// Draws the brought-along base map on a plain canvas: ocean, land, lakes, borders.

import type { Basemap, Line } from "../basemap.ts";
import { latToY, lngToX } from "../geo.ts";
import type { Palette } from "../palette.ts";
import type { Projection } from "../projection.ts";

/** Paths are kept relative to here: canvas coordinates are 32-bit, and this keeps street zoom steady. */
const ORIGIN = { x: lngToX(36), y: latToY(0) };

type Part = "land" | "coast" | "borders" | "farLand" | "farCoast" | "farBorders" | "lakes";

interface BasePaths extends Record<Part, Path2D> {
  /** Left, top, right, bottom of the detailed part. */
  frame: [number, number, number, number];
}

function pathOf(lines: Line[]): Path2D {
  const path = new Path2D();
  for (const line of lines) {
    line.forEach(([lng, lat], i) => {
      const [x, y] = [lngToX(lng) - ORIGIN.x, latToY(lat) - ORIGIN.y];
      if (i === 0) path.moveTo(x, y);
      else path.lineTo(x, y);
    });
  }
  return path;
}

function pathsOf(map: Basemap): BasePaths {
  const [west, south, east, north] = map.near;
  return {
    land: pathOf(map.land),
    coast: pathOf(map.coast),
    borders: pathOf(map.borders),
    farLand: pathOf(map.farLand),
    farCoast: pathOf(map.farCoast),
    farBorders: pathOf(map.farBorders),
    lakes: pathOf(map.lakes),
    frame: [lngToX(west), latToY(north), lngToX(east), latToY(south)],
  };
}

/** @param ctx already scaled to CSS pixels */
export type DrawBase = (ctx: CanvasRenderingContext2D, view: Projection, palette: Palette) => void;

/** Draws a map; its paths are made once. */
export function drawing(map: Basemap): DrawBase {
  const paths = pathsOf(map);
  return (ctx, view, palette) => drawBase(ctx, view, paths, palette);
}

function drawBase(ctx: CanvasRenderingContext2D, view: Projection, paths: BasePaths, palette: Palette): void {
  ctx.globalAlpha = 1;
  ctx.fillStyle = palette.ocean;
  ctx.fillRect(0, 0, view.width, view.height);
  const toWorld = () => {
    ctx.translate(view.px(ORIGIN.x), view.py(ORIGIN.y));
    ctx.scale(view.scale, view.scale);
    ctx.lineJoin = "round";
  };
  const stroke = (path: Path2D, colour: string, widthPx: number) => {
    ctx.strokeStyle = colour;
    ctx.lineWidth = widthPx / view.scale;
    ctx.stroke(path);
  };
  const fill = (path: Path2D, colour: string, rule?: CanvasFillRule) => {
    ctx.fillStyle = colour;
    ctx.fill(path, rule);
  };
  ctx.save();
  toWorld();
  stroke(paths.farCoast, palette.shore, 1.5);
  fill(paths.farLand, palette.land);
  stroke(paths.farBorders, palette.border, 0.8);
  ctx.restore();
  ctx.save();
  // The detailed layer replaces the coarse one inside its frame; on whole pixels, so that no seam shows.
  const [west, north, east, south] = paths.frame;
  const left = Math.max(-2, Math.ceil(view.px(west)));
  const top = Math.max(-2, Math.ceil(view.py(north)));
  const width = Math.max(0, Math.min(view.width + 2, Math.floor(view.px(east))) - left);
  const height = Math.max(0, Math.min(view.height + 2, Math.floor(view.py(south))) - top);
  ctx.beginPath();
  ctx.rect(left, top, width, height);
  ctx.clip();
  ctx.fillStyle = palette.ocean;
  ctx.fillRect(left, top, width, height);
  toWorld();
  // The shore before the land, which covers its inner half: pieces that overlap join without a line between.
  stroke(paths.coast, palette.shore, 2);
  fill(paths.land, palette.land);
  // Even-odd, so that the islands inside Lake Victoria stay land.
  fill(paths.lakes, palette.lake, "evenodd");
  stroke(paths.lakes, palette.shore, 1);
  stroke(paths.borders, palette.border, 1);
  ctx.restore();
}
