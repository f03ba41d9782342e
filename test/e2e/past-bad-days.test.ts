import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, inject, it, vi } from "vitest";
import { startCuttableProxy } from "../setup/cuttable-proxy.ts";
import { type Stack, startStack } from "../setup/harness.ts";
import { askPast, expectTruth, forget, pastHours, register, TICKS, written } from "../setup/history.ts";
import { figure, size } from "../setup/size.ts";

const VEHICLES = size(50, 1_000);
const MILEAGE = "jimi.device.track.mileage";
const TRACK = "jimi.device.track.list";
const ALARMS = "jimi.device.alarm.list";

describe("what vehicles did is stored whole after a day on which", {
  timeout: size(120_000, 1_800_000),
}, () => {
  let stack: Stack;
  let proxy: Awaited<ReturnType<typeof startCuttableProxy>>;

  beforeAll(async () => {
    proxy = await startCuttableProxy(Number(new URL(inject("cluster").adminUrl).port));
    stack = await startStack({ world: { vehicles: VEHICLES, seed: 81 }, databasePort: proxy.port });
    await register(stack);
  }, 120_000);

  afterAll(async () => {
    await stack[Symbol.asyncDispose]();
    await proxy[Symbol.asyncDispose]();
  });

  beforeEach(() => forget(stack));

  afterEach(async () => {
    await stack.world.clearFaults();
    await stack.world.setQuota(null);
  });

  /** Puts what is covered of a job so many hours back, as if nothing had run since. */
  const coveredHoursAgo = (job: string, hours: number) => stack.sql`
    insert into tracksolid.poll_watermarks (job, account, imei, covered_from, covered_to)
    select ${job}, '*', imei, now() - ${`${hours} hours`}::interval, now() - ${`${hours} hours`}::interval
    from tracksolid.devices`;
  const windowsOf = (job: string) => stack.sql`
    select * from private.job_windows where job = ${job} order by run_id, number`;
  /** Lets the time pass after which a window that nobody works on is given up. */
  const letLeasesRunOut = () => stack.sql`
    update private.job_windows set heard_at = heard_at - interval '5 minutes', sent_at = sent_at - interval '2 hours'
    where ended_at is null`;

  it("the vendor was away", async () => {
    for (const job of ["trips", "parking", "alarms"]) await coveredHoursAgo(job, 6);
    await stack.world.addFault({ kind: "http502html" });
    expect(await stack.tick(TICKS.trips)).toBe("ok");
    await written(stack);
    expect((await windowsOf("trips")).map(({ outcome }) => outcome)).toContain("failed");
    // The tick after a run that failed fails, whatever it can do itself.
    expect(await stack.tick(TICKS.trips)).toBe("exception");
    await written(stack);
    await stack.world.clearFaults();

    expect(await askPast(stack, "trips", "parking", "alarms")).toContain("exception");
    await expectTruth(stack, pastHours(5), "trips", "parking", "alarms");
    expect(await askPast(stack, "trips", "parking", "alarms")).not.toContain("exception");
  });

  it("the database was away while windows were asked", async () => {
    await stack.world.addFault({ kind: "slow", method: MILEAGE, delayMs: 3_000 });
    expect(await stack.tick(TICKS.trips)).toBe("ok");
    await vi.waitFor(async () =>
      expect((await windowsOf("trips")).filter(({ taken_at }) => taken_at !== null)).not.toEqual([]),
    );
    await proxy.cut();
    await stack.world.clearFaults();
    expect(await stack.tick(TICKS.trips)).toBe("exception");
    await new Promise((resolve) => setTimeout(resolve, 5_000));
    await proxy.mend();
    await letLeasesRunOut();
    await stack.tick(TICKS.trips);
    await vi.waitFor(
      async () => {
        // What was parked meanwhile comes back with a tick.
        await stack.tick("* * * * *");
        await written(stack, 5_000);
        await expectTruth(stack, pastHours(20), "trips", "parking");
      },
      { timeout: size(90_000, 600_000), interval: 1_000 },
    );
    expect((await windowsOf("trips")).map(({ outcome }) => outcome)).toContain("lost");
  });

  it("the Worker was killed in the middle of a window", async () => {
    await stack.world.addFault({ kind: "slow", method: MILEAGE, delayMs: 30_000, times: 1 });
    expect(await stack.tick(TICKS.trips)).toBe("ok");
    await vi.waitFor(async () => expect((await stack.world.calls(MILEAGE)).length).toBeGreaterThan(0), {
      timeout: 20_000,
    });
    await stack.restart();
    const open = (await windowsOf("trips")).filter(({ ended_at }) => ended_at === null);
    expect(open.length).toBeGreaterThan(0);
    // Its lease lives: nobody else asks for its vehicles.
    await stack.tick(TICKS.trips);
    expect((await windowsOf("trips")).filter(({ outcome }) => outcome === "lost")).toEqual([]);

    await letLeasesRunOut();
    expect(await stack.tick(TICKS.trips)).toBe("exception");
    await written(stack);
    expect(stack.lines("window_lost")).toHaveLength(open.length);
    await expectTruth(stack, pastHours(20), "trips", "parking");
  });

  it("every message of a window came three times", async () => {
    const { JOBS } = await stack.bindings();
    expect(await stack.tick(TICKS.alarms)).toBe("ok");
    const windows = await windowsOf("alarms");
    for (const { run_id: runId, number } of windows) {
      for (let again = 0; again < 2; again++) await JOBS.send({ v: 1, what: "window", runId, number });
    }
    await written(stack);
    await vi.waitFor(() =>
      expect(stack.lines("window_left").length).toBeGreaterThanOrEqual(2 * windows.length),
    );
    await expectTruth(stack, pastHours(20), "alarms");
    const runs = await stack.sql`select * from private.job_runs where job = 'alarms'`;
    expect(runs).toMatchObject([{ done: windows.length, windows_left: 0 }]);
  });

  it("the second window was done before the first failed", async () => {
    await coveredHoursAgo("trips", 47);
    const [before] =
      await stack.sql`select max(covered_to) as at from tracksolid.poll_watermarks where job = 'trips'`;
    // Refused once for every group of vehicles: the older day of each fails.
    const groups = Math.ceil(VEHICLES / 25);
    await stack.world.addFault({ kind: "parameter", method: MILEAGE, times: groups });
    expect(await stack.tick(TICKS.trips)).toBe("ok");
    await written(stack);
    const windows = await windowsOf("trips");
    expect(windows.filter(({ outcome }) => outcome === "done").length).toBeGreaterThan(0);
    expect(windows.filter(({ outcome }) => outcome === "failed")).toHaveLength(groups);
    const marks = await stack.sql`
      select distinct covered_to as at from tracksolid.poll_watermarks where job = 'trips'`;
    expect(marks).toEqual([before]);

    expect(await stack.tick(TICKS.trips)).toBe("exception");
    await written(stack);
    await expectTruth(stack, pastHours(46), "trips");
  });

  it("the daily quota was used up at noon", async () => {
    const { used } = await stack.world.quota();
    await stack.world.setQuota(used + 2);
    await stack.tick(TICKS.trips);
    await stack.tick(TICKS.alarms);
    await written(stack);
    const outcomes = [...(await windowsOf("trips")), ...(await windowsOf("alarms"))].map(
      ({ outcome }) => outcome,
    );
    expect(
      outcomes.filter((outcome) => outcome === "postponed" || outcome === "failed").length,
    ).toBeGreaterThan(0);
    const calls = (await stack.world.calls()).length;
    await stack.tick(TICKS.alarms);
    await written(stack);
    // The breaker keeps everybody from knocking.
    expect((await stack.world.calls()).length - calls).toBeLessThan(3);

    // The next day: the breaker has run out with the objects of the Worker that knew of it.
    await stack.world.setQuota(null);
    await stack.restart();
    await askPast(stack, "trips", "parking", "alarms");
    await askPast(stack, "trips", "parking", "alarms");
    await expectTruth(stack, pastHours(20), "trips", "parking", "alarms");
  });

  it("one device was not ours any more", async () => {
    const [stranger] = await stack.world.vehicles();
    if (!stranger) throw new Error("The world has no vehicles");
    await stack.world.override(stranger.imei, { removed: true });
    expect(await askPast(stack, "trips", "parking", "alarms")).toEqual(["ok", "ok"]);
    expect(stack.logs()).toContain("device_refused_by_vendor");
    const outcomes = await stack.sql`select distinct outcome from private.job_windows`;
    expect(outcomes).toEqual([{ outcome: "done" }]);
    const others = await stack.sql`select distinct imei from tracksolid.trips`;
    expect(others.length).toBeGreaterThan(VEHICLES / 2);
    expect(others.map(({ imei }) => imei)).not.toContain(stranger.imei);

    await stack.world.override(stranger.imei, { removed: false });
    await stack.sql`delete from tracksolid.poll_watermarks where imei = ${stranger.imei}`;
    await askPast(stack, "trips", "parking", "alarms");
    await expectTruth(stack, pastHours(20), "trips", "parking", "alarms");
  });

  it("the same page of alarms came for ever", async () => {
    await stack.world.addFault({ kind: "same-page", method: ALARMS });
    expect(await askPast(stack, "alarms")).toEqual(["ok"]);
    await expectTruth(stack, pastHours(20), "alarms");
  });

  it("a track took minutes to come", async () => {
    // Longer than any other call may take.
    await stack.world.addFault({ kind: "slow", method: TRACK, delayMs: size(25_000, 140_000), times: 1 });
    expect(await stack.tick(TICKS.tracks)).toBe("ok");
    const startedMs = Date.now();
    await vi.waitFor(async () => expect((await stack.world.calls(TRACK)).length).toBeGreaterThan(0), {
      timeout: 20_000,
    });
    // The positions of the minute do not wait for it.
    const polledMs = Date.now();
    expect(await stack.tick("* * * * *")).toBe("ok");
    expect(Date.now() - polledMs).toBeLessThan(10_000);
    await written(stack, size(100_000, 1_500_000));
    await expectTruth(stack, pastHours(20), "tracks");
    figure("tracks of a day", `${VEHICLES} vehicles in ${((Date.now() - startedMs) / 1_000).toFixed(0)} s`);
  });
});

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
      select '0' || n, 'parking', 'tick', now() - n * interval '15 minutes', 1, 0, 1, now()
      from generate_series(1, 96) n`;
  await stack.sql`
      update tracksolid.live_positions set ignition = false, fix_at = fix_at - interval '2 hours', contact_at = now()`;
  await askPast(stack, "parking");
  const run = await vi.waitFor(async () => {
    const row = await stack.lastRun("parking", 2);
    expect(row.success).toBe(false);
    return row;
  });
  expect(run).toMatchObject({
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
  await askPast(stack, "parking", "tracks", "trips");
  const { tracks } = await expectTruth(stack, pastHours(22), "tracks", "parking", "trips");
  expect(tracks.length).toBeGreaterThan(2 * 22 * 360);
  figure("a day of points", `${tracks.length} in ${((Date.now() - startedMs) / 1_000).toFixed(0)} s`);
  const idling = await stack.sql`select from tracksolid.parking_events where acc = 'on'`;
  expect(idling.length).toBeGreaterThan(0);
});
