import { beforeAll, describe, expect, it } from "vitest";
import { readOldFilters } from "../../../workers/api/old/filters.ts";
import { OLD_PATHS } from "../../../workers/api/old/names.ts";
import { run } from "../derive/run.ts";
import { deliver, isoOf, messageOf, vendorTime } from "../writer/deliver.ts";
import { expectProblem, makeKey } from "./caller.ts";
import { askConfigured } from "./configured.ts";
import { addVehicle, imeis, unique } from "./fleet.ts";

const PAGE = "https://map.example.com";
const WEBHOOK = "/webhook/fleet-dashboard";
const FORM = "application/x-www-form-urlencoded";
const settings = { OLD_PATHS_ACCESS: "origin", CORS_ORIGINS: PAGE };

const account = unique("old");
const [van = "", truck = "", hidden = "", elsewhere = ""] = imeis(4);

interface Collection {
  features: {
    id?: string;
    geometry: { type: string; coordinates: unknown } | null;
    properties: Record<string, unknown>;
  }[];
}

/** Asks as a page of theirs does. */
const ask = (path: string, init: RequestInit = {}, changed: Record<string, string> = {}) =>
  askConfigured({ ...settings, ...changed }, path, { ...init, headers: { origin: PAGE, ...init.headers } });

async function read<Answer = Collection>(path: string, init?: RequestInit): Promise<Answer> {
  const response = await ask(path, init);
  const text = await response.text();
  expect({ status: response.status, text }).toMatchObject({ status: 200 });
  return JSON.parse(text) as Answer;
}

const post = (body: string, type: string): RequestInit => ({
  method: "POST",
  body,
  headers: { "content-type": type },
});
const idsOf = ({ features }: Collection) => features.map(({ id }) => id);
const dashboard = async (body: string, type: string) => idsOf(await read(WEBHOOK, post(body, type)));

beforeAll(async () => {
  const now = new Date().toISOString();
  const live = {
    fix_at: now,
    fix_received_at: now,
    lat: -1.3,
    lng: 36.8,
    speed_kmh: 0,
    contact_at: now,
    ignition: false,
  };
  await addVehicle(
    van,
    { account, city: "Nairobi", vehicle_type: "van", plate: "KDA 001A", driver_name: "Zoë" },
    live,
  );
  await addVehicle(truck, { account, city: "Mombasa", vehicle_type: "truck", plate: "KDB 002B" });
  await addVehicle(hidden, { account, city: "Nairobi", hidden_on_map: true });
  await addVehicle(elsewhere, { account: unique("other") });
  await deliver([
    messageOf("trip", [
      {
        ...{ imei: van, startTime: vendorTime(3_600), endTime: vendorTime(3_000), distance: 9_000 },
        ...{ startLat: -1.3, startLng: 36.8, endLat: -1.31, endLng: 36.82 },
      },
    ]),
    messageOf(
      "track_point",
      [3_600, 3_300, 3_000].map((agoS) => ({
        lat: -1.3,
        lng: 36.8 + agoS / 1e5,
        gpsTime: vendorTime(agoS),
        gpsSpeed: 30,
      })),
      { imei: van },
    ),
  ]);
  await run();
});

