import { expect, it, vi } from "vitest";
import { type Stack, startStack } from "../setup/harness.ts";
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
  expect(before.gaps.open).toBeGreaterThan(0);
  expect(before.total.missingS).toBeGreaterThan(600);

  await stack.world.mendHoles();
  // Who drove in the hole alone shows with the next position that is polled.
  await derived(stack);
  expect(["ok", "exception"]).toContain(await stack.tick("37 * * * *"));
  // Of a vehicle without a fix since, the gap goes on up to its newest contact: it is asked for an hour later.
  await stack.sql`
    update tracksolid.coverage_gaps set gap_to = gap_to - interval '1 hour'
    where asked_run is null and gap_to > now() - interval '5 minutes' and gap_from < gap_to - interval '1 hour'`;
  // Hour after hour: what one recovered shows what is missing beside it.
  const known = await vi.waitFor(
    async () => {
      expect(["ok", "exception"]).toContain(await stack.tick("37 * * * *"));
      await written(stack);
      await derived(stack);
      const where = await whereAsked(stack, hole);
      await expectTruth(stack, { ...span, isAsked: where }, "tracks");
      return where;
    },
    { timeout: 90_000, interval: 500 },
  );
  await expect
    .poll(async () => (await coverage()).total.missingS, DERIVED)
    .toBeLessThan(before.total.missingS / 10);

  // The next hour closes the gaps, and asks for the trips, stays and alarms of their time.
  expect(await stack.tick("37 * * * *")).toBe("ok");
  await written(stack);
  await expectTruth(stack, { ...span, isAsked: known }, "trips", "parking", "alarms");
  const after = await coverage();
  expect(after.gaps.filled).toBeGreaterThanOrEqual(before.gaps.open);
  expect(after.total.recoveredS).toBeGreaterThan(600);
  expect(after.total).toMatchObject({
    expectedS: after.total.haveS + after.total.recoveredS + after.total.missingS,
  });
});

/**
 * What is asked for: all but what fell into the hole beside every gap. Who drove in the hole alone, and came back to where it
 * stood, leaves no trace: the second look of the night finds that.
 */
async function whereAsked({ sql }: Stack, hole: { fromS: number; toS: number }) {
  const gaps = await sql<{ imei: string; fromS: number; toS: number }[]>`
    select imei, extract(epoch from gap_from)::float8 as "fromS", extract(epoch from gap_to)::float8 as "toS"
    from tracksolid.coverage_gaps`;
  expect(new Set(gaps.map(({ imei }) => imei)).size).toBeGreaterThan(0);
  return (imei: string, at: string) => {
    const atS = Date.parse(at) / 1_000;
    const isIn = ({ fromS, toS }: { fromS: number; toS: number }) => fromS <= atS && atS <= toS;
    return !isIn(hole) || gaps.some((gap) => gap.imei === imei && isIn(gap));
  };
}
