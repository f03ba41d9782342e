import { computed, type ReadonlySignal } from "@preact/signals";
import { client } from "../shell/api.ts";
import { nowSlow } from "../shell/clock.ts";
import { zone } from "../shell/session.ts";
import { t } from "../texts/en.ts";

// Instants and days in the fleet's time. Days are `YYYY-MM-DD`, as the API's own.

type Instant = string | number | null | undefined;

const DAY_MS = 24 * 3_600_000;

/** Each names some zones by their letters where others say GMT+3. */
const NAMING_LOCALES = ["en-GB", "en-KE", "en-US", "en-AU", "en-IN", "en-ZA"];

const of = (options: Intl.DateTimeFormatOptions): ReadonlySignal<Intl.DateTimeFormat> =>
  computed(() => new Intl.DateTimeFormat("en-GB", { timeZone: zone.value, ...options }));

const times = of({ hour: "2-digit", minute: "2-digit" });
const timesS = of({ hour: "2-digit", minute: "2-digit", second: "2-digit" });
const shortDays = of({ day: "numeric", month: "short" });
const isoDays = computed(
  () => new Intl.DateTimeFormat("en-CA", { timeZone: zone.value, dateStyle: "short" }),
);

/** Days have no zone: they are written as they are. */
const dayWords = new Intl.DateTimeFormat("en-GB", {
  timeZone: "UTC",
  weekday: "short",
  day: "numeric",
  month: "short",
});
const dayYearWords = new Intl.DateTimeFormat("en-GB", {
  timeZone: "UTC",
  ...{ day: "numeric", month: "short", year: "numeric" },
});

/** The zone's letters, e.g. "EAT". */
export const zoneName: ReadonlySignal<string> = computed(() => {
  const names = NAMING_LOCALES.map((locale) => {
    const format = new Intl.DateTimeFormat(locale, { timeZone: zone.value, timeZoneName: "short" });
    return format.formatToParts(client.nowMs()).find(({ type }) => type === "timeZoneName")?.value ?? "";
  });
  return names.find((name) => name !== "" && !/^GMT./.test(name)) ?? names[0] ?? zone.value;
});

/** ms since the epoch; NaN for what is none. */
export const msOf = (at: Instant): number => (typeof at === "string" ? Date.parse(at) : (at ?? Number.NaN));

/** @example "10:42" */
export const time = (at: Instant): string => written(times.value, at);

/** @example "10:42:05" */
export const timeS = (at: Instant): string => written(timesS.value, at);

/** With the zone, for where it is not shown beside. @example "10:42:05 EAT" */
export const timeInZone = (at: Instant): string =>
  Number.isNaN(msOf(at)) ? t.never : `${timeS(at)}\u00a0${zoneName.value}`;

/** @example "23 Nov 10:42" */
export function dateTime(at: Instant): string {
  return Number.isNaN(msOf(at)) ? t.never : `${written(shortDays.value, at)} ${time(at)}`;
}

/** @example "Mon 23 Nov" */
export const day = (of: string): string => written(dayWords, `${of}T00:00:00Z`).replace(",", "");

/** @example "17 Nov 2026 – 23 Nov 2026", or one day alone */
export function dayRange(from: string, to: string): string {
  const [first, last] = [from, to].map((of) => written(dayYearWords, `${of}T00:00:00Z`));
  if (from === to) return last ?? "";
  const sameYear = from.slice(0, 4) === to.slice(0, 4);
  return `${sameYear ? first?.replace(/ \d{4}$/, "") : first} – ${last}`;
}

const dayNow = computed(() => isoDays.value.format(nowSlow.value));

/** The fleet's day now, by the server's clock. Whoever is drawn with it is drawn anew at midnight. */
export const today = (): string => dayNow.value;

/** The fleet's day of an instant. */
export const dayOf = (at: string | number): string => isoDays.value.format(msOf(at));

/** @example addDays("2026-11-30", 1) // "2026-12-01" */
export function addDays(of: string, days: number): string {
  return new Date(Date.parse(`${of}T00:00:00Z`) + days * DAY_MS).toISOString().slice(0, 10);
}

/** Days from one to another, both counted. */
export function daysBetween(from: string, to: string): number {
  return Math.round((Date.parse(`${to}T00:00:00Z`) - Date.parse(`${from}T00:00:00Z`)) / DAY_MS) + 1;
}

/** Whether it is a day of the calendar, as bad links are not. */
export function isDay(text: string | undefined): text is string {
  if (text === undefined || !/^\d{4}-\d{2}-\d{2}$/.test(text)) return false;
  const ms = Date.parse(`${text}T00:00:00Z`);
  return !Number.isNaN(ms) && new Date(ms).toISOString().startsWith(text);
}

/** When a day of the fleet begins, ms since the epoch. */
export function startOfDayMs(of: string): number {
  const utcMs = Date.parse(`${of}T00:00:00Z`);
  // Twice: the zone's offset there may differ from the one at UTC's midnight.
  const guessMs = utcMs - offsetMs(utcMs);
  return utcMs - offsetMs(guessMs);
}

function offsetMs(atMs: number): number {
  const parts = new Intl.DateTimeFormat("en-GB", {
    timeZone: zone.value,
    ...{ year: "numeric", month: "2-digit", day: "2-digit" },
    ...{ hour: "2-digit", minute: "2-digit", second: "2-digit", hourCycle: "h23" },
  }).formatToParts(atMs);
  const get = (type: string) => Number(parts.find((part) => part.type === type)?.value);
  const wallMs = Date.UTC(
    ...([get("year"), get("month") - 1, get("day"), get("hour"), get("minute"), get("second")] as const),
  );
  return wallMs - Math.floor(atMs / 1000) * 1000;
}

function written(format: Intl.DateTimeFormat, at: Instant): string {
  const ms = msOf(at);
  return Number.isNaN(ms) ? t.never : format.format(ms);
}
