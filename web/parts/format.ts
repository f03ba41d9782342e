import { t } from "../texts/en.ts";

// Numbers as a dispatcher reads them, with their units. What is null is unknown and says so: never 0, never a dash.

const MINUTE_S = 60;
const HOUR_S = 60 * MINUTE_S;
const DAY_S = 24 * HOUR_S;

/** Between a number and its unit: they stay in one line. */
const NBSP = "\u00a0";

type Maybe = number | null | undefined;

const fractions = [0, 1, 2].map(
  (digits) =>
    new Intl.NumberFormat("en-GB", { minimumFractionDigits: digits, maximumFractionDigits: digits }),
);

const isKnown = (value: Maybe): value is number => typeof value === "number" && Number.isFinite(value);

/** A number without a unit. */
export function number(value: Maybe, digits: 0 | 1 | 2 = 0): string {
  return isKnown(value) ? (fractions[digits]?.format(value) ?? t.unknown) : t.unknown;
}

const withUnit = (value: Maybe, unit: string, digits: 0 | 1 | 2 = 0) =>
  isKnown(value) ? `${number(value, digits)}${NBSP}${unit}` : t.unknown;

/** @example km(3.42) // "3.4 km"; km(1234.5) // "1,235 km" */
export const km = (value: Maybe) =>
  withUnit(value, t.units.km, isKnown(value) && Math.abs(value) < 100 ? 1 : 0);

/** A way in metres, in metres below 1 km. */
export const metres = (value: Maybe) =>
  isKnown(value) && Math.abs(value) >= 1000 ? km(value / 1000) : withUnit(value, t.units.metres);

export const kmh = (value: Maybe) => withUnit(value, t.units.kmh);

export const litres = (value: Maybe) =>
  withUnit(value, t.units.litres, isKnown(value) && Math.abs(value) < 100 ? 1 : 0);

/** @param ratio 0..1 */
export const percent = (ratio: Maybe, digits: 0 | 1 | 2 = 0) =>
  withUnit(isKnown(ratio) ? ratio * 100 : null, t.units.percent, digits);

export const count = (value: Maybe) => number(value);

/** @example money(1234.5, "KES") // "KES 1,234.50" */
export const money = (value: Maybe, currency: string) =>
  isKnown(value) ? `${currency}${NBSP}${number(value, 2)}` : t.unknown;

/** @example durationS(42) // "42 s"; durationS(11_520) // "3 h 12 min"; durationS(200_000) // "2 d 7 h" */
export function durationS(value: Maybe): string {
  if (!isKnown(value)) return t.unknown;
  const s = Math.max(0, Math.floor(value));
  if (s < MINUTE_S) return `${s}${NBSP}${t.units.seconds}`;
  if (s < HOUR_S) return `${Math.floor(s / MINUTE_S)}${NBSP}${t.units.minutes}`;
  if (s < DAY_S) return two(s, HOUR_S, t.units.hours, MINUTE_S, t.units.minutes);
  return two(s, DAY_S, t.units.days, HOUR_S, t.units.hours);
}

/** The same in one unit, for narrow columns. */
export function shortDurationS(value: Maybe): string {
  if (!isKnown(value) || value < HOUR_S) return durationS(value);
  if (value < DAY_S) return `${Math.floor(value / HOUR_S)}${NBSP}${t.units.hours}`;
  return `${Math.floor(value / DAY_S)}${NBSP}${t.units.days}`;
}

/** Since an instant, by the server's clock. @param at ISO or ms; null: never */
export function age(at: string | number | null | undefined, nowMs: number): string {
  const atMs = typeof at === "string" ? Date.parse(at) : (at ?? Number.NaN);
  return Number.isNaN(atMs) ? t.never : durationS((nowMs - atMs) / 1000);
}

/** @example coordinate(-1.28333, 36.81667) // "1.28333° S, 36.81667° E" */
export function coordinate(lat: Maybe, lng: Maybe): string {
  if (!isKnown(lat) || !isKnown(lng)) return t.unknown;
  const ns = lat < 0 ? "S" : "N";
  const ew = lng < 0 ? "W" : "E";
  return `${Math.abs(lat).toFixed(5)}°${NBSP}${ns}, ${Math.abs(lng).toFixed(5)}°${NBSP}${ew}`;
}

/** A change against before, with its sign. @example change(0.051, percent) // "+5 %" */
export function change(value: Maybe, as: (value: Maybe) => string): string {
  if (!isKnown(value)) return t.unknown;
  const sign = value > 0 ? "+" : value < 0 ? "−" : "±";
  return `${sign}${as(Math.abs(value))}`;
}

function two(s: number, large: number, largeUnit: string, small: number, smallUnit: string): string {
  const rest = Math.floor((s % large) / small);
  const first = `${Math.floor(s / large)}${NBSP}${largeUnit}`;
  return rest === 0 ? first : `${first} ${rest}${NBSP}${smallUnit}`;
}
