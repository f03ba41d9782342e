import { waitUntil } from "cloudflare:workers";
import { reportingConfig } from "./config.ts";
import { log, messageOf, redact } from "./log.ts";
import { nowMs } from "./time.ts";

/** A failure that somebody should hear of without looking into the log. */
export interface Failure {
  /** The event of the log line that tells of it. */
  event: string;
  error: unknown;
  /** What tells its cause from others of that event, e.g. job and error code: failures alike are one issue. */
  alike: string[];
  /** What joins it with the log: ids, never more than a log line may hold. */
  tags: Record<string, string>;
}

/** An outage fails every request and every batch in the same way: what comes after these says nothing new. */
const MOST_ALIKE_PER_MINUTE = 3;
const MOST_PER_MINUTE = 20;

let minute = 0;
let reported = 0;
const reportedAlike = new Map<string, number>();

/**
 * Reports a failure to the collector of `SENTRY_DSN`, if there is one. Never throws, and nobody waits for it: it is
 * sent after the answer, at most a few times a minute per isolate.
 */
export function reportFailure(env: Env, failure: Failure): void {
  try {
    const { SENTRY_DSN } = reportingConfig(env);
    if (SENTRY_DSN === "" || !mayReport([failure.event, ...failure.alike].join(" "))) return;
    waitUntil(send(env, failure));
  } catch (error) {
    log("error", "report_failed", { error: messageOf(error) });
  }
}

/** Reports a failure that was made for it, and waits for what becomes of the report. */
export async function reportAndWait(
  env: Env,
  failure: Failure,
): Promise<{ errorReport: "sent" | "failed" | "off"; errorReportReason: string | null }> {
  try {
    if (reportingConfig(env).SENTRY_DSN === "") return { errorReport: "off", errorReportReason: null };
    await post(env, failure);
    return { errorReport: "sent", errorReportReason: null };
  } catch (error) {
    return { errorReport: "failed", errorReportReason: redact(messageOf(error)) };
  }
}

/** Never rejects: a batch whose `waitUntil` does is delivered again. */
async function send(env: Env, failure: Failure): Promise<void> {
  try {
    await post(env, failure);
  } catch (error) {
    log("warn", "report_failed", { error: messageOf(error) });
  }
}

async function post(env: Env, failure: Failure): Promise<void> {
  const { SENTRY_DSN, ENVIRONMENT: environment } = reportingConfig(env);
  // Most isolates never report anything, and need not load what it takes.
  const { composeEvent, sendEvent } = await import("./sentry.ts");
  await sendEvent(SENTRY_DSN, composeEvent(failure, { environment, release: env.VERSION.id }));
}

function mayReport(fingerprint: string): boolean {
  const now = Math.floor(nowMs() / 60_000);
  if (now !== minute) {
    minute = now;
    reported = 0;
    reportedAlike.clear();
  }
  const alike = reportedAlike.get(fingerprint) ?? 0;
  if (alike >= MOST_ALIKE_PER_MINUTE || reported >= MOST_PER_MINUTE) return false;
  reported += 1;
  reportedAlike.set(fingerprint, alike + 1);
  return true;
}
