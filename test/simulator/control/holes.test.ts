import { expect, inject, it } from "vitest";
import { startCustomer } from "../../setup/customer.ts";
import { logIn } from "../../setup/vendor-client.ts";
import { World } from "../../setup/world.ts";
import { parseVendorTime, vendorTime } from "../clock.ts";

const NOW_S = Math.floor(Date.now() / 1000);
const HOLE = { fromS: NOW_S - 7200, toS: NOW_S - 3600 };
const FLEET = { seed: 4, vehicles: 3, fixEveryS: 10 };
const INSIDE = (HOLE.toS - HOLE.fromS) / 10;

/** How many fixes of the hole tracks and pushes have of the fleet's first vehicle, and how many are late. */
async function fixesOf(world: World, imei: string) {
  await using customer = await startCustomer();
  const call = await logIn(world);
  const within = (atMs: number) => atMs >= HOLE.fromS * 1000 && atMs < HOLE.toS * 1000;
  const { result } = await call("jimi.device.track.list", {
    ...{ imei, begin_time: vendorTime((HOLE.fromS - 60) * 1000), end_time: vendorTime(HOLE.toS * 1000) },
  });
  const tracked = (result as { gpsTime: string; gpsMode: number }[]).filter(({ gpsTime }) =>
    within(parseVendorTime(gpsTime)),
  );
  await world.push({
    url: customer.url,
    fromS: HOLE.fromS,
    toS: NOW_S,
    kinds: ["pushgps"],
    itemsPerBody: 1000,
  });
  const pushed = (await world.pushTruth()).gps.filter(
    (fix) => fix.imei === imei && within(Date.parse(String(fix.gpsTime))),
  );
  const late = tracked.filter(({ gpsMode }) => gpsMode === 1).length;
  return { tracked: tracked.length, pushed: pushed.length, late };
}

async function holed(hole: { kind: "platform" | "late" | "none"; lateS?: number }) {
  const world = await World.make(inject("simulatorUrl"), FLEET);
  const [vehicle, other] = await world.vehicles();
  const imei = vehicle?.imei ?? "";
  await world.addHole({ ...HOLE, ...hole, imei });
  expect((await fixesOf(world, other?.imei ?? "")).tracked).toBe(INSIDE);
  return { world, imei, fixes: await fixesOf(world, imei) };
}

it("hides fixes from pushes and keeps them in tracks", async () => {
  const { world, imei, fixes } = await holed({ kind: "platform" });
  expect(fixes).toMatchObject({ tracked: INSIDE, pushed: 0 });
  const [deeds] = await world.truePoints({ ...HOLE, imei });
  expect(deeds?.points.filter(({ shown }) => shown)).toEqual([]);
});

it("brings fixes later, as stored", async () => {
  const { world, imei, fixes } = await holed({ kind: "late", lateS: 1800 });
  expect(fixes).toEqual({ tracked: INSIDE, pushed: INSIDE, late: INSIDE });
  const [deeds] = await world.truePoints({ ...HOLE, imei });
  expect(deeds?.points.every(({ late }) => late)).toBe(true);
});

it("keeps back what has not arrived yet", async () => {
  const { fixes } = await holed({ kind: "late", lateS: 86_400 });
  expect(fixes).toEqual({ tracked: 0, pushed: 0, late: 0 });
});

it("loses fixes for good, until it is mended", async () => {
  const { world, imei, fixes } = await holed({ kind: "none" });
  expect(fixes).toEqual({ tracked: 0, pushed: 0, late: 0 });
  await world.mendHoles();
  expect((await fixesOf(world, imei)).tracked).toBe(INSIDE);
});

it.each([
  ["platform", false],
  ["none", true],
  ["late", true],
] as const)("shows the fix from before a %s hole as the latest", async (kind, silent) => {
  const world = await World.make(inject("simulatorUrl"), FLEET);
  const fromS = NOW_S - 3600;
  await world.addHole({ fromS, toS: NOW_S + 3600, kind, ...(kind === "late" ? { lateS: 60 } : {}) });
  for (const { fixAt, contactAt } of await world.vehicles()) {
    expect(Date.parse(String(fixAt)) / 1000).toBeLessThan(fromS);
    expect(Date.parse(String(fixAt)) / 1000).toBeGreaterThanOrEqual(fromS - 20);
    expect(Date.parse(String(contactAt)) / 1000 < fromS).toBe(silent);
  }
});

it.each([
  [{ kind: "black", fromS: 1, toS: 2 }, /platform, late, none/],
  [{ kind: "none", fromS: 2, toS: 2 }, /give .+ before .+, both Unix seconds/],
  [{ kind: "late", fromS: 1, toS: 2 }, /says how many seconds later/],
  [{ kind: "none", fromS: 1, toS: 2, lateS: 5 }, /says how many seconds later/],
  [{ kind: "none", fromS: 1, toS: 2, imei: "1" }, /no device 1/],
])("refuses %j with what to do", async (wrong, advice) => {
  const world = await World.make(inject("simulatorUrl"), { vehicles: 1 });
  await expect(world.addHole(wrong as Parameters<World["addHole"]>[0])).rejects.toThrow(advice);
});
