// @ts-check
// The vehicles as they are now, where each is drawn, and where each has been since the page was opened.

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

/** @param {import("./types.js").LiveVehicle} facts */
const labelOf = (facts) => facts.plate || facts.name || `…${facts.imei.slice(-6)}`;

/** @param {import("./types.js").Vehicle} vehicle */
const isNameless = ({ facts }) => !facts.plate && !facts.name;

/** @param {string} status @returns {import("./types.js").Status} a status this page does not know is shown as unknown */
const knownStatus = (status) => STATUS_ORDER.find((known) => known === status) ?? "unknown";

/** @param {import("./types.js").LiveVehicle} facts @returns {{ x: number, y: number } | null} */
function placeOf({ lng, lat }) {
  if (lng === null || lat === null || !Number.isFinite(lng) || !Number.isFinite(lat)) return null;
  return { x: lonToX(lng), y: latToY(lat) };
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

/** @param {import("./types.js").Vehicle} a @param {import("./types.js").Vehicle} b */
const byStatusThenName = (a, b) =>
  STATUS_ORDER.indexOf(a.status) - STATUS_ORDER.indexOf(b.status) ||
  Number(isNameless(a)) - Number(isNameless(b)) ||
  names.compare(a.label, b.label);

export function createFleet() {
  /** @type {Map<string, import("./types.js").Vehicle>} */
  const byImei = new Map();
  /** @type {import("./types.js").Vehicle[]} */
  let sorted = [];
  /** @type {Set<import("./types.js").Vehicle>} */
  const gliding = new Set();

  /**
   * @param {import("./types.js").LiveVehicle} facts
   * @param {import("./types.js").Vehicle | undefined} old
   * @param {number} nowMs
   * @param {boolean} calm
   * @returns {import("./types.js").Vehicle}
   */
  function vehicleOf(facts, old, nowMs, calm) {
    const place = placeOf(facts);
    const near = place && old?.placed && distanceM(old.x, old.y, place.x, place.y) < JUMP_M && !calm;
    const heading = facts.headingDeg ?? old?.toHeadingDeg ?? 0;
    return {
      imei: facts.imei,
      facts,
      status: knownStatus(facts.status),
      placed: place !== null,
      x: (near ? old?.x : place?.x) ?? 0,
      y: (near ? old?.y : place?.y) ?? 0,
      fromX: (near ? old?.x : place?.x) ?? 0,
      fromY: (near ? old?.y : place?.y) ?? 0,
      toX: place?.x ?? 0,
      toY: place?.y ?? 0,
      headingDeg: near ? (old?.headingDeg ?? heading) : heading,
      fromHeadingDeg: near ? (old?.headingDeg ?? heading) : heading,
      toHeadingDeg: heading,
      glideStartMs: nowMs,
      fixAtMs: Date.parse(facts.fixAt ?? ""),
      label: labelOf(facts),
      haystack: [facts.plate, facts.name, facts.driver, facts.imei].join(" ").toLowerCase(),
      trail: old?.trail ?? [],
    };
  }

  return {
    /** By status, then name. */
    get sorted() {
      return sorted;
    },
    /** @param {string | null} imei */
    get: (imei) => (imei === null ? undefined : byImei.get(imei)),

    /**
     * Takes over what changed. The others go on gliding where they were going.
     * @param {import("./client/index.js").Change} change
     * @param {number} nowMs of `performance.now()`
     * @param {boolean} calm jump instead of gliding
     */
    apply({ vehicles, removed, reset }, nowMs, calm) {
      const named = new Set(vehicles.map(({ imei }) => imei));
      const gone = reset ? [...byImei.keys()].filter((imei) => !named.has(imei)) : removed;
      for (const imei of gone) {
        const vehicle = byImei.get(imei);
        if (vehicle) gliding.delete(vehicle);
        byImei.delete(imei);
      }
      const limit = Math.min(
        TRAIL_POINTS_EACH,
        Math.ceil(TRAIL_POINTS_TOTAL / Math.max(1, byImei.size, vehicles.length)),
      );
      let moved = gone.length > 0;
      for (const facts of vehicles) {
        const known = byImei.get(facts.imei);
        const vehicle = vehicleOf(facts, known, nowMs, calm);
        moved ||= !known || byStatusThenName(known, vehicle) !== 0;
        const kept = known ? Object.assign(known, vehicle) : vehicle;
        byImei.set(facts.imei, kept);
        gliding.add(kept);
        if (kept.placed) extendTrail(kept, limit);
      }
      // Sorting is the dearest part of a message, and most messages change no name and no status.
      if (moved) sorted = [...byImei.values()].sort(byStatusThenName);
    },

    /** Moves every marker for this frame. @param {number} nowMs @returns whether there is more to come */
    step(nowMs) {
      for (const v of gliding) {
        const t = Math.max(0, Math.min(1, (nowMs - v.glideStartMs) / GLIDE_MS));
        const e = t * t * (3 - 2 * t);
        v.x = v.fromX + (v.toX - v.fromX) * e;
        v.y = v.fromY + (v.toY - v.fromY) * e;
        const turn = ((((v.toHeadingDeg - v.fromHeadingDeg) % 360) + 540) % 360) - 180;
        v.headingDeg = v.fromHeadingDeg + turn * e;
        if (t === 1) gliding.delete(v);
      }
      return gliding.size > 0;
    },
  };
}

/** @typedef {ReturnType<typeof createFleet>} Fleet */
