import type postgres from "postgres";
import openRun from "#sql/workers/polls/windows/open-run.sql";
import vehiclesDue from "#sql/workers/polls/windows/vehicles-due.sql";
import vehiclesNamed from "#sql/workers/polls/windows/vehicles-named.sql";
import type { Span } from "../../../shared/jimi/methods.ts";
import { settings } from "../../../shared/settings.ts";
import { toIso } from "../../../shared/time.ts";
import { cutWindows, type DueVehicle } from "./cut-windows.ts";
import { latestEnd } from "./latest-end.ts";
import { WINDOWED_JOBS, type WindowedJobName } from "./windowed-jobs.ts";

/** Enough for a year of trips of a fleet of hundreds. What is planned is written in one statement. */
const MOST_WINDOWS = 10_000;

/** A span somebody wants has too many windows to be planned at once. */
export class TooManyWindows extends Error {
  override name = "TooManyWindows";
}

/** A run as it was planned. */
export interface PlannedRun {
  id: string;
  windows: number;
  vehicles: number;
}

/** Why a run is: a tick, somebody who wants a span, holes that were found, the nightly repeat. */
export const CAUSES = ["tick", "request", "gaps", "second_look"] as const;

/** A run to be noted: why, and when it was planned, ms. */
export interface NewRun {
  id: string;
  job: WindowedJobName;
  cause: (typeof CAUSES)[number];
  plannedMs: number;
}

/** Plans what is missing of a job, from its watermarks, up to now. */
export async function planMissing(sql: postgres.Sql, run: Omit<NewRun, "cause">): Promise<PlannedRun> {
  const { job, plannedMs } = run;
  const { fromMs: earliestMs, toMs } = reachOf(job, plannedMs);
  const rows = await sql.unsafe<{ imei: string; account: string | null; from_time: Date }[]>(
    vehiclesDue,
    [
      ...[job, toIso(toMs), toIso(toMs - settings.firstSpanS * 1000), toIso(earliestMs)],
      WINDOWED_JOBS[job].onlyHeard,
    ],
    { prepare: true },
  );
  const due = rows.map(({ imei, account, from_time }) => ({
    ...{ imei, account, toMs },
    fromMs: from_time.getTime(),
  }));
  return planVehicles(sql, { ...run, cause: "tick" }, due);
}

/**
 * Plans what is within reach of a span that is to be asked for, whether or not it was.
 * @param imeis null: every enabled vehicle
 * @throws TooManyWindows
 */
export async function planSpan(
  sql: postgres.Sql,
  run: NewRun,
  span: Span,
  imeis: string[] | null,
): Promise<PlannedRun> {
  const { job, plannedMs } = run;
  const reach = reachOf(job, plannedMs);
  const fromMs = Math.max(span.fromMs, reach.fromMs);
  const toMs = Math.min(span.toMs, reach.toMs);
  const rows = await sql.unsafe<{ imei: string; account: string | null }[]>(
    vehiclesNamed,
    [imeis === null ? null : JSON.stringify(imeis)],
    { prepare: true },
  );
  const due = rows.map(({ imei, account }) => ({ imei, account, fromMs, toMs }));
  return planVehicles(sql, run, due, MOST_WINDOWS);
}

/**
 * Plans what is to be asked of each vehicle, as far back as the vendor answers.
 * @throws TooManyWindows where they are more than `mostWindows`
 */
export async function planVehicles(
  sql: Pick<postgres.Sql, "unsafe">,
  { id, job, cause, plannedMs }: NewRun,
  due: DueVehicle[],
  mostWindows = Number.POSITIVE_INFINITY,
): Promise<PlannedRun> {
  const earliestMs = reachOf(job, plannedMs).fromMs;
  const within = due.map((vehicle) => ({ ...vehicle, fromMs: Math.max(vehicle.fromMs, earliestMs) }));
  const windows = cutWindows(WINDOWED_JOBS[job], within);
  if (windows.length > mostWindows) {
    throw new TooManyWindows(`${windows.length} windows, and at most ${mostWindows} are planned at once`);
  }
  const vehicles = new Set(windows.flatMap(({ imeis }) => imeis)).size;
  if (windows.length > 0) {
    const run = {
      ...{ id, job, cause, vehicles },
      plannedAt: toIso(plannedMs),
      windows: windows.map(({ account, imeis, fromMs, toMs }, index) => ({
        ...{ number: index + 1, account, imeis },
        from: toIso(fromMs),
        to: toIso(toMs),
      })),
    };
    await sql.unsafe(openRun, [JSON.stringify(run)], { prepare: true });
  }
  return { id, windows: windows.length, vehicles };
}

/** What the vendor answers of a job at a moment, ms. */
export function reachOf(job: WindowedJobName, nowMs: number): Span {
  return { fromMs: nowMs - WINDOWED_JOBS[job].reachS * 1000, toMs: latestEnd(nowMs) };
}
