// Alarms as they come: what is new of the last hours, which of it was read, and many of one kind as one.

import { batch, computed, effect, type ReadonlySignal, signal } from "@preact/signals";
import { backOffMs, createPause } from "../../client/pause.js";
import { count } from "../../parts/format.ts";
import { announce } from "../../shell/announce.tsx";
import { type Answers, ApiError, ask, client } from "../../shell/api.ts";
import { alarmsTold } from "../../shell/fleet.ts";
import { keyNumber } from "../../shell/key.ts";
import { t } from "../../texts/en.ts";
import { live } from "../../texts/live.ts";

export type Alarm = Answers["Alarm"];

/** For those that come while no stream tells of them. */
const EVERY_MS = 20_000;
/** Those of a flood are asked for together. */
const LEAST_MS = 2_000;
const SPAN_MS = 12 * 3_600_000;
/** News may come late: what began shortly before the newest one is asked for again. */
const OVERLAP_MS = 10 * 60_000;
/** All of the span is asked for again so often: what came even later. */
const WHOLE_EVERY_MS = 5 * 60_000;
/** A page; with more than that only so many of the newest are told apart. */
const MOST = 200;
/** More than so many of one kind are shown as one. */
const FLOOD = 4;
const READ_KEPT = 2_000;
const STORED_AS = "tracksolid-edge.alarms-read";

const held = signal<readonly Alarm[]>([]);
const more = signal(false);
const failed = signal<ApiError | null>(null);
const loadedAt = signal<number | null>(null);
const read = signal(storedRead());

/** Of the last hours, newest first. Every text in them is untrusted. */
export const alarms: ReadonlySignal<readonly Alarm[]> = held;
/** Whether there were more than are held. */
export const hasMore: ReadonlySignal<boolean> = more;
/** Why there is no newer answer. */
export const alarmsError: ReadonlySignal<ApiError | null> = failed;
/** When the last answer came, by the server's clock; null before the first. */
export const alarmsAtMs: ReadonlySignal<number | null> = loadedAt;

export const idOf = ({ imei, code, alarmAt, fenceId }: Alarm): string =>
  [imei, code, alarmAt, fenceId ?? ""].join(" ");

export const isUnread = (alarm: Alarm): boolean =>
  !(Date.parse(alarm.alarmAt) <= read.value.untilMs) && !read.value.ids.has(idOf(alarm));

export const unread: ReadonlySignal<number> = computed(() => held.value.filter(isUnread).length);

/** Alarms of one kind. */
export interface AlarmGroup {
  code: string;
  name: string;
  alarms: Alarm[];
  vehicles: number;
  /** Shown one by one, not as one. */
  isFew: boolean;
}

/** Newest first; a flood of one kind is one group. */
export const groups: ReadonlySignal<readonly AlarmGroup[]> = computed(() => {
  const byCode = new Map<string, Alarm[]>();
  for (const alarm of held.value) {
    const group = byCode.get(alarm.code);
    if (group) group.push(alarm);
    else byCode.set(alarm.code, [alarm]);
  }
  return [...byCode].map(([code, of]) => ({
    code,
    name: nameOf(of[0]),
    alarms: of,
    vehicles: new Set(of.map(({ imei }) => imei)).size,
    isFew: of.length <= FLOOD,
  }));
});

export const nameOf = (alarm: Alarm | undefined): string => alarm?.alarmName || alarm?.code || t.unknown;

export function markRead(alarm: Alarm): void {
  const ids = new Set(read.value.ids).add(idOf(alarm));
  keepRead({ untilMs: read.value.untilMs, ids });
}

export function markAllRead(): void {
  const newestMs = held.value.reduce((most, { alarmAt }) => Math.max(most, Date.parse(alarmAt)), 0);
  keepRead({ untilMs: Math.max(newestMs, read.value.untilMs), ids: new Set() });
}

/** Asks while somebody looks. @returns ends it */
export function followAlarms(): () => void {
  let asking = new AbortController();
  const end = effect(() => {
    keyNumber.value;
    asking.abort();
    asking = new AbortController();
    void poll(asking.signal);
  });
  return () => {
    end();
    asking.abort();
  };
}

async function poll(over: AbortSignal): Promise<void> {
  const pause = createPause();
  let reasons = 0;
  const wake = () => {
    reasons += 1;
    pause.wake();
  };
  over.addEventListener("abort", wake);
  document.addEventListener("visibilitychange", wake, { signal: over });
  addEventListener("online", wake, { signal: over });
  over.addEventListener("abort", alarmsTold.subscribe(wake));
  let wholeAtMs = -Infinity;
  let failures = 0;
  while (!over.aborted) {
    const nowMs = client.nowMs();
    const isWhole = nowMs - wholeAtMs > WHOLE_EVERY_MS;
    const before = reasons;
    let restMs = EVERY_MS;
    try {
      if (!document.hidden) {
        await askOnce(isWhole, nowMs, over);
        if (isWhole) wholeAtMs = nowMs;
        failures = 0;
        failed.value = null;
      }
    } catch (error) {
      if (over.aborted) return;
      failures += 1;
      failed.value = error instanceof ApiError ? error : null;
      // With the same key it is refused again: another one begins anew.
      if (failed.value?.isRefusal) return;
      restMs = backOffMs(failures, failed.value?.retryAfterS ?? null);
    }
    await new Promise((resolve) => setTimeout(resolve, LEAST_MS));
    if (reasons === before) await pause.rest(restMs - LEAST_MS);
  }
}

async function askOnce(isWhole: boolean, nowMs: number, over: AbortSignal): Promise<void> {
  const newestMs = Date.parse(held.peek()[0]?.alarmAt ?? "");
  const fromMs = isWhole || Number.isNaN(newestMs) ? nowMs - SPAN_MS : newestMs - OVERLAP_MS;
  const from = new Date(fromMs).toISOString();
  const page = await ask("AlarmList", "/v1/alarms", { from, limit: MOST }, { signal: over });
  const isFirst = loadedAt.peek() === null;
  const known = new Set(held.peek().map(idOf));
  const fresh = page.alarms.filter((alarm) => !known.has(idOf(alarm)));
  const kept = isWhole ? [] : held.peek().filter(({ alarmAt }) => Date.parse(alarmAt) < fromMs);
  batch(() => {
    const all = [...page.alarms, ...kept].slice(0, MOST);
    // The same list again draws nothing anew.
    if (fresh.length > 0 || all.length !== held.peek().length) held.value = all;
    more.value = page.next !== null || page.alarms.length + kept.length > MOST;
    loadedAt.value = client.nowMs();
  });
  if (!isFirst && fresh.length > 0) announce(live.alarms.news(fresh.length, count(fresh.length)));
}

interface Read {
  /** What began up to then was read. */
  untilMs: number;
  ids: ReadonlySet<string>;
}

function keepRead(next: Read): void {
  const ids = [...next.ids].slice(-READ_KEPT);
  read.value = { untilMs: next.untilMs, ids: new Set(ids) };
  try {
    localStorage.setItem(STORED_AS, JSON.stringify({ untilMs: next.untilMs, ids }));
  } catch {
    // It lasts until the page is closed.
  }
}

function storedRead(): Read {
  try {
    const { untilMs, ids } = JSON.parse(localStorage.getItem(STORED_AS) ?? "{}") as Partial<
      Record<keyof Read, unknown>
    >;
    return {
      untilMs: typeof untilMs === "number" ? untilMs : 0,
      ids: new Set(Array.isArray(ids) ? ids.map(String) : []),
    };
  } catch {
    return { untilMs: 0, ids: new Set() };
  }
}
