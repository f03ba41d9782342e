import { beforeAll, describe, expect, it } from "vitest";
import { currentTag, query, reader } from "../caller.ts";
import { addVehicle, imeis, unique } from "../fleet.ts";
import { addDay, addDriverDay, asker, changed, database } from "./figures.ts";

interface Figure {
  value: number | null;
  knownVehicleDays: number;
  before: number | null;
  knownVehicleDaysBefore: number;
  change: number | null;
  changeShare: number | null;
}
interface Summary {
  vehicles: number;
  vehicleDays: number;
  vehicleDaysBefore: number;
  figures: Record<string, Figure>;
}
interface Totals {
  period: Record<string, number | null> | null;
  before: Record<string, number | null> | null;
}
interface Groups {
  totals: Totals;
  groups: ({ key: string | null } & Totals)[];
  next: string | null;
}

const account = unique("figures");
const xavier = unique("O'Xavier");
const yusuf = unique("Yusuf");
/** The last is a canary device. */
const [van = "", silent = "", alarmed = "", gone = "", former = "", canary = ""] = imeis(6);

const DAYS = { from: "2026-03-10", to: "2026-03-12" };
const DAY_S = 86_400;

let get: Awaited<ReturnType<typeof reader>>;
let ask: ReturnType<typeof asker>;

const summaryOf = (more: Record<string, string> = {}) =>
  ask<Summary>("fleet-summary", { account, ...DAYS, ...more });

/** All groups, page by page, with the totals of the first. */
async function groupsOf(route: string, more: Record<string, string>): Promise<Groups> {
  let all: Groups | undefined;
  let after: string | null = null;
  do {
    const page: Groups = await ask(route, {
      ...{ account, ...DAYS, limit: "2", ...more },
      ...(after !== null && { after }),
    });
    expect(page.groups.length).toBeLessThanOrEqual(2);
    all = all ? { ...all, groups: [...all.groups, ...page.groups] } : page;
    after = page.next;
  } while (after !== null);
  return all;
}

const sum = (values: (number | null | undefined)[]) =>
  values.every((value) => value === null || value === undefined)
    ? null
    : values.reduce<number>((total, value) => total + (value ?? 0), 0);

beforeAll(async () => {
  get = await reader();
  ask = asker(get);
  await Promise.all([
    addVehicle(van, { account, city: "Nairobi", own_fuel_l_per_100_km: 10 }),
    addVehicle(silent, { account, city: "Mombasa" }),
    addVehicle(alarmed, { account }),
    addVehicle(gone, { account, enabled: false, city: "Kampala" }),
    addVehicle(former, { account, enabled: false, city: "Kampala" }),
    addVehicle(canary, { account, kind: "canary" }),
  ]);
  await addDay(van, "2026-03-10", {
    ...{ moving_s: 3_600, idling_s: 600, parked_s: 40_000, distance_km: 100, distance_source: "odometer" },
    ...{ trips: 4, alarms: 3, speeding_events: 2, harsh_events: 1, fuel_l: 9 },
    ...{ first_moving_at: "2026-03-10T05:00:00Z", last_moving_at: "2026-03-10T09:00:00Z" },
  });
  await addDay(van, "2026-03-11", {
    ...{ moving_s: 7_200, parked_s: 79_200, distance_km: 50, distance_source: "vendor", trips: 2 },
    ...{ first_moving_at: "2026-03-11T06:00:00Z", last_moving_at: "2026-03-11T12:00:00Z" },
  });
  await addDay(van, "2026-03-08", {
    ...{ moving_s: 1_800, parked_s: 10_000, distance_km: 30, distance_source: "gps", trips: 1, alarms: 1 },
  });
  // All that is known of these days is that it warned.
  await addDay(alarmed, "2026-03-10", { alarms: 1 });
  await addDay(former, "2026-03-07", { moving_s: 100, distance_km: 1, distance_source: "gps", trips: 1 });
  await addDay(canary, "2026-03-10", { moving_s: 5_000, distance_km: 99, distance_source: "gps", alarms: 9 });
  // The drivers of the van changed at noon of the second day.
  await addDriverDay(van, "2026-03-10", xavier, {
    ...{ moving_s: 3_600, idling_s: 600, parked_s: 40_000, distance_km: 100, trips: 4 },
    ...{ alarms: 3, speeding_events: 2, harsh_events: 1 },
  });
  await addDriverDay(van, "2026-03-11", xavier, {
    ...{ moving_s: 3_000, parked_s: 40_200, distance_km: 20, trips: 1 },
  });
  await addDriverDay(van, "2026-03-11", yusuf, {
    ...{ moving_s: 4_200, parked_s: 39_000, distance_km: 30, trips: 1 },
  });
  const sql = database();
  await sql`
    insert into reporting.coverage_hours (imei, hour, have_s, recovered_s, missing_s)
    values (${van}, '2026-03-10T06:00:00Z', 3000, 300, 300), (${canary}, '2026-03-10T06:00:00Z', 0, 0, 3600)`;
  await sql`
    insert into reporting.alarm_day (imei, day, canonical_code, alarms) values
      (${van}, '2026-03-10', 'word:overSpeed', 2), (${van}, '2026-03-10', 'jimi:41', 1),
      (${van}, '2026-03-08', 'word:overSpeed', 1), (${alarmed}, '2026-03-10', 'nobody knows', 1),
      (${canary}, '2026-03-10', 'jimi:41', 9)`;
  await sql`
    insert into tracksolid.driver_assignments (imei, valid_from, driver_name, source)
    values (${van}, '2026-03-01T00:00:00Z', ${xavier}, 'own'), (${van}, '2026-03-11T09:00:00Z', ${yusuf}, 'own')`;
  // The second is of the new driver's time.
  await sql`
    insert into tracksolid.alarms (imei, canonical_code, alarm_time, code, alarm_type, source, sources, raw, received_at)
    select ${van}, 'jimi:41', at::timestamptz, 'jimi:41', 'x', 'push', 2, '{}', at::timestamptz
    from unnest(array['2026-03-10T05:00:00Z', '2026-03-11T09:00:00Z', '2026-03-12T21:00:00Z']) at`;
});

