// The state of the page that its URL holds: which vehicles, which day, which instant of it, which list.

import { computed, type ReadonlySignal } from "@preact/signals";
import { addDays, isDay, startOfDayMs, today } from "../../parts/time.ts";
import { query, setQuery } from "../../shell/url.ts";

/** More ways on one map are no longer told apart. */
export const MOST_VEHICLES = 5;

export const LISTS = ["trips", "stops", "gaps", "alarms"] as const;
export type List = (typeof LISTS)[number];

/** How many times faster than it was. */
export const RATES = [1, 5, 15, 30, 60] as const;
const USUAL_RATE = 30;

/** A day of the fleet: from its beginning until the next one's. */
export interface Day {
  day: string;
  fromMs: number;
  toMs: number;
  /** Its instants as the API takes them. */
  from: string;
  to: string;
  isToday: boolean;
}

const vehicleWord = computed(() => query.value.vehicle ?? "");

/** IMEIs, in the order chosen; what is none in a link is left out. */
export const imeis: ReadonlySignal<readonly string[]> = computed(() => {
  const known = vehicleWord.value.split(",").filter((word) => /^\d{14,17}$/.test(word));
  return [...new Set(known)].slice(0, MOST_VEHICLES);
});

const dayWord = computed(() => {
  const now = today();
  const { day } = query.value;
  return isDay(day) && day <= now ? day : now;
});

export const shownDay: ReadonlySignal<Day> = computed(() => {
  const day = dayWord.value;
  const [fromMs, toMs] = [startOfDayMs(day), startOfDayMs(addDays(day, 1))];
  const [from = "", to = ""] = [fromMs, toMs].map((ms) => new Date(ms).toISOString());
  return { day, fromMs, toMs, from, to, isToday: day === today() };
});

export const list: ReadonlySignal<List> = computed(
  () => LISTS.find((one) => one === query.value.list) ?? "trips",
);

export const sort: ReadonlySignal<string> = computed(() => query.value.sort ?? "at");

export const rate: ReadonlySignal<number> = computed(() => {
  const asked = Number(query.value.rate);
  return RATES.find((one) => one === asked) ?? USUAL_RATE;
});

export const skips: ReadonlySignal<boolean> = computed(() => query.value.skip === "1");

/** The instant in the link; null where there is none, or it is not of the day. */
export const linkedMs: ReadonlySignal<number | null> = computed(() => {
  const ms = Date.parse(query.value.at ?? "");
  const { fromMs, toMs } = shownDay.value;
  return ms >= fromMs && ms < toMs ? ms : null;
});

export const chooseVehicles = (next: readonly string[]): void =>
  setQuery({ vehicle: next.join(",") }, { replace: false });
export const chooseDay = (day: string): void => setQuery({ day, at: null }, { replace: false });
export const chooseList = (next: List): void =>
  setQuery({ list: next === "trips" ? null : next, sort: null });
export const chooseSort = (next: string): void => setQuery({ sort: next === "at" ? null : next });
export const chooseRate = (next: number): void =>
  setQuery({ rate: next === USUAL_RATE ? null : String(next) });
export const chooseSkips = (next: boolean): void => setQuery({ skip: next ? "1" : null });
export const noteInstant = (ms: number): void =>
  setQuery({ at: `${new Date(ms).toISOString().slice(0, 19)}Z` });
