// @ts-check
// Lines of latitude and longitude at a spacing that suits the zoom, and the scale bar.

import { FONT } from "./palette.js";
import { latToY, lonToX, metresPerPixel, xToLon, yToLat } from "./projection.js";

const MIN_SPACING_PX = 120;
const STEPS_DEG = [0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 20];
const BAR_MAX_PX = 120;

/** @param {number} value @param {number} digits @param {string} plus @param {string} minus */
const degrees = (value, digits, plus, minus) =>
  Math.abs(value) < 1e-9 ? "0°" : `${Math.abs(value).toFixed(digits)}° ${value > 0 ? plus : minus}`;

/**
 * @param {CanvasRenderingContext2D} ctx
 * @param {import("./camera.js").Camera} camera
 * @param {import("./palette.js").Palette} palette
 */
export function drawGraticule(ctx, camera, palette) {
  const pixelsPerDegree = camera.scale() / 360;
  const step = STEPS_DEG.find((s) => s * pixelsPerDegree >= MIN_SPACING_PX) ?? 20;
  const digits = Math.max(0, -Math.floor(Math.log10(step) + 1e-9));
  ctx.strokeStyle = palette.grid;
  ctx.fillStyle = palette.gridText;
  ctx.lineWidth = 1;
  ctx.font = `10px ${FONT}`;
  ctx.textBaseline = "alphabetic";
  ctx.beginPath();

  const { top } = camera.padding;
  ctx.textAlign = "left";
  const lastLon = xToLon(camera.wx(camera.width));
  for (let i = Math.ceil(xToLon(camera.wx(0)) / step); i * step <= lastLon; i++) {
    const px = Math.round(camera.px(lonToX(i * step))) + 0.5;
    ctx.moveTo(px, 0);
    ctx.lineTo(px, camera.height);
    ctx.fillText(degrees(i * step, digits, "E", "W"), px + 4, top + 14);
  }
  ctx.textAlign = "right";
  const lastLat = Math.min(84, yToLat(camera.wy(0)));
  for (let i = Math.ceil(Math.max(-84, yToLat(camera.wy(camera.height))) / step); i * step <= lastLat; i++) {
    const py = Math.round(camera.py(latToY(i * step))) + 0.5;
    ctx.moveTo(0, py);
    ctx.lineTo(camera.width, py);
    ctx.fillText(degrees(i * step, digits, "N", "S"), camera.width - 8, py - 4);
  }
  ctx.stroke();
}

/** The longest of 1, 2, 5 × 10ⁿ metres that fits the bar. @param {number} maxM */
function roundLengthM(maxM) {
  const power = 10 ** Math.floor(Math.log10(maxM));
  return power * (maxM >= 5 * power ? 5 : maxM >= 2 * power ? 2 : 1);
}

/**
 * @param {CanvasRenderingContext2D} ctx
 * @param {import("./camera.js").Camera} camera
 * @param {import("./palette.js").Palette} palette
 */
export function drawScaleBar(ctx, camera, palette) {
  const perPixelM = metresPerPixel(camera.y, camera.zoom);
  const lengthM = roundLengthM(BAR_MAX_PX * perPixelM);
  const text = lengthM >= 1000 ? `${lengthM / 1000} km` : `${lengthM} m`;
  const x = camera.padding.left + 14;
  const y = camera.height - camera.padding.bottom - 14;
  const width = lengthM / perPixelM;
  ctx.lineJoin = "miter";
  for (const [colour, lineWidth] of /** @type {const} */ ([
    [palette.halo, 4],
    [palette.minorPlace, 1.5],
  ])) {
    ctx.strokeStyle = colour;
    ctx.lineWidth = lineWidth;
    ctx.beginPath();
    ctx.moveTo(x, y - 5);
    ctx.lineTo(x, y);
    ctx.lineTo(x + width, y);
    ctx.lineTo(x + width, y - 5);
    ctx.stroke();
  }
  ctx.font = `500 11px ${FONT}`;
  ctx.textAlign = "left";
  ctx.textBaseline = "alphabetic";
  ctx.strokeStyle = palette.halo;
  ctx.lineWidth = 3;
  ctx.strokeText(text, x + 6, y - 6);
  ctx.fillStyle = palette.place;
  ctx.fillText(text, x + 6, y - 6);
}
