import { jimiSession } from "../../durable-objects/jimi-session/index.ts";
import { Misconfigured, vendorConfig } from "../../shared/config.ts";
import { newId } from "../../shared/ids.ts";
import { JimiClient } from "../../shared/jimi/client.ts";
import { log, messageOf, redact } from "../../shared/log.ts";
import type { RunRecord } from "../../shared/message.ts";
import { plain } from "../../shared/text.ts";
import { nowMs, toIso } from "../../shared/time.ts";
import { sendItems } from "../queue/send.ts";
import { askLeftOut } from "./ask-left-out.ts";
import { emptyOutcome, type PollContext, type PollOutcome } from "./outcome.ts";
import { pollLive } from "./poll-live.ts";
import { type JobName, jobsAt, schedule } from "./schedule.ts";
import { syncDevices } from "./sync-devices.ts";

const JOBS: Record<JobName, (context: PollContext) => Promise<void>> = {
  live: pollLive,
  "left-out": askLeftOut,
  devices: syncDevices,
};

/** A run that did not do all it set out to do. Thrown so that the platform shows the tick as failed. */
export class PollFailed extends Error {
  override name = "PollFailed";
}

/**
 * Handles a tick of a Cron Trigger.
 * @throws PollFailed when its job failed, after the failure was recorded.
 */
export async function runTick(cron: string, env: Env): Promise<void> {
  const jobs = jobsAt(cron);
  if (jobs.length === 0) {
    const message = `No job is scheduled at "${cron}": wrangler.toml and workers/polls/schedule.ts differ`;
    log("error", "tick_without_job", { cron, error: message });
    throw new PollFailed(message);
  }
  const results = await Promise.allSettled(jobs.map((job) => runJob(job, env)));
  const failed = results.filter((result) => result.status === "rejected");
  if (failed.length > 0) {
    throw new PollFailed(failed.map((result) => messageOf(result.reason)).join("\n"));
  }
}

async function runJob(job: JobName, env: Env): Promise<void> {
  const startedMs = nowMs();
  const runId = newId();
  let client: JimiClient | undefined;
  const outcome = emptyOutcome();
  let failure: { kind: string; message: string } | undefined;
  try {
    const config = vendorConfig(env);
    const endpoint = {
      url: config.TRACKSOLID_API_URL,
      appKey: config.TRACKSOLID_APP_KEY,
      appSecret: config.TRACKSOLID_APP_SECRET,
    };
    const deadlineMs = startedMs + schedule[job].deadlineS * 1000;
    client = new JimiClient(endpoint, jimiSession(env), deadlineMs);
    await JOBS[job]({ env, config, client, runId, startedMs, deadlineMs, outcome });
    if (outcome.leftToRun !== null) {
      log("info", "poll_left_to_other_run", { job, runId, other: outcome.leftToRun });
      return;
    }
    failure = summary(outcome);
  } catch (error) {
    const kind = error instanceof Misconfigured ? "misconfigured" : "internal";
    failure = { kind, message: plain(messageOf(error), 2_000) };
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
  log(failure ? "error" : "info", "poll", {
    job,
    runId,
    durationMs: record.durationMs,
    apiCalls: record.apiCalls,
    items: record.rowsReceived,
    errorCode: record.errorCode,
    error: record.error,
  });
  // The record takes the way of the data: with the database down it waits in the queue like them.
  await sendItems(env, { receipt: runId, kind: "run", account: null, receivedAt: record.runAt }, [record]);
  if (failure) throw new PollFailed(redact(`${job}: ${failure.message}`));
}

/** The first failure names the class, all of them the text. */
function summary({ failures }: PollOutcome): { kind: string; message: string } | undefined {
  const [first] = failures;
  if (!first) return undefined;
  const lines = failures.map(({ what, failure }) => `${what}: ${failure.message}`);
  return { kind: first.failure.kind, message: plain([...new Set(lines)].join("\n"), 2_000) };
}
