import { createExecutionContext, createMessageBatch, getQueueResult } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { newId } from "../../../shared/ids.ts";
import worker from "../../../workers/index.ts";
import { planSpan } from "../../../workers/polls/windows/plan-run.ts";
import { sendWindows } from "../../../workers/polls/windows/send-windows.ts";
import { addVehicle } from "../api/fleet.ts";
import { collectLines } from "../lines.ts";
import { database, newImei } from "../writer/deliver.ts";

beforeEach(() => {
  collectLines();
});
afterEach(() => {
  vi.restoreAllMocks();
});

/** A database that is away: nobody listens there. */
const away = { ...env, DB_INGEST: { connectionString: "postgres://ingest_app:x@127.0.0.1:9/away" } };

async function deliverJob(body: unknown, bindings: object = env) {
  const message = { id: crypto.randomUUID(), timestamp: new Date(), attempts: 1, body };
  const batch = createMessageBatch("tracksolid-jobs-dev", [message]);
  const context = createExecutionContext();
  await worker.queue(batch, bindings as Env);
  const { explicitAcks, retryMessages } = await getQueueResult(batch, context);
  return { acked: explicitAcks.length, retried: retryMessages.length };
}

describe("a message of the queue of jobs", () => {
  it("comes again where its window could not be taken", async () => {
    const window = { v: 1, what: "window", runId: newId(), number: 1 };
    expect(await deliverJob(window, away)).toEqual({ acked: 0, retried: 1 });
    expect(await deliverJob(window)).toEqual({ acked: 1, retried: 0 });
  });

  it("comes once where it is none, or asks for a job that fails", async () => {
    expect(await deliverJob({ v: 1, what: "window" })).toEqual({ acked: 1, retried: 0 });
    expect(await deliverJob({ v: 1, what: "job", job: "none" })).toEqual({ acked: 1, retried: 0 });
  });
});

it("leaves windows that the queue does not take to the next that sends", async () => {
  const sql = database();
  const imei = newImei();
  await addVehicle(imei, { account: "queue" });
  const id = newId();
  const plannedMs = Date.now();
  const span = { fromMs: plannedMs - 86_400_000, toMs: plannedMs };
  // No window of the ticks of others goes first.
  await sql`update private.job_windows set ended_at = now() where job = 'alarms' and ended_at is null`;
  await planSpan(sql, { id, job: "alarms", cause: "request", plannedMs }, span, [imei]);
  const refusing = { ...env, JOBS: { sendBatch: () => Promise.reject(new Error("the queue is away")) } };
  await expect(sendWindows(refusing as unknown as Env, sql, "alarms")).rejects.toThrow("the queue is away");

  const sentAt = async () =>
    (await sql`select sent_at from private.job_windows where run_id = ${id}`)[0]?.sent_at;
  expect(await sentAt()).toBeNull();
  const sending = { ...env, JOBS: { sendBatch: async () => {} } };
  await sendWindows(sending as unknown as Env, sql, "alarms");
  expect(await sentAt()).not.toBeNull();
  await sql`delete from private.job_runs where id = ${id}`;
});
