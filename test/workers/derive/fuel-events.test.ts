import fc from "fast-check";
import { expect, it } from "vitest";
import { computeDays } from "../../../workers/derive/compute-days.ts";
import { database, deliver, newImei } from "../writer/deliver.ts";
import { pushOf } from "../writer/facts/push.ts";
import { DAY_START_MS, type Fix, messagesOf, vendorTime } from "./days.ts";
import { alone, derived, run } from "./run.ts";

const VEHICLES = 12;

interface Level {
  /** Minutes since midnight in Nairobi. */
  minute: number;
  level: number;
}

const oil = (imei: string, levels: Level[], rest: Record<string, unknown> = { unit: "%" }) =>
  pushOf(
    "pushoil",
    levels.map(({ minute, level }) => ({
      ...{ deviceImei: imei, gateTime: vendorTime(minute * 60), oil: level },
      ...rest,
    })),
  );

/** The same level, every five minutes from one on. */
const steady = (fromMinute: number, readings: number, level: number): Level[] =>
  Array.from({ length: readings }, (_, index) => ({ minute: fromMinute + index * 5, level }));

const standing = (minute: number, northKm = 0): Fix => ({
  ...{ atS: minute * 60, northKm, speedKmh: 0, ignition: false },
});

const at = (minute: number) => new Date(DAY_START_MS + minute * 60_000);

const stored = (imei: string) =>
  database()`select * from reporting.fuel_events where imei = ${imei} order by at, source, sensor`;

async function events(imei: string) {
  await derived(imei);
  return stored(imei);
}

it("tells a refill and a drain, where, and how sure that is", async () => {
  const imei = newImei();
  await deliver(messagesOf(imei, [standing(598), standing(724, 5)]));
  await deliver([oil(imei, [...steady(540, 12, 20), ...steady(600, 12, 80), ...steady(725, 6, 50)])]);
  const certain = { standing: true, confidence: 1, doubts: null, source: "sensor", unit_code: "%" };
  expect(await events(imei)).toMatchObject([
    { ...certain, kind: "refill", at: at(600), before_at: at(595), from_level: 20, to_level: 80, lat: -1.3 },
    // Five kilometres were driven meanwhile: 2 of the 30 points.
    {
      ...certain,
      kind: "drain",
      at: at(725),
      before_at: at(655),
      from_level: 80,
      to_level: 50,
      driven_km: 5,
      unexplained: 28,
    },
  ]);
});

it("leaves what was found in readings that are no longer kept", async () => {
  await using _ = await alone();
  const imei = newImei();
  await database()`
    insert into reporting.fuel_events (imei, at, source, sensor, unit_code, kind, before_at, from_level, to_level, unexplained,
      driven_km, confidence)
    values (${imei}, ${at(600)}, 'obd', '', '', 'refill', ${at(595)}, 10, 50, 40, 0, 1)`;
  const day = { imei, day: "2026-10-06", changed_from: at(600), changed_to: at(700), mark: "1" };
  await computeDays(database(), [day], at(601).getTime());
  expect(await stored(imei)).toHaveLength(1);
  // All of them would still be there, and there is none.
  await computeDays(database(), [day], at(600).getTime());
  expect(await stored(imei)).toEqual([]);
  await database()`delete from private.dirty_days where imei = ${imei}`;
});

it("is not taken in by slosh, use, sensors that are cut off, single readings or another unit", async () => {
  const [sloshing, used, cut, spike, changed] = [newImei(), newImei(), newImei(), newImei(), newImei()];
  await deliver([
    oil(
      sloshing,
      steady(540, 24, 0).map(({ minute }, index) => ({
        minute,
        level: 60 + ([0, 6, -6, 4, -4][index % 5] ?? 0),
      })),
    ),
    oil(used, [...steady(540, 3, 60), ...steady(640, 3, 30)]),
    oil(cut, [...steady(540, 6, 60), ...steady(570, 6, 0), ...steady(600, 6, 60)]),
    oil(spike, [...steady(540, 6, 60), { minute: 570, level: 20 }, ...steady(575, 6, 60)]),
  ]);
  // Eighty kilometres, in which 32 points may be used.
  await deliver(
    messagesOf(
      used,
      Array.from({ length: 81 }, (_, km) => ({
        ...standing(555 + km),
        northKm: km,
        speedKmh: 60,
        ignition: true,
      })),
    ),
  );
  // The same tank, in another unit.
  await deliver([oil(changed, steady(540, 6, 90)), oil(changed, steady(570, 6, 45), { unit: "l" })]);
  for (const imei of [sloshing, used, cut, spike, changed]) expect(await events(imei), imei).toEqual([]);
});

