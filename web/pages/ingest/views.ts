import { href, query, setQuery } from "../../shell/url.ts";

/** The parts of the page; the first is shown where the URL names none. */
export const VIEWS = ["jobs", "flow", "kept", "past", "audit"] as const;

export type View = (typeof VIEWS)[number];

export const PATH = "/ingest";

/** The part that the URL names. */
export const viewOf = (): View => VIEWS.find((view) => view === query.value.view) ?? "jobs";

/** A link to a part of the page, with what is chosen on it. */
export const linkTo = (view: View, chosen: Record<string, string> = {}): string =>
  href(PATH, { ...(view === "jobs" ? {} : { view }), ...chosen });

const SPANS = { day: 1, days3: 3, week: 7 } as const;

export type Span = keyof typeof SPANS;

export const SPAN_NAMES = Object.keys(SPANS) as Span[];

const HOUR_MS = 3_600_000;

/** The span up to now that the URL names. */
export function useSpan() {
  const span = SPAN_NAMES.find((name) => name === query.value.span) ?? "day";
  return {
    span,
    hours: SPANS[span] * 24,
    setSpan: (next: Span) => setQuery({ span: next === "day" ? null : next }),
  };
}

/** The instant so many hours before one, ISO. */
export const hoursBefore = (nowMs: number, hours: number): string =>
  new Date(nowMs - hours * HOUR_MS).toISOString();
