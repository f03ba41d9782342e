import { type Period, periodOf, wordOf } from "../../parts/periods.ts";
import { addDays, daysBetween, isDay, startOfDayMs, today } from "../../parts/time.ts";
import { query, setQuery } from "../../shell/url.ts";

/** The longest that the API answers by day. */
export const MOST_DAYS = 31;

export const SHOWS = ["all", "missing", "recovered", "underway"] as const;
export type Show = (typeof SHOWS)[number];

export const SORTS = ["worst", "recovered", "expected", "name"] as const;
export type Sort = (typeof SORTS)[number];

/** A column: an hour or a day. */
export interface Slot {
  fromMs: number;
  toMs: number;
  /** Its day in the fleet's zone. */
  day: string;
}

/** What is looked at, as the URL says it; what makes no sense in it counts as left out. */
export interface View {
  by: "hour" | "day";
  day: string;
  period: Period;
  from: string;
  to: string;
  slots: Slot[];
  show: Show;
  sort: Sort;
  as: "grid" | "table";
  text: string;
  account: string | null;
  city: string | null;
}

const HOUR_MS = 3_600_000;

export function useView(): View {
  const words = query.value;
  const by = words.by === "day" ? "day" : "hour";
  const now = today();
  const day = isDay(words.day) && words.day <= now ? words.day : now;
  const period = shortened(periodOf(words.period, "7d"));
  const slots = by === "hour" ? hoursOf(day) : daysOf(period);
  const iso = (ms: number | undefined) => new Date(ms ?? 0).toISOString();
  return {
    ...{ by, day, period, slots },
    from: iso(slots[0]?.fromMs),
    to: iso(slots.at(-1)?.toMs),
    show: SHOWS.find((show) => show === words.show) ?? "all",
    sort: SORTS.find((sort) => sort === words.sort) ?? "worst",
    as: words.as === "table" ? "table" : "grid",
    text: words.q ?? "",
    account: plainWord(words.account),
    city: plainWord(words.city),
  };
}

const NOTHING = { rows: null, cols: null };

export const setBy = (by: View["by"]) =>
  setQuery({ by: by === "day" ? "day" : null, ...NOTHING }, { replace: false });
export const setDay = (day: string) => setQuery({ day, ...NOTHING }, { replace: false });
export const setPeriod = (period: Period) => setQuery({ period: wordOf(period), ...NOTHING });
/** A range of rows means others in another order, or with others between. */
export const setShown = (
  changes: Partial<Record<"show" | "sort" | "q" | "account" | "city", string | null>>,
) => setQuery({ ...changes, ...NOTHING });
export const setAs = (as: View["as"]) => setQuery({ as: as === "table" ? "table" : null });
export const clearFilters = () => setShown({ show: null, q: null, account: null, city: null });

/** A comma parts values of a filter, and none with one in it can be asked for. */
function plainWord(word: string | undefined): string | null {
  const plain = word?.trim() ?? "";
  return plain !== "" && plain.isWellFormed() && !/[,\0]/.test(plain) ? plain : null;
}

/** What a link asks for beyond what is answered ends earlier. */
function shortened(period: Period): Period {
  const now = today();
  const [from = now] = [period.from, now].sort();
  const [to = now] = [period.to, now].sort();
  if (daysBetween(from, to) > MOST_DAYS) return { from: addDays(to, 1 - MOST_DAYS), to, preset: null };
  return { ...period, from, to };
}

/** The API's hours are those of UTC: where the zone is half an hour off, the first one began the day before. */
function hoursOf(day: string): Slot[] {
  const first = Math.floor(startOfDayMs(day) / HOUR_MS) * HOUR_MS;
  const end = startOfDayMs(addDays(day, 1));
  const slots: Slot[] = [];
  for (let fromMs = first; fromMs < end; fromMs += HOUR_MS)
    slots.push({ fromMs, toMs: fromMs + HOUR_MS, day });
  return slots;
}

const daysOf = ({ from, to }: Period): Slot[] =>
  Array.from({ length: daysBetween(from, to) }, (_, at) => {
    const day = addDays(from, at);
    return { fromMs: startOfDayMs(day), toMs: startOfDayMs(addDays(day, 1)), day };
  });
