import { beforeAll, describe, expect, inject, it } from "vitest";
import { openDatabase } from "../../../../shared/database.ts";
import { currentTag, reader } from "../caller.ts";
import { addVehicle, imeis, unique } from "../fleet.ts";
import { addDay, asker, database } from "./figures.ts";

interface Cost {
  currency: string;
  reported: number | null;
  estimated: number | null;
  filled: number | null;
}
interface Fuel {
  costs: Cost[];
  [figure: string]: number | null | Cost[];
}
interface FuelList {
  totals: { period: Fuel | null; before: Fuel | null };
  groups: { key: string | null; period: Fuel | null; before: Fuel | null }[];
  next: string | null;
}

const account = unique("fuel");
const type = unique("type");
const [early, late] = ["early", "late"].map(unique) as [string, string];
const [van = "", truck = "", canary = ""] = imeis(3);
const DAYS = { from: "2026-03-10", to: "2026-03-12" };

let ask: ReturnType<typeof asker>;
const fuel = (more: Record<string, string> = {}) => ask<FuelList>("fuel", { account, ...DAYS, ...more });

beforeAll(async () => {
  ask = asker(await reader());
  const sql = database();
  await sql`insert into tracksolid.vehicle_types (vehicle_type, fuel_l_per_100_km, tank_l) values (${type}, 12, 60)`;
  await sql`
    insert into tracksolid.fuel_prices (valid_from, price_per_l, currency)
    values ('2026-02-01', 180, 'KES'), ('2026-03-11', 200, 'KES') on conflict do nothing`;
  await Promise.all([
    addVehicle(van, { account, vehicle_type: type }),
    addVehicle(truck, { account }),
    addVehicle(canary, { account, kind: "canary", vehicle_type: type }),
  ]);
  await sql`
    insert into tracksolid.driver_assignments (imei, valid_from, driver_name, source)
    values (${van}, '2026-03-01T00:00:00Z', ${early}, 'own'), (${van}, '2026-03-11T00:00:00Z', ${late}, 'own')`;
  const drove = { moving_s: 3_600, parked_s: 10_000, distance_source: "gps" } as const;
  await addDay(van, "2026-03-10", { ...drove, distance_km: 100, fuel_l: 14 });
  // Litres without a distance, and a distance without litres: of neither a rate is made.
  await addDay(van, "2026-03-11", { fuel_l: 5 });
  await addDay(van, "2026-03-12", { ...drove, distance_km: 50 });
  await addDay(van, "2026-03-08", { ...drove, distance_km: 200, fuel_l: 30 });
  await addDay(truck, "2026-03-10", { ...drove, distance_km: 70 });
  await addDay(canary, "2026-03-10", { ...drove, distance_km: 70, fuel_l: 70 });
  const event = (imei: string, at: string, source: string, kind: string, confidence: number) => ({
    ...{ imei, at, source, kind, confidence, sensor: "", unit_code: "percent", before_at: at },
    ...{ from_level: 20, to_level: 70, unexplained: 50, driven_km: 0 },
  });
  await sql`
    insert into reporting.fuel_events ${sql([
      event(van, "2026-03-10T06:00:00Z", "sensor", "refill", 0.9),
      // The bus tells the same again; another is doubtful; of the canary nobody wants to know.
      event(van, "2026-03-10T06:02:00Z", "obd", "refill", 0.9),
      event(van, "2026-03-10T09:00:00Z", "sensor", "drain", 0.4),
      event(van, "2026-03-12T09:00:00Z", "sensor", "drain", 0.5),
      event(canary, "2026-03-10T06:00:00Z", "sensor", "refill", 0.9),
    ])}`;
  await sql`
    insert into tracksolid.fuel_readings (imei, reading_time, hash, value, unit, sensor, undated, raw, received_at)
    values (${van}, '2026-03-10T06:00:00Z', 'a', 70, 'percent', '', false, '{}', now())`;
});

