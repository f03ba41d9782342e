import { workerdCpuS } from "../pushes/through.ts";
import type { Served } from "../served.ts";
import { OBJECT_GB, operationsOf, SOCKET_MESSAGES_OF_A_REQUEST, sum, type Usage } from "./usage.ts";

/** What stands before the product and counts. */
export const METER = "test/bench/cost/meter.js";

/** The live map stores itself five seconds after it changed: nothing comes after so long. */
const QUIET_MS = 6_500;
const LOOK_EVERY_MS = 250;
const PATIENCE_MS = 15 * 60_000;

type What = Exclude<keyof Usage, "cpuMs" | "queueOperations" | "objectGbS" | "archiveGb">;
type Counts = Partial<Record<What | "deliveries" | "storedBytes" | "socketMessages", number>>;

/** What was counted in a while. */
export interface Reading {
  /** By what caused it. */
  counts: Record<string, Counts>;
  messages: number[];
  busy: Record<string, [fromMs: number, toMs: number | null][]>;
  cpuS: number;
  tookS: number;
}

/** Counts what something causes in the product. */
export async function metered(served: Served, act: () => Promise<unknown>): Promise<Reading> {
  await quiet(served);
  await ask(served, "DELETE");
  const cpuBefore = await workerdCpuS();
  const startMs = Date.now();
  await act();
  const tookS = (Date.now() - startMs) / 1_000;
  await quiet(served);
  const cpuS = (await workerdCpuS()) - cpuBefore;
  return { ...(await ask(served, "DELETE")), cpuS, tookS };
}

/** Resolves when nothing has been counted for a while: what was sent is written, and what was changed is stored. */
async function quiet(served: Served): Promise<void> {
  const untilMs = Date.now() + PATIENCE_MS;
  let known = "";
  for (let sinceMs = Date.now(); Date.now() - sinceMs < QUIET_MS; ) {
    const { counts } = await ask(served, "GET");
    const now = JSON.stringify(counts);
    if (now !== known) sinceMs = Date.now();
    known = now;
    if (Date.now() > untilMs) throw new Error("What was to be counted did not end in time");
    await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
  }
}

async function ask(served: Served, method: string): Promise<Omit<Reading, "cpuS" | "tookS">> {
  const response = await fetch(new URL("/meter", await served.url("product")), { method });
  return (await response.json()) as Reading;
}

/** Everything in a reading, as it is billed. @throws when messages came twice: that is not what is to be counted */
export function usageOf(reading: Reading): Usage {
  const causes = Object.values(reading.counts);
  const delivered = causes.reduce((count, { deliveries = 0 }) => count + deliveries, 0);
  if (delivered !== reading.messages.length) {
    throw new Error(`${reading.messages.length} messages were sent and ${delivered} delivered`);
  }
  return sum(...causes.map((counts) => [causedBy(counts), 1] as [Usage, number]), [
    {
      cpuMs: reading.cpuS * 1_000,
      queueOperations: operations(reading),
      objectGbS: objectGbS(reading),
    },
    1,
  ]);
}

/** What one cause has counted. */
export function causedBy({
  deliveries: _,
  storedBytes = 0,
  socketMessages = 0,
  ...counts
}: Counts = {}): Usage {
  return sum(
    [counts, 1],
    [{ archiveGb: storedBytes / 1e9, objectRequests: socketMessages / SOCKET_MESSAGES_OF_A_REQUEST }, 1],
  );
}

/** Operations of all messages of a reading. */
export const operations = ({ messages }: Reading): number =>
  messages.reduce((count, bytes) => count + operationsOf(bytes), 0);

/**
 * How long objects were busy. While one computes the runtime's clock stands still, so all that was computed counts as
 * theirs: it is more than their part.
 */
export function objectGbS({ busy, cpuS }: Reading): number {
  const waitedS = Object.values(busy).reduce((seconds, spans) => seconds + unionS(spans), 0);
  return OBJECT_GB * (waitedS + cpuS);
}

/** Seconds in at least one of the spans; what has not ended is passed over. */
export function unionS(spans: [fromMs: number, toMs: number | null][]): number {
  let untilMs = 0;
  let totalMs = 0;
  for (const [fromMs, toMs] of [...spans].sort(([a], [b]) => a - b)) {
    if (toMs === null) continue;
    totalMs += Math.max(0, toMs - Math.max(fromMs, untilMs));
    untilMs = Math.max(untilMs, toMs);
  }
  return totalMs / 1_000;
}
