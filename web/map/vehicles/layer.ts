// Draws the vehicles (or their count bubbles) and their names, and finds what is under a finger. On a canvas of its own
// over the map: while only vehicles move, the map beneath is not drawn again, and it is the same picture on both maps.

import type { Palette } from "../palette.ts";
import { FONT } from "../palette.ts";
import type { Projection } from "../projection.ts";
import { bubbleRadius, type Cluster, clusterMarkers, drawBubble } from "./clusters.ts";
import { createPlacer, textWidth } from "./labels.ts";
import type { Marker, Markers } from "./markers.ts";
import { spriteOf } from "./sprites.ts";
import { drawTowns, type Town } from "./towns.ts";

const LABEL_ZOOM = 11.3;
const MOST_LABELS = 160;
const MOST_LABEL_PX = 180;
const FINGER_PX = 24;
const MOUSE_PX = 13;
/** One that was heard of so lately is fully bright; one of `OLD_MS` is as dim as it gets. */
const FRESH_MS = 2 * 60_000;
const OLD_MS = 2 * 3_600_000;
const DIMMEST = 0.55;

export interface VehicleHit {
  marker?: Marker;
  cluster?: Cluster;
}

interface Look {
  palette: Palette;
  /** None where the map beneath names them. */
  towns: readonly Town[];
  selectedImei: string | null;
  hoveredImei: string | null;
  serverNowMs: number;
  pixelRatio: number;
}

/** In tenths, so that the renderer's state changes seldom. @param ageMs NaN when it is not known */
function brightness(ageMs: number): number {
  if (Number.isNaN(ageMs)) return DIMMEST;
  const old = Math.max(0, Math.min(1, Math.log(ageMs / FRESH_MS) / Math.log(OLD_MS / FRESH_MS) || 0));
  return Math.round((1 - old * (1 - DIMMEST)) * 10) / 10;
}

/** Half steps, so that few sizes of a symbol exist. */
const markerRadius = (zoom: number) => Math.round(Math.max(5, Math.min(11, 5 + (zoom - 8) * 0.9)) * 2) / 2;

