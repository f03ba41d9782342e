import asked from "#sql/workers/insights/asked.sql";
import bars from "#sql/workers/insights/bars.sql";
import accountChanged from "#sql/workers/insights/rules/account_changed.sql";
import afterHours from "#sql/workers/insights/rules/after_hours.sql";
import fuelDrain from "#sql/workers/insights/rules/fuel_drain.sql";
import idling from "#sql/workers/insights/rules/idling.sql";
import lateStart from "#sql/workers/insights/rules/late_start.sql";
import outsideCity from "#sql/workers/insights/rules/outside_city.sql";
import serviceDue from "#sql/workers/insights/rules/service_due.sql";
import silent from "#sql/workers/insights/rules/silent.sql";
import ticketUnvisited from "#sql/workers/insights/rules/ticket_unvisited.sql";
import { insightRules } from "../../shared/settings.ts";
import { toIso } from "../../shared/time.ts";
import type { InsightKind } from "./kinds.ts";

/** Every rule reads `asked` and `bars`, and tells insights by the columns below. */
const RULES: Record<InsightKind, string> = {
  silent,
  outside_city: outsideCity,
  account_changed: accountChanged,
  idling,
  after_hours: afterHours,
  late_start: lateStart,
  fuel_drain: fuelDrain,
  service_due: serviceDue,
  ticket_unvisited: ticketUnvisited,
};

const COLUMNS =
  "kind, subject_type, subject, subject_name, imei, driver, severity, title, why, evidence, links" as const;

/**
 * A query that makes the insights of a day. Parameters: $1 day, $2 as `rulesAt` gives it. Columns: id, and those of
 * `reporting.insights` from kind to links.
 * @param kinds Rules that are asked; what a rule that is left out reads is not read.
 */
export const tellQuery = (kinds: readonly InsightKind[]) => `
with asked as materialized (
${asked}
), bars as materialized (
${bars}
)
select a.day || '-' || t.kind || '-' || md5(t.subject_type || ' ' || t.subject) as id, t.*
from asked a
cross join (
${kinds.map((kind) => `(${RULES[kind]})`).join("\nunion all\n")}
) t (${COLUMNS})`;

/** The thresholds, and the instant as of which a day is judged, as statements take them. */
export const rulesAt = (ms: number) => JSON.stringify({ ...insightRules, asOf: toIso(ms) });
