// @ts-check
// The vehicle symbols, drawn once per status and size and then only copied: 1,500 copies a frame are cheap.
// Shape and colour both tell the status, for those who cannot tell the colours apart.

/** @type {Map<string, HTMLCanvasElement>} */
const sprites = new Map();

/** @param {CanvasRenderingContext2D} ctx @param {import("./types.js").Status | "heading"} shape @param {number} r */
function trace(ctx, shape, r) {
  ctx.beginPath();
  if (shape === "heading") {
    ctx.moveTo(0, -1.25 * r);
    ctx.lineTo(0.92 * r, 0.95 * r);
    ctx.lineTo(0, 0.5 * r);
    ctx.lineTo(-0.92 * r, 0.95 * r);
    ctx.closePath();
  } else if (shape === "parked") ctx.roundRect(-0.72 * r, -0.72 * r, 1.44 * r, 1.44 * r, 0.36 * r);
  else ctx.arc(0, 0, shape === "silent" || shape === "unknown" ? 0.7 * r : 0.82 * r, 0, 2 * Math.PI);
}

/**
 * @param {import("./types.js").Status} status
 * @param {boolean} withHeading an arrow pointing up, to be turned when copied
 * @param {number} radiusPx
 * @param {number} pixelRatio
 * @param {import("./palette.js").Palette} palette
 */
export function spriteOf(status, withHeading, radiusPx, pixelRatio, palette) {
  const shape = withHeading ? "heading" : status;
  const key = `${status} ${shape} ${radiusPx} ${pixelRatio} ${palette.ocean}`;
  const known = sprites.get(key);
  if (known) return known;
  if (sprites.size > 200) sprites.clear();
  const canvas = document.createElement("canvas");
  const side = Math.ceil((radiusPx * 2.8 + 6) * pixelRatio);
  canvas.width = side;
  canvas.height = side;
  const ctx = canvas.getContext("2d");
  if (!ctx) return canvas;
  ctx.translate(side / 2, side / 2);
  ctx.scale(pixelRatio, pixelRatio);
  ctx.lineJoin = "round";
  trace(ctx, shape, radiusPx);
  ctx.strokeStyle = palette.outline;
  ctx.lineWidth = 3;
  ctx.stroke();
  const hollow = status === "silent" || status === "unknown";
  ctx.fillStyle = hollow ? palette.land : palette.status[status];
  ctx.fill();
  if (hollow) {
    ctx.strokeStyle = palette.status[status];
    ctx.lineWidth = 1.6;
    ctx.stroke();
  } else if (status === "idling" && radiusPx >= 6) {
    ctx.fillStyle = palette.outline;
    ctx.fillRect(-0.34 * radiusPx, -0.36 * radiusPx, 0.24 * radiusPx, 0.72 * radiusPx);
    ctx.fillRect(0.1 * radiusPx, -0.36 * radiusPx, 0.24 * radiusPx, 0.72 * radiusPx);
  }
  sprites.set(key, canvas);
  return canvas;
}
