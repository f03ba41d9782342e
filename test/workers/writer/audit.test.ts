import { env } from "cloudflare:workers";
import { afterEach, expect, it, vi } from "vitest";
import { AUDIT_VERSION, type AuditRecord } from "../../../shared/message.ts";
import { feedParked } from "../../../workers/kept/feed.ts";
import { openKept } from "../../../workers/kept/listing.ts";
import { emptyOutcome } from "../../../workers/polls/outcome.ts";
import { consumeDead } from "../../../workers/queue/consume-dead.ts";
import { storeLargeItem } from "../../../workers/queue/large-items.ts";
import { collectLines } from "../lines.ts";
import { database, deliver, messageOf } from "./deliver.ts";
import { keptBy } from "./kept.ts";

const away = { ...env, DB_INGEST: { connectionString: "postgres://x:x@127.0.0.1:9/x" } as Hyperdrive };

afterEach(() => {
  vi.restoreAllMocks();
});

const callOf = (change: Partial<AuditRecord> = {}): AuditRecord => ({
  ...{ v: AUDIT_VERSION, id: crypto.randomUUID(), askedAt: "2026-01-15T08:30:00.125Z" },
  ...{ analystId: crypto.randomUUID(), analyst: "Jane", tool: "query", outcome: "answered", reason: null },
  ...{ statement: "select 1", arguments: '{"max_rows":10}', rowCount: 1, bytes: 12, durationMs: 41 },
  requestId: crypto.randomUUID(),
  ...change,
});

/** As it travels. */
const told = (call: object) => messageOf("audit", [call], { account: null });

const rowsOf = (id: string) => database()`select * from private.audit where id = ${id}`;
const receiptOf = async ({ id }: ReturnType<typeof messageOf>) =>
  (
    await database()`select deliveries, outcomes, written, duplicate, rejected from private.receipts
      where producer = ${id.producer} and sequence = ${id.sequence}`
  )[0];

it("keeps a call as it was told", async () => {
  const call = callOf({ bytes: 5_000_000_000 });
  const other = callOf({
    ...{ tool: "fleet_now", statement: null, arguments: "{}", outcome: "failed", reason: "57014" },
    ...{ rowCount: null, bytes: null },
  });
  const message = messageOf("audit", [call, other], { account: null });
  expect(await deliver([message])).toEqual({ acked: 1, retried: 0 });
  expect(await rowsOf(call.id)).toEqual([
    {
      ...{ id: call.id, asked_at: new Date(call.askedAt), analyst_id: call.analystId, analyst: "Jane" },
      ...{ tool: "query", statement: "select 1", arguments: '{"max_rows":10}', outcome: "answered" },
      ...{ reason: null, row_count: 1, bytes: "5000000000", duration_ms: 41, request_id: call.requestId },
    },
  ]);
  expect(await rowsOf(other.id)).toMatchObject([
    { tool: "fleet_now", statement: null, outcome: "failed", reason: "57014", row_count: null, bytes: null },
  ]);
  expect(await receiptOf(message)).toEqual({
    ...{ deliveries: 1, outcomes: "ww", written: 2, duplicate: 0, rejected: 0 },
  });
});

it("keeps a call once, by its id alone, and counts the others as duplicates", async () => {
  const call = callOf();
  const again = { ...call, id: call.id.toUpperCase(), statement: "select 2" };
  const [first, second, later] = [told(call), told(again), told(again)];
  await deliver([first, second]);
  await deliver([later]);
  expect(await rowsOf(call.id)).toMatchObject([{ statement: "select 1" }]);
  const letters = await Promise.all([first, second, later].map(receiptOf));
  expect(letters.map((row) => row?.outcomes)).toEqual(["w", "d", "d"]);
  // The same in all but the id is another call.
  const twin = { ...call, id: crypto.randomUUID() };
  await deliver([told(twin)]);
  expect(await rowsOf(twin.id)).toHaveLength(1);
});

it("keeps a statement whole, and shows what Postgres does not hold", async () => {
  const statement = `select 'a\0b', '\ud83d', '😀', e'\\u0000' -- ${"ü".repeat(49_900)}`;
  const call = callOf({ statement, arguments: '{"params":["\\u0000","\0"]}', analyst: "Ja\0ne" });
  const message = told(call);
  await deliver([message]);
  expect(await receiptOf(message)).toMatchObject({ outcomes: "w" });
  const [row] = await rowsOf(call.id);
  expect(row?.statement).toBe(`select 'a\ufffdb', '\ufffd', '😀', e'\\u0000' -- ${"ü".repeat(49_900)}`);
  expect(row?.statement).toHaveLength(statement.length);
  expect(row).toMatchObject({ arguments: '{"params":["\\u0000","\ufffd"]}', analyst: "Jane" });
});

it("keeps a call whose names are longer than an index takes", async () => {
  const call = callOf({ analyst: "é".repeat(5_000), tool: "x".repeat(5_000), reason: "y".repeat(5_000) });
  await deliver([told(call)]);
  expect(await rowsOf(call.id)).toMatchObject([
    { analyst: "é".repeat(100), tool: "x".repeat(100), reason: "y".repeat(100) },
  ]);
});

