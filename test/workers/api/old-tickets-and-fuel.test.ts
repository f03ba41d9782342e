import { beforeAll, describe, expect, inject, it } from "vitest";
import { openDatabase } from "../../../shared/database.ts";
import { addDay, addDriverDay, database } from "./analytics/figures.ts";
import { ask, expectProblem, makeKey, query } from "./caller.ts";
import { askConfigured } from "./configured.ts";
import { addVehicle, imeis, unique } from "./fleet.ts";

const DAY = "2026-03-10";
const [account, area, driver, type] = ["account", "area", "driver", "type"].map(unique) as [
  string,
  string,
  string,
  string,
];
const [van = "", truck = "", stranger = "", canary = ""] = imeis(4);
const run = unique("run");
const number = (name: string) => `${run}-${name}`;

/** An hour ago, a minute ago: what is open is told as it is now. */
const OPENED = new Date(Math.floor(Date.now() / 1000) * 1000 - 3_600_000).toISOString();
const FIX = new Date(Math.floor(Date.now() / 1000) * 1000 - 60_000).toISOString();
/** As Postgres writes it into JSON. */
const told = (at: string) => at.replace(".000Z", "+00:00");

interface Feature {
  id: string;
  geometry: object | null;
  properties: Record<string, unknown>;
}

let key: string;

async function read<Answer>(path: string, values: Record<string, string> = {}): Promise<Answer> {
  const response = await askConfigured({ OLD_PATHS_ACCESS: "key" }, `${path}${query(values)}`, {
    headers: { authorization: `Bearer ${key}` },
  });
  const text = await response.text();
  expect({ status: response.status, text }).toMatchObject({ status: 200 });
  return JSON.parse(text) as Answer;
}

/** The tickets of this file among those that are shown. */
async function shown(path: string, values: Record<string, string> = {}): Promise<Feature[]> {
  const { type: collection, features } = await read<{ type: string; features: Feature[] }>(path, values);
  expect(collection).toBe("FeatureCollection");
  return features.filter(({ id }) => id.startsWith(run));
}

const namesOf = (features: Feature[]) => features.map(({ id }) => id.slice(run.length + 1));

async function putTickets(path: string, tickets: object[]): Promise<void> {
  const writer = await makeKey({ scopes: ["tickets:write"] });
  const response = await ask(path, {
    method: "PUT",
    headers: { "content-type": "application/json", authorization: `Bearer ${writer}` },
    body: JSON.stringify({ tickets }),
  });
  expect({ status: response.status, text: await response.text() }).toMatchObject({ status: 200 });
}

