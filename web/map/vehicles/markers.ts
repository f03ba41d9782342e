// The vehicles as they are drawn: each glides for a moment from where it was to where its newest fix is.

import type { LiveVehicle } from "../../client/index.js";
import { knownStatus, STATUS_ORDER, type Status } from "../../parts/badge.tsx";
import { labelOf } from "../../parts/vehicle-names.ts";
import { distanceM, latToY, lngToX } from "../geo.ts";

const GLIDE_MS = 1_000;
/** Farther than this in one update is a gap, not a drive: the marker jumps. */
const JUMP_M = 3_000;

export interface Marker {
  imei: string;
  /** Every text is untrusted and goes to the page as text only. */
  facts: LiveVehicle;
  status: Status;
  label: string;
  /** Where it is drawn now, in the square of the world. */
  x: number;
  y: number;
  fromX: number;
  fromY: number;
  toX: number;
  toY: number;
  headingDeg: number;
  fromHeadingDeg: number;
  toHeadingDeg: number;
  glideStartMs: number;
  /** When it was last heard of; NaN when that is not known. */
  heardAtMs: number;
}

export function createMarkers() {
  const byImei = new Map<string, Marker>();
  const gliding = new Set<Marker>();
  let drawn: Marker[] = [];

  function renew(old: Marker | undefined, facts: LiveVehicle, nowMs: number, calm: boolean): Marker {
    const [toX, toY] = [lngToX(facts.lng ?? 0), latToY(facts.lat ?? 0)];
    const isDrive = old !== undefined && !calm && distanceM(old.x, old.y, toX, toY) < JUMP_M;
    const headingDeg = facts.headingDeg ?? old?.toHeadingDeg ?? 0;
    const [x, y] = isDrive ? [old.x, old.y] : [toX, toY];
    const turned = isDrive ? old.headingDeg : headingDeg;
    return {
      ...{ imei: facts.imei, facts, status: knownStatus(facts.status), label: labelOf(facts) },
      ...{ x, y, fromX: x, fromY: y, toX, toY },
      ...{ headingDeg: turned, fromHeadingDeg: turned, toHeadingDeg: headingDeg },
      glideStartMs: nowMs,
      heardAtMs: Date.parse(facts.contactAt ?? facts.fixAt ?? ""),
    };
  }

  return {
    /** Those with a place; what needs the eye comes first. */
    get all(): readonly Marker[] {
      return drawn;
    },
    get: (imei: string | null): Marker | undefined => (imei === null ? undefined : byImei.get(imei)),

    /** Takes what is to be shown. A vehicle is never changed, so one that is the same object has no news. */
    show(vehicles: Iterable<LiveVehicle>, nowMs: number, calm: boolean): void {
      const seen = new Set<string>();
      let changed = false;
      for (const facts of vehicles) {
        if (facts.lng === null || facts.lat === null) continue;
        seen.add(facts.imei);
        const old = byImei.get(facts.imei);
        if (old?.facts === facts) continue;
        changed = true;
        const renewed = renew(old, facts, nowMs, calm);
        const marker = old === undefined ? renewed : Object.assign(old, renewed);
        byImei.set(facts.imei, marker);
        if (marker.x !== marker.toX || marker.y !== marker.toY || marker.headingDeg !== marker.toHeadingDeg) {
          gliding.add(marker);
        }
      }
      for (const [imei, marker] of byImei) {
        if (seen.has(imei)) continue;
        changed = true;
        byImei.delete(imei);
        gliding.delete(marker);
      }
      if (!changed) return;
      const groups = new Map<Status, Marker[]>(STATUS_ORDER.map((status) => [status, []]));
      for (const marker of byImei.values()) groups.get(marker.status)?.push(marker);
      drawn = [...groups.values()].flat();
    },

    /** Moves what glides to where it is in this frame. @returns whether there is more to come */
    step(nowMs: number): boolean {
      for (const marker of gliding) {
        const t = Math.max(0, Math.min(1, (nowMs - marker.glideStartMs) / GLIDE_MS));
        const eased = t * t * (3 - 2 * t);
        marker.x = marker.fromX + (marker.toX - marker.fromX) * eased;
        marker.y = marker.fromY + (marker.toY - marker.fromY) * eased;
        const turn = ((((marker.toHeadingDeg - marker.fromHeadingDeg) % 360) + 540) % 360) - 180;
        marker.headingDeg = marker.fromHeadingDeg + turn * eased;
        if (t === 1) gliding.delete(marker);
      }
      return gliding.size > 0;
    },
  };
}

export type Markers = ReturnType<typeof createMarkers>;
