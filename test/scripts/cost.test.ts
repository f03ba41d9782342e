import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, it } from "vitest";
import { unstable_readConfig } from "wrangler";
import { schedule } from "../../workers/polls/schedule.ts";
import { FLEETS, readCounted } from "../bench/cost/counted.ts";
import { unionS } from "../bench/cost/metered.ts";
import { BATCH, batches } from "../bench/cost/month.ts";
import { bill, dollarsOf, PLAN_DOLLARS, PRICES } from "../bench/cost/prices.ts";
import { styles, tables } from "../bench/cost/table.ts";
import { operationsOf, QUANTITIES, sum } from "../bench/cost/usage.ts";

const root = join(import.meta.dirname, "../..");
const read = (file: string) => readFile(join(root, file), "utf8");

it.each([
  [1, 3],
  [63_900, 3],
  [63_901, 6],
  [127_900, 6],
  [127_901, 9],
])("bills a message of %i bytes as %i operations", (bytes, operations) => {
  expect(operationsOf(bytes)).toBe(operations);
});

it("charges what is beyond the included, a begun million whole where the list says so", () => {
  const { queueOperations, objectGbS, classA } = PRICES;
  expect(dollarsOf(queueOperations, 0)).toBe(0);
  expect(dollarsOf(queueOperations, 1e6)).toBe(0);
  expect(dollarsOf(queueOperations, 1.5e6)).toBeCloseTo(0.2);
  expect(dollarsOf(objectGbS, 400_000)).toBe(0);
  expect(dollarsOf(objectGbS, 400_001)).toBe(12.5);
  expect(dollarsOf(objectGbS, 1_400_000)).toBe(12.5);
  expect(dollarsOf(objectGbS, 1_400_001)).toBe(25);
  expect(dollarsOf(classA, 1_000_001)).toBe(4.5);
});

it("takes what is included off once an account, however many vehicles use it", () => {
  const included = Object.fromEntries(QUANTITIES.map((quantity) => [quantity, PRICES[quantity].included]));
  const ofOne = sum([included, 1 / 100]);
  expect(bill(sum())).toBe(PLAN_DOLLARS);
  expect(bill(sum([ofOne, 100]))).toBeCloseTo(PLAN_DOLLARS);
  const prices = Object.values(PRICES).reduce(
    (dollars, price) => dollars + dollarsOf(price, 2 * price.included),
    0,
  );
  expect(bill(sum([ofOne, 200]))).toBeCloseTo(PLAN_DOLLARS + prices);
});

it("counts a second in which an object does several things once", () => {
  const spans: [number, number | null][] = [
    [5_000, 6_000],
    [0, 2_000],
    [1_000, 1_500],
    [1_000, 3_000],
    [9_000, null],
  ];
  expect(unionS(spans)).toBe(4);
  expect(unionS([])).toBe(0);
});

it("makes a batch of each message that comes alone, and full ones of many", () => {
  const perMonth = 43_200 / 2_592_000;
  expect(batches(perMonth) / perMonth).toBeGreaterThan(0.98);
  expect(batches(1)).toBe(0.5);
  expect(batches(49)).toBeLessThan(1);
  expect(batches(5_000)).toBe(100);
  const { queues } = unstable_readConfig({ config: "wrangler.toml", env: "production" });
  expect(queues.consumers).toContainEqual(
    expect.objectContaining({
      queue: "tracksolid-writes-production",
      max_batch_size: BATCH.messages,
      max_batch_timeout: BATCH.timeoutS,
    }),
  );
});

it("has counted every tick of the schedule", async () => {
  const { ticks } = await readCounted();
  const crons = new Set<string>(Object.values(schedule).map(({ cron }) => cron));
  crons.delete(schedule.live.cron);
  expect(new Set(Object.keys(ticks))).toEqual(crons);
});

it("says in docs/cost.md what follows from what was counted, and in the README the same of the first fleet", async () => {
  const counted = await readCounted();
  const document = await read("docs/cost.md");
  for (const table of tables(counted)) expect(document).toContain(table);
  expect(document).toContain(counted.on);
  const [vehicles] = FLEETS;
  const cents = styles(counted, vehicles).map((usage) => ((100 * bill(usage)) / vehicles).toFixed(1));
  const [alone, , tens] = cents;
  expect((await read("README.md")).replaceAll(/\s+/g, " ")).toContain(
    `${vehicles} vehicles cost ${alone} cents each a month when they are polled, ${tens} with pushes in bodies of ten`,
  );
});
