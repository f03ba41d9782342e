import { env } from "cloudflare:workers";
import { beforeAll, describe, expect, it } from "vitest";
import { liveMap } from "../../../durable-objects/live-map/index.ts";
import { openDatabase } from "../../../shared/database.ts";
import { ask, currentTag, expectProblem, query, reader } from "./caller.ts";
import { expectDocumented } from "./document.ts";
import { addVehicle, ago, imeis, unique } from "./fleet.ts";

interface LiveCollection {
  type: string;
  asOf: string;
  features: {
    type: string;
    id: string;
    geometry: { type: string; coordinates: [number, number] } | null;
    properties: Record<string, unknown>;
  }[];
}

const west = unique("west");
const east = unique('o\'east "x"');
const [van = "", truck = "", bike = "", ship = "", plane = "", fresh = "", hidden = "", gone = ""] = imeis(8);
const names = { van, truck, bike, ship, plane, fresh, hidden, gone };

let get: Awaited<ReturnType<typeof reader>>;

async function live(filters: Record<string, string>): Promise<LiveCollection> {
  const response = await get(`/v1/live${query({ account: `${west},${east}`, ...filters })}`);
  expect(response.status).toBe(200);
  return response.json();
}

/** Names of the vehicles found, in the order of the answer. */
async function found(filters: Record<string, string>): Promise<string[]> {
  const { features } = await live(filters);
  return features.map(({ id }) => Object.entries(names).find(([, imei]) => imei === id)?.[0] ?? id);
}

beforeAll(async () => {
  get = await reader();
  const at = { fix_at: ago(20), fix_received_at: ago(15), contact_at: ago(10) };
  await Promise.all([
    addVehicle(
      van,
      {
        account: west,
        device_name: "100% van_1",
        plate: "KDA 001A",
        driver_name: "Zoë Ñandú",
        model: "GT06N",
        city: "Nairobi",
        segment: "parcels",
        vehicle_type: "van",
      },
      {
        ...at,
        lat: -1.28,
        lng: 36.82,
        speed_kmh: 42,
        heading_deg: 187,
        ignition: true,
        online: true,
        satellites: 11,
        odometer_km: 15234.7,
        battery_percent: 99,
        external_voltage_v: 12.5,
      },
    ),
    addVehicle(
      truck,
      {
        account: west,
        device_name: "1000 van1",
        plate: "KDB 002B",
        city: "Mombasa",
        segment: "parcels",
        vehicle_type: "truck",
      },
      { ...at, lat: -4.05, lng: 39.66, speed_kmh: 0, ignition: false },
    ),
    addVehicle(
      bike,
      {
        account: east,
        device_name: 'back\\slash "quoted"',
        driver_name: "O'Neil",
        city: "Nairobi",
        segment: "food",
        vehicle_type: "bike",
      },
      { ...at, lat: -1.3, lng: 36.9, speed_kmh: 0, ignition: true },
    ),
    addVehicle(ship, { account: east, city: "Suva" }, { ...at, lat: -17, lng: 179.5, ignition: false }),
    addVehicle(plane, { account: east, city: "Suva" }, { ...at, lat: -17, lng: -179.5, ignition: false }),
    addVehicle(fresh, { account: east }),
    addVehicle(
      hidden,
      { account: west, city: "Nairobi", hidden_on_map: true },
      { ...at, lat: -1.28, lng: 36.82 },
    ),
    addVehicle(gone, { account: west, city: "Nairobi", enabled: false }, { ...at, lat: -1.28, lng: 36.82 }),
  ]);
});

