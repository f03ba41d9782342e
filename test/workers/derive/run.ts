import { env } from "cloudflare:workers";
import { expect } from "vitest";
import { derive } from "../../../workers/derive/index.ts";
import { type Lease, takeLease } from "../../../workers/polls/lease.ts";
import { emptyOutcome, type PollOutcome } from "../../../workers/polls/outcome.ts";
import { database } from "../writer/deliver.ts";

/** A run of another test that had the same days in hand marks them again when it ends. */
const OTHERS_END_MS = 150;

/** A run of the job, as a tick starts it, once no other goes on. Each try takes a connection that the file keeps. */
export async function run(): Promise<PollOutcome> {
  for (;;) {
    const outcome = emptyOutcome();
    const startedMs = Date.now();
    await derive({ env, runId: crypto.randomUUID(), startedMs, deadlineMs: startedMs + 30_000, outcome });
    if (outcome.leftToRun === null) return outcome;
    await new Promise((resolve) => setTimeout(resolve, 400));
  }
}

/** Keeps the runs of all other tests away until it is disposed of. */
export async function alone(): Promise<Lease> {
  for (;;) {
    const lease = await takeLease(database(), "derive", crypto.randomUUID(), 60);
    if (lease.held) return lease;
    await new Promise((resolve) => setTimeout(resolve, 400));
  }
}

/** Runs the job until nothing of a vehicle is left to compute, whatever runs of other tests do meanwhile. */
export async function derived(imei: string): Promise<void> {
  const left = () => database()`select day from private.dirty_days where imei = ${imei}`;
  const settled = async () => {
    await run();
    const days = await left();
    if (days.length > 0) return days;
    await new Promise((resolve) => setTimeout(resolve, OTHERS_END_MS));
    return left();
  };
  await expect.poll(settled, { timeout: 15_000, interval: 200 }).toEqual([]);
}
