import type postgres from "postgres";
import { openDatabase } from "../../shared/database.ts";
import { newId } from "../../shared/ids.ts";
import { log } from "../../shared/log.ts";
import { settings } from "../../shared/settings.ts";
import { toIso } from "../../shared/time.ts";
import type { JobContext } from "../polls/outcome.ts";
import { planVehicles } from "../polls/windows/plan-run.ts";
import { sendWindows } from "../polls/windows/send-windows.ts";
import { WINDOWED_JOBS, type WindowedJobName } from "../polls/windows/windowed-jobs.ts";
import { run } from "../writer/commit.ts";
import dirtyDays from "../writer/dirty-days.sql";
import findGaps from "./find-gaps.sql";
import type { Gap, JudgedGap } from "./gaps.ts";
import gapsToAsk from "./gaps-to-ask.sql";
import judgeGaps from "./judge-gaps.sql";
import { lowCoverage } from "./low-coverage.ts";
import noteAsked from "./note-asked.sql";

/** So many runs of the live poll are looked at for pauses. */
const LOOK_BACK_MS = 26 * 3_600_000;

/** After each vain try: a device that was away for days still has what it stored. */
const WAITS = ["6 hours", "1 day", "3 days"];

/** What an hour may add to the pace of the vendor's calls. */
const MOST_GAPS = 300;

/** A little beyond both ends, so that a gap of a second's difference is none. */
const MARGIN_MS = 60_000;

/** What a late track may change at the vendor, too. */
const TOLD_AGAIN: WindowedJobName[] = ["trips", "parking", "alarms"];

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
  const judged = await sql.unsafe<JudgedGap[]>(judgeGaps, [now, `{${WAITS.join()}}`], { prepare: true });
  const filled = judged.filter(({ verdict }) => verdict === "filled");
  await markDirty(sql, filled);
  for (const job of TOLD_AGAIN) await ask(env, sql, job, startedMs, filled);

  const reachMs = startedMs - WINDOWED_JOBS.tracks.reachS * 1000;
  const open = await sql.unsafe<Gap[]>(gapsToAsk, [now, MOST_GAPS, toIso(reachMs)], { prepare: true });
  const asked = await ask(env, sql, "tracks", startedMs, open);
  outcome.itemsReceived += judged.length;
  log("info", "coverage", {
    found: found.length,
    filled: filled.length,
    none: judged.filter(({ verdict }) => verdict === "none").length,
    asked,
  });
  const low = await lowCoverage(sql, startedMs);
  if (low !== null) outcome.failures.push({ what: "coverage", failure: low });
}

/** Asks for the times of gaps. @returns How many vehicles' */
async function ask(
  env: Env,
  sql: postgres.Sql,
  job: WindowedJobName,
  plannedMs: number,
  gaps: Gap[],
): Promise<number> {
  if (gaps.length === 0) return 0;
  const id = newId();
  const due = gaps.map(({ imei, account, gap_from, gap_to }) => ({
    ...{ imei, account },
    fromMs: gap_from.getTime() - MARGIN_MS,
    toMs: Math.min(gap_to.getTime() + MARGIN_MS, plannedMs - MARGIN_MS),
  }));
  const { windows, vehicles } = await planVehicles(sql, { id, job, cause: "gaps", plannedMs }, due);
  if (windows === 0) return 0;
  if (job === "tracks") {
    const list = gaps.map(({ imei, gap_from }) => ({ imei, from: gap_from.toISOString() }));
    await sql.unsafe(noteAsked, [JSON.stringify(list), id], { prepare: true });
  }
  await sendWindows(env, sql, job);
  return vehicles;
}

/** What is known of the hours of a gap counts as recovered once it is filled. */
async function markDirty(sql: postgres.Sql, gaps: Gap[]): Promise<void> {
  if (gaps.length === 0) return;
  const list = gaps.map(({ imei, gap_from, gap_to }) => ({
    imei,
    from: gap_from.toISOString(),
    to: gap_to.toISOString(),
  }));
  await sql.begin((tx) => run(tx, { dirty_days: [JSON.stringify(list), dirtyDays] }));
}
