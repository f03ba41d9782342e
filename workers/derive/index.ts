import type postgres from "postgres";
import { classifyDatabaseError, databaseAnswers, openDatabase } from "../../shared/database.ts";
import { settings } from "../../shared/settings.ts";
import { nowMs, toIso } from "../../shared/time.ts";
import type { JobContext } from "../polls/outcome.ts";
import cleanDays from "./clean-days.sql";
import coverage from "./coverage.sql";
import dirtyDays from "./dirty-days.sql";
import fillTrips from "./fill-trips.sql";

/** A tenth of a second of work; five seconds where all are days full of points, far from the time-out of a statement. */
const DAYS_PER_ROUND = 100;

/**
 * Every minute: computes again what is derived from facts that changed, by days of vehicles. A day that is marked again
 * while it is computed stays marked, so whatever is written meanwhile is seen by the next run.
 */
export async function derive(context: JobContext): Promise<void> {
  const sql = openDatabase(context.env.DB_INGEST);
  try {
    await deriveDays(sql, context);
  } catch (error) {
    if (classifyDatabaseError(error) !== "unreachable" || (await databaseAnswers(sql))) throw error;
    // With the database away nothing changes, so there is nothing to compute: that is no failure of this job.
    context.outcome.leftToRun = "the database is away";
  }
}

async function deriveDays(sql: postgres.Sql, { deadlineMs, outcome }: JobContext): Promise<void> {
  const limit = `${settings.gapWhileMovingS} s`;
  let days: Awaited<ReturnType<typeof nextDays>>;
  do {
    days = await nextDays();
    if (days.length === 0) return;
    const list = JSON.stringify(
      days.map(({ imei, day, changed_from, changed_to, mark }) => ({
        ...{ imei, day, mark },
        changedFrom: changed_from.toISOString(),
        changedTo: changed_to.toISOString(),
      })),
    );
    await sql.begin(async (tx) => {
      // Trips before marks, as the writer takes them.
      await tx.unsafe(fillTrips, [list, limit, settings.movingAboveKmh], { prepare: true });
      await tx.unsafe(coverage, [list, limit, toIso(nowMs()), settings.movingAboveKmh], { prepare: true });
      await tx.unsafe(cleanDays, [list], { prepare: true });
    });
    outcome.itemsReceived += days.length;
  } while (days.length === DAYS_PER_ROUND && nowMs() < deadlineMs);

  function nextDays() {
    return sql.unsafe<{ imei: string; day: string; changed_from: Date; changed_to: Date; mark: string }[]>(
      dirtyDays,
      [DAYS_PER_ROUND],
      { prepare: true },
    );
  }
}
