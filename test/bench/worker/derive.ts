import { derive } from "../../../workers/derive/index.ts";
import { emptyOutcome } from "../../../workers/polls/outcome.ts";
import type { BenchEnv } from "./index.ts";

/** Computes what is marked, as a tick does. */
export async function deriveMarked(env: BenchEnv) {
  const outcome = emptyOutcome();
  const startedMs = Date.now();
  const runId = crypto.randomUUID();
  // Of the product's bindings the job uses the database alone.
  await derive({ env: env as unknown as Env, runId, startedMs, deadlineMs: startedMs + 100_000, outcome });
  return { days: outcome.itemsReceived, failures: outcome.failures };
}
