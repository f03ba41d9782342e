import { env } from "cloudflare:workers";
import { afterEach, expect, it, vi } from "vitest";
import { takeLease } from "../../../workers/polls/lease.ts";
import { emptyOutcome } from "../../../workers/polls/outcome.ts";
import { layRoads } from "../../../workers/roads/index.ts";
import { LEVELS } from "../../../workers/roads/levels.ts";
import { database } from "../writer/deliver.ts";
import { lengthOf } from "./drawn.ts";
import {
  compute,
  DAY_MS,
  dayOf,
  drive,
  type Fix,
  HOUR_MS,
  metresOff,
  newVehicle,
  nextDayMs,
  nextLng,
  roadsAt,
  run,
  tell,
} from "./driven.ts";

afterEach(() => {
  vi.restoreAllMocks();
});

it("lays the ways of a day that is over, on every level, and a second run writes nothing", async () => {
  const [dayMs, place, imei] = [nextDayMs(), nextLng(), await newVehicle()];
  await tell(imei, dayMs, place, drive(3_600, 20));
  expect((await run(dayMs + 25 * HOUR_MS)).itemsReceived).toBe(1);
  for (const east of [0, 0.02, 0.0684]) expect(await metresOff(place, east)).toBeLessThan(5);
  for (const level of LEVELS) {
    const { days } = await roadsAt(place, level);
    // 8 km are a place, seen from far.
    if (level.zoom > 3) expect(new Set(days), `level ${level.zoom}`).toEqual(new Set([dayOf(dayMs)]));
  }
  const before = (await roadsAt(place)).rows;
  await run(dayMs + 26 * HOUR_MS);
  await compute(imei, dayMs, 0);
  expect((await run(dayMs + 27 * HOUR_MS)).itemsReceived).toBe(1);
  expect((await roadsAt(place)).rows).toEqual(before);
});

it("leaves open what nobody knows, and leaves out who stands, jumps, or is hidden on maps", async () => {
  const [dayMs, place] = [nextDayMs(), nextLng()];
  const shown = await newVehicle();
  const gap = drive(3_600, 10);
  const standing = Array.from(
    { length: 60 },
    (_, n): Fix => ({ s: 3_800 + n * 30, east: 0.0324, kmh: 0, north: (n % 9) / 9_000 }),
  );
  const beyond = drive(7_200, 10, 0.06);
  const jump: Fix = { s: 7_410, east: 0.095, kmh: 60, north: 0.02 };
  await tell(shown, dayMs, place, [...gap, ...standing, ...beyond, jump]);
  for (const device of [{ hidden_on_map: true }, { kind: "canary" }]) {
    await tell(
      await newVehicle(device),
      dayMs,
      place,
      drive(3_600, 10).map((fix) => ({ ...fix, north: 0.01 })),
    );
  }
  const elsewhere = [{ pos_type: "LBS" }, { clock_ahead: true }];
  for (const change of elsewhere) {
    await tell(
      await newVehicle(),
      dayMs,
      place,
      drive(3_600, 10).map((fix) => ({ ...fix, north: -0.01, change })),
    );
  }
  await run(dayMs + 25 * HOUR_MS);
  expect(await metresOff(place, 0.02)).toBeLessThan(5);
  expect(await metresOff(place, 0.0455)).toBeGreaterThan(1_000);
  expect(await metresOff(place, 0.08)).toBeLessThan(5);
  expect(await metresOff(place, 0.095, 0.02)).toBeGreaterThan(1_000);
  expect(await metresOff(place, 0.015, 0.01)).toBeGreaterThan(1_000);
  expect(await metresOff(place, 0.015, -0.01)).toBeGreaterThan(1_000);
  const { lines } = await roadsAt(place);
  expect(lengthOf(lines) * 0.6).toBeLessThan(2 * 9 * 400 + 100);
});

