import { type ReadonlySignal, signal } from "@preact/signals";
import { client } from "./api.ts";

const TICK_MS = 1_000;
const SLOW_TICKS = 5;

const seconds = signal(client.nowMs());
const slow = signal(client.nowMs());

/** The server's clock, ms since the epoch, renewed every second while the page is seen. A phone's own clock may be wrong. */
export const now: ReadonlySignal<number> = seconds;
/** The same every five seconds: for ages in long lists. */
export const nowSlow: ReadonlySignal<number> = slow;

let ticks = 0;

function tick(): void {
  if (document.hidden) return;
  seconds.value = client.nowMs();
  if (ticks++ % SLOW_TICKS === 0) slow.value = seconds.value;
}

/** Begins to tick. */
export function startClock(): void {
  setInterval(tick, TICK_MS);
  // A phone that wakes up draws its old picture first: true ages must be there with it.
  document.addEventListener("visibilitychange", () => {
    ticks = 0;
    tick();
  });
}

/** The clock was set by an answer: what hangs on it is drawn anew. */
export function lookAtClock(): void {
  ticks = 0;
  tick();
}