describe("the dashboard's webhook", () => {
  it("filters by a form as by JSON: read as JSON it once was no filter, and showed the whole fleet", async () => {
    expect(await dashboard(new URLSearchParams({ account }).toString(), FORM)).toEqual([van, truck]);
    expect(await dashboard(new URLSearchParams({ account, city: "Nairobi" }).toString(), FORM)).toEqual([
      van,
    ]);
    expect(await dashboard(JSON.stringify({ account, city: "Nairobi" }), "application/json")).toEqual([van]);
    expect(
      await dashboard(JSON.stringify({ account, city: ["Mombasa"] }), "text/plain;charset=UTF-8"),
    ).toEqual([truck]);
  });

  it("filters by a multipart form, repeated fields, nested JSON, and the query", async () => {
    const form = new FormData();
    form.set("account", account);
    form.set("plate", "kda001a");
    const multipart = new Request(PAGE, { method: "POST", body: form });
    const type = multipart.headers.get("content-type") ?? "";
    expect(await dashboard(await multipart.text(), type)).toEqual([van]);
    expect(await dashboard(`account=${account}&cities[]=Nairobi&cities[]=Mombasa`, FORM)).toEqual([
      van,
      truck,
    ]);
    const nested = new URLSearchParams({ filters: JSON.stringify({ account, vehicle_type: "truck" }) });
    expect(await dashboard(nested.toString(), FORM)).toEqual([truck]);
    expect(idsOf(await read(`${WEBHOOK}?account=${account}&city=Nairobi`, { method: "POST" }))).toEqual([
      van,
    ]);
  });

  it("takes words for no filter as none", async () => {
    const all = new URLSearchParams({ account, city: "All", segment: "", driver: "null" });
    expect(await dashboard(all.toString(), FORM)).toEqual([van, truck]);
  });

  it("refuses a filter that it does not know, unless told what it is", async () => {
    const detail = await expectProblem(await ask(WEBHOOK, post("zone=Nairobi", FORM)), "invalid_request");
    expect(detail).toContain("zone");
    const told = await ask(WEBHOOK, post(`account=${account}&zone=Nairobi&page=1`, FORM), {
      OLD_FILTERS: "zone=city,page=ignore",
    });
    expect(idsOf((await told.json()) as Collection)).toEqual([van]);
  });

  it.each([
    ["JSON that breaks off", '{"city":', "application/json"],
    ["a list", "[1]", "application/json"],
    ["nothing known", "<a/>", "text/xml"],
    [
      "a form that breaks off",
      '--x\r\nContent-Disposition: form-data; name="city"\r\n\r\nNai',
      "multipart/form-data; boundary=x",
    ],
    ["an object for a filter", '{"city":{"$ne":1}}', "application/json"],
    ["an IMEI that is none", "imei=1 or true", FORM],
    ["NUL", '{"city":"\\u0000"}', "application/json"],
    ["5,000 vehicles", `imei=${Array(5_000).fill("860000000000001").join(",")}`, FORM],
  ])("refuses %s", async (_, body, type) => {
    const response = await ask(WEBHOOK, post(body, type));
    expect([400, 413]).toContain(response.status);
    expect(response.headers.get("content-type")).toBe("application/problem+json");
    await response.body?.cancel();
  });

  it("refuses a body that is too large", async () => {
    await expectProblem(await ask(WEBHOOK, post(`city=${"x".repeat(100_000)}`, FORM)), "body_too_large");
  });

  it("says that a body broke off", async () => {
    const body = new ReadableStream({ pull: (controller) => controller.error(new Error("gone")) });
    const response = await ask(WEBHOOK, { method: "POST", body, headers: { "content-type": FORM } });
    expect(await expectProblem(response, "invalid_request")).toBe("The body breaks off.");
  });

  it("takes SQL for text", async () => {
    expect(await dashboard(JSON.stringify({ account: "' or true --" }), "application/json")).toEqual([]);
  });
});

describe("the map's routes", () => {
  it("show where vehicles are, without those left out of maps", async () => {
    const { features } = await read(`/live?account=${account}`);
    expect(features).toMatchObject([
      {
        id: van,
        geometry: { type: "Point", coordinates: [36.8, -1.3] },
        properties: { imei: van, plate: "KDA 001A", vehicle_type: "van", status: "parked", speed_kmh: 0 },
      },
      { id: truck, geometry: null, properties: { status: "unknown" } },
    ]);
    expect(idsOf(await read(`/live?account=${account}&status=parked`))).toEqual([van]);
    expect(idsOf(await read(`/live?account=${account}&search=zo%C3%AB`))).toEqual([van]);
  });

  it("show a track, by path and by parameter", async () => {
    const from = isoOf(vendorTime(7_200));
    const track = await read(`/track/${van}?from=${from}`);
    expect(track.features).toMatchObject([
      {
        geometry: { type: "LineString" },
        properties: { imei: van, segment: 1, points: 3, max_speed_kmh: 30 },
      },
    ]);
    expect((await read(`/track/${hidden}?from=${from}`)).features).toEqual([]);
    expect(await read(`/track/${van}?from=${from}&account=nobody`)).toEqual({
      type: "FeatureCollection",
      features: [],
    });
  });

  it("show trips of a span of days or times", async () => {
    const day = vendorTime(3_600).slice(0, 10);
    const [trip] = (
      await read(`/trips?account=${account}&start_date=${day}&end_date=${vendorTime(-86_400).slice(0, 10)}`)
    ).features;
    expect(trip).toMatchObject({
      geometry: {
        type: "LineString",
        coordinates: [
          [36.8, -1.3],
          [36.82, -1.31],
        ],
      },
      properties: { imei: van, plate: "KDA 001A", distance_km: 9 },
    });
    expect((await read(`/trips?account=${account}&from=${isoOf(vendorTime(1_800))}`)).features).toEqual([]);
  });

  it("tell what can be filtered by", async () => {
    const wanted = {
      accounts: [account],
      cities: ["Mombasa", "Nairobi"],
      vehicle_types: ["truck", "van"],
      drivers: ["Zoë"],
    };
    expect(await read(`/filters?account=${account}`)).toMatchObject(wanted);
    expect(await read(`/analytics/filters?account=${account}`)).toMatchObject(wanted);
  });
});