describe("GET /v1/analytics/fleet-summary, happy", () => {
  it("adds up a small fleet as one does by hand", async () => {
    const { figures, ...counts } = await summaryOf();
    // The van, the silent one, the alarmed one and the former one, which drove before.
    expect(counts).toMatchObject({
      period: { ...DAYS, days: 3, zone: "Africa/Nairobi" },
      before: { from: "2026-03-07", to: "2026-03-09" },
      ...{ vehicles: 4, vehicleDays: 12, vehicleDaysBefore: 12 },
    });
    const told = Object.fromEntries(
      Object.entries(figures).map(([name, one]) => [
        name,
        [
          one.value,
          one.knownVehicleDays,
          one.before,
          one.knownVehicleDaysBefore,
          one.change,
          one.changeShare,
        ],
      ]),
    );
    expect(told).toEqual({
      vehiclesKnown: [1, 2, 2, 2, -1, -0.5],
      vehiclesActive: [1, 2, 2, 2, -1, -0.5],
      distanceKm: [150, 2, 31, 2, 119, 3.8387],
      movingS: [10_800, 2, 1_900, 2, 8_900, 4.6842],
      idlingS: [600, 2, 0, 2, 600, null],
      parkedS: [119_200, 2, 10_000, 2, 109_200, 10.92],
      unknownS: [906_200, 12, 1_024_900, 12, -118_700, -0.1158],
      trips: [6, 2, 2, 2, 4, 2],
      fuelReportedL: [9, 1, null, 0, null, null],
      fuelEstimatedL: [15, 2, 3, 1, 12, 4],
      alarms: [4, 3, 1, 2, 3, 3],
      speedingEvents: [2, 3, 0, 2, 2, null],
      harshEvents: [1, 3, 0, 2, 1, null],
      coverageShare: [0.9167, 1, null, 0, null, null],
    });
    // Nothing of the days is lost.
    const days = ["movingS", "idlingS", "parkedS", "unknownS"].map((name) => figures[name]?.value);
    expect(sum(days)).toBe(12 * DAY_S);
  });

  it("says that nothing is known of a period before, not that it was zero", async () => {
    const { figures, vehicleDaysBefore } = await summaryOf({ from: "2026-03-07", to: "2026-03-09" });
    expect(vehicleDaysBefore).toBe(3 * 4);
    const { vehiclesKnown, unknownS, ...rest } = figures;
    expect(vehiclesKnown).toMatchObject({ value: 2, before: 0, change: 2, changeShare: null });
    expect(unknownS).toMatchObject({ before: 12 * DAY_S, knownVehicleDaysBefore: 12 });
    for (const [name, { before, knownVehicleDaysBefore, change, changeShare }] of Object.entries(rest)) {
      expect([name, before, knownVehicleDaysBefore, change, changeShare]).toEqual([
        name,
        null,
        0,
        null,
        null,
      ]);
    }
  });

  it("takes a silent vehicle for unknown, and knows one that is gone no more", async () => {
    const { figures, ...counts } = await summaryOf({ imei: silent });
    expect(counts).toMatchObject({ vehicles: 1, vehicleDays: 3 });
    expect(figures).toMatchObject({
      vehiclesKnown: { value: 0 },
      vehiclesActive: { value: null, knownVehicleDays: 0 },
      distanceKm: { value: null },
      movingS: { value: null },
      alarms: { value: null },
      unknownS: { value: 3 * DAY_S },
    });
    expect(await summaryOf({ imei: gone })).toMatchObject({
      ...{ vehicles: 0, vehicleDays: 0 },
      figures: { vehiclesKnown: { value: null }, unknownS: { value: null }, coverageShare: { value: null } },
    });
  });

  it("tells what drivers did in their own time, without what nobody knows by driver", async () => {
    const { figures, vehicleDays, vehicleDaysBefore } = await summaryOf({ driver: yusuf });
    expect({ vehicleDays, vehicleDaysBefore }).toEqual({ vehicleDays: 1, vehicleDaysBefore: 0 });
    expect(figures).toMatchObject({
      distanceKm: { value: 30, knownVehicleDays: 1, before: null, change: null },
      ...{ movingS: { value: 4_200 }, trips: { value: 1 }, fuelEstimatedL: { value: 3 } },
      ...{ unknownS: { value: null }, fuelReportedL: { value: null }, coverageShare: { value: null } },
    });
    // Both had the van on one day: it is one day of a vehicle.
    expect(await summaryOf({ driver: `${xavier},${yusuf}` })).toMatchObject({
      vehicleDays: 2,
      figures: { distanceKm: { value: 150 }, movingS: { value: 10_800 }, vehiclesKnown: { value: 1 } },
    });
  });

  it("answers 304 until a day of either period, or what the company says, is another", async () => {
    const path = `/v1/analytics/fleet-summary${query({ account, ...DAYS })}`;
    const statusWith = async (tag: string) => {
      const response = await get(path, { headers: { "if-none-match": tag } });
      expect(response.headers.get("cache-control")).toBe("private, no-cache");
      return response.status;
    };
    const first = await currentTag(get, path);
    await changed(van, "2026-03-08");
    expect(await statusWith(first)).toBe(200);
    const second = await currentTag(get, path);
    const shift = unique("shift");
    await database()`
      insert into tracksolid.shifts (shift, weekday, starts_at, ends_at) values (${shift}, 1, '08:00', '17:00')`;
    expect(await statusWith(second)).toBe(200);
    // Of days of which nothing is known, one is like the other.
    const empty = async (from: string) =>
      (await get(`/v1/analytics/fleet-summary${query({ account, from, to: from })}`)).headers.get("etag");
    expect(await empty("2019-01-01")).not.toBe(await empty("2019-02-01"));
  });
});

