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
      // Fixes are told to the second: two polls within one would bring the same.
      await new Promise((resolve) => setTimeout(resolve, 1_000));
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
    // What was parked waits for a tick; what was still being tried comes by itself.
    const { BUCKET } = await stack.bindings();
    let polls = POLLS_WHILE_DOWN + 1;
    const written = async () => {
      if ((await BUCKET.list({ prefix: "parked/" })).objects.length > 0) {
        expect(await stack.tick("* * * * *")).toBe("ok");
        polls += 1;
      }
      return `${await fixes()},${await runs()}`;
    };
    await expect
      .poll(written, { timeout: 150_000, interval: 1_000 })
      .toSatisfy((counts) => counts === `${perPoll * polls},${polls}`);
    expect((await BUCKET.list({ prefix: "parked/" })).objects).toEqual([]);
    expect((await BUCKET.list({ prefix: "dead/" })).objects).toEqual([]);
    figure(
      "database down",
      `${polls} polls of ${perPoll} vehicles, all written ${(Date.now() - mendedAt) / 1000} s after it came back`,
    );
    expect((await stack.fetch("/health/ready")).status).toBe(200);
    // The record of the run that failed may still be tried, or wait for a tick of its own.
    const failed = async () => {
      await written();
      return (
        await stack.sql`select from tracksolid.ingestion_log where endpoint = 'devices' and not success`
      ).length;
    };
    await expect.poll(failed, { timeout: 90_000, interval: 1_000 }).toBe(1);
  },
  size(240_000, 1_300_000),
);