describe("GET /v1/live, happy", () => {
  it("shows every enabled vehicle that is not hidden, by IMEI, as documented", async () => {
    const response = await get(`/v1/live${query({ account: `${west},${east}` })}`);
    expect(response.headers.get("content-type")).toBe("application/geo+json");
    expect(response.headers.get("cache-control")).toBe("private, no-cache");
    const body = await expectDocumented<LiveCollection>("/v1/live", response);
    expect(body.features.map(({ id }) => id)).toEqual([van, truck, bike, ship, plane, fresh].sort());
    expect(Math.abs(Date.parse(body.asOf) - Date.now())).toBeLessThan(10_000);
  });

  it("shows everything that is known of a vehicle", async () => {
    const { features } = await live({ q: van });
    expect(features).toEqual([
      {
        type: "Feature",
        id: van,
        geometry: { type: "Point", coordinates: [36.82, -1.28] },
        properties: {
          imei: van,
          name: "100% van_1",
          plate: "KDA 001A",
          driver: "Zoë Ñandú",
          account: west,
          city: "Nairobi",
          segment: "parcels",
          vehicleType: "van",
          model: "GT06N",
          status: "moving",
          online: true,
          ignition: true,
          speedKmh: 42,
          headingDeg: 187,
          fixAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/),
          contactAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/),
          satellites: 11,
          odometerKm: 15234.7,
          batteryPercent: 99,
          externalVoltageV: 12.5,
        },
      },
    ]);
  });

  it("shows a vehicle that never had a fix, without a place", async () => {
    const [feature] = (await live({ q: fresh })).features;
    expect(feature).toMatchObject({
      id: fresh,
      geometry: null,
      properties: { status: "unknown", fixAt: null },
    });
  });

  it("answers an empty collection where nothing fits", async () => {
    const response = await get(`/v1/live${query({ account: unique("nobody") })}`);
    const body = await expectDocumented<LiveCollection>("/v1/live", response);
    expect(body.features).toEqual([]);
  });

  it("is 304 to who has it, whatever the filter, until somebody else drives", async () => {
    const driver = unique("driver");
    const [imei = ""] = imeis(1);
    await addVehicle(imei, { account: unique("shift"), driver_name: driver });
    const path = `/v1/live${query({ driver })}`;
    const has = (tag: string) => get(path, { headers: { "if-none-match": tag } });
    const tag = await currentTag(get, path);
    await openDatabase(env.DB_INGEST)`
      update tracksolid.devices set driver_name = 'somebody else', changed_at = now() where imei = ${imei}`;
    await liveMap(env).heed();
    const changed = await has(tag);
    expect(changed.status).toBe(200);
    expect(((await changed.json()) as LiveCollection).features).toEqual([]);
  });

  it("chooses the nearest by the same filters", async () => {
    const nearest = async (filters: Record<string, string>) => {
      const response = await get(
        `/v1/nearest${query({ lat: "-1.3", lng: "36.9", account: `${west},${east}`, ...filters })}`,
      );
      const { vehicles } = await expectDocumented<{ vehicles: { imei: string }[] }>("/v1/nearest", response);
      return vehicles.map(({ imei }) => imei);
    };
    expect(await nearest({ driver: "Zoë Ñandú,O'Neil" })).toEqual([bike, van]);
    expect(await nearest({ plate: "kda001a", imei: `${van},${truck}` })).toEqual([van]);
    expect(await nearest({ driver: "nobody" })).toEqual([]);
  });

  it("answers HEAD with the headers alone", async () => {
    const response = await get(`/v1/live${query({ account: west })}`, { method: "HEAD" });
    expect(response.status).toBe(200);
    expect(response.headers.get("content-type")).toBe("application/geo+json");
    expect(await response.text()).toBe("");
  });

  it.each<[Record<string, string>, string[]]>([
    [{ account: west }, ["van", "truck"]],
    [{ account: east }, ["bike", "ship", "plane", "fresh"]],
    [{ account: ` ${west} ,, ${west}` }, ["van", "truck"]],
    [{ city: "Nairobi" }, ["van", "bike"]],
    [{ city: "Nairobi,Mombasa" }, ["van", "truck", "bike"]],
    [{ city: "nairobi" }, []],
    [{ segment: "food" }, ["bike"]],
    [{ vehicle_type: "truck,bike" }, ["truck", "bike"]],
    [{ plate: "kda-001a" }, ["van"]],
    [{ plate: "KDB002B, KDA 001 A" }, ["van", "truck"]],
    [{ plate: "KDA" }, []],
    [{ driver: "O'Neil" }, ["bike"]],
    [{ driver: "Zoë Ñandú,O'Neil" }, ["van", "bike"]],
    [{ driver: "Zoë" }, []],
    [{ driver: "Zoë Ñandú", plate: "KDB 002B" }, []],
    [{ imei: `${ship},${van}` }, ["van", "ship"]],
    [{ imei: `${hidden},${gone}` }, []],
    [{ status: "moving" }, ["van"]],
    [{ status: "idling,parked" }, ["truck", "bike", "ship", "plane"]],
    [{ status: "unknown" }, ["fresh"]],
    [{ bbox: "36.6,-1.5,37.1,-1.1" }, ["van", "bike"]],
    [{ bbox: "36.82,-1.28,36.82,-1.28" }, ["van"]],
    [{ bbox: "-180,-90,180,90" }, ["van", "truck", "bike", "ship", "plane"]],
    [{ bbox: " 36.6 , -1.5 , 37.1 , -1.1 " }, ["van", "bike"]],
    [{ bbox: "179,-20,-179,-10" }, ["ship", "plane"]],
    [{ bbox: "179.5,-17,-179.5,-17" }, ["ship", "plane"]],
    [{ bbox: "179.6,-20,-179,-10" }, ["plane"]],
    [{ bbox: "180,-20,-180,-10" }, []],
    [{ q: "kda" }, ["van"]],
    [{ q: "  KDB 002B " }, ["truck"]],
    [{ q: "ñandú" }, ["van"]],
    [{ q: "van" }, ["van", "truck"]],
    [{ city: "Nairobi", segment: "parcels", status: "moving", vehicle_type: "van", q: "KDA" }, ["van"]],
    [{ city: "Nairobi", segment: "parcels", bbox: "36.6,-1.5,37.1,-1.1", account: east }, []],
  ])("finds by %j", async (filters, expected) => {
    expect(await found(filters)).toEqual(expected);
  });

  it.each([
    ["%", ["van"]],
    ["_", ["van"]],
    ["0%", ["van"]],
    ["n_1", ["van"]],
    ["\\", ["bike"]],
    ["k\\s", ["bike"]],
    ['"quoted"', ["bike"]],
    ["'", ["bike"]],
    ["\\%", []],
    ["%%", []],
  ])("takes %j literally when it searches", async (q, expected) => {
    expect(await found({ q })).toEqual(expected);
  });

  it("finds by a part of the IMEI", async () => {
    expect(await found({ q: ship.slice(3) })).toEqual(["ship"]);
  });

  it("takes 100 values of a filter", async () => {
    const many = Array.from({ length: 99 }, (_, number) => `town ${number}`).join(",");
    expect(await found({ city: `${many},Mombasa` })).toEqual(["truck"]);
  });
});

