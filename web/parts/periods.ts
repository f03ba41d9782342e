import { query, setQuery } from "../shell/url.ts";
import { addDays, daysBetween, isDay, startOfDayMs, today } from "./time.ts";

/** Periods with a name of their own: what they are follows the day. */
export const PRESETS = ["today", "yesterday", "7d", "28d", "month"] as const;

export type Preset = (typeof PRESETS)[number];

/** Whole days of the fleet, both ends counted. */
export interface Period {
  from: string;
  to: string;
  /** Null: chosen from – to. */
  preset: Preset | null;
}

/** @example periodOf("7d") // the last seven days with today; periodOf("2026-11-01..2026-11-23") */
export function periodOf(word: string | undefined, fallback: Preset = "7d"): Period {
  const preset = PRESETS.find((known) => known === word);
  if (preset) return ofPreset(preset);
  const [from, to = from] = word?.split("..") ?? [];
  if (isDay(from) && isDay(to) && from <= to) return { from, to, preset: null };
  return ofPreset(fallback);
}

/** How a URL writes it: a preset by its name, so that the link means the same tomorrow. */
export function wordOf({ from, to, preset }: Period): string {
  if (preset) return preset;
  return from === to ? from : `${from}..${to}`;
}

/** The one of the same length just before. */
export function periodBefore({ from, to }: Period): Period {
  const days = daysBetween(from, to);
  return { from: addDays(from, -days), to: addDays(from, -1), preset: null };
}

/** Its instants, ISO: from the first day's beginning until the last one's end, which is not in it. */
export function instantsOf({ from, to }: Period): { from: string; to: string } {
  const iso = (day: string) => new Date(startOfDayMs(day)).toISOString();
  return { from: iso(from), to: iso(addDays(to, 1)) };
}

/** The period that a page's URL names (`period`), and whether it is looked at against the one before (`compare`). */
export function usePeriod(fallback: Preset = "7d") {
  const { period: word, compare } = query.value;
  const period = periodOf(word, fallback);
  return {
    period,
    before: compare === "1" ? periodBefore(period) : null,
    setPeriod: (next: Period) => setQuery({ period: next.preset === fallback ? null : wordOf(next) }),
    setCompare: (next: boolean) => setQuery({ compare: next ? "1" : null }),
  };
}

function ofPreset(preset: Preset): Period {
  const now = today();
  const last = (days: number) => ({ from: addDays(now, 1 - days), to: now, preset });
  switch (preset) {
    case "today":
      return last(1);
    case "yesterday":
      return { from: addDays(now, -1), to: addDays(now, -1), preset };
    case "7d":
      return last(7);
    case "28d":
      return last(28);
    case "month":
      return { from: `${now.slice(0, 8)}01`, to: now, preset };
  }
}
