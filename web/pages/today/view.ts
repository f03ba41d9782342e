// The state of the page that its URL holds: which day, and how severe.

import { computed, type ReadonlySignal } from "@preact/signals";
import { addDays, isDay, today } from "../../parts/time.ts";
import { query, setQuery } from "../../shell/url.ts";

export const SEVERITIES = ["high", "medium", "low"] as const;
export type Severity = (typeof SEVERITIES)[number];

/** The API knows no earlier one. */
const FIRST_DAY = "2000-01-01";

/** Yesterday unless the link says another: today is not over. */
export const shownDay: ReadonlySignal<string> = computed(() => {
  const { day } = query.value;
  const now = today();
  return isDay(day) && day >= FIRST_DAY && day <= now ? day : addDays(now, -1);
});

export const severity: ReadonlySignal<Severity | null> = computed(
  () => SEVERITIES.find((one) => one === query.value.severity) ?? null,
);

/** Yesterday is no date in a link: it means the same tomorrow. */
export const chooseDay = (day: string): void =>
  setQuery({ day: day === addDays(today(), -1) ? null : day }, { replace: false });

export const chooseSeverity = (next: Severity | null): void => setQuery({ severity: next });
