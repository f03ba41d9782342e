import { expect, inject, it } from "vitest";
import { startCuttableProxy } from "../setup/cuttable-proxy.ts";
import { startStack } from "../setup/harness.ts";

const POLLS_WHILE_DOWN = 10;

it("loses nothing that was polled while the database was away", async () => {
  await using proxy = await startCuttableProxy(Number(new URL(inject("cluster").adminUrl).port));
  await using stack = await startStack({ world: { vehicles: 6, seed: 51 }, databasePort: proxy.port });
  const imeis = (await stack.world.vehicles()).map(({ imei }) => imei);
  /** Every poll brings one more fix of every vehicle. */
  const poll = async (minutesAgo: number) => {
    for (const imei of imeis) {
      await stack.world.override(imei, {
        patch: { gpsTime: { $fromNowS: -60 * minutesAgo }, lat: -1.3, lng: 36.8 },
      });
    }
    return stack.tick("* * * * *");
  };
  expect(await poll(30)).toBe("ok");
  await stack.lastRun("live");

  await proxy.cut();
  for (let minute = 0; minute < POLLS_WHILE_DOWN; minute++) {
    // The vendor answers and the queue takes it: the tick is a success.
    expect(await poll(20 - minute)).toBe("ok");
  }
  expect((await stack.fetch("/health/ready")).status).toBe(503);
  expect((await stack.fetch("/v1/live")).status).toBe(503);
  expect(await stack.tick("7 * * * *")).toBe("exception");
  expect(stack.logs()).toContain("batch_failed");

  await proxy.mend();
  await expect
    .poll(async () => (await stack.sql`select from tracksolid.position_history`).length, {
      timeout: 150_000,
      interval: 500,
    })
    .toBe(imeis.length * (POLLS_WHILE_DOWN + 1));
  await expect
    .poll(
      async () => (await stack.sql`select from tracksolid.ingestion_log where endpoint = 'live'`).length,
      { timeout: 70_000 },
    )
    .toBe(POLLS_WHILE_DOWN + 1);
  expect((await stack.fetch("/health/ready")).status).toBe(200);
  expect(
    await stack.sql`select from tracksolid.ingestion_log where endpoint = 'devices' and not success`,
  ).toHaveLength(1);
}, 240_000);
