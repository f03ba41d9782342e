import { env } from "cloudflare:workers";
import { expect, it } from "vitest";
import { tellDays } from "../../../workers/insights/tell-days.ts";
import { takeLease } from "../../../workers/polls/lease.ts";
import { emptyOutcome } from "../../../workers/polls/outcome.ts";
import { addVehicle } from "../api/fleet.ts";
import { database, newImei } from "../writer/deliver.ts";
import { addDay, addUsual, at, dayAt, type Monday, mondaysFrom } from "./days.ts";

const nextMonday = mondaysFrom("2011-01-03");
const HOUR_MS = 3_600_000;

/** A run of the job so many hours after the midnight before the day, 24.6 being the first after it. */
async function run({ startMs }: Monday, hours: number) {
  for (;;) {
    const outcome = emptyOutcome();
    const startedMs = startMs + hours * HOUR_MS;
    await tellDays({
      env,
      runId: crypto.randomUUID(),
      startedMs,
      deadlineMs: Number.POSITIVE_INFINITY,
      outcome,
    });
    if (outcome.leftToRun === null) return outcome;
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
}

const keptOf = (imei: string) => database()`
  select kind, day::text, told_at, changed_at, withdrawn_at, evidence from reporting.insights where imei = ${imei}
  order by day, kind`;

/** As `derive` does. */
const version = (imei: string, day: string) => database()`
  with given as (update reporting.newest_version set version = version + 1 returning version)
  insert into reporting.day_versions select ${imei}, ${day}::text::date, version from given
  on conflict (imei, day) do update set version = excluded.version`;

/** A vehicle that idled more than usual, and is heard of until so many hours after the midnight before the day. */
async function idler(monday: Monday, heardHours = 24): Promise<string> {
  const imei = newImei();
  const heard = at(monday, heardHours);
  await addVehicle(
    imei,
    { created_at: at(monday, -1_000) },
    { fix_at: heard, contact_at: heard, ignition: false },
  );
  await addUsual(imei, monday, 12, 600);
  await addDay(imei, monday.day, { idling_s: 5_000 });
  return imei;
}

it("keeps what yesterday told, and writes nothing when nothing changed", async () => {
  const monday = nextMonday();
  const imei = await idler(monday);
  await run(monday, 24.6);
  const first = await keptOf(imei);
  expect(first).toMatchObject([
    { kind: "idling", day: monday.day, withdrawn_at: null, told_at: new Date(at(monday, 24.6)) },
  ]);
  for (const hours of [25.6, 48.6]) await run(monday, hours);
  expect((await keptOf(imei)).filter(({ kind }) => kind === "idling")).toEqual([...first]);
  const days = await database()`
    select day::text from reporting.insight_days where day between ${dayAt(monday.startMs, -6)} and ${monday.day}`;
  expect(days).toHaveLength(7);
});

it("does nothing in an hour in which nothing changed", async () => {
  const monday = nextMonday();
  await idler(monday);
  await run(monday, 24.6);
  expect((await run(monday, 25.6)).itemsReceived).toBe(0);
  const told = await database()`select told_at from reporting.insight_days where day = ${monday.day}`;
  expect(told).toEqual([{ told_at: new Date(at(monday, 24.6)) }]);
});

it("withdraws what late facts contradict, and takes it back when they say so again", async () => {
  const monday = nextMonday();
  const imei = await idler(monday);
  await run(monday, 24.6);
  const setIdling = async (seconds: number) => {
    await database()`update reporting.vehicle_day set idling_s = ${seconds} where imei = ${imei} and day = ${monday.day}`;
    await version(imei, monday.day);
  };
  await setIdling(700);
  await run(monday, 26.6);
  expect(await keptOf(imei)).toMatchObject([
    { withdrawn_at: new Date(at(monday, 26.6)), told_at: new Date(at(monday, 24.6)) },
  ]);
  await setIdling(6_000);
  await run(monday, 27.6);
  expect(await keptOf(imei)).toMatchObject([
    {
      ...{ withdrawn_at: null, told_at: new Date(at(monday, 24.6)), changed_at: new Date(at(monday, 27.6)) },
      evidence: { idlingS: 6_000 },
    },
  ]);
  // After a week a day stays as it is.
  await setIdling(700);
  await run(monday, 24 * 8 + 0.6);
  expect(await keptOf(imei)).toContainEqual(expect.objectContaining({ kind: "idling", withdrawn_at: null }));
});

it("sees what came late to the days it compares with", async () => {
  const monday = nextMonday();
  const imei = await idler(monday);
  await run(monday, 24.6);
  const before = dayAt(monday.startMs, -20);
  await addDay(imei, before, { idling_s: 600 });
  await version(imei, before);
  await run(monday, 25.6);
  expect(await keptOf(imei)).toMatchObject([{ evidence: { medianOfDays: 13 } }]);
});

it("tells the same in whatever order facts and runs come", async () => {
  const monday = nextMonday();
  const [early, late] = [await idler(monday), newImei()];
  await run(monday, 24.6);
  const heard = at(monday, 24);
  await addVehicle(
    late,
    { created_at: at(monday, -1_000) },
    { fix_at: heard, contact_at: heard, ignition: false },
  );
  await addDay(late, monday.day, { idling_s: 5_000 });
  await run(monday, 25.6);
  await addUsual(late, monday, 12, 600);
  await version(late, monday.day);
  await run(monday, 26.6);
  const ofDay = async (imei: string) =>
    (await keptOf(imei)).map(({ kind, evidence, withdrawn_at }) => ({ kind, evidence, withdrawn_at }));
  expect(await ofDay(late)).toEqual(await ofDay(early));
});

it("judges once what only the newest is kept of, and leaves it told", async () => {
  const monday = nextMonday();
  const silent = await idler(monday, -1);
  const back = await idler(monday, 24);
  await run(monday, 24.6);
  expect(await keptOf(silent)).toMatchObject([{ kind: "idling" }, { kind: "silent", withdrawn_at: null }]);
  const sql = database();
  await sql`update tracksolid.live_positions set contact_at = ${at(monday, 26)} where imei = ${silent}`;
  await sql`update tracksolid.live_positions set contact_at = null, fix_at = null where imei = ${back}`;
  await version(silent, monday.day);
  await run(monday, 26.6);
  expect(await keptOf(silent)).toMatchObject([{ kind: "idling" }, { kind: "silent", withdrawn_at: null }]);
  expect(await keptOf(back)).toMatchObject([{ kind: "idling" }]);
});

it("is left to a run that is at it", async () => {
  const sql = database();
  for (;;) {
    await using lease = await takeLease(sql, "insights", crypto.randomUUID(), 60);
    if (!lease.held) continue;
    const outcome = emptyOutcome();
    await tellDays({
      env,
      runId: crypto.randomUUID(),
      startedMs: 0,
      deadlineMs: Number.POSITIVE_INFINITY,
      outcome,
    });
    expect(outcome.leftToRun).toBe(lease.holder);
    return;
  }
});
