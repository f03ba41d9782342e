import { describe, expect, it, onTestFinished, vi } from "vitest";
import { badDays, HOURS, VEHICLES } from "../setup/bad-days.ts";
import { askPast, beforeAsking, expectTruth, TICKS, written } from "../setup/history.ts";
import { figure, size } from "../setup/size.ts";

const MILEAGE = "jimi.device.track.mileage";
const TRACK = "jimi.device.track.list";
const ALARMS = "jimi.device.alarm.list";

describe("what vehicles did is stored whole after a day on which", {
  timeout: size(120_000, 1_800_000),
}, () => {
  const day = badDays(81);

  it("every message of a window came three times", async () => {
    const { stack } = day;
    const { JOBS } = await stack.bindings();
    const span = beforeAsking(HOURS);
    expect(await stack.tick(TICKS.alarms)).toBe("ok");
    const windows = await day.windowsOf("alarms");
    for (const { run_id: runId, number } of windows) {
      for (let again = 0; again < 2; again++) await JOBS.send({ v: 1, what: "window", runId, number });
    }
    await written(stack);
    await expect.poll(() => stack.lines("window_left").length).toBeGreaterThanOrEqual(2 * windows.length);
    await expectTruth(stack, span, "alarms");
    const runs = await stack.sql`select * from private.job_runs where job = 'alarms'`;
    expect(runs).toMatchObject([{ done: windows.length, windows_left: 0 }]);
  });

  it("the second window was done before the first failed", async () => {
    const { stack } = day;
    await day.coveredHoursAgo("trips", 26);
    const [before] =
      await stack.sql`select max(covered_to) as at from tracksolid.poll_watermarks where job = 'trips'`;
    // Refused once for every group of vehicles: the older day of each fails.
    const groups = Math.ceil(VEHICLES / 25);
    await stack.world.addFault({ kind: "parameter", method: MILEAGE, times: groups });
    expect(await stack.tick(TICKS.trips)).toBe("ok");
    await written(stack);
    const windows = await day.windowsOf("trips");
    expect(windows.filter(({ outcome }) => outcome === "done").length).toBeGreaterThan(0);
    expect(windows.filter(({ outcome }) => outcome === "failed")).toHaveLength(groups);
    const marks = await stack.sql`
      select distinct covered_to as at from tracksolid.poll_watermarks where job = 'trips'`;
    expect(marks).toEqual([before]);

    const span = beforeAsking(25);
    expect(await stack.tick(TICKS.trips)).toBe("exception");
    await written(stack);
    await expectTruth(stack, span, "trips");
  });

  it("one device was not ours any more", async () => {
    const { stack } = day;
    const [stranger] = await stack.world.vehicles();
    if (!stranger) throw new Error("The world has no vehicles");
    await stack.world.override(stranger.imei, { removed: true });
    onTestFinished(async () => {
      await stack.world.override(stranger.imei, { removed: false });
    });
    const asked = beforeAsking(HOURS);
    expect(await askPast(stack, "trips", "parking", "alarms")).toEqual(["ok", "ok"]);
    expect(stack.logs()).toContain("device_refused_by_vendor");
    const outcomes = await stack.sql`select distinct outcome from private.job_windows`;
    expect(outcomes).toEqual([{ outcome: "done" }]);
    // Of all the others, and of it alone nothing.
    const driven = (await stack.world.truePoints(asked)).filter(({ trips }) => trips.length > 0);
    expect(driven.length).toBeGreaterThan(0);
    const stored = await stack.sql`select distinct imei from tracksolid.trips`;
    const imeis = new Set(stored.map(({ imei }) => imei as string));
    expect(driven.filter(({ imei }) => imei !== stranger.imei && !imeis.has(imei))).toEqual([]);
    expect(imeis).not.toContain(stranger.imei);

    await stack.world.override(stranger.imei, { removed: false });
    await day.coverHours();
    const span = beforeAsking(HOURS);
    await askPast(stack, "trips", "parking", "alarms");
    await expectTruth(stack, span, "trips", "parking", "alarms");
  });

  it("the same page of alarms came for ever", async () => {
    const { stack } = day;
    await stack.world.addFault({ kind: "same-page", method: ALARMS });
    const span = beforeAsking(HOURS);
    expect(await askPast(stack, "alarms")).toEqual(["ok"]);
    await expectTruth(stack, span, "alarms");
  });

  it("a track took minutes to come", async () => {
    const { stack } = day;
    // Longer than any other call may take.
    await stack.world.addFault({ kind: "slow", method: TRACK, delayMs: size(25_000, 140_000), times: 1 });
    const span = beforeAsking(20);
    expect(await stack.tick(TICKS.tracks)).toBe("ok");
    const startedMs = Date.now();
    await vi.waitFor(async () => expect((await stack.world.calls(TRACK)).length).toBeGreaterThan(0), {
      timeout: 20_000,
    });
    // The positions of the minute do not wait for it.
    const polledMs = Date.now();
    expect(await stack.tick("* * * * *")).toBe("ok");
    expect(Date.now() - polledMs).toBeLessThan(10_000);
    await written(stack);
    await expectTruth(stack, span, "tracks");
    figure("tracks of a day", `${VEHICLES} vehicles in ${((Date.now() - startedMs) / 1_000).toFixed(0)} s`);
  });
});
