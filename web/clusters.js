// @ts-check
// Count bubbles for a map seen from afar: vehicles nearer to each other than a bubble's width become one.

import { STATUS_ORDER } from "./format.js";
import { FONT } from "./palette.js";
import { WORLD_PX } from "./projection.js";

const REACH_PX = 46;
/** From this zoom on every vehicle is drawn; a large fleet needs to be nearer. */
const OPEN_ZOOM = 10;
const OPEN_ZOOM_LARGE = 11.5;
const LARGE_FLEET = 400;

/**
 * @typedef {object} Cluster
 * @property {number} x centre, world coordinates
 * @property {number} y
 * @property {import("./types.js").Vehicle[]} members
 */

/**
 * @param {import("./types.js").Vehicle[]} vehicles
 * @param {number} zoom
 * @returns {Cluster[] | null} null when the zoom shows every vehicle by itself
 */
export function clusterVehicles(vehicles, zoom) {
  if (zoom >= (vehicles.length > LARGE_FLEET ? OPEN_ZOOM_LARGE : OPEN_ZOOM)) return null;
  // Half steps of zoom, so that bubbles hold still during a pinch.
  const reach = REACH_PX / (WORLD_PX * 2 ** (Math.round(zoom * 2) / 2));
  const single = vehicles.map((v) => ({ x: v.toX, y: v.toY, members: [v] }));
  // Twice: bubbles whose centres drifted together in the first pass become one in the second.
  return merge(merge(single, reach), reach);
}

/** @param {Cluster[]} parts @param {number} reach @returns {Cluster[]} */
function merge(parts, reach) {
  /** @type {Map<number, Cluster[]>} */
  const cells = new Map();
  const cellOf = (/** @type {number} */ v) => Math.floor(v / reach);
  /** @type {Cluster[]} */
  const clusters = [];
  for (const part of parts) {
    const cx = cellOf(part.x);
    const cy = cellOf(part.y);
    /** @type {Cluster | undefined} */
    let found;
    for (let i = -1; i <= 1 && !found; i++) {
      for (let j = -1; j <= 1 && !found; j++)
        found = cells
          .get((cx + i) * 2 ** 24 + cy + j)
          ?.find((c) => Math.hypot(c.x - part.x, c.y - part.y) < reach);
    }
    if (found) {
      const share = part.members.length / (found.members.length + part.members.length);
      found.x += (part.x - found.x) * share;
      found.y += (part.y - found.y) * share;
      found.members.push(...part.members);
      continue;
    }
    const cluster = { x: part.x, y: part.y, members: [...part.members] };
    clusters.push(cluster);
    const key = cx * 2 ** 24 + cy;
    const cell = cells.get(key);
    if (cell) cell.push(cluster);
    else cells.set(key, [cluster]);
  }
  return clusters;
}

/** @param {Cluster} cluster pixels */
export const bubbleRadius = (cluster) => 13 + Math.min(17, 1.9 * Math.sqrt(cluster.members.length));

/**
 * A count inside a ring that shows how many are in which state.
 * @param {CanvasRenderingContext2D} ctx
 * @param {Cluster} cluster
 * @param {number} px
 * @param {number} py
 * @param {import("./palette.js").Palette} palette
 */
export function drawBubble(ctx, cluster, px, py, palette) {
  const radius = bubbleRadius(cluster);
  const total = cluster.members.length;
  ctx.fillStyle = palette.card;
  ctx.beginPath();
  ctx.arc(px, py, radius + 1.5, 0, 2 * Math.PI);
  ctx.fill();
  let angle = -Math.PI / 2;
  ctx.lineWidth = 4;
  ctx.lineCap = "butt";
  for (const status of STATUS_ORDER) {
    const part = cluster.members.filter((v) => v.status === status).length / total;
    if (part === 0) continue;
    const end = angle + part * 2 * Math.PI;
    const gap = part < 1 ? Math.min(0.05, part * 2) : 0;
    ctx.strokeStyle = palette.status[status];
    ctx.globalAlpha = status === "silent" || status === "unknown" ? 0.5 : 1;
    ctx.beginPath();
    ctx.arc(px, py, radius - 2, angle + gap, end - gap);
    ctx.stroke();
    angle = end;
  }
  ctx.globalAlpha = 1;
  ctx.fillStyle = palette.ink;
  ctx.font = `650 ${total > 99 ? 12 : 13}px ${FONT}`;
  ctx.textAlign = "center";
  ctx.textBaseline = "middle";
  ctx.fillText(String(total), px, py + 0.5);
}
