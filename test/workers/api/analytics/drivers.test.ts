import { beforeAll, describe, expect, it } from "vitest";
import { query, reader } from "../caller.ts";
import { addVehicle, imeis, unique } from "../fleet.ts";
import { addDay, addDriverDay, asker, database } from "./figures.ts";

interface Behaviour {
  score: number | null;
  rank: number | null;
  [figure: string]: number | null;
}
interface BehaviourList {
  totals: { period: Behaviour | null; before: Behaviour | null };
  drivers: { driver: string; period: Behaviour; before: Behaviour | null }[];
  next: string | null;
}
interface Clock {
  days: { day: string; driver: string; imei: string; status: string; lateS: number | null }[];
  next: string | null;
}

const account = unique("drivers");
const shift = unique("shift");
const [van = "", truck = "", spare = ""] = imeis(3);
/** By name: what the list is in the order of. */
const [anna, bilal, carol, dan, eve] = ["anna", "bilal", "carol", "dan", "eve"].map(unique) as [
  ...[string, string, string, string, string],
];
const DAYS = { from: "2026-03-10", to: "2026-03-12" };

let get: Awaited<ReturnType<typeof reader>>;
let ask: ReturnType<typeof asker>;

beforeAll(async () => {
  get = await reader();
  ask = asker(get);
  const sql = database();
  // Every day, so that today has it, too.
  await sql`
    insert into tracksolid.shifts (shift, weekday, starts_at, ends_at)
    select ${shift}, day, '08:00', '17:00' from generate_series(1, 7) day`;
  await Promise.all([
    addVehicle(van, { account, shift }),
    addVehicle(truck, { account, shift }),
    addVehicle(spare, { account }),
  ]);
  await sql`
    insert into tracksolid.driver_assignments (imei, valid_from, driver_name, source) values
      (${van}, '2026-03-01T00:00:00Z', ${anna}, 'own'), (${truck}, '2026-03-01T00:00:00Z', ${bilal}, 'own')`;
  const drove = (hour: string) => ({
    first_moving_at: `2026-03-10T${hour}:00Z`,
    last_moving_at: "2026-03-10T13:00:00Z",
  });
  const known = { moving_s: 3_000, idling_s: 1_000, parked_s: 40_000 };
  // Begins at 08:24 in Nairobi, 24 minutes late; the truck's driver is seen standing all day.
  await addDay(van, "2026-03-10", { ...known, ...drove("05:24"), distance_km: 100, distance_source: "gps" });
  await addDriverDay(van, "2026-03-10", anna, {
    ...{
      ...known,
      ...drove("05:24"),
      distance_km: 100,
      trips: 3,
      alarms: 9,
      speeding_events: 2,
      harsh_events: 1,
    },
  });
  await sql`
    insert into reporting.vehicle_hour (imei, hour, moving_s, idling_s, parked_s, gps_km, odometer_breaks, fixes, first_moving_at,
      last_moving_at)
    values (${van}, '2026-03-10T05:00:00Z', 2000, 0, 0, 20, 0, 100, '2026-03-10T05:24:00Z', '2026-03-10T05:59:00Z')`;
  await addDay(truck, "2026-03-10", { parked_s: 80_000, known_to: "2026-03-10T15:00:00Z" });
  await addDriverDay(truck, "2026-03-10", bilal, { parked_s: 80_000 });
  // Was heard of before the shift alone.
  await addDay(truck, "2026-03-11", { parked_s: 10_000, known_to: "2026-03-11T04:00:00Z" });
  await addDriverDay(truck, "2026-03-11", bilal, { parked_s: 10_000, distance_km: 40, harsh_events: 1 });
  // A day without a distance: what happened then is not of the distance of another.
  await addDay(van, "2026-03-12", { alarms: 5 });
  await addDriverDay(van, "2026-03-12", anna, { alarms: 5, speeding_events: 5 });
  await addDay(spare, "2026-03-10", { ...known, distance_km: 20, distance_source: "gps" });
  await addDriverDay(spare, "2026-03-10", carol, { ...known, distance_km: 20, speeding_events: 20 });
  await addDriverDay(spare, "2026-03-11", dan, { ...known, distance_km: 19.999 });
  await addDriverDay(spare, "2026-03-12", eve, { ...known, distance_km: 40, harsh_events: 1 });
  await addDriverDay(spare, "2026-03-08", eve, { ...known, distance_km: 50 });
});

