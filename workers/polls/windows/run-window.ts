import type postgres from "postgres";
import takeWindow from "#sql/workers/polls/windows/take-window.sql";
import { vendorConfig } from "../../../shared/config.ts";
import { openDatabase } from "../../../shared/database.ts";
import { newId } from "../../../shared/ids.ts";
import type { JimiClient } from "../../../shared/jimi/client.ts";
import type { JimiFailure } from "../../../shared/jimi/failures.ts";
import { log, messageOf } from "../../../shared/log.ts";
import { plain } from "../../../shared/text.ts";
import { nowMs, toIso } from "../../../shared/time.ts";
import { sendPolled } from "../../queue/send.ts";
import { vendorClient } from "../vendor-client.ts";
import { type EndedWindow, endWindows } from "./end-windows.ts";
import { holdWindow, LEASE_LIMIT_MS } from "./hold-window.ts";
import { sendWindows } from "./send-windows.ts";
import { tellRun } from "./tell-run.ts";
import type { Window, WindowOutcome } from "./window.ts";
import { isWindowed, WINDOWED_JOBS, type WindowedJobName } from "./windowed-jobs.ts";

/** The platform gives a delivery 15 minutes, the slowest call takes three. */
const WINDOW_DEADLINE_MS = 8 * 60_000;

/** A window that is ours now. */
interface TakenWindow extends Window {
  job: WindowedJobName;
  holder: string;
}

/**
 * Asks for a window and notes how that went. A window that somebody else has, or that ended, is left alone. What it
 * does not cover the next tick plans again, so nothing here is tried twice.
 */
export async function runWindow(env: Env, runId: string, number: number): Promise<void> {
  const sql = openDatabase(env.DB_INGEST);
  const window = await take(sql, runId, number);
  if (window === null) {
    log("info", "window_left", { runId, number });
    return;
  }
  const startedMs = nowMs();
  const ended = await ask(env, sql, window, startedMs);
  const { job } = window;
  const runs = await endWindows(sql, [ended], nowMs());
  log(ended.outcome === "failed" ? "error" : "info", "window", {
    ...{ job, runId, number, outcome: ended.outcome, vehicles: window.imeis.length },
    ...{ missing: ended.missing?.length ?? 0, from: toIso(window.fromMs), to: toIso(window.toMs) },
    ...{ apiCalls: ended.apiCalls, items: ended.items, durationMs: nowMs() - startedMs },
    ...{ errorCode: ended.errorCode, error: ended.error },
  });
  for (const run of runs) await tellRun(env, sql, run);
  await sendWindows(env, sql, job);
}

async function take(sql: postgres.Sql, runId: string, number: number): Promise<TakenWindow | null> {
  const holder = newId();
  const now = nowMs();
  const [row] = await sql.unsafe(
    takeWindow,
    [runId, number, holder, toIso(now), toIso(now - 2 * LEASE_LIMIT_MS)],
    { prepare: true },
  );
  if (row === undefined || !isWindowed(row.job)) return null;
  if (row.former_holder !== null) {
    log("warn", "window_taken_over", { job: row.job, runId, number, from: row.former_holder });
  }
  return {
    ...{ runId, number, holder, job: row.job, account: row.account },
    imeis: row.imeis,
    fromMs: row.from_time.getTime(),
    toMs: row.to_time.getTime(),
  };
}

async function ask(
  env: Env,
  sql: postgres.Sql,
  window: TakenWindow,
  startedMs: number,
): Promise<EndedWindow> {
  const { runId, number, holder, job, account, imeis } = window;
  const outcome: WindowOutcome = { items: 0, missing: new Set(), failures: [] };
  const deadlineMs = startedMs + WINDOW_DEADLINE_MS;
  let client: JimiClient | undefined;
  let thrown: unknown;
  using hold = holdWindow(sql, window);
  try {
    const config = vendorConfig(env);
    client = vendorClient(env, config, deadlineMs);
    const definition = WINDOWED_JOBS[job];
    await definition.ask({
      ...{ config, client, reachS: definition.reachS, window, outcome },
      mayGoOn: () => nowMs() < deadlineMs && !hold.lost,
      async send(kind, items, imei) {
        const receivedAt = toIso(nowMs());
        const origin = { receipt: runId, kind, account, receivedAt };
        await sendPolled(env, imei === undefined ? origin : { ...origin, imei }, items);
        outcome.items += items.length;
      },
    });
  } catch (error) {
    thrown = error;
    for (const imei of imeis) outcome.missing.add(imei);
  }
  client?.outcomes.note(env);
  const failure = thrown === undefined ? worst(outcome.failures) : internal(thrown);
  return {
    ...{ runId, number, holder, items: outcome.items },
    outcome: failure === undefined ? "done" : failure.kind === "postponed" ? "postponed" : "failed",
    missing: outcome.missing.size > 0 ? [...outcome.missing] : null,
    apiCalls: client?.calls ?? 0,
    errorCode: failure?.kind ?? null,
    error: failure === undefined ? null : plain(failure.message, 2_000),
  };
}

/** A failure goes before "not now". */
function worst(failures: JimiFailure[]): JimiFailure | undefined {
  return failures.find(({ kind }) => kind !== "postponed") ?? failures[0];
}

function internal(error: unknown): { kind: string; message: string } {
  return { kind: "internal", message: messageOf(error) };
}
