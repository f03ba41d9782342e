// The symbols of the vehicles, drawn once per status, size and heading and then only copied: a turned copy costs a
// software renderer four times as much as a plain one.
// Shape and colour both tell the status, for those who cannot tell the colours apart.

import type { Status } from "../../parts/badge.tsx";
import type { Palette } from "../palette.ts";

/** Arrows exist for so many headings. */
const HEADINGS = 48;
const MOST_SPRITES = 400;

const sprites = new Map<string, HTMLCanvasElement>();

function trace(ctx: CanvasRenderingContext2D, shape: Status | "arrow", r: number): void {
  ctx.beginPath();
  if (shape === "arrow") {
    ctx.moveTo(0, -1.25 * r);
    ctx.lineTo(0.92 * r, 0.95 * r);
    ctx.lineTo(0, 0.5 * r);
    ctx.lineTo(-0.92 * r, 0.95 * r);
    ctx.closePath();
  } else if (shape === "parked") ctx.roundRect(-0.72 * r, -0.72 * r, 1.44 * r, 1.44 * r, 0.36 * r);
  else if (shape === "idling") {
    ctx.moveTo(0, -1.05 * r);
    ctx.lineTo(1.05 * r, 0);
    ctx.lineTo(0, 1.05 * r);
    ctx.lineTo(-1.05 * r, 0);
    ctx.closePath();
  } else ctx.arc(0, 0, (shape === "moving" ? 0.85 : 0.72) * r, 0, 2 * Math.PI);
}

/** The symbol of a status. @param headingDeg null: without a heading */
export function spriteOf(
  status: Status,
  headingDeg: number | null,
  radiusPx: number,
  pixelRatio: number,
  palette: Palette,
): HTMLCanvasElement {
  const turn = headingDeg === null ? -1 : Math.round((headingDeg / 360) * HEADINGS + HEADINGS) % HEADINGS;
  const key = `${status} ${turn} ${radiusPx} ${pixelRatio} ${palette.status[status]} ${palette.outline}`;
  const known = sprites.get(key);
  if (known) return known;
  if (sprites.size >= MOST_SPRITES) sprites.clear();
  const canvas = document.createElement("canvas");
  const side = Math.ceil((radiusPx * 2.8 + 6) * pixelRatio);
  canvas.width = side;
  canvas.height = side;
  sprites.set(key, canvas);
  const ctx = canvas.getContext("2d");
  if (!ctx) return canvas;
  ctx.translate(side / 2, side / 2);
  ctx.scale(pixelRatio, pixelRatio);
  if (turn >= 0) ctx.rotate((turn / HEADINGS) * 2 * Math.PI);
  ctx.lineJoin = "round";
  trace(ctx, turn < 0 ? status : "arrow", radiusPx);
  ctx.strokeStyle = palette.outline;
  ctx.lineWidth = 3;
  ctx.stroke();
  const isHollow = status === "silent" || status === "unknown";
  ctx.fillStyle = isHollow ? palette.land : palette.status[status];
  ctx.fill();
  if (isHollow) {
    ctx.strokeStyle = palette.status[status];
    ctx.lineWidth = 1.8;
    if (status === "unknown") {
      ctx.moveTo(-0.5 * radiusPx, 0.5 * radiusPx);
      ctx.lineTo(0.5 * radiusPx, -0.5 * radiusPx);
    }
    ctx.stroke();
  } else if (status === "idling" && radiusPx >= 6) {
    // Two bars: it stands, and its engine runs.
    ctx.fillStyle = palette.outline;
    ctx.fillRect(-0.32 * radiusPx, -0.34 * radiusPx, 0.22 * radiusPx, 0.68 * radiusPx);
    ctx.fillRect(0.1 * radiusPx, -0.34 * radiusPx, 0.22 * radiusPx, 0.68 * radiusPx);
  }
  return canvas;
}
