import { expect, it } from "vitest";
import { startStack } from "../setup/harness.ts";

it("takes devices with broken names and clocks as they are, without losing the others", async () => {
  await using stack = await startStack({ world: { vehicles: 8, seed: 31 } });
  const imeis = (await stack.world.vehicles()).map(({ imei }) => imei).sort();
  const [nul, ahead, lost, nowhere, text] = imeis as [string, string, string, string, string];
  await stack.world.override(nul, { patch: { deviceName: "KDA\0 001A \ud800" } });
  await stack.world.override(ahead, { patch: { gpsTime: { $fromNowS: 47 * 3600 } } });
  await stack.world.override(lost, { patch: { gpsTime: "2019-04-06 23:59:42" } });
  await stack.world.override(nowhere, { patch: { lat: 0, lng: 0 } });
  await stack.world.override(text, { patch: { lat: "-1.3", lng: "36.8", speed: "55.5" } });

  expect(await stack.tick("* * * * *")).toBe("ok");
  await stack.lastRun("live");
  const live = await stack.live();
  expect(live).toHaveLength(8);
  const of = (imei: string) => live.find(({ id }) => id === imei);
  expect(of(nul)?.properties.name).toBe("KDA 001A \ufffd");
  expect(of(text)?.geometry?.coordinates).toEqual([36.8, -1.3]);
  expect([ahead, lost, nowhere].map((imei) => of(imei)?.geometry)).toEqual([null, null, null]);
  expect(
    await stack.sql`select imei, clock_ahead from tracksolid.position_history where clock_ahead`,
  ).toMatchObject([{ imei: ahead }]);
  expect(await stack.sql`select imei, reason from private.rejected_items`).toMatchObject([
    { imei: lost, reason: "time_out_of_range" },
  ]);

  // The clock is set right: the marker moves at once.
  await stack.world.override(ahead, { patch: { gpsTime: { $fromNowS: -20 } } });
  await stack.tick("* * * * *");
  await stack.lastRun("live", 2);
  expect((await stack.live()).find(({ id }) => id === ahead)?.geometry).not.toBeNull();
});

it("asks by name for devices the list leaves out, and drops only the illegal one of a batch", async () => {
  await using stack = await startStack({ world: { vehicles: 12, seed: 32 } });
  const imeis = (await stack.world.vehicles()).map(({ imei }) => imei).sort();
  const [leftOut, illegal] = imeis as [string, string];
  await stack.tick("7 * * * *");
  await stack.lastRun("devices");
  for (const imei of imeis) await stack.world.override(imei, { omitFromLocationList: true });
  await stack.world.override(illegal, { removed: true });

  expect(await stack.tick("* * * * *")).toBe("ok");
  expect(await stack.lastRun("live")).toMatchObject({ rows_received: 0, vehicles_left_out: 12 });
  expect((await stack.live()).every(({ geometry }) => geometry === null)).toBe(true);

  expect(await stack.tick("*/10 * * * *")).toBe("ok");
  const run = await stack.lastRun("left-out");
  expect(run).toMatchObject({ success: true, rows_received: 11 });
  // Three lists, and one culprit among 12 by halving: not one call per device.
  expect(run.api_calls).toBeLessThan(3 + 11);
  expect((await stack.live()).find(({ id }) => id === leftOut)?.geometry).not.toBeNull();
  expect(stack.logs()).toContain(illegal);
});
