import * as z from "zod";
import { nowMs, sleep } from "../../shared/time.ts";
import { askApi } from "../api/ask.ts";
import { strangerAt } from "../api/complaint.ts";
import type { Api } from "../api/open.ts";

const RUNS = "/v1/jobs/devices/runs";

const runsAnswer = z.object({
  runs: z.array(
    z.object({
      id: z.string(),
      durationMs: z.number().nullable(),
      rowsReceived: z.number(),
      success: z.boolean().nullable(),
      error: z.string().nullable(),
    }),
  ),
});

const receiptAnswer = z.object({
  messages: z.array(z.object({ kind: z.string(), state: z.string(), items: z.array(z.unknown()) })),
});

/** Messages of a run that hold nothing of the vendor's. */
const OWN_KINDS = ["run", "sweep"];

const ASK_EVERY_MS = 2_000;

/**
 * Has the job `devices` run now, and waits until what it brought is written.
 * @returns what it failed of; it brings what it can, and an audit shows what is left
 * @throws where that takes longer than `patienceMs`, or was not written
 */
export async function syncDevices(api: Api, patienceMs: number): Promise<string | null> {
  const untilMs = nowMs() + patienceMs;
  const known = new Set((await runsOf(api)).map(({ id }) => id));
  const requested = await askApi(api, RUNS, z.object({ job: z.string() }), "POST", {});
  if (requested === null) throw new Error(strangerAt(api.url, 404));
  const isEnded = async () =>
    (await runsOf(api)).find(({ id, durationMs }) => !known.has(id) && durationMs !== null) ?? null;
  const run = await waitFor(isEnded, untilMs, "The job devices has not ended yet");
  const isWritten = async () => {
    const messages = (await askApi(api, `/v1/receipts/${run.id}`, receiptAnswer))?.messages ?? [];
    const brought = messages.filter(({ kind }) => !OWN_KINDS.includes(kind));
    // A message that nobody has taken from the queue yet may be told of by nobody.
    const items = brought.reduce((sum, message) => sum + message.items.length, 0);
    return items < run.rowsReceived ? null : brought;
  };
  const brought = await waitFor(isWritten, untilMs, "What the job devices brought is not written yet");
  const kept = brought.filter(({ state }) => state !== "delivered").length;
  if (kept > 0) {
    throw new Error(
      `${kept} messages of the job devices were kept instead of written: docs/runbook.md has it under "kept".`,
    );
  }
  return run.success === false ? (run.error ?? "it does not say why") : null;
}

async function runsOf(api: Api): Promise<z.output<typeof runsAnswer>["runs"]> {
  return (await askApi(api, RUNS, runsAnswer))?.runs ?? [];
}

/** Asks until something is there. */
async function waitFor<Found>(
  ask: () => Promise<Found | null>,
  untilMs: number,
  otherwise: string,
): Promise<Found> {
  for (;;) {
    const found = await ask();
    if (found !== null) return found;
    if (nowMs() > untilMs) throw new Error(`${otherwise}: npm run status says why. Audit again later.`);
    await sleep(ASK_EVERY_MS);
  }
}
