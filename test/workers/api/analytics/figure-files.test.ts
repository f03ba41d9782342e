import { parse } from "csv-parse/sync";
import { beforeAll, describe, expect, inject, it } from "vitest";
import { openDatabase } from "../../../../shared/database.ts";
import { placeWord } from "../../../../workers/api/place-word.ts";
import { ask, expectProblem, query, reader } from "../caller.ts";
import { addVehicle, imeis, unique } from "../fleet.ts";
import { addDay, addDriverDay, database } from "./figures.ts";

/** More than are read at once for a file. */
const VEHICLES = 5_002;

const account = unique("files");
/** Whose vehicle is not listed any more. */
const left = unique("left");
const driver = unique("=HYPERLINK(evil)");
const [van = "", truck = "", gone = ""] = imeis(3);
const DAYS = { from: "2026-03-10", to: "2026-03-11" };
const ROUTES = ["utilisation", "fuel", "distance-daily", "driver-behaviour", "driver-clock"];

let get: Awaited<ReturnType<typeof reader>>;

beforeAll(async () => {
  get = await reader();
  await Promise.all([
    addVehicle(van, { account, device_name: 'Van, "old"', plate: "KDA 777X", city: "Nairobi" }),
    addVehicle(truck, { account, city: "Mombasa" }),
    addVehicle(gone, { account: left, enabled: false }),
  ]);
  const drove = { moving_s: 3_600, idling_s: 600, parked_s: 40_000, distance_km: 41.5, trips: 2 };
  await addDay(van, "2026-03-10", { ...drove, distance_source: "odometer", fuel_l: 6 });
  await addDay(van, "2026-03-08", { ...drove, distance_km: 40, distance_source: "gps" });
  await addDay(gone, "2026-03-09", { ...drove, distance_source: "vendor" });
  await addDriverDay(van, "2026-03-10", driver, drove);
  await database()`
    insert into tracksolid.driver_assignments (imei, valid_from, driver_name, source)
    values (${van}, '2026-03-01T00:00:00Z', ${driver}, 'own')`;
});

async function file(route: string, more: Record<string, string> = {}): Promise<Record<string, string>[]> {
  const response = await get(`/v1/analytics/${route}${query({ account, ...DAYS, format: "csv", ...more })}`);
  expect(response.status, await response.clone().text()).toBe(200);
  expect(response.headers.get("content-type")).toBe("text/csv; charset=utf-8");
  expect(response.headers.get("content-disposition")).toBe(`attachment; filename="${route}.csv"`);
  return parse(await response.text(), { columns: true });
}

