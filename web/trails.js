// @ts-check
// Where vehicles have been since the page was opened: at street zoom these lines are the roads.

const MIN_ZOOM = 10.5;
const FULL_ZOOM = 13;
/** Older parts fade in steps; one stroke per step and colour keeps 60,000 points cheap. */
const FADE_STEPS = [
  { untilMs: 3 * 60_000, alpha: 0.55 },
  { untilMs: 15 * 60_000, alpha: 0.4 },
  { untilMs: 45 * 60_000, alpha: 0.26 },
  { untilMs: Infinity, alpha: 0.16 },
];

/**
 * @param {CanvasRenderingContext2D} ctx
 * @param {import("./camera.js").Camera} camera
 * @param {import("./types.js").Vehicle[]} vehicles
 * @param {string | null} selectedImei
 * @param {import("./palette.js").Palette} palette
 * @param {number} serverNowMs
 */
export function drawTrails(ctx, camera, vehicles, selectedImei, palette, serverNowMs) {
  const selected = vehicles.filter((v) => v.imei === selectedImei);
  if (camera.zoom >= MIN_ZOOM) {
    const strength = Math.min(1, 0.35 + (0.65 * (camera.zoom - MIN_ZOOM)) / (FULL_ZOOM - MIN_ZOOM));
    const width = Math.max(1.2, Math.min(5, 1.4 + (camera.zoom - 12) * 0.6));
    strokeTrails(ctx, camera, vehicles, palette.trail, width, strength, serverNowMs);
  }
  strokeTrails(ctx, camera, selected, palette.select, 2, 1, serverNowMs);
}

/**
 * @param {CanvasRenderingContext2D} ctx
 * @param {import("./camera.js").Camera} camera
 * @param {import("./types.js").Vehicle[]} vehicles
 * @param {string} colour
 * @param {number} width
 * @param {number} strength
 * @param {number} serverNowMs
 */
function strokeTrails(ctx, camera, vehicles, colour, width, strength, serverNowMs) {
  const [left, top] = [camera.wx(-20), camera.wy(-20)];
  const [right, bottom] = [camera.wx(camera.width + 20), camera.wy(camera.height + 20)];
  ctx.strokeStyle = colour;
  ctx.lineWidth = width;
  ctx.lineCap = "butt";
  ctx.lineJoin = "round";
  let newerMs = -Infinity;
  for (const { untilMs, alpha } of FADE_STEPS) {
    ctx.globalAlpha = alpha * strength;
    ctx.beginPath();
    for (const { trail, x, y, toX, toY } of vehicles) {
      let pen = false;
      for (let i = 1; i < trail.length; i++) {
        const [a, b] = [trail[i - 1], trail[i]];
        if (!a || !b) continue;
        const ageMs = serverNowMs - b.atMs;
        const visible =
          b.joined &&
          ageMs >= newerMs &&
          ageMs < untilMs &&
          Math.max(a.x, b.x) > left &&
          Math.min(a.x, b.x) < right &&
          Math.max(a.y, b.y) > top &&
          Math.min(a.y, b.y) < bottom;
        if (!visible) {
          pen = false;
          continue;
        }
        if (!pen) ctx.moveTo(camera.px(a.x), camera.py(a.y));
        // The newest point is where the marker glides to; its line ends at the marker meanwhile.
        const gliding = i === trail.length - 1 && b.x === toX && b.y === toY;
        ctx.lineTo(camera.px(gliding ? x : b.x), camera.py(gliding ? y : b.y));
        pen = true;
      }
    }
    ctx.stroke();
    newerMs = untilMs;
  }
  ctx.globalAlpha = 1;
}
