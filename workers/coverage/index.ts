import type postgres from "postgres";
import findGaps from "#sql/workers/coverage/find-gaps.sql";
import gapsToAsk from "#sql/workers/coverage/gaps-to-ask.sql";
import judgeGaps from "#sql/workers/coverage/judge-gaps.sql";
import noteAsked from "#sql/workers/coverage/note-asked.sql";
import dirtyDays from "#sql/workers/writer/dirty-days.sql";
import { openDatabase } from "../../shared/database.ts";
import { newId } from "../../shared/ids.ts";
import { log } from "../../shared/log.ts";
import { settings } from "../../shared/settings.ts";
import { toIso } from "../../shared/time.ts";
import type { JobContext } from "../polls/outcome.ts";
import { type PlannedRun, planVehicles, reachOf } from "../polls/windows/plan-run.ts";
import { sendWindows } from "../polls/windows/send-windows.ts";
import type { WindowedJobName } from "../polls/windows/windowed-jobs.ts";
import { run } from "../writer/commit.ts";
import type { Gap, JudgedGap } from "./gaps.ts";
import { lowCoverage } from "./low-coverage.ts";

const HOUR_MS = 3_600_000;

/** So many runs of the live poll are looked at for pauses. */
const LOOK_BACK_MS = 26 * HOUR_MS;

/** After each vain try: a device that was away for days still has what it stored. */
const WAITS = ["6 hours", "1 day", "3 days"];

/** What an hour may add to the pace of the vendor's calls. */
const MOST_GAPS = 300;

/** A little beyond both ends, so that a gap of a second's difference is none. */
const MARGIN_MS = 60_000;

/** What a late track may change at the vendor, too. */
const TOLD_AGAIN = ["trips", "parking", "alarms"] as const;

/**
 * Every hour: finds what is missing of vehicles' tracks, closes what has come meanwhile or what the vendor does not have,
 * and asks for the rest. What was filled is asked about again: trips, stays and alarms of that time came late, too.
 */
export async function closeGaps({ env, startedMs, outcome }: JobContext): Promise<void> {
  const sql = openDatabase(env.DB_INGEST);
  const now = toIso(startedMs);
  const limit = `${settings.gapWhileMovingS} s`;
  const found = await sql.unsafe(
    findGaps,
    [now, limit, toIso(startedMs - LOOK_BACK_MS), settings.movingAboveKmh],
    { prepare: true },
  );
  const reachedFrom = toIso(reachOf("tracks", startedMs).fromMs);
  const judged = await judge(sql, startedMs, reachedFrom);
  const asked = await sql.begin(async (tx) => {
    const open = await tx.unsafe<Gap[]>(gapsToAsk, [now, MOST_GAPS, reachedFrom], { prepare: true });
    const run = await plan(tx, "tracks", startedMs, open);
    const list = open.map(({ imei, gap_from }) => ({ imei, from: gap_from.toISOString() }));
    if (run.windows > 0) await tx.unsafe(noteAsked, [JSON.stringify(list), run.id], { prepare: true });
    return run.vehicles;
  });
  for (const job of ["tracks", ...TOLD_AGAIN] as const) await sendWindows(env, sql, job);
  outcome.itemsReceived += judged.length;
  log("info", "coverage", {
    found: found.length,
    filled: withVerdict(judged, "filled").length,
    none: withVerdict(judged, "none").length,
    asked,
  });
  const low = await lowCoverage(sql, startedMs);
  if (low !== null) outcome.failures.push({ what: "coverage", failure: low });
}

/** Judges what is known of gaps by now. What follows of those that were filled is noted with it, or not at all. */
async function judge(sql: postgres.Sql, startedMs: number, reachedFrom: string): Promise<JudgedGap[]> {
  const judged = await sql.begin(async (tx) => {
    const gaps = await tx.unsafe<JudgedGap[]>(
      judgeGaps,
      [toIso(startedMs), `{${WAITS.join()}}`, reachedFrom],
      { prepare: true },
    );
    const filled = withVerdict(gaps, "filled");
    await markDirty(tx, filled);
    for (const job of TOLD_AGAIN) await plan(tx, job, startedMs, filled);
    return gaps;
  });
  return judged as JudgedGap[];
}

const withVerdict = (gaps: JudgedGap[], wanted: JudgedGap["verdict"]) =>
  gaps.filter(({ verdict }) => verdict === wanted);

/** Plans to ask for the times of gaps. Of tracks each its own; of what is asked of many at once the hours around, alike. */
function plan(
  tx: postgres.TransactionSql,
  job: WindowedJobName,
  plannedMs: number,
  gaps: Gap[],
): Promise<PlannedRun> {
  const gridMs = job === "tracks" ? 1 : HOUR_MS;
  const due = gaps.map(({ imei, account, gap_from, gap_to }) => ({
    ...{ imei, account },
    fromMs: Math.floor((gap_from.getTime() - MARGIN_MS) / gridMs) * gridMs,
    toMs: Math.min(
      Math.ceil((gap_to.getTime() + MARGIN_MS) / gridMs) * gridMs,
      Math.floor((plannedMs - MARGIN_MS) / 1_000) * 1_000,
    ),
  }));
  return planVehicles(tx, { id: newId(), job, cause: "gaps", plannedMs }, due);
}

/** What is known of the hours of a gap counts as recovered once it is filled. */
async function markDirty(tx: postgres.TransactionSql, gaps: Gap[]): Promise<void> {
  if (gaps.length === 0) return;
  const list = gaps.map(({ imei, gap_from, gap_to }) => ({
    imei,
    from: gap_from.toISOString(),
    to: gap_to.toISOString(),
  }));
  await run(tx, { dirty_days: [JSON.stringify(list), dirtyDays] });
}