beforeAll(async () => {
  key = await makeKey();
  const live = { fix_at: FIX, fix_received_at: FIX, contact_at: FIX, speed_kmh: 0, ignition: false };
  await addVehicle(
    van,
    {
      account,
      device_name: "Van",
      plate: "KDA 700A",
      city: "Nairobi",
      segment: "parcels",
      vehicle_type: type,
    },
    { ...live, lat: -1.3, lng: 36.8 },
  );
  await addVehicle(truck, { account, city: "Mombasa" });
  await addVehicle(canary, { account, kind: "canary" });
  const place = { lat: -1.3, lng: 36.9 };
  const same = { updatedAt: OPENED, area, state: "New", openedAt: OPENED };
  await putTickets("/v1/tickets/incidents", [
    { ...same, ...place, number: number("a"), priority: "P1", dueAt: FIX, driver: "Juma", imei: van },
    { ...same, ...place, number: number("b"), imei: truck },
    { ...same, ...place, number: number("c") },
    { ...same, ...place, number: number("resolved"), state: "Resolved", resolvedAt: FIX, imei: van },
    { ...same, ...place, number: number("cancelled"), state: "Cancelled", imei: van },
    { ...same, number: number("nowhere"), imei: van },
  ]);
  await putTickets("/v1/tickets/change-requests", [
    { ...same, ...place, number: number("x"), state: null, imei: van },
    { ...same, ...place, number: number("resolved"), resolvedAt: FIX, imei: van },
  ]);

  const sql = database();
  await sql`insert into tracksolid.vehicle_types (vehicle_type, fuel_l_per_100_km, tank_l) values (${type}, 12, 60)`;
  // As other files have them: prices are everybody's.
  await sql`
    insert into tracksolid.fuel_prices (valid_from, price_per_l, currency)
    values ('2026-02-01', 180, 'KES'), ('2026-03-11', 200, 'KES') on conflict do nothing`;
  await sql`insert into tracksolid.fuel_units (code, unit) values ('percent', 'percent') on conflict do nothing`;
  await sql`
    insert into tracksolid.driver_assignments (imei, valid_from, driver_name, source)
    values (${van}, '2026-03-10T00:00:00Z', ${driver}, 'own')`;
  await addDay(van, DAY, { moving_s: 3_600, distance_km: 100, distance_source: "gps", fuel_l: 14 });
  await addDriverDay(van, DAY, driver, { moving_s: 3_600, distance_km: 100 });
  await addDay(truck, DAY, {});
  const step = (at: string, kind: string, unexplained: number) => ({
    ...{
      imei: van,
      at,
      before_at: at,
      kind,
      unexplained,
      source: "sensor",
      sensor: "",
      unit_code: "percent",
    },
    ...{ from_level: 20, to_level: 70, driven_km: 0, confidence: 0.9 },
  });
  await sql`
    insert into reporting.fuel_events ${sql([
      step(`${DAY}T06:00:00Z`, "refill", 50),
      step(`${DAY}T09:00:00Z`, "drain", 10),
    ])}`;
  // Nobody but their owner may write fills: the command that imports them is.
  const owner = openDatabase({ connectionString: inject("cluster").sharedUrl } as Hyperdrive);
  const fill = (imei: string, at: string, more: object = {}) => ({
    ...{ imei, filled_at: at, litres: 40, cost: null, currency: null, odometer_km: null, station: null },
    ...{ raw: "{}", told_at: at },
    ...more,
  });
  await owner`
    insert into fuel.fills ${owner([
      // Midnight in Nairobi is 21:00 UTC.
      fill(van, "2026-03-09T21:00:00Z", {
        cost: 7_200.5,
        currency: "KES",
        odometer_km: 48_211.4,
        station: "Thika Rd",
      }),
      fill(van, "2026-03-10T20:59:59Z", { litres: 1.5 }),
      fill(van, "2026-03-10T21:00:00Z"),
      fill(truck, "2026-03-10T08:00:00Z"),
      fill(stranger, "2026-03-10T09:00:00Z"),
      fill(canary, "2026-03-10T10:00:00Z"),
    ])}`;
});

describe("GET /inc and /crq of the earlier system", () => {
  it("tell all of an open ticket and of the vehicle that it is assigned to", async () => {
    const [ticket, ...others] = await shown("/inc", { imei: van });
    expect(others).toEqual([]);
    expect(ticket).toEqual({
      type: "Feature",
      id: number("a"),
      geometry: { type: "Point", coordinates: [36.9, -1.3] },
      properties: {
        ...{ kind: "INC", number: number("a"), state: "New", priority: "P1", area, lat: -1.3, lng: 36.9 },
        ...{ opened_at: told(OPENED), age_s: expect.any(Number), due_at: told(FIX), overdue: true },
        ...{ driver_name: "Juma", imei: van, assigned_by: "imei", name: "Van", plate: "KDA 700A" },
        ...{ status: "parked", vehicle_lat: -1.3, vehicle_lng: 36.8, fix_at: told(FIX) },
        distance_km: expect.closeTo(11.117, 2),
      },
    });
    expect(ticket?.properties.age_s).toBeGreaterThanOrEqual(3_600);
    expect(await shown("/crq", { imei: van })).toMatchObject([
      {
        id: number("x"),
        properties: { kind: "CRQ", state: null, priority: null, due_at: null, overdue: false },
      },
    ]);
  });

  it("have tickets of no vehicle where nothing is asked for, and those that match where it is", async () => {
    const all = await shown("/inc");
    expect(namesOf(all)).toEqual(["a", "b", "c"]);
    expect(all[2]?.properties).toMatchObject({
      imei: null,
      status: null,
      vehicle_lat: null,
      distance_km: null,
    });
    expect(namesOf(await shown("/crq"))).toEqual(["x"]);
    expect(namesOf(await shown("/inc", { account }))).toEqual(["a", "b"]);
    expect(namesOf(await shown("/inc", { account, city: "Mombasa" }))).toEqual(["b"]);
    expect(namesOf(await shown("/inc", { account, driver: "Juma" }))).toEqual(["a"]);
    expect(namesOf(await shown("/inc", { account, q: "kda 700" }))).toEqual(["a"]);
    expect(namesOf(await shown("/crq", { account: "' or true --" }))).toEqual([]);
  });
});