it("says what speaks against a step", async () => {
  const [small, underway, back, lonely] = [newImei(), newImei(), newImei(), newImei()];
  await deliver([
    oil(small, [...steady(540, 6, 60), ...steady(570, 6, 67)]),
    oil(underway, [...steady(540, 6, 60), ...steady(570, 6, 90)]),
    oil(back, [...steady(540, 6, 60), ...steady(570, 5, 30), ...steady(595, 6, 60)]),
    oil(lonely, [
      { minute: 0, level: 60 },
      { minute: 72 * 60, level: 90 },
    ]),
  ]);
  await deliver(messagesOf(underway, [{ ...standing(568), speedKmh: 50, ignition: true }]));
  // At the least step: nothing for size, half for the unknown stand, all for readings and steadiness.
  expect(await events(small)).toMatchObject([{ confidence: 0.55, doubts: "small, no fix" }]);
  expect(await events(underway)).toMatchObject([{ standing: false, confidence: 0.7, doubts: "under way" }]);
  // 0.3 of 0.3 + 0.2 + 0.2 + 0.15.
  expect(await events(back)).toMatchObject([
    { kind: "drain", confidence: expect.closeTo(0.26, 2), doubts: "no fix, came back" },
    { kind: "refill", confidence: expect.closeTo(0.26, 2), doubts: "no fix, came back" },
  ]);
  expect(await events(lonely)).toMatchObject([
    { before_at: at(0), confidence: 0.72, doubts: "few readings, no fix" },
  ]);
  // A minute more, and it says nothing of the time between.
  await deliver([oil(lonely, [{ minute: 72 * 60 * 2 + 1, level: 60 }])]);
  expect(await events(lonely)).toHaveLength(1);
});

it("reads the vehicle's own bus in its unit, each sensor by itself, and adds litres up by the day once", async () => {
  const imei = newImei();
  const sql = database();
  await deliver(
    messagesOf(imei, [
      { ...standing(560), odometerKm: 7 },
      { ...standing(600), odometerKm: 7 },
    ]),
  );
  const said = (minute: number, values: object) => ({
    ...{ deviceImei: imei, gateTime: vendorTime(minute * 60) },
    obdJson: JSON.stringify(values),
  });
  const bus = (from: number, level: object) => [0, 5, 10, 15].map((minute) => said(from + minute, level));
  await deliver([
    pushOf("pushobd", [...bus(540, { remainingFuel: "20" }), ...bus(570, { remainingFuel: 50.5 })]),
  ]);
  expect(await events(imei)).toMatchObject([
    { source: "obd", unit_code: "l", from_level: 20, to_level: 50.5 },
  ]);
  const daily = async () =>
    (
      await sql`select refills, refilled_l, drains, drained_l from reporting.v_fuel_daily where imei = ${imei} and day = '2026-10-06'`
    )[0];
  expect(await daily()).toEqual({ refills: 1, refilled_l: 30.5, drains: 0, drained_l: null });
  // Two tanks with a sensor each say so too: theirs count, in litres once the tank is known.
  for (const channel of ["1", "2"]) {
    await deliver([
      oil(imei, [...steady(540, 4, 20), ...steady(570, 4, 60)], { percent: 0, unit: "%", channel }),
    ]);
  }
  expect(await events(imei)).toHaveLength(3);
  expect(await daily()).toEqual({ refills: 2, refilled_l: null, drains: 0, drained_l: null });
  await sql`update tracksolid.devices set own_tank_l = 50 where imei = ${imei}`;
  expect(await daily()).toEqual({ refills: 2, refilled_l: 40, drains: 0, drained_l: null });
  const [event] = await sql`
    select unit, litres, kind from reporting.v_fuel_events where imei = ${imei} and source = 'sensor' limit 1`;
  expect(event).toEqual({ unit: "percent", litres: 20, kind: "refill" });
});

