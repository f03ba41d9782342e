import type postgres from "postgres";
import { settings } from "../../shared/settings.ts";
import { toIso } from "../../shared/time.ts";
import type { JobFailure } from "../polls/outcome.ts";

const HOUR_MS = 3_600_000;

/** What is found missing has so long to come. */
const GRACE_MS = 6 * HOUR_MS;

const DAY_MS = 24 * HOUR_MS;

/** Why too little is known of a day of the fleet; null where enough is. */
export async function lowCoverage(sql: postgres.Sql, nowMs: number): Promise<JobFailure | null> {
  const toMs = nowMs - GRACE_MS;
  const [row] = await sql<{ known: number; missing: number; vehicles: number }[]>`
    select coalesce(sum(have_s + recovered_s), 0)::int as known, coalesce(sum(missing_s), 0)::int as missing,
      count(distinct imei) filter (where missing_s > 0)::int as vehicles
    from reporting.coverage_hours
    where hour >= ${toIso(toMs - DAY_MS)}::text::timestamptz and hour < ${toIso(toMs)}::text::timestamptz`;
  if (!row || row.missing === 0) return null;
  const share = row.known / (row.known + row.missing);
  if (share >= settings.coverageAlarmShare) return null;
  const percent = (share * 100).toFixed(1);
  const hours = (row.missing / 3_600).toFixed(1);
  const message = `Of a day's time under way ${percent} % is known: ${hours} h of ${row.vehicles} vehicles are missing. GET /v1/coverage says which`;
  return { kind: "low_coverage", message };
}
