import type postgres from "postgres";
import changedElsewhere from "#sql/workers/derive/changed-elsewhere.sql";
import dirtyDays from "#sql/workers/derive/dirty-days.sql";
import markStanding from "#sql/workers/derive/mark-standing.sql";
import setBack from "#sql/workers/derive/set-back.sql";
import { retentionConfig } from "../../shared/config.ts";
import { classifyDatabaseError, databaseAnswers, openDatabase } from "../../shared/database.ts";
import { log, messageOf } from "../../shared/log.ts";
import { nowMs, toIso } from "../../shared/time.ts";
import { takeLease } from "../polls/lease.ts";
import type { JobContext } from "../polls/outcome.ts";
import { computeDays, type DirtyDay } from "./compute-days.ts";
import { computeGeofences } from "./compute-geofences.ts";
import { forgetDays } from "./forget-days.ts";

/** Some tenths of a second of work; seconds where all are days full of points, far from the time-out of a statement. */
const DAYS_PER_ROUND = 100;

/** A run ends within its deadline and the time-out of a statement, unless it was killed. */
const LEASE_LIMIT_S = 120;

const DAY_MS = 24 * 3_600_000;

/** Refills and drains are found by readings that are up to 74 hours older, and some more. */
const READ_BACK_DAYS = 4;

/**
 * Every minute, one run at a time: what two wrote of one vehicle might be made of older facts than it was before.
 * Computes again what is derived from facts that changed, by days of vehicles. A day that is marked again
 * while it is computed stays marked, so whatever is written meanwhile is seen by the next run.
 */
export async function derive(context: JobContext): Promise<void> {
  const sql = openDatabase(context.env.DB_INGEST);
  try {
    await using lease = await takeLease(sql, "derive", context.runId, LEASE_LIMIT_S);
    if (!lease.held) {
      context.outcome.leftToRun = lease.holder;
      return;
    }
    await sql.unsafe(markStanding, [], { prepare: true });
    await sql.unsafe(changedElsewhere, [], { prepare: true });
    const { RETAIN_POSITIONS_DAYS: keptDays, RETAIN_READINGS_DAYS: readDays } = retentionConfig(context.env);
    if (keptDays !== null) await forgetDays(sql, toIso(context.startedMs - keptDays * DAY_MS));
    const fuelFromMs = readDays === null ? null : context.startedMs - (readDays - READ_BACK_DAYS) * DAY_MS;
    for (let full = true; full && nowMs() < context.deadlineMs; ) {
      const marked = await sql.unsafe<DirtyDay[]>(dirtyDays, [DAYS_PER_ROUND], { prepare: true });
      // Those that failed come behind all others: once more in this run would leave no time for geofences.
      const failed = new Set(context.outcome.failures.map(({ what }) => what));
      const days = marked.filter((day) => !failed.has(nameOf(day)));
      if (days.length > 0) await computeRound(sql, days, fuelFromMs, context);
      full = marked.length === DAYS_PER_ROUND && days.length > 0;
    }
    await computeGeofences(sql, context);
  } catch (error) {
    if (classifyDatabaseError(error) !== "unreachable" || (await databaseAnswers(sql))) throw error;
    // With the database away nothing changes, so there is nothing to compute: that is no failure of this job.
    context.outcome.leftToRun = "the database is away";
  }
}

const nameOf = ({ imei, day }: DirtyDay) => `${imei} on ${day}`;

/** Computes days at once; where that fails or takes too long, one by one: a day that cannot be computed costs itself. */
async function computeRound(
  sql: postgres.Sql,
  days: DirtyDay[],
  fuelFromMs: number | null,
  { outcome, deadlineMs }: JobContext,
): Promise<void> {
  try {
    await computeDays(sql, days, fuelFromMs);
    outcome.itemsReceived += days.length;
    return;
  } catch (error) {
    if (classifyDatabaseError(error) === "unreachable") throw error;
    log("warn", "round_not_derived", { days: days.length, error: messageOf(error) });
  }
  for (const day of days) {
    if (nowMs() >= deadlineMs) return;
    try {
      await computeDays(sql, [day], fuelFromMs);
      outcome.itemsReceived += 1;
    } catch (error) {
      if (classifyDatabaseError(error) === "unreachable") throw error;
      const { imei, day: date, mark } = day;
      const message = `cannot be computed: ${messageOf(error)}`;
      outcome.failures.push({ what: nameOf(day), failure: { kind: "underived", message } });
      await sql.unsafe(setBack, [imei, date, mark], { prepare: true });
    }
  }
}
