// The instant that is looked at, and how it runs on by itself.

import { batch, type ReadonlySignal, signal } from "@preact/signals";

/** So often a second it is drawn anew; more is not seen on a map. */
const FRAME_MS = 1000 / 15;
/** Who wants less motion sees it jump. */
const CALM_FRAME_MS = 1000;
/** A page that was hidden does not catch up. */
const LONGEST_FRAME_MS = 2_000;

/** A span's end is not in it: its last second is the last that is shown. */
export const LAST_MS = 1_000;

const lessMotion = matchMedia("(prefers-reduced-motion: reduce)");

/** Stretches of time in which at least one vehicle was under way, oldest first, none touching another. */
export type Moving = readonly (readonly [fromMs: number, toMs: number])[];

export interface Span {
  fromMs: number;
  toMs: number;
}

export interface Replay {
  /** Null before anything is known of the day. */
  atMs: ReadonlySignal<number | null>;
  isPlaying: ReadonlySignal<boolean>;
  seek: (ms: number) => void;
  play: () => void;
  pause: () => void;
  /** What of the day there is to be seen, and how. */
  set: (span: Span, moving: Moving, rate: number, skips: boolean) => void;
  /** Another day, or other vehicles. */
  forget: () => void;
}

export function createReplay(): Replay {
  const atMs = signal<number | null>(null);
  const isPlaying = signal(false);
  let span: Span = { fromMs: 0, toMs: 0 };
  let moving: Moving = [];
  let rate = 1;
  let skips = false;
  let frame = 0;
  let drawnAt = 0;

  function tick(now: number): void {
    if (!isPlaying.peek()) return;
    frame = requestAnimationFrame(tick);
    const passed = now - drawnAt;
    if (passed < (lessMotion.matches ? CALM_FRAME_MS : FRAME_MS)) return;
    drawnAt = now;
    const next = (atMs.peek() ?? span.fromMs) + Math.min(passed, LONGEST_FRAME_MS) * rate;
    const to = skipped(next);
    if (to === null || to >= span.toMs) {
      batch(() => {
        pause();
        if (to !== null) atMs.value = span.toMs - LAST_MS;
      });
      return;
    }
    atMs.value = to;
  }

  /** Where nobody moved, or nothing of it is known yet, there is nothing to skip to. */
  const skipped = (ms: number) => (skips && moving.length > 0 ? nextMoving(moving, ms) : ms);

  function pause(): void {
    cancelAnimationFrame(frame);
    isPlaying.value = false;
  }

  return {
    atMs,
    isPlaying,
    seek(ms) {
      atMs.value = Math.max(span.fromMs, Math.min(span.toMs - LAST_MS, ms));
    },
    play() {
      if (isPlaying.peek() || span.toMs <= span.fromMs) return;
      const isOver = (atMs.peek() ?? 0) >= span.toMs - LAST_MS || skipped(atMs.peek() ?? 0) === null;
      batch(() => {
        if (isOver) atMs.value = moving[0]?.[0] ?? span.fromMs;
        isPlaying.value = true;
      });
      drawnAt = performance.now();
      frame = requestAnimationFrame(tick);
    },
    pause,
    set(nextSpan, nextMovingStretches, nextRate, nextSkips) {
      span = nextSpan;
      moving = nextMovingStretches;
      rate = nextRate;
      skips = nextSkips;
    },
    forget() {
      pause();
      atMs.value = null;
    },
  };
}

/** The instant itself while somebody moves, else when the next one sets off; null when nobody does any more. */
export function nextMoving(moving: Moving, ms: number): number | null {
  for (const [from, to] of moving) if (ms < to) return Math.max(ms, from);
  return null;
}

/** Of several vehicles, as one row. */
export function joined(stretches: readonly (readonly [number, number])[]): Moving {
  const rows: [number, number][] = [];
  for (const [from, to] of [...stretches].sort((a, b) => a[0] - b[0])) {
    const last = rows.at(-1);
    if (last && from <= last[1]) last[1] = Math.max(last[1], to);
    else rows.push([from, to]);
  }
  return rows;
}
