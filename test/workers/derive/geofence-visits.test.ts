import fc from "fast-check";
import { expect, it } from "vitest";
import { database, deliver, messageOf, newImei } from "../writer/deliver.ts";
import { DAY_S, DAY_START_MS, type Fix, messagesOf, vendorTime } from "./days.ts";
import { newFence, north, visitsOf } from "./fences.ts";
import { derived, run } from "./run.ts";

const VEHICLES = 24;

/** A fence is from 1 to 2 km. */
const inside = (atS: number, rest: Partial<Fix> = {}): Fix => fixAt(atS, 1.5, rest);
const outside = (atS: number, rest: Partial<Fix> = {}): Fix => fixAt(atS, 3, rest);
const fixAt = (atS: number, km: number, rest: Partial<Fix> = {}): Fix => ({
  ...{ atS, northKm: north(km), speedKmh: 30, ignition: true },
  ...rest,
});

/** Delivers fixes, and computes. */
async function drove(imei: string, ...fixes: Fix[]): Promise<void> {
  await deliver(messagesOf(imei, fixes));
  await derived(imei);
}

const visit = (
  enteredAfter: number | null,
  enteredAt: number,
  leftAt: number,
  leftBefore: number | null,
  fixes: number,
) => ({
  ...{ enteredAfter, enteredAt, lastInsideAt: leftAt, leftAt: leftBefore === null ? null : leftAt },
  ...{ leftBefore, fixes },
});

/** Of the view for readers. */
const reported = (imei: string, id: number) =>
  database()`select * from reporting.v_geofence_visits where imei = ${imei} and geofence_id = ${id} order by entered_at`;

it("lies between the fixes on both sides of the border", async () => {
  await using fence = await newFence(1, 2);
  const imei = newImei();
  await drove(imei, outside(0), inside(60), inside(600));
  expect(await visitsOf(imei, fence.id)).toEqual([visit(0, 60, 600, null, 2)]);
  await drove(imei, inside(660), outside(7_200));
  expect(await visitsOf(imei, fence.id)).toEqual([visit(0, 60, 660, 7_200, 3)]);
});

it("has begun before anything was known, or goes on", async () => {
  await using fence = await newFence(1, 2);
  const imei = newImei();
  await drove(imei, inside(60));
  expect(await visitsOf(imei, fence.id)).toEqual([visit(null, 60, 60, null, 1)]);
  await drove(imei, inside(3 * DAY_S));
  expect(await visitsOf(imei, fence.id)).toEqual([visit(null, 60, 3 * DAY_S, null, 2)]);
});

it("takes who jumps over the border and back for one that stayed, and who only jumped for one that passed by", async () => {
  await using fence = await newFence(1, 2);
  const [jumps, jumped] = [newImei(), newImei()];
  const alternating = Array.from({ length: 31 }, (_, index) => (index % 2 ? inside : outside)(index * 10));
  await drove(
    jumps,
    ...alternating.map((fix) => ({ ...fix, odometerKm: 1 })),
    outside(900, { odometerKm: 1 }),
  );
  expect(await visitsOf(jumps, fence.id)).toEqual([visit(0, 10, 290, 300, 29)]);
  expect(await reported(jumps, fence.id)).toMatchObject([
    { inside_s: 280, at_most_s: 300, entry_within_s: 10, exit_within_s: 10, entry_is_exact: true },
  ]);
  const known = { odometerKm: 1 };
  await drove(jumped, outside(0, known), inside(30, known), outside(60, known), outside(600, known));
  expect(await visitsOf(jumped, fence.id)).toEqual([visit(0, 30, 30, 60, 1)]);
  expect(await reported(jumped, fence.id)).toEqual([]);
});

it("ends once it was outside for longer than it may be", async () => {
  await using fence = await newFence(1, 2, { rejoinS: 300 });
  const imei = newImei();
  await drove(imei, inside(0), outside(100), inside(300), outside(400), inside(601), outside(700));
  expect(await visitsOf(imei, fence.id)).toEqual([visit(null, 0, 300, 400, 3), visit(400, 601, 601, 700, 1)]);
});

it("goes on over hours without a fix, not over more than a month", async () => {
  await using fence = await newFence(1, 2);
  const imei = newImei();
  await drove(imei, inside(0), inside(7 * 3_600), inside(8 * 3_600));
  expect(await visitsOf(imei, fence.id)).toEqual([visit(null, 0, 8 * 3_600, null, 3)]);
  const later = 8 * 3_600 + 33 * DAY_S;
  await drove(imei, inside(later));
  expect(await visitsOf(imei, fence.id)).toEqual([
    visit(null, 0, 8 * 3_600, later, 3),
    visit(8 * 3_600, later, later, null, 1),
  ]);
});

