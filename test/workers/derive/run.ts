import { env } from "cloudflare:workers";
import { derive } from "../../../workers/derive/index.ts";
import { emptyOutcome } from "../../../workers/polls/outcome.ts";

/** A run of the job, as a tick starts it. */
export const run = () =>
  derive({
    env,
    runId: crypto.randomUUID(),
    startedMs: Date.now(),
    deadlineMs: Date.now() + 30_000,
    outcome: emptyOutcome(),
  });
