import type postgres from "postgres";
import audit from "#sql/workers/housekeeping/audit.sql";
import canaryRuns from "#sql/workers/housekeeping/canary-runs.sql";
import driverSightings from "#sql/workers/housekeeping/driver-sightings.sql";
import ingestionLog from "#sql/workers/housekeeping/ingestion-log.sql";
import jobRuns from "#sql/workers/housekeeping/job-runs.sql";
import oldPositions from "#sql/workers/housekeeping/old-positions.sql";
import oldTimeSeries from "#sql/workers/housekeeping/old-time-series.sql";
import receiptHours from "#sql/workers/housekeeping/receipt-hours.sql";
import refreshLogColumn from "#sql/workers/housekeeping/refresh-log.sql";
import rejectedItems from "#sql/workers/housekeeping/rejected-items.sql";
import { housekeepingConfig } from "../../shared/config.ts";

/** A table of which old rows are taken away. */
export interface Retained {
  table: string;
  /** Rows may be so old. */
  days: number;
  /** Takes away rows from before $1, at most $2. */
  statement: string;
  /** The statement tells whose days the rows were of: what is known of these changes. */
  tellsDays?: true;
}

const READINGS = ["obd_readings", "fuel_readings", "temperature_readings", "lbs_readings", "heartbeats"];

/**
 * What is not kept for ever. Facts are, but for positions and readings where a time is set; so is everything in R2. Single receipts are not here: the job `ledger` folds them
 * into hours after three days, and until it did the books need them.
 * @throws Misconfigured
 */
export async function retainedTables(env: Env, sql: postgres.Sql): Promise<Retained[]> {
  const config = housekeepingConfig(env);
  return [
    { table: "ingestion_log", days: config.RETAIN_INGESTION_LOG_DAYS, statement: ingestionLog },
    { table: "job_runs", days: config.RETAIN_INGESTION_LOG_DAYS, statement: jobRuns },
    { table: "receipt_hours", days: config.RETAIN_RECEIPT_HOURS_DAYS, statement: receiptHours },
    { table: "rejected_items", days: config.RETAIN_REJECTED_ITEMS_DAYS, statement: rejectedItems },
    { table: "driver_sightings", days: config.RETAIN_DRIVER_SIGHTINGS_DAYS, statement: driverSightings },
    { table: "canary_runs", days: config.RETAIN_CANARY_RUNS_DAYS, statement: canaryRuns },
    { table: "audit", days: config.RETAIN_AUDIT_DAYS, statement: audit },
    ...positions(config.RETAIN_POSITIONS_DAYS),
    ...readings(config.RETAIN_READINGS_DAYS),
    ...(await refreshLog(sql, config.RETAIN_REFRESH_LOG_DAYS)),
  ];
}

/** Where nothing is said of them, they are kept for ever; readings, too. */
function positions(days: number | null): Retained[] {
  return days === null ? [] : [{ table: "position_history", days, statement: oldPositions, tellsDays: true }];
}

function readings(days: number | null): Retained[] {
  if (days === null) return [];
  return READINGS.map((table) => ({ table, days, statement: oldTimeSeries.replace("heartbeats", table) }));
}

async function refreshLog(sql: postgres.Sql, days: number): Promise<Retained[]> {
  const [found] = await sql.unsafe<{ column: string }[]>(refreshLogColumn);
  if (found === undefined) return [];
  const oldest = `select ctid from reporting.refresh_log where ${found.column} < $1::text::timestamptz
    order by ${found.column} limit $2::int`;
  const statement = `delete from reporting.refresh_log where ctid = any (array(${oldest}))`;
  return [{ table: "refresh_log", days, statement }];
}
