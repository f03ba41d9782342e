import { afterEach, expect, it, vi } from "vitest";
import { newId } from "../../../shared/ids.ts";
import { check } from "../ledger/check.ts";
import { Producer } from "../ledger/producer.ts";
import { database, deliver, locationItem, newImei, vendorTime } from "../writer/deliver.ts";
import { admin, posted, query } from "./caller.ts";
import { expectDocumented } from "./document.ts";

interface Item {
  id: string;
  reason: string;
  detail: string;
  imei: string | null;
  kind: string;
  receivedAt: string;
  redrivenAt: string | null;
  item: string;
}

interface Redriven {
  items: number;
  rejectedAgain: number;
  remaining: boolean;
  next: string | null;
}

afterEach(() => {
  vi.restoreAllMocks();
});

async function list(values: Record<string, string>): Promise<{ items: Item[]; next: string | null }> {
  return expectDocumented("/v1/rejected", await (await admin())(`/v1/rejected${query(values)}`));
}

async function redrive(body: unknown): Promise<Redriven> {
  const response = await (await admin())("/v1/rejected/redrive", posted(body));
  return expectDocumented("/v1/rejected/redrive", response, "post");
}

const AHEAD = { gpsTime: vendorTime(-10 * 24 * 3600), hbTime: vendorTime(30) };

/** As if an older parser had refused a good item of a message: nothing was written of it. */
async function rejectGood(producer: Producer, count = 2, receivedAt = new Date().toISOString()) {
  const imeis = Array.from({ length: count }, () => newImei());
  const receipt = newId();
  const message = producer.of(["nonsense", ...imeis.map(() => newId())], { receivedAt, receipt });
  await deliver([message]);
  for (const [index, imei] of imeis.entries()) {
    const item = JSON.stringify(
      locationItem(imei, { gpsTime: vendorTime(5 * 86_400), hbTime: vendorTime(5 * 86_400) }),
    );
    await database()`
      update private.rejected_items set imei = ${imei}, reason = 'time_unreadable', item = ${item}
      where producer = ${producer.id} and sequence = ${message.id.sequence} and item_number = ${index + 1}`;
  }
  return { imeis, receipt, message };
}

const fixesOf = async (imeis: string[]) =>
  (await database()`select from tracksolid.position_history where imei in ${database()(imeis)}`).length;

it("lists rejected items as they were sent, oldest first, a page at a time", async () => {
  const imei = newImei();
  const producer = new Producer();
  const items = [1, 2, 3].map((days) =>
    locationItem(imei, { ...AHEAD, gpsTime: vendorTime(-days * 10 * 86_400) }),
  );
  const at = (minutes: number) => ({
    receivedAt: new Date(Date.now() - (60 - minutes) * 60_000).toISOString(),
  });
  await deliver([producer.of([items[0]], at(3)), producer.of([items[1], items[2]], at(1))]);
  const all = await list({ imei });
  expect(all.items.map(({ item }) => JSON.parse(item))).toEqual([items[1], items[2], items[0]]);
  expect(all).toMatchObject({ next: null });
  expect(all.items[0]).toMatchObject({
    ...{ imei, kind: "location", account: "test", reason: "time_out_of_range", redrivenAt: null },
    detail: expect.stringMatching(/gpsTime/),
  });
  const first = await list({ imei, limit: "2" });
  expect(first.items).toEqual(all.items.slice(0, 2));
  const second = await list({ imei, limit: "2", after: first.next ?? "" });
  expect(second).toEqual({ items: all.items.slice(2), next: null });
});

it("filters by reason, kind, device and time", async () => {
  const imei = newImei();
  const receivedAt = new Date(Date.UTC(2026, 10, 19, 8)).toISOString();
  await deliver([new Producer().of([locationItem(imei, AHEAD)], { receivedAt })]);
  const count = async (values: Record<string, string>) => (await list({ imei, ...values })).items.length;
  expect(await count({})).toBe(1);
  expect(await count({ reason: "time_out_of_range", kind: "location" })).toBe(1);
  expect(await count({ reason: "time_unreadable" })).toBe(0);
  expect(await count({ kind: "device" })).toBe(0);
  expect(await count({ imei: newImei() })).toBe(0);
  expect(await count({ from: receivedAt })).toBe(1);
  expect(await count({ to: receivedAt })).toBe(0);
  expect(await count({ from: "2026-11-19T10:00:00+02:00", to: "2026-11-19T10:01:00+02:00" })).toBe(1);
});

