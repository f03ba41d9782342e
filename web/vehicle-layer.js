// @ts-check
// Draws the vehicles (or their count bubbles) and their labels, and finds what is under a finger.

import { bubbleRadius, clusterVehicles, drawBubble } from "./clusters.js";
import { createPlacer, textWidth } from "./labels.js";
import { FONT } from "./palette.js";
import { spriteOf } from "./sprites.js";

const LABEL_ZOOM = 12.3;
const MAX_LABELS = 160;
const FINGER_PX = 24;
const MOUSE_PX = 13;
/** A fix of this age is fully bright; one of `OLD_MS` is as dim as it gets. */
const FRESH_MS = 2 * 60_000;
const OLD_MS = 2 * 3_600_000;
const DIMMEST = 0.5;

/** @param {number} ageMs NaN when it is not known */
function brightness(ageMs) {
  if (Number.isNaN(ageMs)) return DIMMEST;
  const old = Math.max(0, Math.min(1, Math.log(ageMs / FRESH_MS) / Math.log(OLD_MS / FRESH_MS) || 0));
  return 1 - old * (1 - DIMMEST);
}

/** Half steps, so that few sizes of sprite exist. @param {number} zoom */
const markerRadius = (zoom) => Math.round(Math.max(5, Math.min(11, 5 + (zoom - 9) * 0.9)) * 2) / 2;

