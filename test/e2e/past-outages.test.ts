import { describe, expect, it, vi } from "vitest";
import { badDays, HOURS } from "../setup/bad-days.ts";
import { askPast, beforeAsking, expectTruth, TICKS, written } from "../setup/history.ts";
import { size } from "../setup/size.ts";

const MILEAGE = "jimi.device.track.mileage";

describe("what vehicles did is stored whole after an outage:", { timeout: size(120_000, 1_800_000) }, () => {
  const day = badDays(84);

  it("the vendor was away", async () => {
    const { stack } = day;
    await stack.world.addFault({ kind: "http502html", method: MILEAGE });
    expect(await stack.tick(TICKS.trips)).toBe("ok");
    await written(stack);
    expect((await day.windowsOf("trips")).map(({ outcome }) => outcome)).toContain("failed");
    // The tick after a run that failed fails, whatever it can do itself.
    expect(await stack.tick(TICKS.trips)).toBe("exception");
    await written(stack);
    await stack.world.clearFaults();

    const span = beforeAsking(HOURS);
    expect(await askPast(stack, "trips", "parking", "alarms")).toContain("exception");
    await expectTruth(stack, span, "trips", "parking", "alarms");
    expect(await askPast(stack, "trips", "parking", "alarms")).not.toContain("exception");
  });

  it("the database was away while windows were asked", async () => {
    const { stack } = day;
    await stack.world.addFault({ kind: "slow", method: MILEAGE, delayMs: 3_000 });
    expect(await stack.tick(TICKS.trips)).toBe("ok");
    const taken = async () =>
      (await day.windowsOf("trips")).filter(({ taken_at }) => taken_at !== null).length;
    await expect.poll(taken).toBeGreaterThan(0);
    await day.proxy.cut();
    await stack.world.clearFaults();
    expect(await stack.tick(TICKS.trips)).toBe("exception");
    await new Promise((resolve) => setTimeout(resolve, 5_000));
    await day.proxy.mend();
    await day.letLeasesRunOut();
    const span = beforeAsking(HOURS);
    await stack.tick(TICKS.trips);
    await vi.waitFor(
      async () => {
        // What was parked meanwhile comes back with a tick.
        await stack.tick("* * * * *");
        await written(stack, 5_000);
        await expectTruth(stack, span, "trips", "parking");
      },
      { timeout: size(90_000, 600_000), interval: 1_000 },
    );
    expect((await day.windowsOf("trips")).map(({ outcome }) => outcome)).toContain("lost");
  });

  it("the Worker was killed in the middle of a window", async () => {
    const { stack } = day;
    await stack.world.addFault({ kind: "slow", method: MILEAGE, delayMs: 10_000, times: 1 });
    expect(await stack.tick(TICKS.trips)).toBe("ok");
    await vi.waitFor(async () => expect((await stack.world.calls(MILEAGE)).length).toBeGreaterThan(0), {
      timeout: size(20_000, 180_000),
    });
    await stack.restart();
    // Of trips and of stays, which have one tick; those that were not sent yet are sent by the tick after.
    const open = await stack.sql`
      select from private.job_windows where ended_at is null and sent_at is not null`;
    expect(open.length).toBeGreaterThan(0);
    // Its lease lives: nobody else asks for its vehicles.
    await stack.tick(TICKS.trips);
    expect((await day.windowsOf("trips")).filter(({ outcome }) => outcome === "lost")).toEqual([]);

    await day.letLeasesRunOut();
    const span = beforeAsking(HOURS);
    const ticks: string[] = [];
    for (let tick = 0; tick < 2; tick++) {
      ticks.push(await stack.tick(TICKS.trips));
      await written(stack);
    }
    // The one that finds the run ended; with many windows the first finds it going on without those that were lost.
    expect(ticks[size(0, 1)]).toBe("exception");
    expect(stack.lines("window_lost")).toHaveLength(open.length);
    await expectTruth(stack, span, "trips", "parking");
  });

  it("the daily quota was used up at noon", async () => {
    const { stack } = day;
    const { used } = await stack.world.quota();
    await stack.world.setQuota(used + 2);
    await stack.tick(TICKS.trips);
    await stack.tick(TICKS.alarms);
    await written(stack);
    const outcomes = [...(await day.windowsOf("trips")), ...(await day.windowsOf("alarms"))].map(
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
    const span = beforeAsking(HOURS);
    await askPast(stack, "trips", "parking", "alarms");
    await askPast(stack, "trips", "parking", "alarms");
    await expectTruth(stack, span, "trips", "parking", "alarms");
  });
});
