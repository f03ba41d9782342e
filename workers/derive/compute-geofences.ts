import type postgres from "postgres";
import cleanGeofences from "#sql/workers/derive/clean-geofences.sql";
import nextGeofences from "#sql/workers/derive/next-geofences.sql";
import setBackGeofences from "#sql/workers/derive/set-back-geofences.sql";
import { classifyDatabaseError } from "../../shared/database.ts";
import { log, messageOf } from "../../shared/log.ts";
import { nowMs } from "../../shared/time.ts";
import type { JobContext } from "../polls/outcome.ts";
import { computeVisits } from "./compute-visits.ts";
import { noteVersions } from "./version-days.ts";

/** A second or two of work when all are days full of fixes. */
const DAYS_PER_ROUND = 100;

/** Geofences that changed, and the days of vehicles that come next. */
interface Round {
  mark: string;
  fromImei: string;
  fromTime: string;
  /** JSON. */
  fences: string;
  changes: string;
  days: number;
  /** Null without days. */
  toImei: string | null;
  toTime: string | null;
}

/**
 * Computes the visits to geofences that changed, for the whole past: as far as the time goes, the next run goes on. Each round
 * is a transaction that notes how far it has come, so a run that is killed loses that round alone. What fails is tried by
 * fewer days; a day that cannot be computed has its geofences wait behind all others.
 */
export async function computeGeofences(sql: postgres.Sql, context: JobContext): Promise<void> {
  const { outcome, deadlineMs } = context;
  let most = DAYS_PER_ROUND;
  while (nowMs() < deadlineMs) {
    const [round] = await sql.unsafe<Round[]>(nextGeofences, [most], { prepare: true });
    if (!round) return;
    try {
      await computeRound(sql, round, round.days < most);
      outcome.itemsReceived += round.days;
      most = DAYS_PER_ROUND;
    } catch (error) {
      if (classifyDatabaseError(error) === "unreachable") throw error;
      const { fences, mark, fromImei } = round;
      log("warn", "geofences_not_derived", { fences, days: most, error: messageOf(error) });
      if (most === 1) {
        const message = `cannot be computed from ${fromImei || "the first vehicle"} on: ${messageOf(error)}`;
        outcome.failures.push({ what: `geofences ${fences}`, failure: { kind: "underived", message } });
        await sql.unsafe(setBackGeofences, [fences, mark], { prepare: true });
        return;
      }
      most = Math.floor(most / 10);
    }
  }
}

async function computeRound(sql: postgres.Sql, round: Round, isLast: boolean): Promise<void> {
  const { mark, fromImei, fromTime, fences, changes, toImei, toTime } = round;
  const reached = isLast ? [null, null] : [toImei, toTime];
  await sql.begin(async (tx) => {
    const visited = await computeVisits(tx, changes, fences);
    await tx.unsafe(cleanGeofences, [fences, mark, fromImei, fromTime, ...reached], { prepare: true });
    await noteVersions(tx, visited);
  });
}