it("follows who creeps slower than a vehicle that moves", async () => {
  const [dayMs, place, imei] = [nextDayMs(), nextLng(), await newVehicle()];
  const corner = 0.0324;
  const creeping = Array.from(
    { length: 100 },
    (_, n): Fix => ({ s: 3_800 + n * 30, east: corner, kmh: 2, north: n * 0.00015 }),
  );
  const on = drive(6_800, 10, corner + 0.0036).map((fix) => ({ ...fix, north: 0.015 }));
  await tell(imei, dayMs, place, [...drive(3_600, 10), ...creeping, ...on]);
  await run(dayMs + 25 * HOUR_MS);
  for (const north of [0.004, 0.0075, 0.011]) expect(await metresOff(place, corner, north)).toBeLessThan(20);
});

it("shows a day while it goes on, reads then only what is new of it, and all of it once it is over", async () => {
  const [dayMs, place, imei] = [nextDayMs(), nextLng(), await newVehicle()];
  const hour = (hours: number) => dayMs + hours * HOUR_MS;
  await tell(imei, dayMs, place, drive(3_600, 10), hour(1.1));
  await run(hour(2));
  expect(await metresOff(place, 0.03)).toBeLessThan(5);
  // Received before that run, and written after it: not looked for while the day goes on, found when it is over.
  await tell(
    imei,
    dayMs,
    place,
    drive(600, 10).map((fix) => ({ ...fix, north: 0.01 })),
    hour(1.2),
  );
  await tell(imei, dayMs, place, drive(3_800, 10, 0.036), hour(2.1));
  await run(hour(3));
  expect(await metresOff(place, 0.065)).toBeLessThan(5);
  expect(await metresOff(place, 0.03, 0.01)).toBeGreaterThan(500);
  await run(hour(25));
  expect(await metresOff(place, 0.03, 0.01)).toBeLessThan(5);
  // What comes late, days later.
  await tell(
    imei,
    dayMs,
    place,
    drive(9_000, 10).map((fix) => ({ ...fix, north: -0.01 })),
    hour(1.3),
  );
  await run(hour(80));
  expect(await metresOff(place, 0.03, -0.01)).toBeLessThan(5);
});

it("goes on where its time was over, and takes no more than that", async () => {
  const [dayMs, place] = [nextDayMs(), nextLng()];
  const vehicles = await Promise.all(Array.from({ length: 3 }, () => newVehicle()));
  // As many fixes as a round may have: each is a round of its own.
  for (const [n, imei] of vehicles.entries()) {
    await tell(
      imei,
      dayMs,
      place,
      drive(3_600, 10).map((fix) => ({ ...fix, north: n * 0.005 })),
    );
    await compute(imei, dayMs, 49_990);
  }
  const off = () => Promise.all(vehicles.map((_, n) => metresOff(place, 0.02, n * 0.005)));
  expect((await run(dayMs + 25 * HOUR_MS, 0)).itemsReceived).toBe(0);
  expect(Math.min(...(await off()))).toBeGreaterThan(500);
  // The run looks at the clock for its lease, its end and its first round: then it is over.
  const nowMs = Date.now();
  const clock = vi.spyOn(Date, "now");
  clock.mockImplementation(() => (clock.mock.calls.length > 3 ? nowMs + HOUR_MS : nowMs));
  expect((await run(dayMs + 25 * HOUR_MS)).itemsReceived).toBe(1);
  vi.restoreAllMocks();
  const [first, ...others] = await off();
  expect(first).toBeLessThan(5);
  expect(Math.min(...others)).toBeGreaterThan(500);
  expect((await run(dayMs + 25 * HOUR_MS)).itemsReceived).toBe(2);
  expect(Math.max(...(await off()))).toBeLessThan(5);
});

it("leaves out a vehicle whose way cannot be taken, says so, and takes those beside it", async () => {
  vi.spyOn(console, "warn").mockImplementation(() => {});
  const [dayMs, place, broken] = [nextDayMs(), nextLng(), await newVehicle()];
  const vehicles = [await newVehicle(), broken, await newVehicle()];
  for (const [n, imei] of vehicles.entries()) {
    const change = imei === broken ? { lat: "NaN" } : {};
    await tell(
      imei,
      dayMs,
      place,
      drive(3_600, 10).map((fix) => ({ ...fix, north: n * 0.005, change })),
    );
  }
  const { failures } = await run(dayMs + 25 * HOUR_MS);
  expect(failures).toMatchObject([{ what: `${broken} on ${dayOf(dayMs)}`, failure: { kind: "underived" } }]);
  const off = await Promise.all(vehicles.map((_, n) => metresOff(place, 0.02, n * 0.005)));
  expect(off.map((metres) => metres < 5)).toEqual([true, false, true]);
  expect((await run(dayMs + 26 * HOUR_MS)).failures).toEqual([]);
});

