import { env } from "cloudflare:workers";
import { expect, it } from "vitest";
import { feedParked } from "../../../workers/kept/feed.ts";
import { keep } from "../../../workers/kept/keep.ts";
import { keptMessage } from "../../../workers/kept/kept-object.ts";
import { listKept, openKept } from "../../../workers/kept/listing.ts";
import { emptyOutcome } from "../../../workers/polls/outcome.ts";
import { storeLargeItem } from "../../../workers/queue/large-items.ts";
import { database, deliver, locationItem, messageOf, newImei, vendorTime } from "./deliver.ts";
import { keptBy } from "./kept.ts";

const away = { ...env, DB_INGEST: { connectionString: "postgres://x:x@127.0.0.1:9/x" } as Hyperdrive };
const failing = (operation: "put" | "get") => ({ ...env, BUCKET: withFailing(env.BUCKET, operation) }) as Env;

/** R2, but for one operation, which fails as it does when the service is away. */
function withFailing(bucket: R2Bucket, operation: "put" | "get"): R2Bucket {
  return new Proxy(bucket, {
    get: (target, name) => {
      if (name === operation)
        return () => Promise.reject(new Error("We encountered an internal error (10001)"));
      const value = Reflect.get(target, name) as unknown;
      return typeof value === "function" ? value.bind(target) : value;
    },
  });
}

async function feed(environment: Env = env): Promise<number> {
  const outcome = emptyOutcome();
  const startedMs = Date.now();
  await feedParked({ env: environment, runId: "run", startedMs, deadlineMs: startedMs + 45_000, outcome });
  return outcome.itemsReceived;
}

const fixes = async (imei: string) =>
  (await database()`select from tracksolid.position_history where imei = ${imei}`).length;
const receiptOf = async ({ id }: ReturnType<typeof messageOf>) =>
  (
    await database()`select deliveries, outcomes, items, written, duplicate, rejected from private.receipts
      where producer = ${id.producer} and sequence = ${id.sequence}`
  )[0];

it("keeps in R2 what failed for five minutes, and writes it when the database is back", async () => {
  const [one, two] = [newImei(), newImei()];
  const messages = [messageOf("location", [locationItem(one)]), messageOf("location", [locationItem(two)])];
  const [kept] = await keptBy("parked/waiting/", async () => {
    expect(await deliver(messages, away, 11)).toEqual({ acked: 0, retried: 2 });
    expect(await deliver(messages, away, 12)).toEqual({ acked: 2, retried: 0 });
  });
  expect(kept).toMatchObject({ reason: "retries_exhausted", messages: 2, items: 2, kinds: "location" });
  expect(await openKept(env, kept?.key ?? "")).toEqual(messages.map((message) => JSON.stringify(message)));

  // Still away: they go on waiting, and nothing fails.
  expect(await feed(away)).toBe(0);
  expect((await listKept(env, kept?.key ?? "")).objects).toHaveLength(1);
  expect(await feed()).toBe(2);
  expect((await listKept(env, "parked/")).objects).toEqual([]);
  expect([await fixes(one), await fixes(two)]).toEqual([1, 1]);
  expect(await feed()).toBe(0);
});

