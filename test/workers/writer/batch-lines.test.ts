import { createMessageBatch } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { consumeDead } from "../../../workers/queue/consume-dead.ts";
import { dispatchBatch } from "../../../workers/queue/dispatch.ts";
import { collectLines, type Line } from "../lines.ts";
import { database, deliver, locationItem, messageOf, newImei } from "./deliver.ts";

const UUID = /^[0-9a-f-]{36}$/;

let lines: Line[];
const points: AnalyticsEngineDataPoint[] = [];
const METRICS = { writeDataPoint: (point: AnalyticsEngineDataPoint) => void points.push(point) };
const bindings = (change: object = {}) => ({ ...env, METRICS, ...change }) as Env;

const noDatabase = { DB_INGEST: { connectionString: "postgres://x:x@127.0.0.1:1/x" } };
const noBucket = {
  BUCKET: {
    put: () => {
      throw new Error("R2 is away");
    },
  },
};

/** The lines that sum up a batch: there must be one, whatever happens. */
const summaries = () => lines.filter(({ event }) => event === "batch_written" || event === "batch_failed");

beforeEach(() => {
  lines = collectLines();
  points.length = 0;
});

afterEach(() => {
  vi.restoreAllMocks();
});

it("sums up what was written, with the ids that lead to its runs and its log row", async () => {
  const receivedAt = new Date(Date.now() - 90_000).toISOString();
  const [imei, other] = [newImei(), newImei()];
  const first = messageOf("location", [locationItem(imei), locationItem("nobody")], { receivedAt });
  const second = messageOf("location", [locationItem(imei), locationItem(other)]);
  await deliver([first, second], bindings());
  expect(summaries()).toEqual([
    {
      level: "info",
      event: "batch_written",
      batchId: expect.stringMatching(UUID),
      receipts: `${first.receipt},${second.receipt}`,
      messages: 2,
      written: 2,
      parked: 0,
      retried: 0,
      inserted: 2,
      updated: 0,
      duplicate: 0,
      rejected: 1,
      moved: 2,
      lagMs: expect.any(Number),
      durationMs: expect.any(Number),
    },
  ]);
  const [line] = summaries();
  expect(line?.lagMs).toBeGreaterThanOrEqual(90_000);
  expect(line?.lagMs).toBeLessThan(120_000);
  const id = String(line?.batchId);
  const rows = await database()`select rows_inserted from tracksolid.ingestion_log where run_id = ${id}`;
  expect(rows).toMatchObject([{ rows_inserted: 2 }]);
  expect(points).toEqual([
    {
      indexes: ["writer"],
      blobs: ["batch", "written"],
      doubles: [line?.durationMs, 2, 2, 0, 0, 1, line?.lagMs],
    },
  ]);

  await deliver([second], bindings());
  expect(summaries()[1]).toMatchObject({ inserted: 0, duplicate: 2, rejected: 0 });
});

it("takes the start of a long run for no lag of the queue", async () => {
  const receivedAt = new Date(Date.now() - 600_000).toISOString();
  await deliver(
    [messageOf("run", ["no record of a run"], { receivedAt }), messageOf("location", [])],
    bindings(),
  );
  expect(summaries()[0]?.lagMs).toBeLessThan(60_000);
});

it("sums up a batch that waits for the database", async () => {
  const messages = [messageOf("location", [locationItem(newImei())]), { v: 99, kind: "newer" }];
  expect(await deliver(messages, bindings(noDatabase))).toEqual({ acked: 1, retried: 1 });
  expect(summaries()).toMatchObject([
    { level: "error", event: "batch_failed", messages: 2, written: 0, parked: 1, retried: 1, attempts: 1 },
  ]);
  expect(summaries()[0]).toMatchObject({ error: expect.stringMatching(/./), durationMs: expect.any(Number) });
  expect(points).toMatchObject([{ blobs: ["batch", "failed"] }]);
});

it("sums up a batch of which everything was parked", async () => {
  await deliver([{ v: 99, kind: "newer" }, "text"], bindings());
  expect(summaries()).toMatchObject([
    { level: "info", event: "batch_written", messages: 2, written: 0, parked: 2, retried: 0 },
  ]);
  expect(lines.filter(({ event }) => event === "messages_kept")).toHaveLength(2);
});

it("sums up a batch that cannot even be parked", async () => {
  expect(await deliver(["text"], bindings(noBucket))).toEqual({ acked: 0, retried: 1 });
  expect(summaries()).toMatchObject([
    { level: "error", event: "batch_failed", parked: 0, retried: 1, error: "R2 is away" },
  ]);
});

it("sums up a batch whose messages had to be written one by one", async () => {
  // No item is to blame: the account of the message is no text that Postgres takes.
  const bad = messageOf("location", [locationItem(newImei())], { account: "a\0b" });
  const good = messageOf("location", [locationItem(newImei())]);
  await deliver([bad, good], bindings());
  expect(summaries()).toMatchObject([
    { level: "error", event: "batch_written", messages: 2, written: 1, parked: 1, retried: 0, inserted: 1 },
  ]);
  const id = `${summaries()[0]?.batchId}.1`;
  expect(await database()`select from tracksolid.ingestion_log where run_id = ${id}`).toHaveLength(1);
});

it("sums up what the queue gave up on", async () => {
  const batch = (change: object) =>
    consumeDead(
      createMessageBatch(
        "tracksolid-dead-dev",
        [1, 2].map((body) => ({ id: String(body), timestamp: new Date(), attempts: 1, body })),
      ),
      bindings(change),
    );
  await batch({});
  await batch(noBucket);
  expect(lines.filter(({ event }) => event === "batch_buried")).toMatchObject([
    {
      batchId: expect.stringMatching(UUID),
      messages: 2,
      buried: 2,
      retried: 0,
      durationMs: expect.any(Number),
    },
    { messages: 2, buried: 0, retried: 2 },
  ]);
});

it("says once that nobody consumes a queue", async () => {
  await expect(dispatchBatch(createMessageBatch("another-queue", []), bindings())).rejects.toThrow(
    "another-queue",
  );
  expect(lines).toMatchObject([{ level: "error", event: "batch_without_consumer", queue: "another-queue" }]);
});
