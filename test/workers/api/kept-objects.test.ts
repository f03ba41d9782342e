import { env } from "cloudflare:workers";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { Message } from "../../../shared/message.ts";
import type { KeepReason } from "../../../workers/kept/keep.ts";
import { Producer } from "../ledger/producer.ts";
import { put } from "../ledger/put.ts";
import { database, newImei } from "../writer/deliver.ts";
import { admin, expectProblem, posted, query } from "./caller.ts";
import { expectDocumented } from "./document.ts";

interface Page {
  objects: { id: string; reason: string; messages: number; keptAt: string }[];
  next: string | null;
}

interface Redriven {
  messages: number;
  stillHeld: number;
  remaining: boolean;
  next: string | null;
}

beforeEach(() => {
  vi.spyOn(console, "error").mockImplementation(() => {});
  vi.spyOn(console, "warn").mockImplementation(() => {});
});
afterEach(() => {
  vi.restoreAllMocks();
});

const DOORS: [string, KeepReason][] = [
  ["/v1/parked", "database_away"],
  ["/v1/dead-letters", "fails_alone"],
];

/** A period of its own: other tests keep things too. */
const DAY_MS = 24 * 3_600_000;
const startMs = Math.floor(Date.now() / DAY_MS) * DAY_MS - 10 * DAY_MS;
let day = 0;
function newPeriod() {
  day += 1;
  const at = (hours: number) => new Date(startMs - day * DAY_MS + hours * 3_600_000).toISOString();
  return { at, period: { from: at(0), to: at(23) } };
}

async function list(path: string, values: Record<string, string>): Promise<Page> {
  return expectDocumented(path, await (await admin())(path + query(values)));
}

async function redrive(path: string, body: unknown): Promise<Redriven> {
  const route = `${path}/redrive`;
  return expectDocumented(route, await (await admin())(route, posted(body)), "post");
}

async function fixesOf(message: Message): Promise<number> {
  const imeis = message.items.map((item) => (item as { imei: string }).imei);
  return (await database()`select from tracksolid.position_history where imei in ${database()(imeis)}`)
    .length;
}

describe.each(DOORS)("GET %s", (path, reason) => {
  it("lists objects with what they hold, oldest first, a page at a time", async () => {
    const producer = new Producer();
    const { at, period } = newPeriod();
    await put(
      reason,
      [producer.message(2, { receivedAt: at(5) }), producer.message(3, { receivedAt: at(6) })],
      "no ü",
    );
    await put(reason, [producer.message(1, { receivedAt: at(4) })]);
    await put(reason, [producer.message(1, { receivedAt: at(9) })]);
    const all = await list(path, period);
    expect(all).toMatchObject({
      objects: [
        { reason, messages: 1, items: 1, kinds: ["location"], from: at(4), to: at(4) },
        { reason, error: "no ?", messages: 2, items: 5, kinds: ["location"], from: at(5), to: at(6) },
        { reason, messages: 1, from: at(9), to: at(9), bytes: expect.any(Number) },
      ],
      next: null,
    });
    const pages: Page[] = [];
    for (let after: string | null = ""; after !== null; after = pages.at(-1)?.next ?? null) {
      pages.push(await list(path, { ...period, limit: "1", ...(after && { after }) }));
    }
    expect(pages.flatMap(({ objects }) => objects)).toEqual(all.objects);
    expect(pages).toHaveLength(3);
  });

  it("filters by reason, kind and time", async () => {
    const producer = new Producer();
    const { at, period } = newPeriod();
    await put(reason, [producer.message(1, { receivedAt: at(5), kind: "device" })]);
    const count = async (values: Record<string, string>) =>
      (await list(path, { ...period, ...values })).objects.length;
    expect(await count({})).toBe(1);
    expect(await count({ reason, kind: "device" })).toBe(1);
    expect(await count({ reason: "other" })).toBe(0);
    expect(await count({ kind: "location" })).toBe(0);
    expect(await count({ from: at(6) })).toBe(0);
    expect(await count({ to: at(5) })).toBe(0);
    expect(await count({ from: at(5), to: at(6) })).toBe(1);
  });
});

