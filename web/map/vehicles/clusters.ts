// Count bubbles for a map seen from afar: vehicles nearer to each other than a bubble's width become one.

import { STATUS_ORDER } from "../../parts/badge.tsx";
import { WORLD_PX } from "../geo.ts";
import { FONT, type Palette } from "../palette.ts";
import type { Marker } from "./markers.ts";

const REACH_PX = 46;
/** From this zoom on every vehicle is drawn; a large fleet needs to be nearer. */
const OPEN_ZOOM = 9;
const OPEN_ZOOM_LARGE = 11;
const LARGE_FLEET = 400;

export interface Cluster {
  x: number;
  y: number;
  members: Marker[];
}

/** @returns null when the zoom shows every vehicle by itself */
export function clusterMarkers(markers: readonly Marker[], zoom: number): Cluster[] | null {
  if (zoom >= (markers.length > LARGE_FLEET ? OPEN_ZOOM_LARGE : OPEN_ZOOM)) return null;
  const reach = REACH_PX / (WORLD_PX * 2 ** zoom);
  const single = markers.map((marker) => ({ x: marker.toX, y: marker.toY, members: [marker] }));
  // Twice: bubbles whose centres drifted together in the first pass become one in the second.
  return merge(merge(single, reach), reach);
}

function merge(parts: Cluster[], reach: number): Cluster[] {
  const cells = new Map<number, Cluster[]>();
  const cellOf = (v: number) => Math.floor(v / reach);
  const clusters: Cluster[] = [];
  for (const part of parts) {
    const [cx, cy] = [cellOf(part.x), cellOf(part.y)];
    let found: Cluster | undefined;
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
      for (const member of part.members) found.members.push(member);
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

/** In pixels. */
export const bubbleRadius = ({ members }: Cluster): number =>
  13 + Math.min(17, 1.9 * Math.sqrt(members.length));

/** A count inside a ring that shows how many are in which status. */
export function drawBubble(
  ctx: CanvasRenderingContext2D,
  cluster: Cluster,
  px: number,
  py: number,
  palette: Palette,
): void {
  const radius = bubbleRadius(cluster);
  const total = cluster.members.length;
  ctx.fillStyle = palette.card;
  ctx.beginPath();
  ctx.arc(px, py, radius + 1.5, 0, 2 * Math.PI);
  ctx.fill();
  let angle = -Math.PI / 2;
  ctx.lineWidth = 4;
  ctx.lineCap = "butt";
  const counts = new Map<string, number>();
  for (const { status } of cluster.members) counts.set(status, (counts.get(status) ?? 0) + 1);
  for (const status of STATUS_ORDER) {
    const part = (counts.get(status) ?? 0) / total;
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
  ctx.font = `600 ${total > 99 ? 12 : 13}px ${FONT}`;
  ctx.textAlign = "center";
  ctx.textBaseline = "middle";
  ctx.fillText(String(total), px, py + 0.5);
}
