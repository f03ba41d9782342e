import type postgres from "postgres";
import dueDays from "#sql/workers/insights/due-days.sql";
import storeDay from "#sql/workers/insights/store-day.sql";
import { openDatabase } from "../../shared/database.ts";
import { log } from "../../shared/log.ts";
import { insightRules, insightsAgainDays } from "../../shared/settings.ts";
import { nowMs, toIso } from "../../shared/time.ts";
import { takeLease } from "../polls/lease.ts";
import type { JobContext } from "../polls/outcome.ts";
import { INSIGHT_KINDS } from "./kinds.ts";
import { rulesAt, tellQuery } from "./tell.ts";

/** A run ends within its deadline and the time-out of a statement, unless it was killed. */
const LEASE_LIMIT_S = 180;

/** What a day told, as text, and up to which version of days all was seen. */
const makeDay = `
select coalesce(json_agg(t), '[]')::text as insights, (select version from reporting.newest_version)::text as version
from (${tellQuery(INSIGHT_KINDS)}) t`;

/**
 * Every hour, one run at a time: makes the insights of yesterday and keeps them, and those of the week before again, once a day
 * and whenever facts of theirs changed. What was told and holds no longer is withdrawn.
 */
export async function tellDays({ env, runId, startedMs, deadlineMs, outcome }: JobContext): Promise<void> {
  const sql = openDatabase(env.DB_INGEST);
  await using lease = await takeLease(sql, "insights", runId, LEASE_LIMIT_S);
  if (!lease.held) {
    outcome.leftToRun = lease.holder;
    return;
  }
  const due = await sql.unsafe<{ day: string }[]>(
    dueDays,
    [toIso(startedMs), insightsAgainDays, insightRules.idlingBackDays],
    { prepare: true },
  );
  const sums = { days: 0, told: 0, written: 0, withdrawn: 0 };
  for (const { day } of due) {
    if (nowMs() >= deadlineMs) break;
    const kept = await tellDay(sql, day, startedMs);
    sums.days += 1;
    sums.told += kept.told;
    sums.written += kept.written;
    sums.withdrawn += kept.withdrawn;
    outcome.itemsReceived += kept.written + kept.withdrawn;
  }
  log("info", "insights", { ...sums, unfinished: due.length - sums.days });
}

interface Kept {
  told: number;
  written: number;
  withdrawn: number;
}

/** Makes the insights of a day as of an instant, and keeps them. */
async function tellDay(sql: postgres.Sql, day: string, asOfMs: number): Promise<Kept> {
  const [made] = await sql.unsafe<{ insights: string; version: string }[]>(makeDay, [day, rulesAt(asOfMs)], {
    prepare: true,
  });
  if (made === undefined) throw new Error("an aggregate has one row");
  const [kept] = await sql.unsafe<Kept[]>(storeDay, [day, toIso(asOfMs), made.insights, made.version], {
    prepare: true,
  });
  if (kept === undefined) throw new Error("an aggregate has one row");
  return kept;
}
