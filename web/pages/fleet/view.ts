import { type Period, type Preset, usePeriod } from "../../parts/periods.ts";
import { today } from "../../parts/time.ts";
import type { Query } from "../../shell/api.ts";
import { go, href, query, setQuery } from "../../shell/url.ts";

export const TABS = ["utilisation", "distance", "drivers", "clock", "fuel"] as const;
export type Tab = (typeof TABS)[number];

/** What figures can be of, as the API names it. */
export const GROUPS = ["vehicle", "account", "city", "segment", "vehicle_type", "day"] as const;
export type Group = (typeof GROUPS)[number];

/** Days of drivers: added up, or each. */
export const CLOCK_GROUPS = ["driver", "entry"] as const;
export type ClockGroup = (typeof CLOCK_GROUPS)[number];

/** Names of filters, as the API has them and the URL too. */
export const FILTERS = ["account", "city", "segment", "vehicle_type", "driver"] as const;
export type Filter = (typeof FILTERS)[number];
export type Filters = Partial<Record<Filter, string>>;

const FALLBACK_PERIOD: Preset = "7d";
/** As the API has it: more values than anybody chooses are a broken link. */
const MOST_VALUES = 100;

/** What is looked at, as the URL says it; what makes no sense in it counts as left out. */
export interface View {
  tab: Tab;
  group: Group;
  clockGroup: ClockGroup;
  sort: string | null;
  filters: Filters;
  period: Period;
  /** The last day is not over: its figures grow, and what is to come of it is unknown. */
  hasToday: boolean;
  /** What every question of the page is asked with. */
  asked: Query;
}

export function useView(): View & { setPeriod: (to: Period) => void } {
  const { period, setPeriod } = usePeriod(FALLBACK_PERIOD);
  const words = query.value;
  const tab = oneOf(TABS, words.tab) ?? "utilisation";
  const filters = filtersOf(words);
  return {
    tab,
    group: oneOf(GROUPS, words.by) ?? (tab === "distance" ? "day" : "vehicle"),
    clockGroup: oneOf(CLOCK_GROUPS, words.by) ?? "driver",
    sort: words.sort ?? null,
    filters,
    period,
    hasToday: period.from <= today() && today() <= period.to,
    asked: { from: period.from, to: period.to, ...filters },
    setPeriod,
  };
}

/** The same view of another tab: in what order its table is, and by what, was of this one. */
export function tabHref(tab: Tab): string {
  const { by: _, sort: __, tab: ___, ...kept } = query.value;
  return href("/fleet", tab === "utilisation" ? kept : { ...kept, tab });
}

export const setSort = (sort: string) => setQuery({ sort });
export const setGroup = (by: string) => setQuery({ by, sort: null });
export const setFilter = (name: Filter, value: string | null) => setQuery({ [name]: value });
export const clearFilters = () => setQuery(Object.fromEntries(FILTERS.map((name) => [name, null])));

/**
 * What a row was made of, one step nearer: a city's vehicles, a day's, the last day of a vehicle. A step that the
 * browser's back button takes back.
 */
export function lookInto(group: Group, key: string, { to }: Period): void {
  if (group === "vehicle") lookAtDay(key, to);
  else setQuery({ [group === "day" ? "period" : group]: key, by: "vehicle", sort: null }, { replace: false });
}

/** A vehicle's day, with its way and its stops. */
export const lookAtDay = (imei: string, day: string) => go("/history", { vehicle: imei, day });

function filtersOf(words: Readonly<Record<string, string>>): Filters {
  const filters: Filters = {};
  for (const name of FILTERS) {
    const values = (words[name] ?? "").split(",").map((value) => value.trim());
    const kept = values.filter((value) => value !== "" && value.isWellFormed() && !value.includes("\0"));
    if (kept.length > 0) filters[name] = kept.slice(0, MOST_VALUES).join(",");
  }
  return filters;
}

const oneOf = <Word extends string>(words: readonly Word[], word: string | undefined): Word | null =>
  words.find((known) => known === word) ?? null;