describe("figures as a file", () => {
  it("have a line for each group, the period before beside it, and nothing where nothing is known", async () => {
    const [first, second, ...more] = await file("utilisation");
    expect(more).toEqual([]);
    expect(first).toMatchObject({
      ...{ key: van, name: 'Van, "old"', plate: "KDA 777X", vehicleDays: "2", knownVehicleDays: "1" },
      ...{ movingS: "3600", distanceKm: "41.5", beforeDistanceKm: "40", beforeTrips: "2" },
    });
    expect(second).toMatchObject({ key: truck, movingS: "", distanceKm: "", unknownS: "172800" });
    const cities = await file("utilisation", { group_by: "city" });
    expect(cities.map(({ key, distanceKm }) => [key, distanceKm])).toEqual([
      ["Mombasa", ""],
      ["Nairobi", "41.5"],
    ]);
  });

  it("say of fuel and distances what the answer says", async () => {
    expect(await file("fuel")).toMatchObject([
      { key: van, reportedL: "6", reportedVehicleDays: "1", estimatedL: "", refills: "" },
      { key: truck, reportedL: "" },
    ]);
    expect(await file("distance-daily")).toMatchObject([
      { day: "2026-03-10", distanceKm: "41.5", odometerKm: "41.5", gpsKm: "", beforeGpsKm: "40" },
      { day: "2026-03-11", distanceKm: "", beforeDistanceKm: "" },
    ]);
  });

  it.each<Record<string, string>>([{}, { driver }])(
    "have distances by vehicle, asked with %j, a line a day",
    async (asked) => {
      const more = { ...asked, account: `${account},${left}` };
      const lines = await file("distance-daily", { vehicles: "true", ...more });
      const places = lines.map(({ day, imei }) => `${day} ${imei}`);
      expect(places).toEqual(places.toSorted());
      expect(lines).toHaveLength("driver" in more ? 1 : 6);
      for (const own of [van, truck, gone]) {
        // Of one vehicle the days of the fleet are its own.
        const days = await file("distance-daily", { imei: own, ...more });
        const known = own === van ? { name: 'Van, "old"', plate: "KDA 777X" } : { name: "", plate: "" };
        const told = days.map((day) => ({ ...day, imei: own, ...known }));
        expect(lines.filter(({ imei }) => imei === own)).toEqual(told);
      }
      const after = placeWord(["2026-03-10", van]);
      const [, ...rest] = lines;
      expect(await file("distance-daily", { vehicles: "true", ...more, after })).toEqual(rest);
    },
  );

  it("have drivers whose names no spreadsheet runs", async () => {
    expect(await file("driver-behaviour")).toMatchObject([
      { driver: `'${driver}`, distanceKm: "41.5", score: "100", beforeScore: "" },
    ]);
    expect(await file("driver-clock")).toMatchObject([
      { day: "2026-03-10", driver: `'${driver}`, status: "free" },
    ]);
  });

  it("have all groups, whatever the limit", async () => {
    const many = unique("many");
    const now = new Date().toISOString();
    await database()`
      insert into tracksolid.devices (imei, account, facts_at, created_at, changed_at)
      select (${imeis(1)[0] ?? ""}::bigint + n)::text, ${many}, ${now}, ${now}, ${now}
      from generate_series(1, ${VEHICLES}::int) n`;
    const lines = await file("utilisation", { account: many, limit: "1" });
    expect(new Set(lines.map(({ key }) => key)).size).toBe(VEHICLES);
    const days = await file("distance-daily", { account: many, vehicles: "true" });
    expect(new Set(days.map(({ day, imei }) => `${day} ${imei}`)).size).toBe(VEHICLES * 2);
    // Whoever polls or reads removes no vehicle; other tests need not carry them.
    const sql = openDatabase({ connectionString: inject("cluster").sharedUrl } as Hyperdrive);
    await sql`delete from tracksolid.devices where account = ${many}`;
    expect(await file("utilisation", { account: unique("nobody") })).toEqual([]);
  });

  it("are good for as long as nothing changed; with today nobody may keep when drivers began", async () => {
    const path = (name: string, days = DAYS) =>
      `/v1/analytics/${name}${query({ account, ...days, format: "csv" })}`;
    const headers = async (name: string, days?: typeof DAYS) => {
      const { headers } = await get(path(name, days));
      return [headers.get("cache-control"), headers.get("etag") !== null];
    };
    for (const name of ROUTES)
      expect([name, await headers(name)]).toEqual([name, ["private, no-cache", true]]);
    const today = new Date().toISOString().slice(0, 10);
    // A day of the fleet's zone may be another than that of UTC: one of the two days beside each other is today.
    const tomorrow = new Date(Date.now() + 86_400_000).toISOString().slice(0, 10);
    expect(await headers("driver-clock", { from: today, to: tomorrow })).toEqual(["no-store", false]);
    // The figures and the file of one question are not the same.
    const json = await get(`/v1/analytics/fuel${query({ account, ...DAYS })}`);
    const csv = await get(path("fuel"), { headers: { "if-none-match": json.headers.get("etag") ?? "" } });
    expect(csv.status).toBe(200);
  });

  it.each(ROUTES)("of %s are refused to who may not read, and in no other form", async (name) => {
    await expectProblem(await ask(`/v1/analytics/${name}?format=csv`), "key_required");
    await expectProblem(await get(`/v1/analytics/${name}?format=xlsx`), "invalid_request");
    await expectProblem(await get(`/v1/analytics/${name}?format=csv&after=x`), "invalid_request");
    const head = await get(`/v1/analytics/${name}${query({ ...DAYS, format: "csv" })}`, { method: "HEAD" });
    expect([head.status, await head.text()]).toEqual([200, ""]);
  });
});
