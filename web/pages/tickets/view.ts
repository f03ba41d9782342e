// The state of the page that its URL holds: which tickets, in which order, and the one that is looked at.

import { computed, type ReadonlySignal } from "@preact/signals";
import type { Camera } from "../../map/geo.ts";
import { instantsOf, type Period, periodOf, wordOf } from "../../parts/periods.ts";
import { daysBetween, today } from "../../parts/time.ts";
import { query, setQuery } from "../../shell/url.ts";

export const KINDS = ["incidents", "change-requests"] as const;
export type Kind = (typeof KINDS)[number];

export const STATUSES = ["open", "resolved", "all"] as const;
export type Status = (typeof STATUSES)[number];

export const VISITS = ["yes", "no", "unknown"] as const;
export type Visited = (typeof VISITS)[number];

export const SORTS = ["newest", "due", "priority"] as const;
export type Sort = (typeof SORTS)[number];

/** In a filter: those that have none. No priority and no person is called so. */
export const NONE = "~";

/** As the API has it. */
const MOST_DAYS = 366;
const FIRST_DAY = "2000-01-01";

const oneOf = <Word extends string>(all: readonly Word[], word: string | undefined): Word | null =>
  all.find((known) => known === word) ?? null;

/** Text of a link that is none, or breaks a request, counts as left out. */
const textOf = (word: string | undefined): string | null =>
  word !== undefined && word.trim() !== "" && word.isWellFormed() && !word.includes("\0") ? word : null;

export const kind: ReadonlySignal<Kind> = computed(() => oneOf(KINDS, query.value.kind) ?? "incidents");

export const otherKind = (of: Kind): Kind => (of === "incidents" ? "change-requests" : "incidents");

/** Number of the ticket that is looked at. A path cannot end in dots. */
export const selected: ReadonlySignal<string | null> = computed(() => {
  const number = textOf(query.value.ticket)?.trim() ?? null;
  return number === "." || number === ".." ? null : number;
});

export const status: ReadonlySignal<Status> = computed(() => oneOf(STATUSES, query.value.status) ?? "open");

/** When they were opened; null: whenever, which only open ones can be asked for. */
export const opened: ReadonlySignal<Period | null> = computed(() => {
  const { opened: word } = query.value;
  if (word === undefined && status.value === "open") return null;
  const period = periodOf(word, "7d");
  const isSensible =
    period.from >= FIRST_DAY && period.to <= today() && daysBetween(period.from, period.to) <= MOST_DAYS;
  return isSensible ? period : periodOf("7d");
});

/** What the API is asked for; the other filters look at what it answers. */
export const asked: ReadonlySignal<Record<string, string>> = computed(() => {
  const state: Record<string, string> = status.value === "all" ? {} : { state: status.value };
  return { ...state, ...(opened.value && instantsOf(opened.value)) };
});

export interface Filters {
  visited: Visited | null;
  priority: string | null;
  assignee: string | null;
  /** Only those without a place. */
  isPlaceless: boolean;
  search: string;
}

export const filters: ReadonlySignal<Filters> = computed(() => ({
  visited: oneOf(VISITS, query.value.visited),
  priority: textOf(query.value.priority),
  assignee: textOf(query.value.assignee),
  isPlaceless: query.value.place === "none",
  search: textOf(query.value.q)?.trim() ?? "",
}));

/** How many there are besides the search. */
export const filtersSet: ReadonlySignal<number> = computed(() => {
  const { visited, priority, assignee, isPlaceless } = filters.value;
  const period = query.value.opened === undefined ? null : opened.value;
  return [visited, priority, assignee, period, isPlaceless || null].filter((one) => one !== null).length;
});

export const sort: ReadonlySignal<Sort> = computed(() => oneOf(SORTS, query.value.sort) ?? "newest");

/** Where a link says that the map looks; null where it does not. */
export function cameraInLink(): Camera | null {
  const { at } = query.peek();
  const [lat = 91, lng = 181, zoom = Number.NaN] = at ? at.split(",").map(Number) : [];
  return Math.abs(lat) <= 85 && Math.abs(lng) <= 180 && zoom >= 0 && zoom <= 24 ? { lat, lng, zoom } : null;
}

export const noteCamera = ({ lat, lng, zoom }: Camera): void =>
  setQuery({ at: `${lat.toFixed(5)},${lng.toFixed(5)},${zoom.toFixed(2)}` });

/** The others' priorities and people are not this kind's. */
export const chooseKind = (next: Kind): void =>
  setQuery(
    { kind: next === "incidents" ? null : next, ticket: null, priority: null, assignee: null, at: null },
    { replace: false },
  );
export const select = (number: string | null): void =>
  setQuery({ ticket: number, at: null }, { replace: number === null || selected.peek() !== null });
export const chooseStatus = (next: Status): void => setQuery({ status: next === "open" ? null : next });
export const chooseOpened = (next: Period | null): void => setQuery({ opened: next && wordOf(next) });
export const chooseSort = (next: Sort): void => setQuery({ sort: next === "newest" ? null : next });
export const chooseFilter = (
  name: "visited" | "priority" | "assignee" | "place" | "q",
  value: string | null,
): void => setQuery({ [name]: value });
export const clearFilters = (): void =>
  setQuery({ visited: null, priority: null, assignee: null, place: null, q: null, opened: null });
