// @ts-check
// Text on the map that never overlaps: a placer remembers the boxes taken in this frame.

import { FONT } from "./palette.js";

const CELL_PX = 64;

/** Boxes already taken, in a grid so that a look-up touches only neighbours. */
export function createPlacer() {
  /** @type {Map<number, number[][]>} */
  const cells = new Map();
  return {
    /** Takes the box when it is free. @param {number} x0 @param {number} y0 @param {number} x1 @param {number} y1 */
    take(x0, y0, x1, y1) {
      const box = [x0, y0, x1, y1];
      const keys = [];
      for (let cx = Math.floor(x0 / CELL_PX); cx <= Math.floor(x1 / CELL_PX); cx++) {
        for (let cy = Math.floor(y0 / CELL_PX); cy <= Math.floor(y1 / CELL_PX); cy++) {
          const key = cx * 4096 + cy;
          keys.push(key);
          const hit = cells
            .get(key)
            ?.some(([a = 0, b = 0, c = 0, d = 0]) => x0 < c && x1 > a && y0 < d && y1 > b);
          if (hit) return false;
        }
      }
      for (const key of keys) {
        const cell = cells.get(key);
        if (cell) cell.push(box);
        else cells.set(key, [box]);
      }
      return true;
    },
  };
}

/** @typedef {ReturnType<typeof createPlacer>} Placer */

/** @type {Map<string, number>} */
const widths = new Map();

/** Width of a text, measured once. @param {CanvasRenderingContext2D} ctx @param {string} text */
export function textWidth(ctx, text) {
  const key = `${ctx.font}|${text}`;
  let width = widths.get(key);
  if (width === undefined) {
    if (widths.size > 6000) widths.clear();
    width = ctx.measureText(text).width;
    widths.set(key, width);
  }
  return width;
}

/**
 * Names of countries, waters and places. Where a count bubble covers a town, its name goes below the bubble.
 * @param {CanvasRenderingContext2D} ctx
 * @param {import("./camera.js").Camera} camera
 * @param {import("./basemap.js").Basemap} basemap
 * @param {import("./palette.js").Palette} palette
 * @param {import("./types.js").Disc[]} bubbles in pixels
 */
export function drawNames(ctx, camera, basemap, palette, bubbles) {
  const placer = createPlacer();
  const { zoom } = camera;
  for (const { x, y, radius } of bubbles) placer.take(x - radius, y - radius, x + radius, y + radius);
  ctx.textBaseline = "middle";
  ctx.lineJoin = "round";

  /**
   * @param {string} name @param {number} x @param {number} y @param {CanvasTextAlign} align
   * @param {number} heightPx @param {string} colour
   */
  const write = (name, x, y, align, heightPx, colour) => {
    const width = textWidth(ctx, name);
    const left = align === "left" ? x : align === "right" ? x - width : x - width / 2;
    // Half a name sticking out from under the panel reads as another place.
    if (left < camera.padding.left) return false;
    if (!placer.take(left - 3, y - heightPx / 2 - 1, left + width + 3, y + heightPx / 2 + 1)) return false;
    ctx.textAlign = align;
    ctx.strokeStyle = palette.halo;
    ctx.lineWidth = 3;
    ctx.strokeText(name, x, y);
    ctx.fillStyle = colour;
    ctx.fillText(name, x, y);
    return true;
  };
  const seen = (/** @type {number} */ px, /** @type {number} */ py) =>
    px > -80 && py > -40 && px < camera.width + 80 && py < camera.height + 40;

  for (const place of basemap.places) {
    const x = camera.px(place.x);
    const y = camera.py(place.y);
    if (zoom < place.zoom || !seen(x, y)) continue;
    const suburb = place.zoom > 9.4;
    const major = place.zoom < 5.5;
    const size = major ? 13 : suburb ? 11 : 12;
    ctx.font = `${major ? 600 : 500} ${size}px ${FONT}`;
    const colour = major ? palette.place : palette.minorPlace;
    if (suburb) {
      write(place.name, x, y, "center", size, colour);
      continue;
    }
    const over = bubbles.find((b) => Math.hypot(b.x - x, b.y - y) < b.radius + 4);
    if (over) {
      const below = over.y + over.radius + 10;
      if (!write(place.name, over.x, below, "center", size, colour) && major)
        write(place.name, over.x, over.y - over.radius - 10, "center", size, colour);
      continue;
    }
    const written =
      write(place.name, x + 7, y, "left", size, colour) || write(place.name, x - 7, y, "right", size, colour);
    if (!written) continue;
    ctx.fillStyle = colour;
    ctx.beginPath();
    ctx.arc(x, y, major ? 2.6 : 1.9, 0, 2 * Math.PI);
    ctx.fill();
  }
  ctx.font = `italic 12px ${FONT}`;
  for (const water of basemap.waters) {
    if (zoom < water.zoom || zoom > 11) continue;
    write(water.name, camera.px(water.x), camera.py(water.y), "center", 12, palette.water);
  }
  if (zoom > 9) return;
  ctx.font = `600 ${zoom > 5.5 ? 13 : 11}px ${FONT}`;
  ctx.letterSpacing = "3px";
  for (const country of basemap.countries)
    write(country.name, camera.px(country.x), camera.py(country.y), "center", 13, palette.country);
  ctx.letterSpacing = "0px";
}
