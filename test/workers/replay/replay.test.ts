import { env } from "cloudflare:workers";
import { beforeEach, expect, it, vi } from "vitest";
import type { Facts } from "../../../shared/live/facts.ts";
import type { Message } from "../../../shared/message.ts";
import { archive } from "../../../workers/kept/archive.ts";
import { encodeObject, keptMessage } from "../../../workers/kept/kept-object.ts";
import { makeKey } from "../api/caller.ts";
import { askConfigured } from "../api/configured.ts";
import { database, deliver, locationItem, messageOf, newImei } from "../writer/deliver.ts";
import { dayOf, inBatches, newFleet } from "./day.ts";
import { figures, play, tablesOf } from "./play.ts";

/** A day of its own for every test, since they share the archive. */
let day = 0;
let imei = "";
beforeEach(() => {
  day += 1;
  imei = newImei();
});

const DAY_MS = 86_400_000;
/** An instant of the test's day, such as `08:00:00`. */
const at = (time: string) =>
  new Date(Date.UTC(2026, 3, 1) + day * DAY_MS + Date.parse(`1970-01-01T${time}Z`)).toISOString();
const wholeDay = () => ({ from: at("00:00:00"), to: at("23:59:59.999") });
const text = (time: string) => at(time).slice(0, 19).replace("T", " ");

/** A poll of the test's vehicle, with a fix of its own. */
function poll(time: string, change: Record<string, unknown> = {}, rest: Partial<Message> = {}): Message {
  const item = locationItem(imei, { gpsTime: text(time), hbTime: text(time), ...change });
  return messageOf("location", [item], { receivedAt: at(time), ...rest });
}

/** Puts messages into the archive alone, as if today's parser had not been able to read them. */
const archiveOnly = (...messages: Message[]) =>
  archive(
    env,
    messages.map((message) => keptMessage(JSON.stringify(message))),
  );

const speeds = async () =>
  (
    await database()`select speed_kmh from tracksolid.position_history where imei = ${imei} order by gps_time`
  ).map((row) => row.speed_kmh);

it("foretells exactly what it does, and does it once", { timeout: 60_000 }, async () => {
  const fleet = newFleet();
  // Without pushes: a fix that two witnesses tell in two pieces is counted by both.
  const polls = dayOf(fleet, at("00:00:00"), 30_000).filter(({ source }) => source === "poll");
  for (const batch of inBatches(polls)) await deliver(batch);
  await database()`
    update tracksolid.position_history set speed_kmh = 1
    where imei in ${database()(fleet)} and extract(hour from gps_time)::int % 3 = 0`;
  await database()`update tracksolid.live_positions set battery_percent = 1 where imei in ${database()(fleet)}`;
  await archiveOnly(poll("12:00:00"), poll("13:00:00"));
  const before = await tablesOf(fleet);

  const foretold = await play(wholeDay(), true);
  expect(await tablesOf(fleet)).toEqual(before);
  expect(await speeds()).toEqual([]);
  const done = await play(wholeDay());
  expect(done).toEqual(foretold);
  expect(done.length).toBeGreaterThanOrEqual(3);
  expect(figures(done, "position_history").slice(0, 2)).toEqual([2, expect.any(Number)]);
  expect(figures(done, "position_history")[1]).toBeGreaterThan(100);
  expect(figures(done, "live_positions").slice(0, 2)).toEqual([1, 5]);

  const after = await tablesOf(fleet);
  const again = await play(wholeDay());
  expect(figures(again, "position_history").slice(0, 2)).toEqual([0, 0]);
  expect(figures(again, "live_positions").slice(0, 2)).toEqual([0, 0]);
  expect(figures(again, "devices").slice(0, 2)).toEqual([0, 0]);
  expect(await tablesOf(fleet)).toEqual(after);
});

it("plays every message once, however its pieces fall, in the order of receipt", async () => {
  const padding = "x".repeat(60_000);
  // Two answers of a large fleet: many messages of one moment, more than fit into a piece.
  const polls = ["08:00:00", "09:00:00"].flatMap((time) =>
    Array.from({ length: 60 }, () => poll(time, { locDesc: padding })),
  );
  await archiveOnly(...polls.filter((_, index) => index % 2 === 0));
  await archiveOnly(...polls.filter((_, index) => index % 2 === 1));
  // What was kept twice is played once.
  await archiveOnly(...polls.slice(0, 10));
  const pieces = await play(wholeDay());
  expect(pieces.map(({ messages }) => messages)).toEqual([32, 32, 32, 24]);
  const reached = pieces.map(({ reachedAt }) => reachedAt);
  expect(reached).toEqual([at("08:00:00"), at("09:00:00"), at("09:00:00"), at("09:00:00")]);
  expect(await speeds()).toEqual([42, 42]);
});