it("tries fewer where many fail, and goes on with those when its time is over: the next run would fail as it did", async () => {
  const warned = vi.spyOn(console, "warn").mockImplementation(() => {});
  const [dayMs, place] = [nextDayMs(), nextLng()];
  const vehicles = await Promise.all(Array.from({ length: 9 }, () => newVehicle()));
  for (const imei of vehicles) {
    const change = imei === vehicles.at(-1) ? { lat: "NaN" } : {};
    await tell(
      imei,
      dayMs,
      place,
      drive(3_600, 10).map((fix) => ({ ...fix, change })),
    );
  }
  // The first round fails when the time is over, as after the time-out of a statement.
  const nowMs = Date.now();
  const clock = vi.spyOn(Date, "now");
  clock.mockImplementation(() => (clock.mock.calls.length > 3 ? nowMs + HOUR_MS : nowMs));
  expect((await run(dayMs + 25 * HOUR_MS)).itemsReceived).toBe(4);
  clock.mockRestore();
  const { failures, itemsReceived } = await run(dayMs + 26 * HOUR_MS);
  expect([failures.length, itemsReceived]).toEqual([1, 4]);
  // Of nine, then five, three, two, one.
  expect(warned).toHaveBeenCalledTimes(5);
});

it("renews roads that are driven again, and forgets those that nobody drove for a year", async () => {
  const [dayMs, place, imei] = [nextDayMs(), nextLng(), await newVehicle()];
  await tell(imei, dayMs, place, [
    ...drive(3_600, 10),
    ...drive(9_000, 10).map((fix) => ({ ...fix, north: 0.01 })),
  ]);
  await run(dayMs + 25 * HOUR_MS);
  const laterMs = dayMs + 300 * DAY_MS;
  await tell(imei, laterMs, place, drive(3_600, 10));
  await run(laterMs + 25 * HOUR_MS);
  const { days, rows } = await roadsAt(place);
  expect([...new Set(days)].sort()).toEqual([dayOf(dayMs), dayOf(laterMs)]);
  expect(rows[0]?.oldest_day).toBe(dayOf(dayMs));
  await run(dayMs + 369 * DAY_MS);
  expect((await roadsAt(place)).days).toEqual((await roadsAt(place)).days.map(() => dayOf(laterMs)));
  expect(await metresOff(place, 0.02)).toBeLessThan(5);
  expect(await metresOff(place, 0.02, 0.01)).toBeGreaterThan(500);
  await run(laterMs + 369 * DAY_MS);
  for (const level of LEVELS) expect((await roadsAt(place, level)).rows).toEqual([]);
});

it("leaves it to a run that is at it, and takes it up after that", async () => {
  const [dayMs, place, imei] = [nextDayMs(), nextLng(), await newVehicle()];
  await tell(imei, dayMs, place, drive(3_600, 10));
  const context = {
    env,
    runId: crypto.randomUUID(),
    startedMs: dayMs + 25 * HOUR_MS,
    deadlineMs: Number.POSITIVE_INFINITY,
  };
  const outcome = emptyOutcome();
  {
    await using lease = await takeLease(database(), "roads", "another run", 60);
    expect(lease.held).toBe(true);
    await layRoads({ ...context, outcome });
    expect(outcome.leftToRun).toBe("another run");
  }
  expect((await roadsAt(place)).lines).toEqual([]);
  await run(context.startedMs);
  expect((await roadsAt(place)).lines).toHaveLength(1);
});

it("does not fail while the database is away", async () => {
  const outcome = emptyOutcome();
  const gone = { connectionString: "postgres://x:x@127.0.0.1:1/x" } as Hyperdrive;
  await layRoads({
    ...{ env: { ...env, DB_INGEST: gone }, runId: crypto.randomUUID(), startedMs: 0 },
    ...{ deadlineMs: Number.POSITIVE_INFINITY, outcome },
  });
  expect(outcome.leftToRun).toBe("the database is away");
});