describe.each(DOORS)("POST %s/redrive", (path, reason) => {
  it("writes what it takes, once, and leaves the rest", async () => {
    const producer = new Producer();
    const { at, period } = newPeriod();
    const [first, second, later] = [
      producer.message(2, { receivedAt: at(5) }),
      producer.message(3, { receivedAt: at(6) }),
      producer.message(4, { receivedAt: at(20) }),
    ].map((message) => old(message)) as [Message, Message, Message];
    await put(reason, [first]);
    await put(reason, [first, second]);
    await put(reason, [later]);
    const body = { from: at(0), to: at(10) };
    expect(await redrive(path, body)).toEqual({ messages: 3, stillHeld: 0, remaining: false, next: null });
    expect(await list(path, period)).toMatchObject({ objects: [{ messages: 1 }] });
    expect([await fixesOf(first), await fixesOf(second), await fixesOf(later)]).toEqual([2, 3, 0]);
    expect(await redrive(path, body)).toEqual({ messages: 0, stillHeld: 0, remaining: false, next: null });

    // The deletion was lost: the same objects are there again.
    await put(reason, [first, second]);
    expect(await redrive(path, body)).toMatchObject({ messages: 2, stillHeld: 0 });
    expect([await fixesOf(first), await fixesOf(second)]).toEqual([2, 3]);
    await producer.tell();
    expect(await producer.books({ from: at(0) })).toMatchObject({
      balanced: true,
      received: { messages: 3, items: 9 },
      delivered: { messages: 2, written: 5, duplicate: 0 },
    });
    expect(await redrive(path, period)).toMatchObject({ messages: 1 });
  });

  it("writes objects that are named, and does not miss those that are gone", async () => {
    const { at, period } = newPeriod();
    const producer = new Producer();
    for (const hour of [3, 4]) await put(reason, [old(producer.message(1, { receivedAt: at(hour) }))]);
    const [first, second] = (await list(path, period)).objects;
    const body = { ids: [second?.id] };
    expect(await redrive(path, body)).toMatchObject({ messages: 1, remaining: false });
    expect(await redrive(path, body)).toMatchObject({ messages: 0, remaining: false });
    expect((await list(path, period)).objects).toEqual([first]);
  });

  it("goes on holding what this version cannot read, and does not try it for ever", async () => {
    const { at, period } = newPeriod();
    const newer = { ...new Producer().message(1, { receivedAt: at(3) }), v: 2 } as unknown as Message;
    await put(reason, [newer]);
    expect(await redrive(path, period)).toEqual({ messages: 0, stillHeld: 1, remaining: false, next: null });
    const parked = await list("/v1/parked", period);
    expect(parked.objects).toMatchObject([{ reason: "unknown_version", messages: 1 }]);
    expect(await redrive("/v1/parked", period)).toMatchObject({
      messages: 0,
      stillHeld: 1,
      remaining: false,
    });
  });

  it("does not let one object hold up the others", async () => {
    const { at, period } = newPeriod();
    const producer = new Producer();
    await put(reason, [old(producer.message(1, { receivedAt: at(3) }))]);
    await put(reason, [old(producer.message(1, { receivedAt: at(4) }))]);
    const [broken] = (await list(path, period)).objects;
    const key = atob((broken?.id ?? "").replaceAll("-", "+").replaceAll("_", "/"));
    const { customMetadata } = (await env.BUCKET.head(key)) ?? {};
    await env.BUCKET.put(key, "no gzip", { ...(customMetadata && { customMetadata }) });
    expect(await redrive(path, period)).toMatchObject({ messages: 1, stillHeld: 1, remaining: false });
    expect((await list(path, period)).objects.map(({ id }) => id)).toEqual([broken?.id]);
  });
});

it("takes the object of one list for none of the other", async () => {
  const { at, period } = newPeriod();
  await put("fails_alone", [new Producer().message(1, { receivedAt: at(3) })]);
  const [object] = (await list("/v1/dead-letters", period)).objects;
  const response = await (await admin())("/v1/parked/redrive", posted({ ids: [object?.id] }));
  await expectProblem(response, "invalid_request");
});

/** The same message with items that are good for its time, which is long ago. */
function old(message: Message): Message {
  const time = message.receivedAt.slice(0, 19).replace("T", " ");
  const items = message.items.map((item) => ({
    ...(item as object),
    imei: newImei(),
    gpsTime: time,
    hbTime: time,
  }));
  return { ...message, items };
}