describe("GET /v1/analytics/driver-behaviour", () => {
  const behaviour = (more: Record<string, string> = {}) =>
    ask<BehaviourList>("driver-behaviour", { account, ...DAYS, ...more });

  it("scores by the formula, and ranks equal ones alike", async () => {
    const { drivers } = await behaviour();
    const told = drivers.map(({ driver, period, before }) => [
      driver,
      period.speedingPer100Km,
      period.harshPer100Km,
      period.score,
      period.rank,
      before?.score ?? null,
    ]);
    expect(told).toEqual([
      // 100 − 5 × 2 − 2.5 × 1: the five of the day without a distance are counted, but not rated.
      [anna, 2, 1, 87.5, 3, null],
      [bilal, 0, 2.5, 93.8, 1, null],
      // Never below 0; 20 km are enough, a metre less is not.
      [carol, 100, 0, 0, 4, null],
      [dan, 0, 0, null, null, null],
      [eve, 0, 2.5, 93.8, 1, 100],
    ]);
    expect(drivers[0]?.period).toMatchObject({
      ...{ driverDays: 2, knownDriverDays: 1, distanceDriverDays: 1, speedingEvents: 7, idlingShare: 0.25 },
    });
  });

  it("comes to the end in pages, with ranks and totals of all", async () => {
    const seen: unknown[] = [];
    let after: string | null = null;
    do {
      const page: BehaviourList = await behaviour({ limit: "2", ...(after !== null && { after }) });
      expect(page.totals.period).toMatchObject({ vehicles: 3, driverDays: 7, rank: null });
      seen.push(...page.drivers.map(({ driver, period }) => [driver, period.rank]));
      after = page.next;
    } while (after !== null);
    expect(seen).toEqual([
      ...[
        [anna, 3],
        [bilal, 1],
        [carol, 4],
        [dan, null],
        [eve, 1],
      ],
    ]);
  });

  it("knows nobody of a period without drivers", async () => {
    expect(await behaviour({ from: "2026-02-01", to: "2026-02-02" })).toMatchObject({
      ...{ totals: { period: null, before: null }, drivers: [], next: null },
    });
    expect((await behaviour({ driver: anna, imei: truck })).drivers).toEqual([]);
  });
});

describe("GET /v1/analytics/driver-clock", () => {
  const clock = (more: Record<string, string> = {}) =>
    ask<Clock>("driver-clock", { account, ...DAYS, ...more });

  it("says who was late, missing, free, or not heard of", async () => {
    const told = async (imei: string) =>
      (await clock({ imei })).days.map(({ day, driver, status, lateS }) => [day, driver, status, lateS]);
    expect(await told(van)).toEqual([
      ["2026-03-10", anna, "late", 24 * 60],
      // Of that day it is known that it warned, and no more.
      ["2026-03-12", anna, "unknown", null],
    ]);
    expect(await told(truck)).toEqual([
      ["2026-03-10", bilal, "missing", null],
      ["2026-03-11", bilal, "unknown", null],
    ]);
    const { days } = await clock({ driver: `${carol},${anna}`, from: "2026-03-10", to: "2026-03-10" });
    expect(days).toMatchObject([
      { driver: anna, shiftFrom: "2026-03-10T05:00:00Z", shiftTo: "2026-03-10T14:00:00Z" },
      { driver: carol, status: "free", shiftFrom: null, beganAt: null },
    ]);
    expect(days[0]).toMatchObject({ beganAt: "2026-03-10T05:24:00Z", endedAt: "2026-03-10T13:00:00Z" });
  });

  it("comes to the end in pages, in the order of days and names", async () => {
    const all = (await clock()).days.map(({ day, driver }) => [day, driver]);
    expect(all).toHaveLength(7);
    const seen: string[][] = [];
    let after: string | null = null;
    do {
      const page: Clock = await clock({ limit: "3", ...(after !== null && { after }) });
      seen.push(...page.days.map(({ day, driver }) => [day, driver]));
      after = page.next;
    } while (after !== null);
    expect(seen).toEqual(all);
  });

  it("tells of today also who has not begun, and is not to be kept then", async () => {
    const cached = async (parameters: Record<string, string>) => {
      const response = await get(`/v1/analytics/driver-clock${query({ account, ...parameters })}`);
      return [response.headers.get("cache-control"), response.headers.get("etag") !== null];
    };
    expect(await cached(DAYS)).toEqual(["private, no-cache", true]);
    expect(await cached({})).toEqual(["no-store", false]);
    const { days } = await ask<Clock>("driver-clock", { account });
    // Nothing was heard of either since 2026-03, so that nobody says that they are missing.
    expect(days.map(({ driver, status }) => [driver, ["awaited", "unknown"].includes(status)])).toEqual([
      [anna, true],
      [bilal, true],
    ]);
    expect((await ask<Clock>("driver-clock", { account, limit: "1" })).next).not.toBeNull();
    expect((await ask<Clock>("driver-clock", { account, driver: bilal })).days).toHaveLength(1);
  });
});
