import { batch, effect, type ReadonlySignal, signal, untracked } from "@preact/signals";
import { useEffect } from "preact/hooks";
import type { Change, LineState, LiveVehicle } from "../client/index.js";
import { client } from "./api.ts";
import { lookAtClock } from "./clock.ts";
import { askForKey, keyNumber } from "./key.ts";
import { signIn } from "./sign-in.ts";

export type { LineState, LiveVehicle };

/** What became different since the last frame. */
export interface FleetNews {
  /** New and changed ones; with `reset` the whole fleet. */
  changed: LiveVehicle[];
  removed: string[];
  reset: boolean;
}

const all = signal<ReadonlyMap<string, LiveVehicle>>(new Map());
const lineNow = signal<LineState>({ via: "none", paused: false, trueAtMs: null, error: null });
const behind = signal<string | null>(null);
const held = signal("");
const followed = signal(false);
const alarmNews = signal(0);

/** The live fleet by IMEI: a new map whenever something changed, once a frame at most. Every text in it is untrusted. */
export const vehicles: ReadonlySignal<ReadonlyMap<string, LiveVehicle>> = all;
/** How the line is that the news come by. */
export const line: ReadonlySignal<LineState> = lineNow;
/** Null while the server follows its database; else up to when it did. */
export const behindSince: ReadonlySignal<string | null> = behind;
/** Of the picture that is held; empty before the first one. */
export const version: ReadonlySignal<string> = held;
/** Whether anybody has asked for the live fleet yet. */
export const isFollowed: ReadonlySignal<boolean> = followed;

/** Another number whenever the stream says that alarms came or ended. */
export const alarmsTold: ReadonlySignal<number> = alarmNews;

const listeners = new Set<(news: FleetNews) => void>();
let following: { close: () => void } | null = null;
let waiting: { changed: Map<string, LiveVehicle>; removed: Set<string>; reset: boolean } | null = null;
let newest: Change | null = null;

/** Begins to follow the live fleet; once begun it goes on, with whichever key is given. */
export function followFleet(): void {
  if (followed.value) return;
  followed.value = true;
  effect(() => {
    keyNumber.value;
    untracked(begin);
  });
}

/** Follows the live fleet from the first component on that needs it. */
export function useFleet(): ReadonlySignal<ReadonlyMap<string, LiveVehicle>> {
  useEffect(followFleet, []);
  return vehicles;
}

/** Tells what became different, once a frame at most: for what is drawn by difference. @returns ends it */
export function onFleetNews(listener: (news: FleetNews) => void): () => void {
  listeners.add(listener);
  if (all.value.size > 0) listener({ changed: [...all.value.values()], removed: [], reset: true });
  return () => listeners.delete(listener);
}

function begin(): void {
  following?.close();
  following = client.follow({
    onChange: gather,
    onState: (state) => {
      lineNow.value = state;
      if (state.error?.code === "signed_out") signIn();
    },
    onAlarms: () => {
      alarmNews.value += 1;
    },
    onStop: askForKey,
  });
}

/** Ten thousand changes in one frame are drawn once; a hidden page draws none and keeps the newest of each. */
function gather(change: Change): void {
  if (waiting === null) {
    waiting = { changed: new Map(), removed: new Set(), reset: false };
    requestAnimationFrame(show);
  }
  if (change.reset) waiting = { changed: new Map(), removed: new Set(), reset: true };
  for (const imei of change.removed) {
    waiting.changed.delete(imei);
    waiting.removed.add(imei);
  }
  for (const vehicle of change.vehicles) {
    waiting.removed.delete(vehicle.imei);
    waiting.changed.set(vehicle.imei, vehicle);
  }
  newest = change;
  // The first picture is waited for.
  if (held.peek() === "") show();
}

function show(): void {
  if (waiting === null || newest === null) return;
  const news = {
    changed: [...waiting.changed.values()],
    removed: [...waiting.removed],
    reset: waiting.reset,
  };
  waiting = null;
  const next = new Map(news.reset ? [] : all.value);
  for (const imei of news.removed) next.delete(imei);
  for (const vehicle of news.changed) next.set(vehicle.imei, vehicle);
  const { behindSince, version } = newest;
  batch(() => {
    all.value = next;
    behind.value = behindSince;
    held.value = version;
  });
  lookAtClock();
  for (const listener of listeners) listener(news);
}
