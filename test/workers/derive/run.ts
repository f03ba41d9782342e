import { env } from "cloudflare:workers";
import { expect } from "vitest";
import { derive } from "../../../workers/derive/index.ts";
import { type Lease, takeLease } from "../../../workers/polls/lease.ts";
import { emptyOutcome, type PollOutcome } from "../../../workers/polls/outcome.ts";
import { database } from "../writer/deliver.ts";

/** How often a test looks whether the run of another has ended. */
const LOOK_EVERY_MS = 40;

/** On a busy machine the runs of others, one after the other, took 45 s. */
export const PATIENCE_MS = 90_000;

/** A run of the job, as a tick starts it, once no other goes on. Each try takes a connection that the file keeps. */
export async function run(): Promise<PollOutcome> {
  for (;;) {
    await othersEnded();
    const outcome = emptyOutcome();
    const startedMs = Date.now();
    await derive({ env, runId: crypto.randomUUID(), startedMs, deadlineMs: startedMs + 30_000, outcome });
    if (outcome.leftToRun === null) return outcome;
  }
}

async function othersEnded(): Promise<void> {
  const leases = () =>
    database()`select from private.leases where name = 'derive' and expires_at > ${new Date()}`;
  while ((await leases()).length > 0) await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
}

/** Keeps the runs of all other tests away until it is disposed of. */
export async function alone(): Promise<Lease> {
  for (;;) {
    const lease = await takeLease(database(), "derive", crypto.randomUUID(), 60);
    if (lease.held) return lease;
    await othersEnded();
  }
}

/** Runs the job until nothing of some vehicles is left to compute, whatever runs of other tests do meanwhile. */
export async function derived(...imeis: string[]): Promise<void> {
  const left = async () => {
    await run();
    return database()`select imei, day from private.dirty_days where imei in ${database()(imeis)}`;
  };
  await expect.poll(left, { timeout: PATIENCE_MS, interval: LOOK_EVERY_MS }).toEqual([]);
}
