import { beforeAll, expect, it, vi } from "vitest";
import { readNumber, readWithin } from "../../../shared/jimi/values.ts";
import { deliver } from "../writer/deliver.ts";
import { dayOf, inBatches, newFleet, outOfOrder } from "./day.ts";
import { play, tablesOf, unarchived } from "./play.ts";

// Vitest ends every mock with a call that workerd has only in name.
await vi.hoisted(async () => {
  const { AsyncLocalStorage } = await import("node:async_hooks");
  AsyncLocalStorage.prototype.disable = () => {};
});

// A parser that was shipped is what is tested here; everything else is real.
vi.mock("../../../shared/jimi/values.ts", { spy: true });

/** Takes kilometres for metres, and half of every speed and voltage: the largest values tell which they are. */
function shipBadParser(): void {
  vi.mocked(readWithin).mockImplementation((value, minimum, maximum) => {
    const number = readNumber(value);
    if (number === null || number < minimum || number > maximum) return null;
    if (maximum >= 1_000_000) return number * 1_000;
    return maximum === 1_000 ? number / 2 : number;
  });
}

const mendParser = () => vi.mocked(readWithin).mockReset();

const DAY = "2026-03-05T00:00:00.000Z";
const span = { from: DAY, to: "2026-03-06T00:00:00.000Z" };

/** Makes three pieces of a day. */
const PADDING = 30_000;

const fleet = newFleet();
const twins = newFleet();

beforeAll(async () => {
  shipBadParser();
  for (const batch of outOfOrder(dayOf(fleet, DAY, PADDING))) await deliver(batch);
  mendParser();
  for (const batch of inBatches(dayOf(twins, DAY))) await deliver(batch, unarchived);
});

it("was a bad day", async () => {
  const [bad, truth] = await Promise.all([tablesOf(fleet), tablesOf(twins)]);
  expect(truth.history.length).toBeGreaterThan(3 * 144);
  expect(bad.history).not.toEqual(truth.history);
  expect(bad.live).not.toEqual(truth.live);
  expect(bad.devices).not.toEqual(truth.devices);
});

it("makes the tables what they were had today's parser read that day, undisturbed", async () => {
  const pieces = await play(span);
  expect(pieces.length).toBeGreaterThanOrEqual(3);
  const [mended, truth] = await Promise.all([tablesOf(fleet), tablesOf(twins)]);
  expect(mended.history).toEqual(truth.history);
  expect(mended.live).toEqual(truth.live);
  expect(mended.devices).toEqual(truth.devices);
  expect(mended.drivers).toEqual(truth.drivers);
});

it("leaves them so the second time", async () => {
  const before = await tablesOf(fleet);
  await play(span);
  expect(await tablesOf(fleet)).toEqual(before);
});
