import { expect, it } from "vitest";
import { afterFailure, type BreakerState } from "../../../durable-objects/jimi-session/breaker.ts";
import type { JimiFailure } from "../../../shared/jimi/failures.ts";

const tooFrequent: JimiFailure = { kind: "too_frequent", message: "slow down" };
const HOUR_MS = 3_600_000;

/** Fails again as soon as each pause ends. */
function pausesOf(times: number, jitter: number): number[] {
  let state: BreakerState | null = null;
  let nowMs = 1_000;
  return Array.from({ length: times }, () => {
    state = afterFailure(state, tooFrequent, nowMs, jitter);
    if (state === null) throw new Error("closed nothing");
    const pauseMs = state.until - nowMs;
    nowMs = state.until;
    return pauseMs;
  });
}

it("doubles from 30 s to 5 min, and opens for an hour once six failures span a quarter of an hour", () => {
  expect(pausesOf(8, 0).map((ms) => ms / 1000)).toEqual([30, 60, 120, 240, 300, 300, 3_600, 3_600]);
});

it("only ever adds jitter", () => {
  const longest = pausesOf(5, 0.999);
  expect(longest.every((ms, index) => ms >= (pausesOf(5, 0)[index] ?? 0))).toBe(true);
  expect(longest[0]).toBeLessThan(40_000);
});

it("opens for an hour at the first word of a daily quota", () => {
  const state = afterFailure(null, { kind: "quota", message: "today" }, 5, 0);
  expect(state).toMatchObject({ streak: 1, firstAt: 5, until: 5 + HOUR_MS, reason: "today" });
});