describe("GET /analytics/fuel of the earlier system", () => {
  it("tells what the view tells that it is named after", async () => {
    const [view] = await database()`
      select json_agg(to_jsonb(u) order by u.imei) as days from reporting.v_fuel_daily u
      where u.account = ${account} and u.day = ${DAY}`;
    expect(await read("/analytics/fuel", { account, from: DAY, to: DAY })).toEqual(view?.days);
  });

  it("tells all of a day: reported, estimated, costs, refills and drains", async () => {
    expect(await read("/analytics/fuel", { account, from: DAY, to: DAY })).toEqual([
      {
        ...{
          day: DAY,
          imei: van,
          name: "Van",
          plate: "KDA 700A",
          account,
          city: "Nairobi",
          segment: "parcels",
        },
        ...{ vehicle_type: type, distance_km: 100, reported_l: 14, estimated_l: 12 },
        ...{ reported_cost: 2_520, estimated_cost: 2_160, currency: "KES" },
        ...{ refills: 1, refilled_l: 30, drains: 1, drained_l: 6 },
      },
      expect.objectContaining({
        imei: truck,
        distance_km: null,
        reported_l: null,
        estimated_l: null,
        refills: 0,
      }),
    ]);
    const days = await read<{ imei: string }[]>("/analytics/fuel", { account, from: DAY, to: DAY, driver });
    expect(days.map(({ imei }) => imei)).toEqual([van]);
  });
});

describe("GET /fuel of the earlier system", () => {
  const SPAN = { from: DAY, to: DAY };
  interface Fill {
    imei: string;
    filled_at: string;
  }
  const fills = (values: Record<string, string>) => read<Fill[]>("/fuel", { ...SPAN, ...values });

  it("tells all of a fill, by days of the fleet", async () => {
    expect(await fills({ imei: van })).toEqual([
      {
        ...{ imei: van, filled_at: "2026-03-09T21:00:00+00:00", litres: 40, cost: 7_200.5, currency: "KES" },
        ...{ odometer_km: 48_211.4, station: "Thika Rd" },
      },
      {
        ...{ imei: van, filled_at: "2026-03-10T20:59:59+00:00", litres: 1.5, cost: null, currency: null },
        ...{ odometer_km: null, station: null },
      },
    ]);
  });

  it("has fills of vehicles that nobody knows where nothing but a span is asked for, and canary devices never", async () => {
    const mine = (await fills({})).filter(({ imei }) => [van, truck, stranger, canary].includes(imei));
    expect(mine.map(({ imei }) => imei)).toEqual([van, truck, stranger, van]);
    expect((await fills({ account })).map(({ imei }) => imei)).toEqual([van, truck, van]);
  });

  it("shows a driver the fills of his time, and not the whole fleet's", async () => {
    expect(await fills({ driver })).toMatchObject([{ imei: van, filled_at: "2026-03-10T20:59:59+00:00" }]);
    expect(await fills({ driver: "nobody" })).toEqual([]);
  });
});

it.each([
  "/fuel",
  "/analytics/fuel",
  "/analytics/utilisation",
  "/analytics/driver-behaviour",
  "/analytics/fleet-summary",
])("%s refuses what it cannot filter by, instead of showing the whole fleet", async (path) => {
  for (const name of ["q", "status"]) {
    const response = await askConfigured({ OLD_PATHS_ACCESS: "key" }, `${path}?${name}=moving`, {
      headers: { authorization: `Bearer ${key}` },
    });
    expect(await expectProblem(response, "invalid_request")).toContain(`${name}: `);
  }
});
