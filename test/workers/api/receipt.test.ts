import { v7 } from "uuid";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { newId } from "../../../shared/ids.ts";
import type { Message } from "../../../shared/message.ts";
import { Producer } from "../ledger/producer.ts";
import { put } from "../ledger/put.ts";
import { deliver, locationItem, newImei, vendorTime } from "../writer/deliver.ts";
import { admin, expectProblem } from "./caller.ts";
import { expectDocumented } from "./document.ts";

interface Fate {
  receipt: string;
  complete: boolean;
  messages: {
    kind: string;
    account: string | null;
    part: number;
    state: string;
    deliveries: number;
    deliveredAt: string | null;
    items: { number: number; outcome: string; reason: string | null; detail: string | null }[];
  }[];
}

beforeEach(() => {
  vi.spyOn(console, "error").mockImplementation(() => {});
  vi.spyOn(console, "warn").mockImplementation(() => {});
});
afterEach(() => {
  vi.restoreAllMocks();
});

async function fateOf(receipt: string): Promise<Fate> {
  const response = await (await admin())(`/v1/receipts/${receipt}`);
  expect(response.headers.get("cache-control")).toBe("no-store");
  return expectDocumented("/v1/receipts/{id}", response);
}

it("says what became of each item", async () => {
  const receipt = newId();
  const producer = new Producer();
  const item = locationItem(newImei());
  const broken = locationItem(newImei(), { gpsTime: vendorTime(-10 * 24 * 3600) });
  // The same rejection is kept once, with the message that brought it first.
  const nonsense = `nonsense ${newImei()}`;
  const message = producer.of([item, nonsense, item, broken], { receipt });
  await deliver([message]);
  await deliver([message]);
  const fate = await fateOf(receipt);
  expect(fate).toMatchObject({
    ...{ receipt, complete: true },
    messages: [
      {
        ...{ kind: "location", account: "test", part: 1, parts: 1, state: "delivered", deliveries: 2 },
        receivedAt: message.receivedAt,
        items: [
          { number: 0, outcome: "written", reason: null, detail: null },
          { number: 1, outcome: "rejected", reason: "not_an_object", detail: `The item is "${nonsense}"` },
          { number: 2, outcome: "duplicate", reason: null, detail: null },
          { number: 3, outcome: "rejected", reason: "time_out_of_range", detail: expect.stringMatching(/./) },
        ],
      },
    ],
  });
  expect(fate.messages[0]?.deliveredAt).not.toBeNull();
});

it("finds the parts that wait in R2, and says which are nowhere", async () => {
  const receipt = newId();
  const producer = new Producer();
  const part = (number: number) => ({ receipt, part: { number, of: 4 } });
  const [first, second, third] = [
    producer.message(1, part(1)),
    producer.message(2, part(2)),
    producer.message(3, part(3)),
  ];
  await deliver([first]);
  // What is delivered is delivered, even if it still lies somewhere.
  await put("database_away", [first, second, producer.message(5)]);
  await put("fails_alone", [third]);
  const { messages } = await fateOf(receipt);
  expect(
    messages.map(({ part: number, state, items }) => [number, state, items.map((one) => one.outcome)]),
  ).toEqual([
    [1, "delivered", ["written"]],
    [2, "parked", ["parked", "parked"]],
    [3, "dead", ["dead", "dead", "dead"]],
    [4, "pending", []],
  ]);
});

it("knows a receipt of which all waits", async () => {
  const receipt = newId();
  await put("unknown_kind", [new Producer().message(2, { receipt })]);
  expect(await fateOf(receipt)).toMatchObject({
    messages: [{ state: "parked", deliveries: 0, deliveredAt: null }],
  });
});

it("does not mistake another receipt that an item names for its own", async () => {
  const receipt = newId();
  await put("database_away", [new Producer().of([{ imei: receipt }])]);
  await expectProblem(await (await admin())(`/v1/receipts/${receipt}`), "not_found");
});

it("keeps apart the accounts of a run, each in its own parts", async () => {
  const receipt = newId();
  const producer = new Producer();
  const of = (account: string, number: number, parts: number) =>
    producer.message(1, { receipt, account, part: { number, of: parts } });
  await deliver([of("a", 1, 1), of("b", 2, 2)]);
  const { messages } = await fateOf(receipt);
  expect(messages.map(({ account, part, state }) => [account, part, state])).toEqual([
    ["a", 1, "delivered"],
    ["b", 1, "pending"],
    ["b", 2, "delivered"],
  ]);
});

it("opens twenty objects at most, and says so", { timeout: 30_000 }, async () => {
  const receivedAt = new Date(Date.now() - 9 * 24 * 3_600_000).toISOString();
  const receipt = v7({ msecs: Date.parse(receivedAt) });
  const producer = new Producer();
  const [first, ...others] = Array.from({ length: 21 }, () => producer.message(1, { receivedAt }));
  await put("fails_alone", [{ ...first, receipt } as Message]);
  for (const one of others) await put("database_away", [one]);
  expect(await fateOf(receipt)).toMatchObject({ complete: false, messages: [{ state: "dead" }] });
  const unknown = v7({ msecs: Date.parse(receivedAt) });
  const detail = await expectProblem(await (await admin())(`/v1/receipts/${unknown}`), "not_found");
  expect(detail).toContain("looked through");
});

it("answers 404 for an id that nobody knows", async () => {
  const ask = await admin();
  for (const id of [newId(), crypto.randomUUID(), "00000000-0000-0000-0000-000000000000"]) {
    expect(await expectProblem(await ask(`/v1/receipts/${id}`), "not_found")).toContain(id);
  }
});
