import { isReader, Misconfigured, vendorConfig } from "../../shared/config.ts";
import { reportFailure } from "../../shared/failure-reports.ts";
import { newId } from "../../shared/ids.ts";
import type { JimiClient } from "../../shared/jimi/client.ts";
import { log, messageOf } from "../../shared/log.ts";
import type { RunRecord } from "../../shared/message.ts";
import { plain } from "../../shared/text.ts";
import { nowMs, toIso } from "../../shared/time.ts";
import { lookUpAddresses } from "../addresses/look-up.ts";
import { tellAlerts } from "../alerts/tell-alerts.ts";
import { sendCanary } from "../canary/send-canary.ts";
import { closeGaps } from "../coverage/index.ts";
import { derive } from "../derive/index.ts";
import { keepHouse } from "../housekeeping/keep-house.ts";
import { tellDays } from "../insights/tell-days.ts";
import { feedParked } from "../kept/feed.ts";
import { checkLedger } from "../ledger/check.ts";
import { layRoads } from "../roads/index.ts";
import { askLeftOut } from "./ask-left-out.ts";
import { emptyOutcome, type JobContext, type PollContext, type PollOutcome } from "./outcome.ts";
import { PollFailed } from "./poll-failed.ts";
import { pollLive } from "./poll-live.ts";
import { reportRun, sendRecord } from "./record-run.ts";
import { isJob, isOff, type JobName, jobsAt, schedule } from "./schedule.ts";
import { lookAgain } from "./second-look.ts";
import { syncDevices } from "./sync-devices.ts";
import { vendorClient } from "./vendor-client.ts";
import { planWindows, tendWindows } from "./windows/plan-windows.ts";
import { isWindowed } from "./windows/windowed-jobs.ts";

/** Jobs that ask the vendor. */
const POLLS: Partial<Record<JobName, (context: PollContext) => Promise<void>>> = {
  live: pollLive,
  "left-out": askLeftOut,
  devices: syncDevices,
};

/** Jobs that look after what has arrived; they run whatever the vendor's configuration is. */
const UPKEEP: Partial<Record<JobName, (context: JobContext) => Promise<void>>> = {
  parked: feedParked,
  canary: sendCanary,
  alerts: tellAlerts,
  ledger: checkLedger,
  addresses: lookUpAddresses,
  derive,
  roads: layRoads,
  coverage: closeGaps,
  insights: tellDays,
  "second-look": lookAgain,
  housekeeping: keepHouse,
};

/**
 * Handles a tick of a Cron Trigger. A reader has no jobs, whatever triggers it was given.
 * @throws PollFailed when its job failed, after the failure was recorded.
 */
export async function runTick(cron: string, env: Env): Promise<void> {
  if (isReader(env)) {
    log("warn", "tick_not_here", { cron });
    return;
  }
  const jobs = jobsAt(cron);
  if (jobs.length === 0) {
    const message = `No job is scheduled at "${cron}": wrangler.toml and workers/polls/schedule.ts differ`;
    const error = new PollFailed(message);
    log("error", "tick_without_job", { cron, error: message });
    reportFailure(env, { event: "tick_without_job", error, alike: [cron], tags: { cron } });
    throw error;
  }
  const results = await Promise.allSettled(
    jobs.map((job) => (isOff(env, job) ? rest(job, env) : runJob(job, env))),
  );
  const failed = results.filter((result) => result.status === "rejected");
  if (failed.length > 0) {
    throw new PollFailed(failed.map((result) => messageOf(result.reason)).join("\n"));
  }
}

/** The tick of a job that is off: what somebody asked for goes on. */
async function rest(job: JobName, env: Env): Promise<void> {
  if (isWindowed(job)) await tendWindows(env, job);
}

/**
 * Runs a job that somebody asked for, apart from its ticks.
 * @throws PollFailed as a tick does, and for a name that is none.
 */
export async function runRequested(env: Env, job: string): Promise<void> {
  if (!isJob(job)) throw new PollFailed(`There is no job ${job}`);
  await runJob(job, env, true);
}

async function runJob(job: JobName, env: Env, isRequested = false): Promise<void> {
  const startedMs = nowMs();
  const runId = newId();
  let client: JimiClient | undefined;
  const outcome = emptyOutcome();
  let failure: RunFailure | undefined;
  try {
    const deadlineMs = startedMs + schedule[job].deadlineS * 1000;
    const context: JobContext = { env, runId, startedMs, deadlineMs, outcome };
    const poll = POLLS[job];
    if (poll) {
      const config = vendorConfig(env);
      client = vendorClient(env, config, deadlineMs);
      await poll({ ...context, config, client, isRequested });
    }
    await UPKEEP[job]?.(context);
    if (isWindowed(job)) await planWindows(context, job, schedule[job].everyS);
    if (outcome.leftToRun === null) failure = summary(outcome);
  } catch (error) {
    failure = thrown(error);
  }

  const record: RunRecord = {
    id: runId,
    job,
    runAt: toIso(startedMs),
    durationMs: nowMs() - startedMs,
    success: failure === undefined,
    apiCalls: client?.calls ?? 0,
    rowsReceived: outcome.itemsReceived,
    accountsListed: outcome.listed?.accounts ?? null,
    vehiclesListed: outcome.listed?.vehicles ?? null,
    errorCode: failure?.kind ?? null,
    error: failure?.message ?? null,
  };
  if (outcome.windows === 0 && (outcome.leftToRun === null || failure)) {
    try {
      await sendRecord(env, record);
    } catch (error) {
      failure ??= thrown(error);
    }
  }
  client?.outcomes.note(env);
  log(failure ? "error" : "info", "poll", {
    job,
    runId,
    durationMs: record.durationMs,
    apiCalls: record.apiCalls,
    items: record.rowsReceived,
    leftToRun: outcome.leftToRun,
    windows: outcome.windows,
    errorCode: failure?.kind ?? null,
    error: failure?.message ?? null,
  });
  if (failure) throw reportRun(env, "poll", record, failure);
}

/** Why a run failed. */
interface RunFailure {
  kind: string;
  message: string;
  /** What was thrown, where something was. */
  cause?: unknown;
}

function thrown(cause: unknown): RunFailure {
  const kind = cause instanceof Misconfigured ? "misconfigured" : "internal";
  return { kind, message: plain(messageOf(cause), 2_000), cause };
}

/** The first failure names the class, all of them the text. */
function summary({ failures }: PollOutcome): RunFailure | undefined {
  const [first] = failures;
  if (!first) return undefined;
  const lines = failures.map(({ what, failure }) => `${what}: ${failure.message}`);
  return { kind: first.failure.kind, message: plain([...new Set(lines)].join("\n"), 2_000) };
}
