import { expect, it } from "vitest";
import { startStack } from "../setup/harness.ts";
import { askPast, beforeAsking, expectTruth, register } from "../setup/history.ts";
import { figure, size } from "../setup/size.ts";

it("warns of stays that never come, and stores them once they are asked for by another name", {
  timeout: size(120_000, 900_000),
}, async () => {
  const world = { vehicles: size(12, 200), seed: 82, parkingEmpty: ["0"] };
  await using stack = await startStack({ world, vars: { PARKING_ACC_TYPES: "0" } });
  await register(stack);
  expect(await askPast(stack, "parking")).toEqual(["ok"]);
  expect(await stack.lastRun("parking")).toMatchObject({ success: true, rows_received: 0 });
  // A day of such runs.
  await stack.sql`
      insert into private.job_runs (id, job, cause, planned_at, windows, windows_left, vehicles, ended_at)
      select '00000000-' || n, 'parking', 'tick', now() - n * interval '15 minutes', 1, 0, 1, now()
      from generate_series(1, 96) n`;
  await stack.sql`
      update tracksolid.live_positions set ignition = false, fix_at = fix_at - interval '2 hours', contact_at = now()`;
  await askPast(stack, "parking");
  await expect.poll(async () => (await stack.lastRun("parking", 2)).success).toBe(false);
  expect(await stack.lastRun("parking", 2)).toMatchObject({
    error_code: "always_empty",
    error: expect.stringContaining("PARKING_ACC_TYPES"),
  });
  expect((await stack.fetch("/health/ingest")).status).toBe(503);
});

it("falls back to the words where a node refuses the number, and stores a day of a point every 10 s", {
  timeout: size(150_000, 1_800_000),
}, async () => {
  const world = {
    ...{ vehicles: size(4, 150), seed: 83, fixEveryS: 10, cutTrips: true, parkingEnds: "cut" },
    ...{ parkingAccTypes: ["on", "off"], elapsedTrips: true },
  };
  await using stack = await startStack({ world });
  await register(stack);
  const startedMs = Date.now();
  const span = beforeAsking(22);
  await askPast(stack, "parking", "tracks", "trips");
  const { tracks } = await expectTruth(stack, span, "tracks", "parking", "trips");
  expect(tracks.length).toBeGreaterThan(2 * 22 * 360);
  figure("a day of points", `${tracks.length} in ${((Date.now() - startedMs) / 1_000).toFixed(0)} s`);
  const idling = await stack.sql`select from tracksolid.parking_events where acc = 'on'`;
  expect(idling.length).toBeGreaterThan(0);
});