it("takes what was received from the first instant on, and before the last", async () => {
  await archiveOnly(poll("06:59:59.999"), poll("07:00:00"), poll("07:59:59.999"), poll("08:00:00"));
  const pieces = await play({ from: at("07:00:00"), to: at("08:00:00") });
  expect(pieces).toMatchObject([{ messages: 2, items: 2, reachedAt: at("07:59:59.999"), cursor: null }]);
  expect(await play({ from: at("03:00:00"), to: at("06:00:00") })).toEqual([
    { messages: 0, items: 0, tables: [], skipped: [], reachedAt: null, cursor: null },
  ]);
});

it("finds what was delivered late by the time of its receipt", async () => {
  await deliver([poll("20:00:00", { speed: "20" }), poll("04:00:00", { speed: "4" })]);
  const pieces = await play({ from: at("04:00:00"), to: at("05:00:00") });
  expect(pieces).toMatchObject([{ messages: 1 }]);
});

it("plays only the kinds that it is told to, and keeps what others said of the same", async () => {
  const list = messageOf("device", [{ imei, deviceName: "Listed" }], { receivedAt: at("10:00:00") });
  await deliver([poll("09:00:00"), poll("09:30:00"), list]);
  const sql = database();
  await sql`update tracksolid.devices set device_name = 'Odd' where imei = ${imei}`;
  await sql`update tracksolid.position_history set speed_kmh = 1 where imei = ${imei}`;
  await sql`update tracksolid.position_history set sources = 3 where imei = ${imei} and gps_time = ${at("09:30:00")}`;
  await play({ ...wholeDay(), kinds: ["location"] });
  expect(await speeds()).toEqual([42, 1]);
  expect(await sql`select device_name from tracksolid.devices where imei = ${imei}`).toEqual([
    { device_name: "Odd" },
  ]);
  const pieces = await play({ ...wholeDay(), kinds: ["device"] });
  expect(pieces).toMatchObject([{ messages: 1, tables: [{ table: "devices", changed: 1 }] }]);
  expect(await sql`select device_name from tracksolid.devices where imei = ${imei}`).toEqual([
    { device_name: "Listed" },
  ]);
  // With every kind, whoever told it tells it again.
  await play(wholeDay());
  expect(await speeds()).toEqual([42, 42]);
});

it("writes down what it did, and leaves receipts, archive and disabled devices alone", async () => {
  const list = messageOf("device", [{ imei, deviceName: "Listed" }], { receivedAt: at("10:00:00") });
  await deliver([poll("09:00:00"), list]);
  const sql = database();
  await sql`update tracksolid.devices set enabled = false, model = null where imei = ${imei}`;
  await sql`update private.device_sweep set swept_at = ${at("00:00:00")} where swept_at is null or swept_at < ${at("00:00:00")}`;
  const receipts = () =>
    sql`select * from private.receipts where producer = ${list.id.producer} order by sequence`;
  // Other tests play meanwhile, but more at a time.
  const startedAt = new Date().toISOString();
  const log = () => sql`
    select * from tracksolid.ingestion_log
    where endpoint = 'replay' and run_at >= ${startedAt} and rows_received = 2`;
  const objects = async () => (await env.BUCKET.list({ prefix: "raw/" })).objects.map(({ key }) => key);
  const before = [await receipts(), await objects()];

  await play(wholeDay(), true);
  expect(await log()).toEqual([]);
  await play(wholeDay());
  expect(await log()).toMatchObject([{ success: true, rows_inserted: 0, rows_updated: 1, rows_rejected: 0 }]);
  expect([await receipts(), await objects()]).toEqual(before);
  expect(await sql`select enabled, model from tracksolid.devices where imei = ${imei}`).toEqual([
    { enabled: false, model: "GT06N" },
  ]);
});

it("tells the live map what it changed", async () => {
  await archiveOnly(poll("09:00:00"));
  const told: Facts[] = [];
  const LIVE_MAP = { getByName: () => ({ hint: async (facts: Facts) => void told.push(facts) }) };
  const authorization = `Bearer ${await makeKey({ scopes: ["admin"] })}`;
  for (const dryRun of [true, false]) {
    await askConfigured({ LIVE_MAP }, "/v1/replay", {
      method: "POST",
      headers: { authorization, "content-type": "application/json" },
      body: JSON.stringify({ ...wholeDay(), dryRun }),
    });
  }
  expect(told).toMatchObject([{ registries: [{ imei }], positions: [{ imei, speedKmh: 42 }] }]);
});

it("records what is rejected now, once", async () => {
  await archiveOnly(poll("09:00:00", { gpsTime: "yesterday" }), poll("10:00:00"));
  const rejected = () => database()`select reason from private.rejected_items where imei = ${imei}`;
  const [first] = await play(wholeDay());
  expect(first?.tables).toContainEqual({ table: "rejected_items", inserted: 1, changed: 0, unchanged: 0 });
  expect(await rejected()).toEqual([{ reason: "time_unreadable" }]);
  const [second] = await play(wholeDay());
  expect(second?.tables).toContainEqual({ table: "rejected_items", inserted: 0, changed: 0, unchanged: 1 });
  expect(await rejected()).toHaveLength(1);
  expect(await speeds()).toEqual([42]);
});

