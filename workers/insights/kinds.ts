/** What insights are about, as `reporting.insight_kinds` has it; a test compares the two. */
export const INSIGHT_KINDS = [
  "silent",
  "outside_city",
  "account_changed",
  "idling",
  "after_hours",
  "late_start",
  "fuel_drain",
  "service_due",
  "ticket_unvisited",
] as const;

export type InsightKind = (typeof INSIGHT_KINDS)[number];

/** The least worrying first. */
export const SEVERITIES = ["low", "medium", "high"] as const;