export function createVehicleLayer(markers: Markers) {
  let clusters: Cluster[] | null = null;
  let clusteredZoom = Number.NaN;
  let clusteredOf: readonly Marker[] = [];

  /** Half steps of zoom, so that bubbles hold still during a pinch. */
  function regroup({ camera }: Projection): Cluster[] {
    const zoom = Math.round(camera.zoom * 2) / 2;
    if (zoom !== clusteredZoom || clusteredOf !== markers.all) {
      clusters = clusterMarkers(markers.all, zoom);
      clusteredZoom = zoom;
      clusteredOf = markers.all;
    }
    return clusters?.filter(({ members }) => members.length > 1) ?? [];
  }
  const singles = () =>
    clusters?.flatMap(({ members }) => (members.length === 1 ? members : [])) ?? markers.all;

  return {
    draw(ctx: CanvasRenderingContext2D, view: Projection, look: Look): void {
      const { palette, selectedImei, hoveredImei, serverNowMs, pixelRatio } = look;
      const radius = markerRadius(view.camera.zoom);
      const bubbles = regroup(view);
      const seen: { marker: Marker; x: number; y: number; alpha: number }[] = [];
      for (const marker of singles()) {
        const [x, y] = [view.px(marker.x), view.py(marker.y)];
        if (x < -60 || y < -30 || x > view.width + 60 || y > view.height + 30) continue;
        seen.push({ marker, x, y, alpha: brightness(serverNowMs - marker.heardAtMs) });
      }
      const discs = bubbles.map((one) => ({
        ...{ x: view.px(one.x), y: view.py(one.y), radius: bubbleRadius(one) },
      }));
      drawTowns(ctx, view, look.towns, palette, discs);
      bubbles.forEach((one, i) => {
        const disc = discs[i];
        if (disc) drawBubble(ctx, one, disc.x, disc.y, palette);
      });
      // Backwards: what needs the eye comes first in the list and is drawn last, on top.
      for (let i = seen.length - 1; i >= 0; i--) {
        const one = seen[i];
        if (one && one.marker.imei !== selectedImei) drawMarker(one, radius);
      }
      ctx.globalAlpha = 1;
      const single = seen.find(({ marker }) => marker.imei === selectedImei);
      const bubble = single ? undefined : inBubble();
      const chosen = single ?? bubble;
      const ring = bubble ? bubble.radius + 5 : radius + 8;
      if (chosen) {
        ctx.beginPath();
        ctx.arc(chosen.x, chosen.y, ring, 0, 2 * Math.PI);
        if (single) {
          // A plate behind the symbol sets it off from its neighbours.
          ctx.fillStyle = palette.card;
          ctx.fill();
        }
        ctx.strokeStyle = palette.select;
        ctx.lineWidth = 2;
        ctx.stroke();
      }
      if (single) drawMarker({ ...single, alpha: 1 }, radius + 1);
      drawLabels();
      ctx.globalAlpha = 1;

      /** The selected vehicle stands for its bubble: the count stays readable, its name goes beside. */
      function inBubble() {
        for (const cluster of bubbles) {
          const marker = cluster.members.find(({ imei }) => imei === selectedImei);
          const [x, y] = [view.px(cluster.x), view.py(cluster.y)];
          if (marker) return { marker, x, y, alpha: 1, radius: bubbleRadius(cluster) };
        }
        return undefined;
      }

      function drawMarker({ marker, x, y, alpha }: (typeof seen)[number], size: number) {
        const isTurned = marker.status === "moving" && marker.facts.headingDeg !== null;
        const sprite = spriteOf(
          marker.status,
          isTurned ? marker.headingDeg : null,
          size,
          pixelRatio,
          palette,
        );
        const half = sprite.width / pixelRatio / 2;
        if (ctx.globalAlpha !== alpha) ctx.globalAlpha = alpha;
        ctx.drawImage(sprite, x - half, y - half, half * 2, half * 2);
      }

      function drawLabels() {
        const placer = createPlacer();
        const hovered = seen.find(({ marker }) => marker.imei === hoveredImei);
        const always = [chosen, hovered].filter((one) => one !== undefined);
        const rest = view.camera.zoom >= LABEL_ZOOM ? seen : [];
        if (rest.length > 0) for (const one of seen) placer.take(one.x - 5, one.y - 5, one.x + 5, one.y + 5);
        ctx.font = `500 12px ${FONT}`;
        ctx.textAlign = "left";
        ctx.textBaseline = "middle";
        const done = new Set<Marker>();
        for (const one of [...always, ...rest]) {
          if (done.has(one.marker)) continue;
          if (done.size >= MOST_LABELS) break;
          const isStrong = always.includes(one);
          const width = Math.min(MOST_LABEL_PX, textWidth(ctx, one.marker.label)) + 12;
          const left = one.x + (one === chosen ? ring + 4 : radius + 5);
          if (!placer.take(left, one.y - 9, left + width, one.y + 9) && !isStrong) continue;
          done.add(one.marker);
          ctx.globalAlpha = isStrong ? 1 : 0.92;
          ctx.fillStyle = palette.card;
          ctx.beginPath();
          ctx.roundRect(left, one.y - 9, width, 18, 5);
          ctx.fill();
          ctx.fillStyle = palette.ink;
          ctx.fillText(one.marker.label, left + 6, one.y + 0.5, MOST_LABEL_PX);
        }
      }
    },

    /** What is nearest to a pixel. @param isFinger fingers are wider than pointers */
    hit(view: Projection, px: number, py: number, isFinger: boolean): VehicleHit {
      const bubbles = regroup(view);
      let nearest = isFinger ? FINGER_PX : MOUSE_PX;
      let marker: Marker | undefined;
      for (const one of singles()) {
        const away = Math.hypot(view.px(one.x) - px, view.py(one.y) - py);
        if (away >= nearest) continue;
        nearest = away;
        marker = one;
      }
      if (marker) return { marker };
      const cluster = bubbles.find(
        (one) => Math.hypot(view.px(one.x) - px, view.py(one.y) - py) < bubbleRadius(one) + 4,
      );
      return cluster ? { cluster } : {};
    },
  };
}

export type VehicleLayer = ReturnType<typeof createVehicleLayer>;
