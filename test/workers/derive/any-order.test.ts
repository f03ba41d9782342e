import fc from "fast-check";
import { expect, it } from "vitest";
import { database, deliver, newImei } from "../writer/deliver.ts";
import { DAY_S, daysOf, messagesOf } from "./days.ts";
import { derived, run } from "./run.ts";

/** Days of two months each: more would keep the runs of other tests waiting. */
const VEHICLES = 4;

it("is the same in whatever order facts come, and however often", async () => {
  // Some fixes of two days in minutes of a grid, so that steps are short, long and over midnight; or of months, so that some
  // are too long to count.
  const fix = (gridS: number, fromS: number) =>
    fc.record({
      atS: fc.integer({ min: 0, max: 2_800 }).map((count) => fromS + count * gridS),
      northKm: fc.constantFrom(0, 0.05, 0.15, 1, 2),
      speedKmh: fc.constantFrom(0, 2, 40),
      ignition: fc.boolean(),
      odometerKm: fc.constantFrom(undefined, 100, 101, 102, 5),
    });
  const facts = fc
    .constantFrom<[number, number]>([60, 0], [2_400, -40 * DAY_S])
    .chain((grid) =>
      fc.uniqueArray(fix(...grid), { selector: ({ atS }) => atS, minLength: 1, maxLength: 12 }),
    )
    .chain((fixes) =>
      fc.record({
        ordered: fc.constant(fixes.toSorted((a, b) => a.atS - b.atS)),
        shuffled: fc.shuffledSubarray(fixes, { minLength: fixes.length }),
        again: fc.subarray(fixes),
      }),
    );
  const rollUps = async (imei: string) => {
    const days = await daysOf(imei);
    const hours = await database()`select * from reporting.vehicle_hour where imei = ${imei} order by hour`;
    return [...days, ...hours].map((row) => ({ ...row, imei: "" }));
  };
  // Several vehicles at once: a run of the job is what takes the time.
  const vehicles = fc.array(facts, { minLength: VEHICLES, maxLength: VEHICLES });
  await fc.assert(
    fc.asyncProperty(vehicles, async (stories) => {
      const driven = stories.map((story) => ({ ...story, atOnce: newImei(), oneByOne: newImei() }));
      await deliver(driven.flatMap(({ atOnce, ordered }) => messagesOf(atOnce, ordered)));
      const parts: ((story: (typeof driven)[number]) => typeof story.ordered)[] = [
        ({ shuffled }) => shuffled.slice(0, 3),
        ({ shuffled }) => shuffled.slice(3, 6),
        ({ shuffled }) => shuffled.slice(6),
        ({ again }) => again,
      ];
      for (const part of parts) {
        const fixes = driven.flatMap((story) => messagesOf(story.oneByOne, part(story)));
        if (fixes.length === 0) continue;
        await deliver(fixes);
        await run();
      }
      await derived(...driven.flatMap(({ atOnce, oneByOne }) => [atOnce, oneByOne]));
      for (const { atOnce, oneByOne } of driven) {
        const expected = await rollUps(atOnce);
        expect(await rollUps(oneByOne)).toEqual(expected);
        for (const row of expected) {
          if (!("day" in row)) continue;
          const { moving_s, idling_s, parked_s, unknown_s } = row as Record<string, number>;
          expect((moving_s ?? 0) + (idling_s ?? 0) + (parked_s ?? 0) + (unknown_s ?? 0)).toBe(DAY_S);
          expect(unknown_s).toBeGreaterThanOrEqual(0);
        }
      }
    }),
    { numRuns: 4, endOnFailure: true },
  );
});
