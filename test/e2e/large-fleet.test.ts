import { expect, it } from "vitest";
import { startStack } from "../setup/harness.ts";
import { figure, size } from "../setup/size.ts";

const VEHICLES = size(600, 15_000);
const POLLS = size(2, 5);

it(
  "carries a large fleet in messages the queue takes, poll after poll",
  async () => {
    await using stack = await startStack({ world: { vehicles: VEHICLES, seed: 71 } });
    for (let poll = 1; poll <= POLLS; poll++) {
      const startedAt = Date.now();
      expect(await stack.tick("* * * * *")).toBe("ok");
      const polledAt = Date.now();
      const run = await stack.lastRun("live", poll);
      expect(run.rows_received).toBeGreaterThan(VEHICLES * 0.95);
      const written = async () => {
        const [row] = await stack.sql`
        select coalesce(sum(items), 0)::int as items, count(*)::int as messages
        from private.receipts where receipt = ${run.run_id} and kind = 'location'`;
        return row as { items: number; messages: number };
      };
      await expect.poll(async () => (await written()).items, { timeout: 60_000 }).toBe(run.rows_received);
      figure(
        `poll ${poll} of ${VEHICLES} vehicles`,
        `tick ${polledAt - startedAt} ms, written after ${Date.now() - startedAt} ms, ${(await written()).messages} messages`,
      );
    }
    const [largest] =
      await stack.sql`select max(items) as items from private.receipts where kind = 'location'`;
    expect(largest?.items).toBeLessThan(300);
    const fetchedAt = Date.now();
    const live = await stack.live();
    figure("/v1/live", `${live.length} vehicles in ${Date.now() - fetchedAt} ms`);
    expect(live.length).toBeGreaterThan(VEHICLES * 0.95);
    expect(await stack.sql`select from private.rejected_items`).toHaveLength(0);
  },
  size(120_000, 600_000),
);