describe("GET /v1/analytics/fuel", () => {
  it("says what was used, filled and lost, each for itself", async () => {
    const { totals, groups } = await fuel();
    expect(groups.map(({ key }) => key)).toEqual([van, truck]);
    expect(groups[0]?.period).toMatchObject({
      ...{ vehicleDays: 3, distanceKm: 150, reportedL: 19, reportedVehicleDays: 2, reportedLPer100Km: 14 },
      ...{ estimatedL: 18, estimatedVehicleDays: 2, refills: 1, refilledL: 30, drains: 1, drainedL: 30 },
      ...{ fills: 0, filledL: null },
    });
    // Nothing told a level before, and nothing ever of the truck: that it was not filled nobody knows.
    expect(groups[0]?.before).toMatchObject({ reportedLPer100Km: 15, refills: null, drains: null });
    expect(groups[1]?.period).toMatchObject({
      ...{
        distanceKm: 70,
        reportedL: null,
        reportedLPer100Km: null,
        estimatedL: null,
        refills: null,
        costs: [],
      },
    });
    expect(totals.period).toMatchObject({ vehicleDays: 6, distanceKm: 220, reportedL: 19, estimatedL: 18 });
  });

  it("is what v_fuel_daily says of each day, added up", async () => {
    const [daily] = await database()`
      select sum(reported_l)::float8 as "reportedL", sum(estimated_l) as "estimatedL", sum(refills)::int as refills,
        sum(refilled_l) as "refilledL", sum(drains)::int as drains, sum(drained_l) as "drainedL",
        round(sum(reported_cost), 2)::float8 as reported, round(sum(estimated_cost), 2)::float8 as estimated
      from reporting.v_fuel_daily where account = ${account} and day between ${DAYS.from} and ${DAYS.to}`;
    const { reported, estimated, ...litres } = daily ?? {};
    for (const group_by of ["vehicle", "vehicle_type", "account", "day"]) {
      const { totals, groups } = await fuel({ group_by });
      expect(totals.period).toMatchObject(litres);
      expect(totals.period?.costs).toMatchObject([{ reported, estimated, filled: null }]);
      for (const name of ["distanceKm", "reportedL", "estimatedL", "refills", "drainedL"]) {
        const added = groups.reduce((sum, { period }) => sum + Number(period?.[name] ?? 0), 0);
        expect([group_by, name, added]).toEqual([group_by, name, totals.period?.[name]]);
      }
    }
  });

  it("gives each driver what happened in their time", async () => {
    expect((await fuel({ driver: early })).totals.period).toMatchObject({ refills: 1, drainedL: null });
    expect((await fuel({ driver: late })).totals.period).toMatchObject({ refilledL: null, drainedL: 30 });
  });

  it("adds what was filled in at the pump, and is another then", async () => {
    const route = { account, ...DAYS };
    const get = await reader();
    const path = `/v1/analytics/fuel?${new URLSearchParams(route)}`;
    const tag = await currentTag(get, path);
    // Whoever imports fills is nobody who polls or reads.
    const sql = openDatabase({ connectionString: inject("cluster").sharedUrl } as Hyperdrive);
    await sql`
      insert into fuel.fills (imei, filled_at, litres, cost, currency, raw, told_at) values
        (${van}, '2026-03-10T21:30:00Z', 40, 7200, 'KES', '{}', now()),
        (${van}, '2026-03-12T08:00:00Z', 10, null, null, '{}', now()),
        (${van}, '2026-03-12T21:00:00Z', 99, 99, 'KES', '{}', now())`;
    const changed = await get(path, { headers: { "if-none-match": tag } });
    expect(changed.status).toBe(200);
    const { groups } = await fuel({ group_by: "day" });
    // Half past midnight in Nairobi is the next day, and the last instant is beyond the period.
    expect(groups.map(({ key, period }) => [key, period?.fills, period?.filledL])).toEqual([
      ["2026-03-10", 0, null],
      ["2026-03-11", 1, 40],
      ["2026-03-12", 1, 10],
    ]);
    expect((await fuel({ driver: early })).totals.period).toMatchObject({ fills: 1, filledL: 40 });
    expect((await fuel({ driver: late })).totals.period).toMatchObject({ fills: 1, filledL: 10 });
    expect((await fuel()).groups[0]?.period?.costs).toMatchObject([{ currency: "KES", filled: 7_200 }]);
  });
});
