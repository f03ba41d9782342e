// @ts-check
// The vehicles of the last answer, where each is drawn now, and where each has been since the page was opened.

import { STATUS_ORDER } from "./format.js";
import { distanceM, latToY, lonToX } from "./projection.js";

const GLIDE_MS = 1000;
/** Farther than this in one update is a gap, not a drive: the marker jumps and the trail breaks. */
const JUMP_M = 3000;
const TRAIL_GAP_MS = 3 * 60_000;
/** Nearer than this a new point shows no road, only the receiver's noise. */
const TRAIL_STEP_M = 12;
/** All trails together: about 8 MB, an hour of a moving fleet of 150. */
const TRAIL_POINTS_TOTAL = 60_000;
const TRAIL_POINTS_EACH = 400;

const names = new Intl.Collator("en", { numeric: true, sensitivity: "base" });

/** @param {import("./types.js").LiveProperties} facts */
const labelOf = (facts) => facts.plate || facts.name || `…${facts.imei.slice(-6)}`;

/** @param {import("./types.js").Vehicle} vehicle */
const isNameless = ({ facts }) => !facts.plate && !facts.name;

/** @param {string} status @returns {import("./types.js").Status} a status this page does not know is shown as unknown */
const knownStatus = (status) => STATUS_ORDER.find((known) => known === status) ?? "unknown";

/** @param {import("./types.js").LiveFeature} feature @returns {{ x: number, y: number } | null} */
function placeOf({ geometry }) {
  const [lon, lat] = geometry?.coordinates ?? [];
  if (!Number.isFinite(lon) || !Number.isFinite(lat)) return null;
  return { x: lonToX(Number(lon)), y: latToY(Number(lat)) };
}

/** @param {import("./types.js").Vehicle} vehicle @param {number} limit */
function extendTrail(vehicle, limit) {
  const { trail } = vehicle;
  const last = trail[trail.length - 1];
  const point = { x: vehicle.toX, y: vehicle.toY, atMs: vehicle.fixAtMs, joined: false };
  if (last) {
    const stepM = distanceM(last.x, last.y, point.x, point.y);
    if (stepM < TRAIL_STEP_M || !(point.atMs > last.atMs)) return;
    point.joined = stepM < JUMP_M && point.atMs - last.atMs < TRAIL_GAP_MS;
  }
  trail.push(point);
  if (trail.length > limit) trail.splice(0, trail.length - limit);
}

export function createFleet() {
  /** @type {Map<string, import("./types.js").Vehicle>} */
  let byImei = new Map();
  /** @type {import("./types.js").Vehicle[]} */
  let sorted = [];
  let glideStartMs = -Infinity;
  let gliding = false;

  return {
    /** By status, then name. */
    get sorted() {
      return sorted;
    },
    /** @param {string | null} imei */
    get: (imei) => (imei === null ? undefined : byImei.get(imei)),

    /**
     * Takes over an answer; vehicles it does not name are gone.
     * @param {import("./types.js").LiveFeature[]} features
     * @param {number} nowMs of `performance.now()`
     * @param {boolean} calm jump instead of gliding
     */
    apply(features, nowMs, calm) {
      const limit = Math.min(TRAIL_POINTS_EACH, Math.ceil(TRAIL_POINTS_TOTAL / Math.max(1, features.length)));
      /** @type {typeof byImei} */
      const next = new Map();
      for (const feature of features) {
        const facts = feature.properties;
        // One broken vehicle must not hide the others.
        if (typeof facts?.imei !== "string") continue;
        const place = placeOf(feature);
        const old = byImei.get(facts.imei);
        const near = place && old?.placed && distanceM(old.x, old.y, place.x, place.y) < JUMP_M && !calm;
        const heading = facts.headingDeg ?? old?.toHeadingDeg ?? 0;
        /** @type {import("./types.js").Vehicle} */
        const vehicle = {
          imei: facts.imei,
          facts,
          status: knownStatus(facts.status),
          placed: place !== null,
          x: place?.x ?? 0,
          y: place?.y ?? 0,
          fromX: (near ? old?.x : place?.x) ?? 0,
          fromY: (near ? old?.y : place?.y) ?? 0,
          toX: place?.x ?? 0,
          toY: place?.y ?? 0,
          headingDeg: heading,
          fromHeadingDeg: near ? (old?.headingDeg ?? heading) : heading,
          toHeadingDeg: heading,
          fixAtMs: Date.parse(facts.fixAt ?? ""),
          label: labelOf(facts),
          haystack: [facts.plate, facts.name, facts.driver, facts.imei].join(" ").toLowerCase(),
          trail: old?.trail ?? [],
        };
        if (place) extendTrail(vehicle, limit);
        next.set(vehicle.imei, vehicle);
      }
      byImei = next;
      sorted = [...next.values()].sort(
        (a, b) =>
          STATUS_ORDER.indexOf(a.status) - STATUS_ORDER.indexOf(b.status) ||
          Number(isNameless(a)) - Number(isNameless(b)) ||
          names.compare(a.label, b.label),
      );
      glideStartMs = nowMs;
      gliding = true;
    },

    /** Moves every marker for this frame. @param {number} nowMs @returns whether there is more to come */
    step(nowMs) {
      if (!gliding) return false;
      const t = Math.max(0, Math.min(1, (nowMs - glideStartMs) / GLIDE_MS));
      const e = t * t * (3 - 2 * t);
      for (const v of sorted) {
        v.x = v.fromX + (v.toX - v.fromX) * e;
        v.y = v.fromY + (v.toY - v.fromY) * e;
        const turn = ((((v.toHeadingDeg - v.fromHeadingDeg) % 360) + 540) % 360) - 180;
        v.headingDeg = v.fromHeadingDeg + turn * e;
      }
      gliding = t < 1;
      return gliding;
    },
  };
}

/** @typedef {ReturnType<typeof createFleet>} Fleet */
