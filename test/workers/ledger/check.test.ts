import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { database, deliver } from "../writer/deliver.ts";
import { check } from "./check.ts";
import { Producer } from "./producer.ts";

const DAY_MS = 24 * 3_600_000;

beforeEach(() => {
  vi.spyOn(console, "error").mockImplementation(() => {});
});
afterEach(() => {
  vi.restoreAllMocks();
});

/** Messages of single receipts that are left. */
const receiptsOf = async ({ id }: Producer) =>
  (await database()`select from private.receipts where producer = ${id}`).length;

it("folds old receipts into hours, which tell the same", async () => {
  const producer = new Producer();
  const atMs = Math.floor((Date.now() - 4 * DAY_MS) / 3_600_000) * 3_600_000;
  const at = (minutes: number) => ({ receivedAt: new Date(atMs + minutes * 60_000).toISOString() });
  const messages = [
    producer.message(1, at(5)),
    producer.message(2, at(6)),
    producer.of(["nonsense", "more"], at(7)),
    producer.message(4, at(58)),
    producer.message(5, at(61)),
    producer.message(6, at(62)),
    producer.message(7),
  ];
  const [first, lost, third, fourth, fifth, lostToo, recent] = messages;
  await deliver([first, third, fourth, fifth, recent]);
  const period = { from: new Date(atMs).toISOString() };
  const before = await producer.books(period);
  expect(before).toMatchObject({
    balanced: false,
    received: { messages: 7, items: 27 },
    delivered: { messages: 5, written: 17, rejected: 2 },
    missing: { messages: 2, items: 8 },
    gaps: [
      { from: 2, to: 2 },
      { from: 6, to: 6 },
    ],
  });

  await check();
  expect(await receiptsOf(producer)).toBe(1);
  const { to: _, gaps, ...folded } = await producer.books(period);
  expect(before).toMatchObject(folded);
  // Since when a gap is known is known by the hour's first delivery.
  expect(gaps.map(({ from, to }) => [from, to])).toEqual([
    [2, 2],
    [6, 6],
  ]);

  // Whole hours alone are known now.
  const [row] = await database()`
    select numbers::text, item_numbers::text, messages, deliveries, items::int, written::int, rejected::int
    from private.receipt_hours where producer = ${producer.id} order by hour`;
  expect(row).toEqual({
    ...{ numbers: "{[1,2),[3,5)}", item_numbers: "{[0,1),[3,9)}", messages: 3, deliveries: 3, items: 7 },
    ...{ written: 5, rejected: 2 },
  });

  // A message that comes again after it was folded counts as little as one that comes again before.
  await deliver([first, third]);
  expect(await producer.books(period)).toMatchObject({
    received: before.received,
    delivered: before.delivered,
  });
  await check();
  expect(await receiptsOf(producer)).toBe(1);
  expect(await producer.books(period)).toMatchObject({
    received: before.received,
    delivered: before.delivered,
  });

  // What was lost and comes after all fills its gap.
  await deliver([lost, lostToo]);
  const whole = { balanced: true, received: before.received, missing: { messages: 0, items: 0 }, gaps: [] };
  expect(await producer.books(period)).toMatchObject(whole);
  await check();
  expect(await receiptsOf(producer)).toBe(1);
  expect(await producer.books(period)).toMatchObject(whole);
});

it("fails for what is lost, and says where", async () => {
  const producer = new Producer();
  const [first, , third] = [producer.message(), producer.message(2), producer.message()];
  await deliver([first, third]);
  const { failures } = await check();
  expect(failures).toMatchObject([{ what: "ledger", failure: { kind: "unbalanced" } }]);
  expect(failures[0]?.failure.message).toMatch(/^of \d+ messages \d+ are missing, with \d+ items \(/);
});
