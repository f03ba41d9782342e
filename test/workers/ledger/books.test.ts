import { runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { describe, expect, it, vi } from "vitest";
import { tally } from "../../../durable-objects/tally/index.ts";
import type { Message } from "../../../shared/message.ts";
import { deliver, locationItem, newImei } from "../writer/deliver.ts";
import { Producer } from "./producer.ts";
import { put } from "./put.ts";

const quiet = () => {
  vi.spyOn(console, "warn").mockImplementation(() => {});
  vi.spyOn(console, "error").mockImplementation(() => {});
};

describe("the books of a producer", () => {
  it("hold nothing of one that nobody knows", async () => {
    expect(await new Producer().books()).toMatchObject({
      balanced: true,
      received: { messages: 0, items: 0 },
      delivered: { messages: 0, written: 0, duplicate: 0, rejected: 0 },
      kinds: [],
      gaps: [],
    });
  });

  it("say what became of each item, by kind too", async () => {
    const producer = new Producer();
    const item = locationItem(newImei());
    await deliver([producer.of([item, "nonsense"]), producer.of([item, locationItem(newImei())])]);
    await producer.tell();
    const delivered = { messages: 2, written: 2, duplicate: 1, rejected: 1 };
    expect(await producer.books()).toMatchObject({
      balanced: true,
      received: { messages: 2, items: 4 },
      delivered,
      missing: { messages: 0, items: 0 },
      kinds: [{ kind: "location", items: 4, ...delivered }],
    });
  });

  it("count a message once however often it is delivered", async () => {
    const producer = new Producer();
    const message = producer.message(3);
    await deliver([message, message]);
    await deliver([message]);
    await producer.tell();
    expect(await producer.books()).toMatchObject({
      balanced: true,
      received: { messages: 1, items: 3 },
      delivered: { messages: 1, written: 3, duplicate: 0 },
    });
  });

  it("do not balance when a message is lost between others", async () => {
    const producer = new Producer();
    const [first, , , last] = [
      producer.message(2),
      producer.message(5),
      producer.message(7),
      producer.message(3),
    ];
    await deliver([first, last]);
    expect(await producer.books({}, 3_600)).toMatchObject({
      balanced: true,
      received: { messages: 4, items: 17 },
      pending: { messages: 2, items: 12 },
      missing: { messages: 0, items: 0 },
      gaps: [],
    });
    expect(await producer.books()).toMatchObject({
      balanced: false,
      received: { messages: 4, items: 17 },
      delivered: { messages: 2, written: 5 },
      pending: { messages: 0, items: 0 },
      missing: { messages: 2, items: 12 },
      gaps: [{ producer: producer.id, from: 2, to: 3 }],
    });
  });

  it("do not balance when the first or the last one is lost", async () => {
    const producer = new Producer();
    const [, delivered] = [producer.message(4), producer.message(2), producer.message(6)];
    await deliver([delivered]);
    expect(await producer.books()).toMatchObject({ missing: { messages: 1, items: 4 } });
    await producer.tell();
    expect(await producer.books({}, 3_600)).toMatchObject({
      balanced: true,
      pending: { messages: 2, items: 10 },
    });
    expect(await producer.books()).toMatchObject({
      balanced: false,
      received: { messages: 3, items: 12 },
      missing: { messages: 2, items: 10 },
      gaps: [
        { from: 1, to: 1 },
        { from: 3, to: 3 },
      ],
    });
  });

  it("do not balance when everything that a producer sent is lost", async () => {
    const producer = new Producer();
    producer.message(4);
    await producer.tell();
    expect(await producer.books()).toMatchObject({
      balanced: false,
      received: { messages: 1, items: 4 },
      missing: { messages: 1, items: 4 },
    });
  });

  it("do not take the loss of a producer that goes on counting for news", async () => {
    const producer = new Producer();
    producer.message(4);
    await producer.tell();
    // Half an hour ago, and it has counted ever since.
    await runInDurableObject(tally(env), (_, { storage }) => {
      const agoMs = Date.now() - 30 * 60_000;
      storage.sql.exec(
        "update counts set earlier_ms = ?1, to_ms = ?1, from_ms = ?1 where producer = ?2",
        ...[agoMs, producer.id],
      );
    });
    producer.message(3);
    await producer.tell();
    expect(await producer.books({}, 900)).toMatchObject({
      balanced: false,
      received: { messages: 2, items: 7 },
      pending: { messages: 1, items: 3 },
      missing: { messages: 1, items: 4 },
    });
  });

  it("leave out what the queue refused, but for what it took nevertheless", async () => {
    const producer = new Producer();
    const messages = [producer.message(2), producer.message(5), producer.message(3), producer.message(4)];
    const [first, , third] = messages;
    await deliver([first, third]);
    await producer.tell([
      { sequence: 2, items: 5 },
      { sequence: 3, items: 3 },
      { sequence: 4, items: 4 },
    ]);
    expect(await producer.books()).toMatchObject({
      balanced: true,
      received: { messages: 2, items: 5 },
      delivered: { messages: 2, written: 5 },
    });
  });

  it("count what waits in R2 message by message, wherever and however often it lies", async () => {
    quiet();
    const producer = new Producer();
    const messages = [1, 2, 3, 4, 5, 6].map((items) => producer.message(items));
    const [first, second, third, fourth, fifth] = messages as [
      Message,
      Message,
      Message,
      Message,
      Message,
      Message,
    ];
    await deliver([first, second]);
    // The second was delivered too, the third is kept twice, the fifth in two folders; the sixth is lost.
    await put("database_away", [second, third]);
    await put("unknown_version", [third, fifth]);
    await put("fails_alone", [fourth, fifth]);
    expect(await producer.books()).toMatchObject({ balanced: true, received: { messages: 5, items: 15 } });
    await producer.tell();
    const parts = {
      delivered: { messages: 2, written: 3 },
      parked: { messages: 2, items: 8 },
      dead: { messages: 1, items: 4 },
    };
    expect(await producer.books({}, 60)).toMatchObject({
      ...{ balanced: true, received: { messages: 6, items: 21 }, ...parts },
      pending: { messages: 1, items: 6 },
    });
    expect(await producer.books()).toMatchObject({
      ...{ balanced: false, received: { messages: 6, items: 21 }, ...parts },
      missing: { messages: 1, items: 6 },
    });
    vi.restoreAllMocks();
  });

  it("add up over adjoining periods", async () => {
    const producer = new Producer();
    const startMs = Date.now() - 24 * 3_600_000;
    const at = (minutes: number) => new Date(startMs + minutes * 60_000).toISOString();
    const send = (items: number, minutes: number) => producer.message(items, { receivedAt: at(minutes) });
    const [a, , c, d] = [send(1, 10), send(2, 20), send(3, 30), send(4, 29)];
    await deliver([a, c, d]);
    const earlier = await producer.books({ from: at(0), to: at(30) });
    const later = await producer.books({ from: at(30), to: at(59) });
    expect(earlier).toMatchObject({ received: { messages: 2, items: 5 }, missing: { messages: 0 } });
    expect(later).toMatchObject({ received: { messages: 2, items: 5 }, missing: { messages: 1, items: 2 } });
    expect(await producer.books({ from: at(0), to: at(59) })).toMatchObject({
      received: { messages: 4, items: 10 },
      missing: { messages: 1, items: 2 },
    });
  });
});