it("writes what today's parser takes, once, and the books follow", async () => {
  const producer = new Producer();
  const { imeis, receipt } = await rejectGood(producer);
  const [one = "", two = ""] = imeis;
  await producer.tell();
  expect(await producer.books()).toMatchObject({ balanced: true, delivered: { written: 0, rejected: 3 } });

  expect(await redrive({ imei: one })).toEqual({ items: 1, rejectedAgain: 0, remaining: false, next: null });
  expect(await fixesOf(imeis)).toBe(1);
  expect(await redrive({ imei: one })).toMatchObject({ items: 0, rejectedAgain: 0 });
  expect(await list({ imei: one })).toMatchObject({ items: [] });
  expect((await list({ imei: one, redriven: "all" })).items).toMatchObject([
    { redrivenAt: expect.any(String) },
  ]);

  const ids = (await list({ imei: two })).items.map(({ id }) => id);
  expect(await redrive({ ids })).toMatchObject({ items: 1, rejectedAgain: 0 });
  expect(await redrive({ ids })).toMatchObject({ items: 0, rejectedAgain: 0 });
  expect(await fixesOf(imeis)).toBe(2);

  expect(await producer.books()).toMatchObject({
    balanced: true,
    received: { messages: 1, items: 3 },
    delivered: { messages: 1, written: 2, duplicate: 0, rejected: 1 },
  });
  const fate = await (await (await admin())(`/v1/receipts/${receipt}`)).json();
  expect(fate).toMatchObject({
    messages: [
      {
        deliveries: 1,
        items: [
          { outcome: "rejected", reason: "not_an_object" },
          { outcome: "written", reason: null, detail: null },
          { outcome: "written", reason: null, detail: null },
        ],
      },
    ],
  });
});

it("writes nothing twice when two ask at once", async () => {
  const producer = new Producer();
  const { imeis } = await rejectGood(producer, 4);
  const ids = (await Promise.all(imeis.map((imei) => list({ imei })))).flatMap(({ items }) =>
    items.map(({ id }) => id),
  );
  await Promise.all([redrive({ ids }), redrive({ ids }), redrive({ ids })]);
  expect(await fixesOf(imeis)).toBe(4);
  await producer.tell();
  expect(await producer.books()).toMatchObject({
    balanced: true,
    delivered: { messages: 1, rejected: 1 },
    received: { messages: 1, items: 5 },
  });
});

it("counts as a duplicate what was written meanwhile", async () => {
  const producer = new Producer();
  const { imeis } = await rejectGood(producer, 1);
  const [imei = ""] = imeis;
  const item = locationItem(imei, { gpsTime: vendorTime(5 * 86_400), hbTime: vendorTime(5 * 86_400) });
  await deliver([producer.of([item])]);
  expect(await redrive({ imei })).toMatchObject({ items: 1 });
  expect(await producer.books()).toMatchObject({
    balanced: true,
    delivered: { written: 1, duplicate: 1, rejected: 1 },
  });
});

it("says what is rejected again, and leaves it where it is", async () => {
  const imei = newImei();
  await deliver([
    new Producer().of([locationItem(imei, AHEAD), locationItem(imei, { ...AHEAD, gpsTime: "?" })]),
  ]);
  expect(await redrive({ imei })).toEqual({ items: 0, rejectedAgain: 2, remaining: false, next: null });
  expect((await list({ imei })).items).toHaveLength(2);
});

it("keeps an item that is rejected anew after it became a record", async () => {
  const imei = newImei();
  const broken = locationItem(imei, AHEAD);
  await deliver([new Producer().of([broken])]);
  await database()`update private.rejected_items set redriven_at = now() where imei = ${imei}`;
  expect((await list({ imei })).items).toEqual([]);
  await deliver([new Producer().of([broken]), new Producer().of([broken])]);
  expect((await list({ imei })).items).toHaveLength(1);
});

it("moves an item in its hour where the receipt is folded", async () => {
  const producer = new Producer();
  const receivedAt = new Date(Date.now() - 4 * 86_400_000).toISOString();
  const { imeis } = await rejectGood(producer, 1, receivedAt);
  vi.spyOn(console, "error").mockImplementation(() => {});
  await check();
  const period = { from: new Date(Date.now() - 5 * 86_400_000).toISOString() };
  expect(await producer.books(period)).toMatchObject({ delivered: { written: 0, rejected: 2 } });
  expect(await redrive({ imei: imeis[0] })).toMatchObject({ items: 1 });
  expect(await producer.books(period)).toMatchObject({
    balanced: true,
    delivered: { written: 1, rejected: 1 },
  });
});
