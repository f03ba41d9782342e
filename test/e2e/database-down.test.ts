import { expect, inject, it } from "vitest";
import { startCuttableProxy } from "../setup/cuttable-proxy.ts";
import { startStack } from "../setup/harness.ts";
import { figure, size } from "../setup/size.ts";

const VEHICLES = size(6, 150);
const POLLS_WHILE_DOWN = 10;
const TICK_EVERY_MS = size(0, 60_000);

it(
  "loses nothing that was polled while the database was away",
  async () => {
    await using proxy = await startCuttableProxy(Number(new URL(inject("cluster").adminUrl).port));
    await using stack = await startStack({
      world: { vehicles: VEHICLES, seed: 51 },
      databasePort: proxy.port,
    });
    // Every answer holds a new fix of every vehicle.
    for (const { imei } of await stack.world.vehicles()) {
      const patch = { gpsTime: { $fromNowS: -10 }, lat: -1.3, lng: 36.8 };
      await stack.world.override(imei, { patch, omitFromLocationList: false });
    }
    const fixes = async () => (await stack.sql`select from tracksolid.position_history`).length;
    const runs = async () =>
      (await stack.sql`select from tracksolid.ingestion_log where endpoint = 'live'`).length;
    expect(await stack.tick("* * * * *")).toBe("ok");
    await stack.lastRun("live");
    const perPoll = await fixes();
    expect(perPoll).toBeGreaterThan(VEHICLES * 0.9);

    const shown = async () => (await stack.live()).length;
    await expect.poll(shown).toBe(perPoll);

    await proxy.cut();
    for (let poll = 0; poll < POLLS_WHILE_DOWN; poll++) {
      const next = new Promise((resolve) => setTimeout(resolve, TICK_EVERY_MS));
      // The vendor answers and the queue takes it: the tick is a success.
      expect(await stack.tick("* * * * *")).toBe("ok");
      await next;
    }
    expect((await stack.fetch("/health/ready")).status).toBe(503);
    expect(await shown()).toBe(perPoll);
    expect(await stack.tick("7 * * * *")).toBe("exception");
    expect(stack.logs()).toContain("batch_failed");

    const mendedAt = Date.now();
    await proxy.mend();
    await expect
      .poll(fixes, { timeout: 150_000, interval: 500 })
      .toBeGreaterThanOrEqual(perPoll * (POLLS_WHILE_DOWN + 1));
    await expect.poll(runs, { timeout: 70_000 }).toBe(POLLS_WHILE_DOWN + 1);
    expect(await fixes()).toBe(perPoll * (POLLS_WHILE_DOWN + 1));
    figure(
      "database down",
      `${POLLS_WHILE_DOWN} polls of ${perPoll} vehicles, all written ${(Date.now() - mendedAt) / 1000} s after it came back`,
    );
    expect((await stack.fetch("/health/ready")).status).toBe(200);
    const failed =
      await stack.sql`select from tracksolid.ingestion_log where endpoint = 'devices' and not success`;
    expect(failed).toHaveLength(1);
  },
  size(240_000, 1_200_000),
);
