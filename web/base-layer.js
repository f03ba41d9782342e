// @ts-check
// Draws the base map: ocean, land, lakes, borders. Redrawn only when the view changes.

import { ORIGIN } from "./basemap.js";

/** Widths (px) and strengths of the water lines along the coast, wide to narrow. */
const SURF = /** @type {const} */ ([
  [22, 0.05],
  [12, 0.08],
  [5, 0.13],
]);

/**
 * @param {CanvasRenderingContext2D} ctx already scaled to CSS pixels
 * @param {import("./camera.js").Camera} camera
 * @param {import("./basemap.js").Basemap | null} basemap null until it arrived
 * @param {import("./palette.js").Palette} palette
 */
export function drawBaseLayer(ctx, camera, basemap, palette) {
  ctx.globalAlpha = 1;
  ctx.fillStyle = palette.ocean;
  ctx.fillRect(0, 0, camera.width, camera.height);
  if (!basemap) return;
  const scale = camera.scale();
  const toWorld = () => {
    ctx.translate(camera.px(ORIGIN.x), camera.py(ORIGIN.y));
    ctx.scale(scale, scale);
  };
  ctx.save();
  toWorld();
  ctx.lineJoin = "round";
  /** @param {Path2D} path @param {string} colour @param {number} widthPx @param {number} alpha */
  const stroke = (path, colour, widthPx, alpha) => {
    ctx.strokeStyle = colour;
    ctx.lineWidth = widthPx / scale;
    ctx.globalAlpha = alpha;
    ctx.stroke(path);
  };
  /** @param {Path2D} path @param {string} colour @param {CanvasFillRule} [rule] */
  const fill = (path, colour, rule) => {
    ctx.fillStyle = colour;
    ctx.globalAlpha = 1;
    ctx.fill(path, rule);
  };

  if (camera.zoom < 9) {
    for (const [width, alpha] of SURF) stroke(basemap.farCoast, palette.surf, width, alpha);
    stroke(basemap.farCoast, palette.shore, 2, palette.shoreAlpha);
    fill(basemap.farLand, palette.land);
    stroke(basemap.farBorders, palette.border, 0.8, palette.borderAlpha);
  }
  ctx.restore();
  ctx.save();
  // The detailed layer replaces the coarse one inside its frame; on whole pixels, so that no seam shows.
  const left = Math.max(-2, Math.ceil(camera.px(basemap.frame.west)));
  const top = Math.max(-2, Math.ceil(camera.py(basemap.frame.north)));
  const right = Math.min(camera.width + 2, Math.floor(camera.px(basemap.frame.east)));
  const bottom = Math.min(camera.height + 2, Math.floor(camera.py(basemap.frame.south)));
  ctx.beginPath();
  ctx.rect(left, top, Math.max(0, right - left), Math.max(0, bottom - top));
  ctx.clip();
  ctx.fillStyle = palette.ocean;
  ctx.globalAlpha = 1;
  ctx.fillRect(left, top, Math.max(0, right - left), Math.max(0, bottom - top));
  toWorld();
  ctx.lineJoin = "round";
  for (const [width, alpha] of SURF) stroke(basemap.coast, palette.surf, width, alpha);
  // The shore before the land, which covers its inner half: pieces that overlap join without a line between.
  stroke(basemap.coast, palette.shore, 2.2, palette.shoreAlpha);
  fill(basemap.land, palette.land);
  // Even-odd, so that the islands inside Lake Victoria stay land.
  fill(basemap.lakes, palette.lake, "evenodd");
  ctx.save();
  ctx.clip(basemap.lakes, "evenodd");
  for (const [width, alpha] of SURF) stroke(basemap.lakes, palette.surf, width, alpha * 0.8);
  ctx.restore();
  stroke(basemap.lakes, palette.shore, 0.8, palette.shoreAlpha * 0.8);
  // Dashes only from afar: near by, a border of a million pixels would be cut into dashes nobody sees.
  if (camera.zoom < 8) ctx.setLineDash([5 / scale, 3 / scale]);
  stroke(basemap.borders, palette.border, 1.1, palette.borderAlpha);
  ctx.restore();
  ctx.globalAlpha = 1;
}
