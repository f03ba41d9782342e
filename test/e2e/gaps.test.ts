import { expect, it } from "vitest";
import { startStack } from "../setup/harness.ts";
import { askPast, derived, expectTruth, pastHours, register, written } from "../setup/history.ts";

interface Coverage {
  total: { expectedS: number; haveS: number; recoveredS: number; missingS: number };
  gaps: { open: number; filled: number; none: number };
}

/** So long the jobs are given to notice what was written. */
const DERIVED = { timeout: 60_000, interval: 1_000 };

it("finds what is missing, fills it once the vendor has it, and asks again what may have changed with it", {
  timeout: 150_000,
}, async () => {
  await using stack = await startStack({ world: { vehicles: 8, seed: 91 } });
  const span = pastHours(8);
  // Devices without a network for three hours of their working day.
  const hole = { fromS: span.toS - 5 * 3_600, toS: span.toS - 2 * 3_600 };
  await stack.world.addHole({ ...hole, kind: "late", lateS: 100_000 });
  await register(stack);
  await askPast(stack, "trips", "parking", "alarms", "tracks");
  const coverage = async () => {
    await derived(stack);
    return (await (await stack.fetch("/v1/coverage")).json()) as Coverage;
  };
  const before = await coverage();
  expect(before.gaps).toMatchObject({ filled: 0, none: 0 });
  expect(before.gaps.open).toBeGreaterThan(2);
  expect(before.total.missingS).toBeGreaterThan(3_600);

  await stack.world.mendHoles();
  // Who drove in the hole alone shows with the next position that is polled.
  await derived(stack);
  expect(["ok", "exception"]).toContain(await stack.tick("37 * * * *"));
  // Of a vehicle without a fix since, the gap goes on up to its newest contact: it is asked for an hour later.
  await stack.sql`
    update tracksolid.coverage_gaps set gap_to = gap_to - interval '1 hour'
    where asked_run is null and gap_to > now() - interval '5 minutes' and gap_from < gap_to - interval '1 hour'`;
  expect(["ok", "exception"]).toContain(await stack.tick("37 * * * *"));
  await written(stack);
  // Who drove in the hole alone, and came back to where it stood, leaves no trace: the second look of the night finds that.
  const gaps = await stack.sql<{ imei: string; from: number; to: number }[]>`
    select imei, extract(epoch from gap_from)::float8 as from, extract(epoch from gap_to)::float8 as to
    from tracksolid.coverage_gaps`;
  expect(new Set(gaps.map(({ imei }) => imei)).size).toBeGreaterThan(2);
  const isAsked = (imei: string, at: string) => {
    const atS = Date.parse(at) / 1_000;
    const isInHole = atS >= hole.fromS && atS < hole.toS;
    return !isInHole || gaps.some((gap) => gap.imei === imei && gap.from <= atS && atS <= gap.to);
  };
  await expectTruth(stack, { ...span, isAsked }, "tracks");
  await expect
    .poll(async () => (await coverage()).total.missingS, DERIVED)
    .toBeLessThan(before.total.missingS / 10);

  // The next hour closes the gaps, and asks for the trips, stays and alarms of their time.
  expect(await stack.tick("37 * * * *")).toBe("ok");
  await written(stack);
  await expectTruth(stack, { ...span, isAsked }, "trips", "parking", "alarms");
  const after = await coverage();
  expect(after.gaps.filled).toBeGreaterThanOrEqual(before.gaps.open);
  expect(after.total.recoveredS).toBeGreaterThan(3_600);
  expect(after.total).toMatchObject({
    expectedS: after.total.haveS + after.total.recoveredS + after.total.missingS,
  });
});
