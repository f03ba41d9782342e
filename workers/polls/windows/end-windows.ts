import type postgres from "postgres";
import endWindowsSql from "#sql/workers/polls/windows/end-windows.sql";
import settle from "#sql/workers/polls/windows/settle.sql";
import { toIso } from "../../../shared/time.ts";
import type { NewRun } from "./plan-run.ts";

/** How a window ended. */
export interface EndedWindow {
  runId: string;
  number: number;
  /** Who had it; null where nobody took it. */
  holder: string | null;
  outcome: "done" | "postponed" | "failed" | "lost";
  /** Vehicles whose span it does not cover; null is none. */
  missing: string[] | null;
  apiCalls: number;
  items: number;
  errorCode: string | null;
  error: string | null;
}

/** A row of `private.job_runs`. */
export interface RunRow extends postgres.Row {
  id: string;
  job: string;
  cause: NewRun["cause"];
  planned_at: Date;
  windows: number;
  windows_left: number;
  vehicles: number;
  done: number;
  postponed: number;
  failed: number;
  lost: number;
  api_calls: number;
  items: number;
  ended_at: Date | null;
  error_code: string | null;
  error: string | null;
}

/** Notes how windows ended and moves the watermarks. @returns The runs of which they were the last. */
export async function endWindows(
  sql: postgres.Sql,
  windows: EndedWindow[],
  endedMs: number,
): Promise<RunRow[]> {
  if (windows.length === 0) return [];
  const runs = await sql.begin(async (tx) => {
    const counted = await tx.unsafe<RunRow[]>(endWindowsSql, [JSON.stringify(windows), toIso(endedMs)], {
      prepare: true,
    });
    for (const { runId, number, outcome } of windows) {
      if (outcome !== "lost") await tx.unsafe(settle, [runId, number], { prepare: true });
    }
    return counted;
  });
  return runs.filter(({ ended_at }) => ended_at !== null);
}