it("counts what drove to the reading before, where the fix an hour before it comes last", async () => {
  const imei = newImei();
  await deliver([
    ...messagesOf(imei, [standing(650, 3)]),
    oil(imei, [...steady(600, 1, 90), ...steady(2_000, 4, 40)]),
  ]);
  expect(await events(imei)).toMatchObject([{ before_at: at(600), driven_km: 0 }]);
  await deliver(messagesOf(imei, [standing(540)]));
  expect(await events(imei)).toMatchObject([{ before_at: at(600), driven_km: expect.closeTo(3, 1) }]);
});

it("is the same in whatever order facts come, and however often", async () => {
  const level = fc.record({
    minute: fc.oneof(
      fc.integer({ min: 0, max: 60 }).map((n) => n * 5),
      fc.constantFrom(900, 1_430, 1_445, 4_000),
    ),
    level: fc.constantFrom(10, 30, 33, 60, 61, 90),
  });
  const fix = fc.record({
    minute: fc.integer({ min: 0, max: 1_500 }),
    northKm: fc.constantFrom(0, 0.1, 20),
    speedKmh: fc.constantFrom(0, 40),
  });
  const facts = fc
    .record({
      levels: fc.uniqueArray(level, { selector: ({ minute }) => minute, minLength: 4, maxLength: 30 }),
      fixes: fc.uniqueArray(fix, { selector: ({ minute }) => minute, maxLength: 8 }),
    })
    .chain(({ levels, fixes }) =>
      fc.record({
        ...{ levels: fc.constant(levels), fixes: fc.constant(fixes) },
        shuffled: fc.shuffledSubarray(levels, { minLength: levels.length }),
        again: fc.subarray(levels),
        later: fc.shuffledSubarray(fixes, { minLength: fixes.length }),
      }),
    );
  let found = 0;
  // Several vehicles at once: a run of the job is what takes the time.
  const vehicles = fc.array(facts, { minLength: VEHICLES, maxLength: VEHICLES });
  await fc.assert(
    fc.asyncProperty(vehicles, async (stories) => {
      const driven = stories.map((story) => ({ ...story, atOnce: newImei(), oneByOne: newImei() }));
      const drives = (imei: string, some: (typeof stories)[number]["fixes"]) =>
        messagesOf(
          imei,
          some.map(({ minute, northKm, speedKmh }) => ({ ...standing(minute, northKm), speedKmh })),
        );
      await deliver(
        driven.flatMap(({ atOnce, fixes, levels }) => [...drives(atOnce, fixes), oil(atOnce, levels)]),
      );
      for (const round of [0, 1, 2, 3]) {
        await deliver(
          driven.flatMap(({ oneByOne, shuffled, again, later }) => {
            const third = Math.ceil(shuffled.length / 3);
            const part = round < 3 ? shuffled.slice(round * third, (round + 1) * third) : again;
            return [
              ...(part.length > 0 ? [oil(oneByOne, part)] : []),
              ...drives(oneByOne, later.slice(round, round + 1)),
            ];
          }),
        );
        await run();
      }
      await deliver(driven.flatMap(({ oneByOne, later }) => drives(oneByOne, later.slice(4))));
      await derived(...driven.flatMap(({ atOnce, oneByOne }) => [atOnce, oneByOne]));
      for (const { atOnce, oneByOne } of driven) {
        const [expected, rows] = [await stored(atOnce), await stored(oneByOne)];
        found += expected.length;
        const plain = (list: typeof rows) => list.map((row) => ({ ...row, imei: "" }));
        expect(plain(rows)).toEqual(plain(expected));
        for (const { confidence } of expected) {
          expect(confidence).toBeGreaterThanOrEqual(0);
          expect(confidence).toBeLessThanOrEqual(1);
        }
      }
    }),
    { numRuns: 2, endOnFailure: true },
  );
  expect(found).toBeGreaterThan(5);
});