it("is parted and joined by a fix that comes a month late", async () => {
  await using fence = await newFence(1, 2);
  const imei = newImei();
  await drove(imei, inside(0), inside(6 * 3_600), outside(6 * 3_600 + 90), inside(6 * 3_600 + 200));
  await drove(imei, inside(30 * DAY_S), outside(30 * DAY_S + 60));
  const before = 6 * 3_600;
  expect(await visitsOf(imei, fence.id)).toEqual([
    visit(null, 0, before, before + 90, 2),
    visit(before + 90, before + 200, 30 * DAY_S, 30 * DAY_S + 60, 2),
  ]);
  await drove(imei, inside(before + 100));
  expect(await visitsOf(imei, fence.id)).toEqual([visit(null, 0, 30 * DAY_S, 30 * DAY_S + 60, 6)]);
  await drove(imei, outside(3 * 3_600));
  expect(await visitsOf(imei, fence.id)).toEqual([
    visit(null, 0, 0, 3 * 3_600, 1),
    visit(3 * 3_600, before, 30 * DAY_S, 30 * DAY_S + 60, 5),
  ]);
});

it("is told by satellites alone", async () => {
  await using fence = await newFence(1, 2);
  const imei = newImei();
  const tower = { imei, lat: -1.3, lng: 36.8, gpsTime: vendorTime(300), hbTime: vendorTime(300) };
  await deliver([messageOf("location", [{ ...tower, posType: "LBS", speed: "0", accStatus: "1" }])]);
  await drove(imei, inside(0), inside(600));
  expect(await visitsOf(imei, fence.id)).toEqual([visit(null, 0, 600, null, 2)]);
});

it("is one over midnight, shared out between the days, and counts the fixes of whole hours", async () => {
  await using fence = await newFence(1, 2);
  const imei = newImei();
  const fixes = Array.from({ length: 6 * 30 + 1 }, (_, index) =>
    inside(20 * 3_600 + 300 + index * 600, { odometerKm: 1 }),
  );
  const last = 20 * 3_600 + 300 + 30 * 3_600;
  await drove(imei, outside(20 * 3_600, { odometerKm: 1 }), ...fixes);
  await drove(imei, outside(last + 60, { odometerKm: 1 }));
  expect(await visitsOf(imei, fence.id)).toEqual([visit(72_000, 72_300, last, last + 60, fixes.length)]);
  const days = await database()`
    select day::text, visits, visits_begun, inside_s from reporting.v_geofence_visits_daily
    where imei = ${imei} and geofence_id = ${fence.id} order by day`;
  expect(days).toEqual([
    { day: "2026-10-06", visits: 1, visits_begun: 1, inside_s: DAY_S - 72_300 },
    { day: "2026-10-07", visits: 1, visits_begun: 0, inside_s: DAY_S },
    { day: "2026-10-08", visits: 1, visits_begun: 0, inside_s: last - 2 * DAY_S },
  ]);
});

it("goes on while a vehicle with its ignition off is heard of", async () => {
  await using fence = await newFence(1, 2);
  const imei = newImei();
  await drove(imei, outside(0, { odometerKm: 1 }), inside(60, { odometerKm: 1, ignition: false }));
  const heardAt = new Date(DAY_START_MS + 7_260_000);
  await database()`update tracksolid.live_positions set contact_at = ${heardAt} where imei = ${imei}`;
  expect(await reported(imei, fence.id)).toMatchObject([
    { left_at: null, known_to: heardAt, inside_s: 7_200, at_most_s: null, exit_is_exact: null },
  ]);
});

/** The visits that fixes tell, by the words of the comments. */
function expected(fixes: Fix[], rejoinS: number) {
  const isInside = ({ northKm }: Fix) => northKm >= north(1) && northKm <= north(2);
  const found: { first: number; last: number }[] = [];
  for (const [index, fix] of fixes.entries()) {
    if (!isInside(fix)) continue;
    const visit = found.at(-1);
    const lastS = fixes[visit?.last ?? -1]?.atS;
    const isSame = lastS !== undefined && (visit?.last === index - 1 || fix.atS - lastS <= rejoinS);
    if (visit && isSame) visit.last = index;
    else found.push({ first: index, last: index });
  }
  return found.map(({ first, last }) =>
    visit(
      fixes[first - 1]?.atS ?? null,
      fixes[first]?.atS ?? 0,
      fixes[last]?.atS ?? 0,
      fixes[last + 1]?.atS ?? null,
      last - first + 1,
    ),
  );
}

