import { env } from "cloudflare:workers";
import { derive } from "../../../workers/derive/index.ts";
import { emptyOutcome, type PollOutcome } from "../../../workers/polls/outcome.ts";

/** A run of the job, as a tick starts it. */
export async function run(): Promise<PollOutcome> {
  const outcome = emptyOutcome();
  const startedMs = Date.now();
  await derive({ env, runId: crypto.randomUUID(), startedMs, deadlineMs: startedMs + 30_000, outcome });
  return outcome;
}
