// @ts-check
// Where the map looks: centre and zoom of the part that no panel covers, and how it moves there.

import { WORLD_PX } from "./projection.js";

const MIN_ZOOM = 4;
const MAX_ZOOM = 18.5;
/** A fit never goes nearer than this: one parked vehicle should show its town, not its bonnet. */
const MAX_FIT_ZOOM = 14;
const FLY_MS = 420;
/** Share of the glide's speed left after 100 ms. */
const GLIDE_KEEP = 0.72;

const clampZoom = (/** @type {number} */ zoom) => Math.max(MIN_ZOOM, Math.min(MAX_ZOOM, zoom));
const clampUnit = (/** @type {number} */ v) => Math.max(0, Math.min(1, v));

/** @param {{ onChange: () => void, calm: () => boolean }} options `calm`: the reader asked for less motion */
export function createCamera({ onChange, calm }) {
  let x = 0.604;
  let y = 0.504;
  let zoom = 6;
  let width = 1;
  let height = 1;
  /** @type {import("./types.js").Padding} */
  let padding = { top: 0, right: 0, bottom: 0, left: 0 };
  /** @type {((nowMs: number) => boolean) | null} */
  let motion = null;

  const scale = () => WORLD_PX * 2 ** zoom;
  const centreX = () => (padding.left + width - padding.right) / 2;
  const centreY = () => (padding.top + height - padding.bottom) / 2;

  /** @param {number} nx @param {number} ny @param {number} nz */
  function set(nx, ny, nz) {
    x = clampUnit(nx);
    y = clampUnit(ny);
    zoom = clampZoom(nz);
    onChange();
  }

  /** @param {(nowMs: number) => boolean} step answers whether it wants another frame */
  function move(step) {
    motion = step;
    onChange();
  }

  const camera = {
    get x() {
      return x;
    },
    get y() {
      return y;
    },
    get zoom() {
      return zoom;
    },
    get width() {
      return width;
    },
    get height() {
      return height;
    },
    get padding() {
      return padding;
    },
    scale,
    /** Pixel of world x. @param {number} wx */
    px: (wx) => centreX() + (wx - x) * scale(),
    /** Pixel of world y. @param {number} wy */
    py: (wy) => centreY() + (wy - y) * scale(),
    /** World x of a pixel. @param {number} px */
    wx: (px) => x + (px - centreX()) / scale(),
    /** World y of a pixel. @param {number} py */
    wy: (py) => y + (py - centreY()) / scale(),

    /** @param {number} w @param {number} h @param {import("./types.js").Padding} pad */
    resize(w, h, pad) {
      const steady = w === width && h === height;
      const [wx, wy] = [camera.wx(0), camera.wy(0)];
      width = w;
      height = h;
      padding = pad;
      // A card that opens moves the centre, not the picture; a turned phone keeps the centre.
      if (steady) {
        x += wx - camera.wx(0);
        y += wy - camera.wy(0);
      }
      onChange();
    },
    stop() {
      motion = null;
    },
    /** @param {number} dx pixels @param {number} dy pixels */
    panBy(dx, dy) {
      set(x - dx / scale(), y - dy / scale(), zoom);
    },
    /** Changes the zoom and keeps the place under the pixel. @param {number} delta @param {number} px @param {number} py */
    zoomAt(delta, px, py) {
      const wx = camera.wx(px);
      const wy = camera.wy(py);
      const nz = clampZoom(zoom + delta);
      const s = WORLD_PX * 2 ** nz;
      set(wx - (px - centreX()) / s, wy - (py - centreY()) / s, nz);
    },
    /** Zooms step by step over a moment. @param {number} delta @param {number} [px] @param {number} [py] */
    zoomSmoothly(delta, px = centreX(), py = centreY()) {
      if (calm()) return camera.zoomAt(delta, px, py);
      const start = performance.now();
      let done = 0;
      move((now) => {
        const t = Math.max(0, Math.min(1, (now - start) / 220));
        const part = delta * t * (2 - t);
        camera.zoomAt(part - done, px, py);
        done = part;
        return t < 1;
      });
    },
    /** @param {number} toX @param {number} toY @param {number} toZoom */
    flyTo(toX, toY, toZoom) {
      const target = clampZoom(toZoom);
      const far = Math.hypot(toX - x, toY - y) * scale() > 4 * Math.max(width, height);
      if (calm() || far) {
        motion = null;
        return set(toX, toY, target);
      }
      const start = performance.now();
      const from = { x, y, zoom };
      // The share of the way follows the zoom's own exponential, so the place glides in a straight line.
      const span = 2 ** (from.zoom - target) - 1;
      move((now) => {
        const t = Math.max(0, Math.min(1, (now - start) / FLY_MS));
        const e = t * t * (3 - 2 * t);
        const z = from.zoom + (target - from.zoom) * e;
        const way = Math.abs(span) < 1e-6 ? e : (2 ** (from.zoom - z) - 1) / span;
        set(from.x + (toX - from.x) * way, from.y + (toY - from.y) * way, z);
        return t < 1;
      });
    },
    /** Keeps going after a flick. @param {number} vx pixels per ms @param {number} vy pixels per ms */
    glide(vx, vy) {
      if (calm() || Math.hypot(vx, vy) < 0.25) return;
      let last = performance.now();
      let speed = 1;
      move((now) => {
        const dt = Math.max(0, Math.min(64, now - last));
        last = now;
        speed *= GLIDE_KEEP ** (dt / 100) * (1 - dt / 700);
        camera.panBy(vx * speed * dt, vy * speed * dt);
        return Math.hypot(vx, vy) * speed > 0.02;
      });
    },
    /**
     * Shows all the points, with a margin.
     * @param {{ x: number, y: number }[]} points world coordinates
     * @param {{ instantly?: boolean }} [options]
     */
    fit(points, { instantly = false } = {}) {
      if (points.length === 0) return;
      let [minX, minY, maxX, maxY] = [1, 1, 0, 0];
      for (const p of points) {
        minX = Math.min(minX, p.x);
        maxX = Math.max(maxX, p.x);
        minY = Math.min(minY, p.y);
        maxY = Math.max(maxY, p.y);
      }
      const w = Math.max(80, width - padding.left - padding.right - 110);
      const h = Math.max(80, height - padding.top - padding.bottom - 110);
      const fitting = Math.log2(Math.min(w / (maxX - minX || 1e-9), h / (maxY - minY || 1e-9)) / WORLD_PX);
      const [cx, cy, cz] = [(minX + maxX) / 2, (minY + maxY) / 2, Math.min(MAX_FIT_ZOOM, fitting)];
      if (!instantly) return camera.flyTo(cx, cy, cz);
      motion = null;
      set(cx, cy, cz);
    },
    /** One frame of the movement under way. @param {number} nowMs @returns whether there is more to come */
    step(nowMs) {
      if (!motion) return false;
      const running = motion;
      if (!running(nowMs) && motion === running) motion = null;
      return motion !== null;
    },
  };
  return camera;
}

/** @typedef {ReturnType<typeof createCamera>} Camera */