/** Takes every second day of vehicles off the list. @returns what puts them back */
async function withoutEverySecondDay(imeis: string[], parity: number) {
  const sql = database();
  const taken = await sql`
    delete from private.dirty_days where imei in ${sql(imeis)} and (day - date '2026-01-01') % 2 = ${parity}
    returning imei, day::text, changed_from::text, changed_to::text`;
  return () => sql`
    insert into private.dirty_days as d (imei, day, changed_from, changed_to, mark)
    select imei, day, changed_from, changed_to, pg_current_xact_id()
    from json_to_recordset(${JSON.stringify(taken)}::text::json) as c (
      imei text, day date, changed_from timestamptz, changed_to timestamptz
    )
    -- A run of another test that had one of them in hand marks it again when it finds it gone.
    on conflict (imei, day) do update set mark = excluded.mark,
      changed_from = least(d.changed_from, excluded.changed_from),
      changed_to = greatest(d.changed_to, excluded.changed_to)`;
}

it("is the same in whatever order fixes come, and however often", async () => {
  await using fence = await newFence(1, 2);
  const fix = fc.record({
    // Some close to each other, some hours and days apart.
    atS: fc.oneof(
      { weight: 6, arbitrary: fc.integer({ min: 0, max: 15 }).map((step) => step * 40) },
      { weight: 1, arbitrary: fc.integer({ min: 0, max: 2_800 }).map((minute) => minute * 60) },
      { weight: 1, arbitrary: fc.integer({ min: 0, max: 9 }).map((day) => day * DAY_S) },
    ),
    northKm: fc.constantFrom(north(1), north(1.5), north(2.1), north(3)),
    speedKmh: fc.constantFrom(0, 40),
    ignition: fc.boolean(),
  });
  const facts = fc
    .uniqueArray(fix, { selector: ({ atS }) => atS, minLength: 1, maxLength: 14, size: "max" })
    .chain((fixes) =>
      fc.record({
        ordered: fc.constant(fixes.toSorted((a, b) => a.atS - b.atS)),
        shuffled: fc.shuffledSubarray(fixes, { minLength: fixes.length }),
        again: fc.subarray(fixes),
      }),
    );
  const crossings = async (imei: string) =>
    (
      await database()`
        select * from tracksolid.geofence_crossings where imei = ${imei} and geofence_id = ${fence.id}
        order by is_entry, at`
    ).map((row) => ({ ...row, imei: "" }));
  // Several vehicles at once: a run of the job is what takes the time.
  const vehicles = fc.array(facts, { minLength: VEHICLES, maxLength: VEHICLES });
  await fc.assert(
    fc.asyncProperty(vehicles, async (stories) => {
      const driven = stories.map((story) => ({ ...story, atOnce: newImei(), oneByOne: newImei() }));
      await deliver(driven.flatMap(({ atOnce, ordered }) => messagesOf(atOnce, ordered)));
      const imeis = driven.map(({ oneByOne }) => oneByOne);
      // The last two come alone: what changed then is an instant, and all around it has to be found.
      const parts: ((story: (typeof driven)[number]) => Fix[])[] = [
        ({ shuffled }) => shuffled.slice(0, -2),
        ({ shuffled }) => shuffled.slice(-2, -1),
        ({ shuffled }) => shuffled.slice(-1),
        ({ again }) => again,
      ];
      for (const [round, part] of parts.entries()) {
        const fixes = driven.flatMap((story) => messagesOf(story.oneByOne, part(story)));
        if (fixes.length === 0) continue;
        await deliver(fixes);
        // A round may hold some days of a vehicle and not others that changed, too. The first day, which has most of the
        // fixes, is an even one: it is held back once, for what came alone has to be computed alone.
        const unmark = await withoutEverySecondDay(imeis, round < 2 ? 1 : round % 2);
        await run();
        await unmark();
      }
      await derived(...driven.flatMap(({ atOnce, oneByOne }) => [atOnce, oneByOne]));
      for (const { atOnce, oneByOne, ordered } of driven) {
        expect(await visitsOf(atOnce, fence.id)).toEqual(expected(ordered, 120));
        expect(await visitsOf(oneByOne, fence.id)).toEqual(expected(ordered, 120));
        expect(await crossings(oneByOne)).toEqual(await crossings(atOnce));
      }
    }),
    { numRuns: 6, endOnFailure: true },
  );
});