describe("figures that are told in several places", () => {
  const SAME = {
    ...{ vehicleDays: "vehicleDays", movingS: "movingS", idlingS: "idlingS", parkedS: "parkedS" },
    ...{ unknownS: "unknownS", distanceKm: "distanceKm", trips: "trips" },
  };

  it.each(["vehicle", "account", "city", "segment", "vehicle_type", "day"])(
    "are the same by %s, in groups and in all",
    async (group_by) => {
      const filters: Record<string, string>[] = [{}, { driver: `${xavier},${yusuf}` }, { city: "Nairobi" }];
      for (const more of filters) {
        const summary = await summaryOf(more);
        const { totals, groups } = await groupsOf("utilisation", { group_by, ...more });
        for (const period of ["period", "before"] as const) {
          for (const name of Object.values(SAME)) {
            const added = sum(groups.map((group) => group[period]?.[name]));
            const figure = summary.figures[name];
            const told = period === "period" ? figure?.value : figure?.before;
            if (name !== "vehicleDays") expect([name, totals[period]?.[name] ?? null]).toEqual([name, told]);
            expect([name, added]).toEqual([name, totals[period]?.[name] ?? null]);
          }
        }
        expect(totals.period?.vehicleDays).toBe(summary.vehicleDays);
      }
    },
  );

  it("are the same by day, with the sources they come from", async () => {
    interface Distances {
      vehicleDays: number;
      knownVehicleDays: number;
      distanceKm: number | null;
      bySource: Record<string, { distanceKm: number | null; vehicleDays: number }>;
    }
    interface DistanceDaily {
      totals: { period: Distances };
      days: { day: string; imei: string | null; period: Distances; before: Distances | null }[];
      next: string | null;
    }
    const summary = await summaryOf();
    for (const vehicles of ["false", "true"]) {
      const first = await ask<DistanceDaily>("distance-daily", { account, ...DAYS, vehicles, limit: "2" });
      const rows = [...first.days];
      for (let next = first.next; next !== null; ) {
        const page = await ask<DistanceDaily>("distance-daily", {
          ...{ account, ...DAYS, vehicles, limit: "2", after: next },
        });
        rows.push(...page.days);
        next = page.next;
      }
      // Days without a row are there, too.
      expect(rows).toHaveLength(vehicles === "true" ? 12 : 3);
      expect(sum(rows.map(({ period }) => period.distanceKm))).toBe(summary.figures.distanceKm?.value);
      expect(sum(rows.map(({ period }) => period.vehicleDays))).toBe(summary.vehicleDays);
      expect(sum(rows.map(({ before }) => before?.distanceKm))).toBe(summary.figures.distanceKm?.before);
      const { bySource, distanceKm } = first.totals.period;
      expect(sum(Object.values(bySource).map((one) => one.distanceKm))).toBe(distanceKm);
      expect(bySource).toEqual({
        odometer: { distanceKm: 100, vehicleDays: 1 },
        vendor: { distanceKm: 50, vehicleDays: 1 },
        gps: { distanceKm: null, vehicleDays: 0 },
      });
      expect(rows.at(-1)).toMatchObject({
        day: "2026-03-12",
        period: { distanceKm: null, knownVehicleDays: 0 },
      });
    }
    expect(await ask("distance-daily", { account, ...DAYS, driver: yusuf })).toMatchObject({
      days: [{ day: "2026-03-11", period: { distanceKm: 30, bySource: { vendor: { distanceKm: 30 } } } }],
    });
  });

  it("are the same of drivers", async () => {
    const { totals, drivers } = await ask<{
      totals: Totals;
      drivers: ({ driver: string } & Totals)[];
    }>("driver-behaviour", { account, ...DAYS });
    const summary = await summaryOf({ driver: `${xavier},${yusuf}` });
    for (const name of ["distanceKm", "movingS", "trips", "alarms", "speedingEvents", "harshEvents"]) {
      expect([name, totals.period?.[name]]).toEqual([name, summary.figures[name]?.value]);
      expect([name, sum(drivers.map(({ period }) => period?.[name]))]).toEqual([name, totals.period?.[name]]);
    }
  });

  it("are the same of alarms", async () => {
    interface Counts {
      total: Record<string, number | null>;
      classes: { class: string | null; alarms: number; before: number }[];
      codes: { code: string; alarms: number; before: number }[];
      vehicles: { imei: string; alarms: number }[];
      days: { day: string; alarms: number | null }[];
    }
    const { alarms } = (await summaryOf()).figures;
    const counts = await ask<Counts>("alarms", { account, ...DAYS });
    expect(counts.total).toEqual({
      ...{ alarms: 4, vehicles: 2, vehicleDays: 12, knownVehicleDays: 3 },
      ...{ before: 1, vehicleDaysBefore: 12, knownVehicleDaysBefore: 2 },
    });
    expect(counts.total).toMatchObject({ alarms: alarms?.value, before: alarms?.before });
    for (const list of [counts.classes, counts.codes, counts.vehicles, counts.days]) {
      expect(sum(list.map((one) => one.alarms))).toBe(4);
    }
    expect(counts.classes).toEqual([
      { class: "speed", alarms: 2, before: 1 },
      { class: "driving", alarms: 1, before: 0 },
      { class: null, alarms: 1, before: 0 },
    ]);
    expect(counts.codes.map(({ code }) => code)).toEqual(["word:overSpeed", "jimi:41", "nobody knows"]);
    expect(counts.days.map((one) => one.alarms)).toEqual([4, 0, null]);
    expect((await ask<Counts>("alarms", { account, ...DAYS, top: "1" })).codes).toHaveLength(1);
    // Of a driver those of their own time.
    expect((await ask<Counts>("alarms", { account, ...DAYS, driver: yusuf })).codes).toMatchObject([
      { code: "jimi:41", alarms: 1, before: 0 },
    ]);
  });
});