it("plays an item that was too large for the queue", async () => {
  const stored = `large/${crypto.randomUUID()}.json`;
  const [item] = poll("09:00:00").items;
  await env.BUCKET.put(stored, JSON.stringify(item));
  await archiveOnly({ ...poll("09:00:00"), items: [], stored });
  expect(await play(wholeDay())).toMatchObject([{ messages: 1, items: 1 }]);
  expect(await speeds()).toEqual([42]);
});

it("leaves out what it cannot read, and says what", async () => {
  const folder = `raw/${at("09:00:00").slice(0, 13).replace("T", "/").replaceAll("-", "/")}`;
  await env.BUCKET.put(`${folder}/notes.txt`, "not ours");
  await env.BUCKET.put(`${folder}/huge.ndjson.gz`, new Uint8Array(8_000_001));
  await env.BUCKET.put(`${folder}/a/b.ndjson.gz`, "deeper than the archive goes");
  await env.BUCKET.put(`raw/${at("00:00:00").slice(0, 4)}/04/readme`, "a year's readme");
  await archiveOnly(
    poll("09:00:00"),
    { ...poll("09:10:00"), v: 2 as 1 },
    { ...poll("09:30:00"), account: 7 as unknown as null },
    { ...poll("09:40:00"), items: [], stored: `large/${crypto.randomUUID()}.json` },
    poll("09:50:00"),
  );
  const strange = [
    { ...poll("09:20:00"), kind: "telepathy" },
    { ...poll("09:45:00"), id: null },
    poll("10:00:00"),
    { hello: "world" },
    poll("09:55:00"),
  ].map((body) => keptMessage(JSON.stringify(body)));
  await env.BUCKET.put(`${folder}/strange.ndjson.gz`, encodeObject(strange));
  const objects = await env.BUCKET.list({ prefix: `${folder}/` });
  const key = objects.objects.map((object) => object.key).find((name) => /[0-9a-f-]{36}\.ndjson/.test(name));
  const [{ skipped = [], messages } = {}] = await play(wholeDay());
  expect(messages).toBe(3);
  expect(await speeds()).toEqual([42, 42, 42]);
  const reasonsOf = (wanted: string | undefined) =>
    skipped.filter((one) => one.key === wanted).map(({ reason, messages }) => [reason, messages]);
  expect(reasonsOf(key).sort()).toEqual([
    ["item_missing", 1],
    ["unknown_version", 1],
    ["unreadable_message", 1],
  ]);
  expect(reasonsOf(`${folder}/strange.ndjson.gz`).sort()).toEqual([
    ["unknown_kind", 1],
    ["unreadable_message", 2],
    ["wrong_hour", 1],
  ]);
  expect(reasonsOf(`${folder}/notes.txt`)).toEqual([["unreadable_object", null]]);
  expect(reasonsOf(`${folder}/huge.ndjson.gz`)).toEqual([["too_large", null]]);
  expect(reasonsOf(`${folder}/a/b.ndjson.gz`)).toEqual([["foreign_key", null]]);
});

it("goes on after whatever lies between the hours", async () => {
  await archiveOnly(poll("01:00:00"), poll("23:00:00"));
  const folder = (hour: number) =>
    `raw/${at("00:00:00").slice(0, 10).replaceAll("-", "/")}/${String(hour).padStart(2, "0")}`;
  for (const hour of [2, 3, 4, 24, 99]) await env.BUCKET.put(`${folder(hour)}/x`, "nothing");
  for (let number = 0; number < 60; number++) await env.BUCKET.put(`${folder(5)}/a/${number}`, "deep");
  expect((await play(wholeDay())).reduce((sum, piece) => sum + piece.messages, 0)).toBe(2);
});

it("writes nothing while the database is away, and says that it can be asked again", async () => {
  vi.spyOn(console, "error").mockImplementation(() => {});
  await archiveOnly(poll("09:00:00"));
  const authorization = `Bearer ${await makeKey({ scopes: ["admin"] })}`;
  const response = await askConfigured(
    { DB_INGEST: { connectionString: "postgres://x:x@127.0.0.1:1/x" } },
    "/v1/replay",
    {
      method: "POST",
      headers: { authorization, "content-type": "application/json" },
      body: JSON.stringify({ ...wholeDay(), dryRun: false }),
    },
  );
  expect(response.status).toBe(503);
  expect(response.headers.get("retry-after")).toBe("5");
  expect(await response.json()).toMatchObject({ code: "database_unavailable" });
});
