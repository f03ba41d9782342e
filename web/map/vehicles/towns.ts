// Names of towns, where the map beneath has none of its own. With the vehicles, so that a bubble does not cut a name in two:
// the name of a town that it covers is written below it.

import type { NameRow } from "../basemap.ts";
import { latToY, lngToX } from "../geo.ts";
import { FONT, type Palette } from "../palette.ts";
import type { Projection } from "../projection.ts";
import { createPlacer, textWidth } from "./labels.ts";

/** Known far and wide: from this zoom on, and written larger. */
const MAJOR_ZOOM = 4.5;

export interface Town {
  name: string;
  x: number;
  y: number;
  /** From which it is named. */
  zoom: number;
}

interface Disc {
  x: number;
  y: number;
  radius: number;
}

/** @param rows the file counts zooms of tiles of 256 px */
export const townsOf = (rows: readonly NameRow[]): Town[] =>
  rows.map(([name, lng, lat, zoom = 5]) => ({ name, x: lngToX(lng), y: latToY(lat), zoom: zoom - 1 }));

/** @param bubbles in pixels */
export function drawTowns(
  ctx: CanvasRenderingContext2D,
  view: Projection,
  towns: readonly Town[],
  palette: Palette,
  bubbles: readonly Disc[],
): void {
  const placer = createPlacer();
  for (const { x, y, radius } of bubbles) placer.take(x - radius, y - radius, x + radius, y + radius);
  ctx.textBaseline = "middle";
  ctx.lineJoin = "round";
  ctx.lineWidth = 3;
  ctx.strokeStyle = palette.halo;

  /** @returns whether there was room for it */
  const write = (name: string, x: number, y: number, align: "left" | "right" | "center") => {
    const width = textWidth(ctx, name);
    const left = align === "left" ? x : align === "right" ? x - width : x - width / 2;
    if (!placer.take(left - 3, y - 8, left + width + 3, y + 8)) return false;
    ctx.textAlign = align;
    ctx.strokeText(name, x, y);
    ctx.fillText(name, x, y);
    return true;
  };

  for (const town of towns) {
    if (view.camera.zoom < town.zoom) continue;
    const [x, y] = [view.px(town.x), view.py(town.y)];
    // Half a name sticking out from under a panel reads as another place.
    if (x < view.padding.left || x > view.width || y < 0 || y > view.height - view.padding.bottom) continue;
    const isMajor = town.zoom < MAJOR_ZOOM;
    ctx.font = `${isMajor ? "600 13px" : "500 12px"} ${FONT}`;
    ctx.fillStyle = isMajor ? palette.place : palette.minorPlace;
    const over = bubbles.find((one) => Math.hypot(one.x - x, one.y - y) < one.radius + 4);
    if (over) {
      write(town.name, over.x, over.y + over.radius + 11, "center");
      continue;
    }
    if (!write(town.name, x + 7, y, "left") && !write(town.name, x - 7, y, "right")) continue;
    ctx.beginPath();
    ctx.arc(x, y, isMajor ? 2.6 : 1.9, 0, 2 * Math.PI);
    ctx.fill();
  }
}