export function createVehicleLayer() {
  /** @type {import("./types.js").Vehicle[]} */
  let vehicles = [];
  /** @type {import("./clusters.js").Cluster[] | null} */
  let clusters = null;
  let clusteredZoom = Number.NaN;

  /** @param {import("./camera.js").Camera} camera */
  const bubbles = (camera) => {
    const zoom = Math.round(camera.zoom * 2) / 2;
    if (zoom !== clusteredZoom) clusters = clusterVehicles(vehicles, zoom);
    clusteredZoom = zoom;
    return clusters?.filter((c) => c.members.length > 1) ?? [];
  };
  const singles = () => clusters?.flatMap((c) => (c.members.length === 1 ? c.members : [])) ?? vehicles;

  return {
    /** @param {import("./types.js").Vehicle[]} shown sorted, what needs the eye first */
    setVehicles(shown) {
      vehicles = shown.filter((v) => v.placed);
      clusteredZoom = Number.NaN;
    },

    /** Where the count bubbles are. @param {import("./camera.js").Camera} camera @returns {import("./types.js").Disc[]} */
    discs: (camera) =>
      bubbles(camera).map((c) => ({ x: camera.px(c.x), y: camera.py(c.y), radius: bubbleRadius(c) })),

    /**
     * @param {CanvasRenderingContext2D} ctx
     * @param {import("./camera.js").Camera} camera
     * @param {import("./palette.js").Palette} palette
     * @param {{ selectedImei: string | null, hoveredImei: string | null, serverNowMs: number, pixelRatio: number }} state
     */
    draw(ctx, camera, palette, { selectedImei, hoveredImei, serverNowMs, pixelRatio }) {
      const radius = markerRadius(camera.zoom);
      const clustered = bubbles(camera);
      /** @type {{ vehicle: import("./types.js").Vehicle, x: number, y: number, alpha: number }[]} */
      const seen = [];
      const drawn = singles();
      for (const vehicle of drawn) {
        const x = camera.px(vehicle.x);
        const y = camera.py(vehicle.y);
        if (x < -60 || y < -30 || x > camera.width + 60 || y > camera.height + 30) continue;
        const dim = vehicle.status === "silent" ? 0.75 : 1;
        seen.push({ vehicle, x, y, alpha: brightness(serverNowMs - vehicle.fixAtMs) * dim });
      }
      for (const cluster of clustered)
        drawBubble(ctx, cluster, camera.px(cluster.x), camera.py(cluster.y), palette);

      // Backwards: what needs the eye comes first in the list and is drawn last, on top.
      for (let i = seen.length - 1; i >= 0; i--) {
        const one = seen[i];
        if (one && one.vehicle.imei !== selectedImei) drawMarker(one, radius);
      }
      const single = seen.find((s) => s.vehicle.imei === selectedImei);
      const inBubble = single ? undefined : chosenInBubble();
      const chosen = single ?? inBubble;
      const ring = inBubble ? inBubble.radius + 5 : radius + 8;
      if (chosen) {
        ctx.beginPath();
        ctx.arc(chosen.x, chosen.y, ring, 0, 2 * Math.PI);
        // A plate behind the symbol sets it off from its neighbours.
        if (single) {
          ctx.fillStyle = palette.card;
          ctx.fill();
        }
        ctx.strokeStyle = palette.select;
        ctx.lineWidth = 2;
        ctx.stroke();
      }
      if (single) drawMarker({ ...single, alpha: 1 }, radius + 1);
      drawLabels();

      /** The selected vehicle stands for its bubble: the count stays readable, its name goes beside. */
      function chosenInBubble() {
        for (const cluster of clustered) {
          const vehicle = cluster.members.find((v) => v.imei === selectedImei);
          const [x, y] = [camera.px(cluster.x), camera.py(cluster.y)];
          if (vehicle) return { vehicle, x, y, alpha: 1, radius: bubbleRadius(cluster) };
        }
      }

      /** @param {typeof seen[number]} one @param {number} size */
      function drawMarker({ vehicle, x, y, alpha }, size) {
        const turned = vehicle.status === "moving" && vehicle.facts.headingDeg !== null;
        const sprite = spriteOf(vehicle.status, turned, size, pixelRatio, palette);
        const half = sprite.width / pixelRatio / 2;
        ctx.globalAlpha = alpha;
        if (turned) {
          ctx.save();
          ctx.translate(x, y);
          ctx.rotate((vehicle.headingDeg * Math.PI) / 180);
          ctx.drawImage(sprite, -half, -half, half * 2, half * 2);
          ctx.restore();
        } else ctx.drawImage(sprite, x - half, y - half, half * 2, half * 2);
        ctx.globalAlpha = 1;
      }

      function drawLabels() {
        const placer = createPlacer();
        const hovered = seen.find((s) => s.vehicle.imei === hoveredImei);
        const always = [chosen, hovered].filter((s) => s !== undefined);
        const rest = camera.zoom >= LABEL_ZOOM ? seen : [];
        if (rest.length > 0) for (const s of seen) placer.take(s.x - 5, s.y - 5, s.x + 5, s.y + 5);
        ctx.font = `550 11px ${FONT}`;
        ctx.textAlign = "left";
        ctx.textBaseline = "middle";
        const done = new Set();
        for (const one of [...always, ...rest]) {
          if (done.has(one) || done.size >= MAX_LABELS) continue;
          const strong = always.includes(one);
          const width = textWidth(ctx, one.vehicle.label) + 12;
          const left = one.x + (one === chosen ? ring + 4 : radius + 5);
          const free = placer.take(left, one.y - 9, left + width, one.y + 9);
          if (!free && !strong) continue;
          done.add(one);
          ctx.globalAlpha = strong ? 1 : 0.55 + 0.4 * one.alpha;
          ctx.fillStyle = palette.card;
          ctx.beginPath();
          ctx.roundRect(left, one.y - 9, width, 18, 5);
          ctx.fill();
          ctx.fillStyle = palette.ink;
          ctx.fillText(one.vehicle.label, left + 6, one.y + 0.5);
        }
        ctx.globalAlpha = 1;
      }
    },

    /**
     * @param {import("./camera.js").Camera} camera
     * @param {number} px
     * @param {number} py
     * @param {boolean} touch fingers are wider than pointers
     * @returns {{ vehicle?: import("./types.js").Vehicle, cluster?: import("./clusters.js").Cluster }}
     */
    hit(camera, px, py, touch) {
      let nearest = touch ? FINGER_PX : MOUSE_PX;
      /** @type {import("./types.js").Vehicle | undefined} */
      let vehicle;
      for (const v of singles()) {
        const away = Math.hypot(camera.px(v.x) - px, camera.py(v.y) - py);
        if (away >= nearest) continue;
        nearest = away;
        vehicle = v;
      }
      if (vehicle) return { vehicle };
      const cluster = bubbles(camera).find(
        (c) => Math.hypot(camera.px(c.x) - px, camera.py(c.y) - py) < bubbleRadius(c) + 4,
      );
      return cluster ? { cluster } : {};
    },
  };
}