describe("analytics, tickets and fuel", () => {
  it("add up what is known", async () => {
    const to = vendorTime(-86_400).slice(0, 10);
    const summary = await read<Record<string, unknown>>(
      `/analytics/fleet-summary?account=${account}&to=${to}`,
    );
    expect(summary).toMatchObject({ vehicles: 3, active_vehicles: 1, distance_km: 9, trips: 1 });
    const rows = await read<Record<string, unknown>[]>(`/analytics/utilisation?account=${account}&to=${to}`);
    // After midnight of the fleet's zone there is a row for the new day, too.
    expect(rows).toContainEqual(expect.objectContaining({ imei: van, distance_km: 9, trips: 1 }));
    expect(await read(`/analytics/fuel?account=${account}&to=${to}`)).toContainEqual(
      expect.objectContaining({ imei: van, reported_l: null }),
    );
    expect(await read(`/analytics/driver-behaviour?account=${account}&to=${to}`)).toEqual(expect.any(Array));
  });

  it("show open tickets and fills of the vehicles that are asked for", async () => {
    for (const path of ["/inc", "/crq"])
      expect((await read(`${path}?account=${account}`)).features).toEqual([]);
    expect(await read(`/fuel?account=${account}`)).toEqual([]);
  });

  it.each([
    "from=2026-01-15&to=2026-01-14",
    "from=2000-01-01",
    "from=yesterday",
    "from=2026-13-45",
    "from=2026-01-01&from=2026-01-02",
  ])("refuse %s", async (span) => {
    for (const path of ["/analytics/fuel", "/trips", `/track/${van}`]) {
      await expectProblem(await ask(`${path}?${span}`), "invalid_request");
    }
  });
});

describe("access", () => {
  it.each(Object.values(OLD_PATHS))(
    "$method $path is for pages of known origins, and for keys",
    async ({ method, path }) => {
      const url = path.replace("{imei}", van);
      const init = { method };
      const bare = (headers: Record<string, string>, changed = {}) =>
        askConfigured({ ...settings, ...changed }, url, { ...init, headers });
      await expectProblem(await bare({}), "key_required");
      await expectProblem(await bare({ origin: "https://evil.example.com" }), "key_required");
      await expectProblem(await bare({ authorization: "Bearer sk_nonsense", origin: PAGE }), "key_unknown");
      const page = await bare({ origin: PAGE });
      expect([page.status, page.headers.get("access-control-allow-origin")]).toEqual([200, PAGE]);
      await page.body?.cancel();
      const authorization = `Bearer ${await makeKey()}`;
      const keyed = await bare({ authorization }, { OLD_PATHS_ACCESS: "key" });
      expect(keyed.status).toBe(200);
      await keyed.body?.cancel();
      await expectProblem(await bare({ origin: PAGE }, { OLD_PATHS_ACCESS: "key" }), "key_required");
      const off = await bare({ origin: PAGE, authorization }, { OLD_PATHS_ACCESS: "off" });
      expect([404, 405]).toContain(off.status);
      await off.body?.cancel();
    },
  );

  it("answers the preflight of a page, and no other method", async () => {
    const preflight = await ask(WEBHOOK, {
      method: "OPTIONS",
      headers: { "access-control-request-method": "POST", "access-control-request-headers": "content-type" },
    });
    expect(preflight.status).toBe(204);
    expect(preflight.headers.get("access-control-allow-methods")).toContain("POST");
    expect(await expectProblem(await ask(WEBHOOK), "method_not_allowed")).toContain("POST");
  });

  it("has them elsewhere where that is configured", async () => {
    const moved = { OLD_PATHS: "live=/api/v1/live-positions,track=/api/vehicles/{imei}/track" };
    for (const path of ["/api/v1/live-positions", `/api/vehicles/${van}/track`, "/api/v1/live-positions/"]) {
      const response = await ask(path, {}, moved);
      expect(response.status).toBe(200);
      await response.body?.cancel();
    }
    await expectProblem(await ask("/live", {}, moved), "not_found");
  });

  it("says so while the database is away", async () => {
    const away = { DB_READ: { connectionString: "postgres://x:x@127.0.0.1:1/x" } } as never;
    await expectProblem(await ask("/live", {}, away), "database_unavailable");
  });
});

it("reads lists, numbers and what stands for all", () => {
  expect(readOldFilters([["Vehicles[]", ["860000000000001", 860_000_000_000_002]]], {})).toEqual({
    imei: ["860000000000001", "860000000000002"],
  });
  expect(
    readOldFilters(
      [
        ["anything", ""],
        ["other", null],
      ],
      {},
    ),
  ).toEqual({});
});

it("is told by health while pages need no key", async () => {
  const warnings = async (changed: Record<string, string>) =>
    ((await (await ask("/health", {}, changed)).json()) as { warnings: string[] }).warnings;
  expect(await warnings({})).toEqual(["old_paths_open"]);
  expect(await warnings({ OLD_PATHS_ACCESS: "key" })).toEqual([]);
});
