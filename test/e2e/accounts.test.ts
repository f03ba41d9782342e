import { expect, it } from "vitest";
import { startStack } from "../setup/harness.ts";

const DEVICES = "7 * * * *";

it("follows a device to another account, disables what is gone, and enables what returns", async () => {
  await using stack = await startStack({ world: { vehicles: 4, seed: 41, accounts: ["parent", "child"] } });
  const vehicles = await stack.world.vehicles();
  const gone = vehicles[0]?.imei ?? "";
  const moved = vehicles.find(({ account, imei }) => account === "child" && imei !== gone)?.imei ?? "";
  const enabled = async () =>
    (await stack.sql`select imei from tracksolid.devices where enabled`)
      .map(({ imei }) => imei as string)
      .sort();
  const accountOf = async (imei: string) =>
    (await stack.sql`select account from tracksolid.devices where imei = ${imei}`)[0]?.account;
  const all = vehicles.map(({ imei }) => imei).sort();

  await stack.tick(DEVICES);
  await stack.lastRun("devices");
  await expect.poll(enabled).toEqual(all);

  await stack.world.override(moved, { account: "parent" });
  await stack.tick("* * * * *");
  await stack.lastRun("live");
  await expect.poll(() => accountOf(moved)).toBe("parent");
  expect(await stack.live()).toHaveLength(4);

  // An account that answers nothing, or fails, disables nobody.
  await stack.world.override(gone, { removed: true });
  for (const kind of ["empty-result", "http500", "null-result"]) {
    await stack.world.addFault({ kind, method: "jimi.user.device.list", account: "child" });
    expect(await stack.tick(DEVICES)).toBe("exception");
    await stack.world.clearFaults();
  }
  await stack.lastRun("devices", 4);
  expect(await enabled()).toEqual(all);

  expect(await stack.tick(DEVICES)).toBe("ok");
  await expect.poll(enabled, { timeout: 10_000 }).toEqual(all.filter((imei) => imei !== gone));
  await expect.poll(() => stack.live()).toHaveLength(3);

  await stack.world.override(gone, { removed: false });
  expect(await stack.tick(DEVICES)).toBe("ok");
  await expect.poll(enabled, { timeout: 10_000 }).toEqual(all);
});

it("goes on past a device whose detail the vendor cannot give", async () => {
  await using stack = await startStack({ world: { vehicles: 6, seed: 43 } });
  const [odd] = (await stack.world.vehicles()).map(({ imei }) => imei).sort();
  await stack.world.addFault({ kind: "parameter", method: "jimi.track.device.detail", imei: odd });
  expect(await stack.tick(DEVICES)).toBe("exception");
  const run = await stack.lastRun("devices");
  expect(run).toMatchObject({ success: false, error_code: "rejected" });
  expect(run.error).toContain(odd);
  const detailed = async () =>
    (await stack.sql`select imei from tracksolid.devices where detailed_at is not null`).length;
  await expect.poll(detailed).toBe(5);
  // It was asked: tomorrow it is asked again, not every hour before all others.
  expect(await stack.tick(DEVICES)).toBe("ok");
});

it("does not believe a list that would disable more than half of the fleet", async () => {
  await using stack = await startStack({ world: { vehicles: 8, seed: 44 } });
  await stack.tick(DEVICES);
  await stack.lastRun("devices");
  const imeis = (await stack.world.vehicles()).map(({ imei }) => imei);
  for (const imei of imeis.slice(3)) await stack.world.override(imei, { removed: true });
  // The accounts still answer, each with at least one device.
  await stack.tick(DEVICES);
  await stack.lastRun("devices", 2);
  await expect.poll(() => stack.logs()).toContain("device_sweep_held_back");
  expect(await stack.sql`select from tracksolid.devices where enabled`).toHaveLength(8);
});

it("does the work of two ticks at once without doubling it", async () => {
  await using stack = await startStack({ world: { vehicles: 6, seed: 42 } });
  const outcomes = await Promise.all(
    ["* * * * *", "* * * * *", DEVICES, DEVICES].map((cron) => stack.tick(cron)),
  );
  expect(outcomes).toEqual(["ok", "ok", "ok", "ok"]);
  await stack.lastRun("live", 2);
  // One of the two device syncs left it to the other.
  await stack.lastRun("devices", 1);
  expect(await stack.sql`select from tracksolid.ingestion_log where endpoint = 'devices'`).toHaveLength(1);
  expect(await stack.sql`select from tracksolid.devices`).toHaveLength(6);
  expect(
    await stack.sql`select imei, gps_time from tracksolid.position_history group by 1, 2 having count(*) > 1`,
  ).toHaveLength(0);
  expect(await stack.world.calls("jimi.oauth.token.get")).toHaveLength(1);
  const details = await stack.world.calls("jimi.track.device.detail");
  expect(details).toHaveLength(6);
});