describe("GET /v1/live, error", () => {
  it.each([
    ["account=", "account: must not be empty"],
    ["city=,,", "city: must not be empty"],
    ["status=flying", "status"],
    ["status=moving,Moving", "status"],
    ["q=", "q: must not be empty"],
    ["q=%20%20", "q: must not be empty"],
    [`q=${"x".repeat(101)}`, "q: must be at most 100 characters"],
    ["q=a%00b", "q: must be plain text"],
    [`segment=${"x,".repeat(101)}`, "segment: must be at most 100 values"],
    [`vehicle_type=${"x,".repeat(5_000)}`, "vehicle_type: must be at most 100 values"],
    ["account=a&account=b", "account"],
    ["driver=", "driver: must not be empty"],
    ["plate=,", "plate: must not be empty"],
    [`plate=${"x,".repeat(101)}`, "plate: must be at most 100 values"],
    ["imei=123", "imei.0: must be 14 to 17 digits"],
    ...[
      "NaN,NaN,NaN,NaN",
      "36,NaN,37,-1",
      "Infinity,0,1,1",
      "36,-2,37",
      "36,-2,37,-1,0",
      ",,,",
      "36,,37,-1",
      "36,-1,37,-2",
      "181,0,182,1",
      "0,-91,1,0",
      "a,b,c,d",
      "",
      "0,0,1,1) or 1=1",
    ].map((bbox) => [`bbox=${encodeURIComponent(bbox)}`, "bbox: must be west,south,east,north in degrees"]),
  ])("refuses %s", async (search, detail) => {
    const response = await get(`/v1/live?${search}`);
    expect(await expectProblem(response, "invalid_request")).toContain(detail);
  });

  it("names every field that is wrong", async () => {
    const detail = await expectProblem(await get("/v1/live?status=x&bbox=1&q="), "invalid_request");
    for (const field of ["status", "bbox: ", "q: "]) expect(detail).toContain(field);
  });
});

describe("GET /v1/live, security", () => {
  const attacks = [
    "'; drop table tracksolid.live_positions; --",
    "') or true --",
    '"] ; select 1 --',
    "$1",
    "\\'; select pg_sleep(10); --",
    "{}",
    "[null]",
    "\ud83d\ude9a",
  ];

  it.each(attacks)("takes %j for a text, in every filter", async (attack) => {
    for (const name of ["account", "city", "segment", "vehicle_type", "plate", "driver", "q"]) {
      const response = await get(`/v1/live${query({ account: west, [name]: attack })}`);
      expect((await expectDocumented<LiveCollection>("/v1/live", response)).features).toEqual([]);
    }
    for (const name of ["status", "imei"]) {
      await expectProblem(await get(`/v1/live${query({ [name]: attack })}`), "invalid_request");
    }
    expect(await found({ account: west })).toEqual(["van", "truck"]);
  });

  it("shows nothing without a key", async () => {
    await expectProblem(await ask(`/v1/live${query({ account: west })}`), "key_required");
  });
});

it.each(["account", "city", "segment", "vehicle_type", "plate", "driver"])(
  "refuses NUL in %s",
  async (name) => {
    const call = await reader();
    await expectProblem(await call(`/v1/live?${name}=a%00b`), "invalid_request");
  },
);
