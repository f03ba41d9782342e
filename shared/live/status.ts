import type { PositionFacts } from "./facts.ts";

/** What a vehicle does, as `reporting.fn_live_positions` derives it too: a test compares the two. */
export const STATUSES = ["moving", "idling", "parked", "silent", "unknown"] as const;
export type Status = (typeof STATUSES)[number];

/** Where the statuses end. Clients get them with the facts, and can go on judging while they hear nothing. */
export interface Thresholds {
  /** Faster than this is moving, km/h. */
  movingAboveKmh: number;
  /** So long after a fix its speed, and after a contact the ignition, says nothing about now. */
  staleAfterS: number;
  /** Nothing heard for so long. */
  silentAfterS: number;
}

/** A status, and when time alone will end it, ms since the epoch (Infinity: never). */
export interface Judgement {
  status: Status;
  flipsAtMs: number;
}

/** Judges a vehicle at an instant. */
export function judge(position: PositionFacts | null, atMs: number, thresholds: Thresholds): Judgement {
  if (position?.fixAt == null) return { status: "unknown", flipsAtMs: Infinity };
  const fixMs = Date.parse(position.fixAt);
  const heardMs = position.contactAt === null ? fixMs : Math.max(fixMs, Date.parse(position.contactAt));
  const silentMs = heardMs + thresholds.silentAfterS * 1000 + 1;
  const staleMs = (sinceMs: number) => sinceMs + thresholds.staleAfterS * 1000 + 1;
  const fast = position.speedKmh !== null && position.speedKmh > thresholds.movingAboveKmh;

  if (atMs >= silentMs) return { status: "silent", flipsAtMs: Infinity };
  if (fast && atMs < staleMs(fixMs)) {
    return { status: "moving", flipsAtMs: Math.min(staleMs(fixMs), silentMs) };
  }
  if (position.ignition === false) return { status: "parked", flipsAtMs: silentMs };
  // Last seen under way, and not since: it may stand, drive on or have lost the sky.
  if (fast) return { status: "unknown", flipsAtMs: silentMs };
  if (position.ignition === null) return { status: "parked", flipsAtMs: silentMs };
  if (atMs < staleMs(heardMs)) return { status: "idling", flipsAtMs: Math.min(staleMs(heardMs), silentMs) };
  return { status: "unknown", flipsAtMs: silentMs };
}