it("keeps a call that no message of the queue can hold", async () => {
  const statement = `select '${"語".repeat(49_000)}'`;
  const call = callOf({ statement });
  const newer = { ...callOf(), v: AUDIT_VERSION + 1 };
  const stored = (item: object) => storeLargeItem(env, new Date().toISOString(), JSON.stringify(item));
  await deliver([messageOf("audit", [], { stored: await stored(call) })]);
  expect(await rowsOf(call.id)).toMatchObject([{ statement }]);
  const held = await keptBy("parked/held/", async () => {
    await deliver([messageOf("audit", [], { stored: await stored(newer) })]);
  });
  expect(held).toMatchObject([{ reason: "unknown_version" }]);
  expect(await rowsOf(newer.id)).toEqual([]);
});

it("loses no call while the database is away", async () => {
  collectLines();
  const calls = [callOf(), callOf()];
  const messages = calls.map(told);
  const kept = await keptBy("parked/waiting/", async () => {
    expect(await deliver(messages, away, 1)).toEqual({ acked: 0, retried: 2 });
    expect(await deliver(messages, away, 12)).toEqual({ acked: 2, retried: 0 });
    // Kept, and the acknowledgement was lost.
    expect(await deliver(messages, away, 12)).toEqual({ acked: 2, retried: 0 });
  });
  expect(kept).toMatchObject([{ kinds: "audit" }, { kinds: "audit" }]);
  const startedMs = Date.now();
  const drain = { env, runId: "run", startedMs, deadlineMs: startedMs + 45_000, outcome: emptyOutcome() };
  await feedParked(drain);
  for (const { id } of calls) expect(await rowsOf(id)).toHaveLength(1);
});

it("parks what a newer version tells, and rejects what is no record", async () => {
  const newer = { ...callOf(), v: AUDIT_VERSION + 1 };
  const message = told(newer);
  const held = await keptBy("parked/held/", async () => {
    expect(await deliver([message])).toEqual({ acked: 1, retried: 0 });
  });
  expect(held).toMatchObject([{ reason: "unknown_version" }]);
  expect(await openKept(env, held[0]?.key ?? "")).toEqual([JSON.stringify(message)]);

  const broken = [
    { ...callOf(), outcome: "lost" },
    { ...callOf(), id: "x'; drop table private.audit" },
    { ...callOf(), askedAt: "yesterday" },
    { ...callOf(), v: 0 },
    // Passes every check of ours and no column.
    callOf({ durationMs: 2 ** 40 }),
  ];
  const good = callOf();
  const odd = messageOf("audit", [...broken, good]);
  expect(await deliver([odd])).toEqual({ acked: 1, retried: 0 });
  expect(await receiptOf(odd)).toMatchObject({ outcomes: "rrrrrw" });
  expect(await rowsOf(good.id)).toHaveLength(1);
});

it("archives no call", async () => {
  const archived = await keptBy("raw/", () => deliver([told(callOf())]).then(() => {}));
  expect(archived).toEqual([]);
});

it("says nothing of what was asked in the log or in a report, whatever becomes of it", async () => {
  const secret = `s${crypto.randomUUID().slice(0, 8)}`;
  const ask = { statement: `select '${secret}\0'`, arguments: `{"text":"${secret}"}`, analyst: secret };
  const lines = collectLines();
  const reports: string[] = [];
  vi.spyOn(globalThis, "fetch").mockImplementation(async (_, init) => {
    reports.push(String(init?.body));
    return new Response();
  });
  const reporting = { SENTRY_DSN: "https://publickey@collector.example.com/42" };
  const here = { ...env, ...reporting } as unknown as Env;
  const nowhere = { ...away, ...reporting } as unknown as Env;
  const noStorage = {
    ...here,
    BUCKET: { put: () => Promise.reject(new Error("R2 is down")) } as unknown as R2Bucket,
  };
  const call = () => told(callOf(ask));

  await deliver([call()], here);
  // Rejected, alone and among others; refused by the database; parked, and written once it is back.
  await deliver([told({ ...callOf(ask), outcome: secret }), told({ ...callOf(ask), id: secret })], here);
  await deliver([told(callOf({ ...ask, durationMs: 2 ** 40 })), call()], here);
  await deliver([told({ ...callOf(ask), v: AUDIT_VERSION + 1 }), messageOf("audit", [secret])], here);
  await deliver([`{"v":1,"kind":"audit","items":"${secret}`], here);
  // No account holds NUL: the message itself fails, alone.
  await deliver([messageOf("audit", [callOf(ask)], { account: "A\0B" })], here);
  await deliver([call()], nowhere, 12);
  await deliver([call()], noStorage);
  await deliver([told({ ...callOf(ask), v: AUDIT_VERSION + 1 })], noStorage);
  const ackAll = () => {};
  const dead = { messages: [{ body: JSON.stringify(call()) }], ackAll } as unknown as MessageBatch;
  await consumeDead(dead, here);
  const startedMs = Date.now();
  const drain = { env: here, runId: "run", startedMs, deadlineMs: startedMs + 45_000 };
  await feedParked({ ...drain, outcome: emptyOutcome() });

  const events = new Set(lines.map(({ event }) => event));
  for (const event of [
    "poison_in_batch",
    "batch_failed",
    "messages_kept",
    "keeping_failed",
    "batch_buried",
  ]) {
    expect(events).toContain(event);
  }
  expect(lines.filter(({ event }) => event === "report_failed")).toEqual([]);
  // The first of an isolate has to load what sends it.
  await vi.waitFor(() => expect(reports.join()).toContain("batch_buried"), 60_000);
  expect(JSON.stringify(lines) + reports.join()).not.toContain(secret);
  const rows = await database()`select from private.audit where analyst = ${secret}`;
  expect(rows.length).toBeGreaterThan(3);
});