it("lets nothing that cannot be read stand before what can", async () => {
  const [lost, good] = [newImei(), newImei()];
  const names = messageOf("location", [], { stored: "large/2026/11/21/05/gone.json" });
  const dead = await keptBy("dead/", async () => {
    // The oldest is no object of ours at all, the next names an item that is gone.
    await env.BUCKET.put("parked/waiting/2026/01/02/03/damaged.ndjson.gz", "not compressed");
    await keep(env, [keptMessage(JSON.stringify(names))], "retries_exhausted");
    const message = messageOf("location", [locationItem(lost), locationItem(good)]);
    await deliver([message], away, 12);
    expect(await feed()).toBe(1);
  });
  expect([await fixes(lost), await fixes(good)]).toEqual([1, 1]);
  expect((await listKept(env, "parked/waiting/")).objects).toEqual([]);
  expect(dead.map(({ key, reason, error }) => [key.slice(0, 16), reason, error])).toEqual([
    ["dead/2026/01/02/", "fails_alone", expect.stringMatching(/./)],
    [
      expect.stringMatching(/^dead\/2026\//),
      "fails_alone",
      expect.stringContaining("gone.json is not there"),
    ],
  ]);
});

it("keeps what names an item that is gone apart at once", async () => {
  const names = messageOf("location", [], { stored: "large/2026/11/21/05/gone.json" });
  const dead = await keptBy("dead/", async () => {
    expect(await deliver([names])).toEqual({ acked: 1, retried: 0 });
  });
  expect(dead).toMatchObject([{ reason: "fails_alone", items: 1 }]);
});

it("takes large items one at a time", async () => {
  const key = async (imei: string) =>
    storeLargeItem(env, new Date().toISOString(), JSON.stringify(locationItem(imei)));
  const [one, two] = [newImei(), newImei()];
  const messages = [
    messageOf("location", [], { stored: await key(one) }),
    messageOf("location", [], { stored: await key(two) }),
  ];
  expect(await deliver(messages)).toEqual({ acked: 1, retried: 1 });
  expect([await fixes(one), await fixes(two)]).toEqual([1, 0]);
  expect(await deliver(messages.slice(1))).toEqual({ acked: 1, retried: 0 });
  expect(await fixes(two)).toBe(1);
});

it("writes what was kept twice once", async () => {
  const imei = newImei();
  const message = messageOf("location", [locationItem(imei)]);
  // Kept, and the acknowledgement was lost: the queue delivers it again.
  await deliver([message], away, 12);
  await deliver([message], away, 12);
  expect((await listKept(env, "parked/waiting/")).objects).toHaveLength(2);
  await feed();
  expect(await fixes(imei)).toBe(1);
  expect(await receiptOf(message)).toMatchObject({ deliveries: 2, items: 1, written: 1 });
});

it("writes an item once whose isolate ended between commit and acknowledgement", async () => {
  const imei = newImei();
  const message = messageOf("location", [locationItem(imei)]);
  // The archive comes between the two: an isolate that hangs there has committed and never acknowledges.
  let committed = () => {};
  const reached = new Promise<void>((resolve) => {
    committed = resolve;
  });
  const hanging = new Proxy(env.BUCKET, {
    get: (target, name) =>
      name === "put"
        ? () => {
            committed();
            return new Promise(() => {});
          }
        : (Reflect.get(target, name) as unknown),
  });
  void deliver([message], { ...env, BUCKET: hanging } as Env);
  await reached;
  expect(await fixes(imei)).toBe(1);
  expect(await deliver([message])).toEqual({ acked: 1, retried: 0 });
  expect(await fixes(imei)).toBe(1);
  expect(await receiptOf(message)).toEqual({
    ...{ deliveries: 2, outcomes: "w", items: 1, written: 1, duplicate: 0, rejected: 0 },
  });
});

it("writes an item once whose transaction ended before the commit", async () => {
  const imei = newImei();
  await deliver([messageOf("location", [locationItem(imei)])]);
  const message = messageOf("location", [locationItem(imei, { gpsTime: vendorTime(5), deviceName: "new" })]);
  // Its transaction waits for the device's row until Postgres ends it.
  await database().begin(async (holder) => {
    await holder`select from tracksolid.devices where imei = ${imei} for update`;
    expect(await deliver([message])).toEqual({ acked: 0, retried: 1 });
  });
  expect(await fixes(imei)).toBe(1);
  expect(await deliver([message])).toEqual({ acked: 1, retried: 0 });
  expect(await fixes(imei)).toBe(2);
  expect(await receiptOf(message)).toMatchObject({ deliveries: 1, written: 1 });
});

it("counts an item once however often its message comes, also within a batch", async () => {
  const imei = newImei();
  const items = [
    locationItem(imei),
    locationItem(imei),
    locationItem(imei, { gpsTime: vendorTime(90) }),
    // No object; kept once for all tests, so no other may have it.
    imei,
  ];
  const message = messageOf("location", items);
  await deliver([message, message]);
  await deliver([message]);
  expect(await receiptOf(message)).toEqual({
    ...{ deliveries: 3, outcomes: "wdwr", items: 4, written: 2, duplicate: 1, rejected: 1 },
  });
});

it("writes on while R2 is away, and leaves to the queue what needs R2", async () => {
  const imei = newImei();
  const message = messageOf("location", [locationItem(imei)]);
  expect(await deliver([message], failing("put"))).toEqual({ acked: 1, retried: 0 });
  expect(await fixes(imei)).toBe(1);
  const both = { ...failing("put"), DB_INGEST: away.DB_INGEST };
  expect(await deliver([messageOf("location", [locationItem(imei)])], both, 12)).toEqual({
    acked: 0,
    retried: 1,
  });
  const large = messageOf("location", [], { stored: "large/2026/11/21/05/x.json" });
  const good = newImei();
  expect(await deliver([large, messageOf("location", [locationItem(good)])], failing("get"))).toEqual({
    acked: 1,
    retried: 1,
  });
  expect(await fixes(good)).toBe(1);
});

it("takes it for a fault of its own when SQL refuses more than a fifth of a batch", async () => {
  const run = (change: object) => ({
    ...{
      id: crypto.randomUUID(),
      job: "live",
      runAt: new Date().toISOString(),
      durationMs: 5,
      success: true,
    },
    ...{
      apiCalls: 1,
      rowsReceived: 1,
      accountsListed: null,
      vehiclesListed: null,
      errorCode: null,
      error: null,
    },
    ...change,
  });
  // Longer than any run, and than the column.
  const refused = (count: number) => Array.from({ length: count }, () => run({ durationMs: 3_000_000_000 }));
  const good = (count: number) => Array.from({ length: count }, () => run({}));
  const logged = async (runs: { id: string }[]) =>
    (
      await database()`select from tracksolid.ingestion_log
        where run_id in (select json_array_elements_text(${JSON.stringify(runs.map(({ id }) => id))}::text::json))`
    ).length;

  const many = [...good(39), ...refused(11)];
  const held = await keptBy("parked/held/", async () => {
    expect(await deliver([messageOf("run", many)])).toEqual({ acked: 1, retried: 0 });
  });
  expect(held).toMatchObject([{ reason: "too_much_refused", items: 50 }]);
  expect(held[0]?.error).toMatch(/refuses 11 or more of 50 items/);
  expect(await logged(many)).toBe(0);

  // A fifth, or a small batch: their items are to blame.
  for (const runs of [
    [...good(40), ...refused(10)],
    [...good(1), ...refused(10)],
  ]) {
    const message = messageOf("run", runs);
    expect(await deliver([message])).toEqual({ acked: 1, retried: 0 });
    expect(await receiptOf(message)).toMatchObject({ written: runs.length - 10, rejected: 10 });
    expect(await logged(runs)).toBe(runs.length - 10);
  }
});

it("archives what it has written, as it travelled, and what it could not write once it has", async () => {
  const message = messageOf("location", [locationItem(newImei())], {
    receivedAt: "2026-11-03T07:08:09.000Z",
  });
  const archived = await keptBy("raw/", () => deliver([message]).then(() => {}));
  expect(archived).toMatchObject([{ reason: "arrived", messages: 1, items: 1, from: message.receivedAt }]);
  expect(archived[0]?.key).toMatch(/^raw\/2026\/11\/03\/07\//);
  expect(await openKept(env, archived[0]?.key ?? "")).toEqual([JSON.stringify(message)]);

  const late = messageOf("location", [locationItem(newImei())]);
  await deliver([late], away, 12);
  const after = await keptBy("raw/", () => feed().then(() => {}));
  expect(after).toMatchObject([{ messages: 1 }]);
});

it("archives nothing where it is told not to", async () => {
  const off = { ...env, ARCHIVE_RAW: "off" } as unknown as Env;
  const archived = await keptBy("raw/", () =>
    deliver([messageOf("location", [locationItem(newImei())])], off).then(() => {}),
  );
  expect(archived).toEqual([]);
});
