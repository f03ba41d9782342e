import { request } from "node:http";
import { brotliDecompressSync, gunzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { settings } from "../../shared/settings.ts";
import { type Stack, startStack } from "../setup/harness.ts";

const VEHICLES = 12;

let stack: Stack;
beforeAll(async () => {
  stack = await startStack({
    world: { vehicles: VEHICLES, seed: 61 },
    vars: { LIVE_RECONCILE_EVERY_S: "1" },
  });
  expect(await stack.tick("* * * * *")).toBe("ok");
  await stack.lastRun("live");
  await vi.waitFor(async () => expect(await stack.live()).toHaveLength(VEHICLES), 10_000);
});
afterAll(() => stack[Symbol.asyncDispose]());

interface Raw {
  status: number;
  headers: Record<string, string | undefined>;
  body: Buffer;
}

/** Asks without a client that decodes. */
async function raw(path: string, headers: Record<string, string> = {}, method = "GET"): Promise<Raw> {
  return new Promise((resolve, reject) => {
    const asking = request(`${stack.url}${path}`, { method, headers }, (response) => {
      const parts: Buffer[] = [];
      response.on("data", (part: Buffer) => parts.push(part));
      response.on("end", () =>
        resolve({
          status: response.statusCode ?? 0,
          headers: response.headers as Raw["headers"],
          body: Buffer.concat(parts),
        }),
      );
    });
    asking.on("error", reject);
    asking.end();
  });
}

/** The rows that the map must show, judged by the database at the instant of an answer. */
async function truth(asOf: string) {
  const rows = await stack.sql`
    select imei, name, plate, driver, account, city, segment, vehicle_type as "vehicleType", model, status, online,
      ignition, speed_kmh as "speedKmh", heading_deg as "headingDeg", lat, lng, satellites,
      odometer_km as "odometerKm", battery_percent as "batteryPercent", external_voltage_v as "externalVoltageV",
      to_char(fix_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') as "fixAt",
      to_char(contact_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') as "contactAt"
    from reporting.fn_live_positions(${asOf}::text::timestamptz, make_interval(secs => ${settings.silentAfterS}),
      make_interval(secs => ${settings.staleAfterS})) order by imei`;
  return [...rows];
}

async function shown() {
  const response = await stack.fetch("/v1/live");
  const { asOf, features } = (await response.json()) as {
    asOf: string;
    features: { geometry: { coordinates: [number, number] } | null; properties: Record<string, unknown> }[];
  };
  const rows = features.map(({ geometry, properties }) => ({
    ...properties,
    lng: geometry?.coordinates[0] ?? null,
    lat: geometry?.coordinates[1] ?? null,
  }));
  return { asOf, rows };
}

/** Waits until the map shows what the database holds, row by row. */
async function expectExact(timeout = 10_000): Promise<void> {
  await expect
    .poll(
      async () => {
        const { asOf, rows } = await shown();
        const expected = await truth(asOf);
        return expected.filter((row, index) => {
          const its = rows[index] as Record<string, unknown> | undefined;
          return (
            rows.length !== expected.length || Object.keys(row).some((name) => row[name] !== its?.[name])
          );
        });
      },
      { timeout },
    )
    .toEqual([]);
}

describe("forms", () => {
  it("has one version of GeoJSON and columns, and says the same in both", async () => {
    const geojson = await raw("/v1/live");
    const columns = await raw("/v1/live?format=columns&registry=true");
    expect(columns.headers.etag).toBe(geojson.headers.etag);
    const { features } = JSON.parse(geojson.body.toString());
    const { positions, registry, asOf } = JSON.parse(columns.body.toString());
    features.forEach(({ geometry, properties }: never, row: number) => {
      const { coordinates } = geometry as { coordinates: number[] };
      const facts = properties as Record<string, unknown>;
      expect([positions.lng[row], positions.lat[row]]).toEqual(coordinates);
      for (const name of ["imei", "status", "speedKmh", "headingDeg", "online", "ignition"])
        expect(positions[name][row]).toBe(facts[name]);
      for (const name of ["imei", "name", "plate", "driver", "account", "city", "model"])
        expect(registry[name][row]).toBe(facts[name]);
      const ageS = (Date.parse(asOf) - Date.parse(facts.fixAt as string)) / 1000;
      expect(Math.abs(positions.fixAgeS[row] - ageS)).toBeLessThanOrEqual(0.5);
    });
    expect(JSON.parse((await raw("/v1/live?format=columns")).body.toString()).registry).toBeUndefined();
  });

  it.each([
    ["br, gzip, deflate, zstd", "br", brotliDecompressSync],
    ["gzip;q=1.0, br;q=0", "gzip", gunzipSync],
    ["identity", undefined, (body: Buffer) => body],
    ["", undefined, (body: Buffer) => body],
  ])("comes compressed as the caller takes it: %s", async (accepted, encoding, decode) => {
    for (const path of [
      "/v1/live",
      "/v1/live?format=columns",
      "/v1/live?status=moving,parked,silent,unknown,idling",
    ]) {
      const answer = await raw(path, { "accept-encoding": accepted });
      expect(answer.headers["content-encoding"]).toBe(encoding);
      expect(answer.headers.vary).toContain("Accept-Encoding");
      expect(JSON.parse(decode(answer.body).toString()).version).toMatch(/^[0-9a-f]{12}\.\d+$/);
    }
  });

  it("answers 304 while nothing changed, HEAD like GET, and anew once something did", async () => {
    await expect
      .poll(async () => {
        const { headers } = await raw("/v1/live");
        const etag = headers.etag ?? "";
        expect(etag).toMatch(/^W\/"[0-9a-f]{12}\.\d+"$/);
        return Promise.all(
          [etag, etag.slice(2), `"x", ${etag}`, "*"].map(
            async (known) => (await raw("/v1/live", { "if-none-match": known })).status,
          ),
        );
      })
      .toEqual([304, 304, 304, 304]);
    const head = await raw("/v1/live", {}, "HEAD");
    expect(head).toMatchObject({ status: 200, headers: { "content-type": "application/geo+json" } });
    expect(head.body).toHaveLength(0);
    const etag = head.headers.etag ?? "";
    expect((await raw("/v1/live", { "if-none-match": `${etag.slice(0, -1)}0"` })).status).toBe(200);
    await stack.sql`update tracksolid.live_positions set heading_deg = (heading_deg + 1) % 360`;
    await expect.poll(async () => (await raw("/v1/live", { "if-none-match": etag })).status).toBe(200);
  });
});

describe("what changes behind its back", () => {
  it("is seen: a fix, a driver, a new device, one that is disabled, hidden, deleted", async () => {
    const [one, two, three, four] = (await shown()).rows.map(
      (row) => (row as unknown as { imei: string }).imei,
    );
    await stack.sql`update tracksolid.live_positions set lat = -3.2, speed_kmh = 99 where imei = ${one ?? ""}`;
    await stack.sql`update tracksolid.devices set driver_name = 'by hand', plate = null where imei = ${one ?? ""}`;
    await expectExact();
    await stack.sql`update tracksolid.devices set enabled = false where imei = ${two ?? ""}`;
    await stack.sql`update tracksolid.devices set hidden_on_map = true where imei = ${three ?? ""}`;
    const [lost] =
      await stack.sql`delete from tracksolid.live_positions where imei = ${four ?? ""} returning *`;
    await stack.sql`
      insert into tracksolid.devices (imei, device_name, facts_at, created_at, changed_at)
      values ('860000000099999', 'new', now(), now(), now())`;
    await expectExact();
    expect((await shown()).rows).toHaveLength(VEHICLES - 1);
    await stack.sql`delete from tracksolid.devices where imei = '860000000099999'`;
    await stack.sql`insert into tracksolid.live_positions ${stack.sql(lost ?? {})}`;
    await stack.sql`update tracksolid.devices set enabled = true, hidden_on_map = false`;
    await expectExact();
    expect((await shown()).rows).toHaveLength(VEHICLES);
  });

  it("is seen although a row claims to have changed long ago, where rows came or went with it", async () => {
    await stack.sql.begin(async (tx) => {
      await tx`set local session_replication_role = replica`;
      await tx`update tracksolid.live_positions set lat = 0.5, changed_at = '2026-01-01'`;
      await tx`insert into tracksolid.devices (imei, facts_at, created_at, changed_at)
        values ('860000000088888', now(), now(), '2026-01-01')`;
    });
    await expectExact();
    await stack.sql`delete from tracksolid.devices where imei = '860000000088888'`;
    await expectExact();
  });

  it("is seen when time alone changes a status", async () => {
    // Whole seconds, as the vendor's are: the map knows no smaller ones.
    const almost = new Date((Math.floor(Date.now() / 1000) - settings.staleAfterS + 3) * 1000).toISOString();
    await stack.sql`update tracksolid.live_positions
      set fix_at = ${almost}, contact_at = ${almost}, speed_kmh = 50, ignition = true`;
    await expect
      .poll(async () => (await stack.live()).map(({ properties }) => properties.status))
      .toContain("moving");
    const { headers } = await raw("/v1/live");
    await expect
      .poll(async () => (await stack.live()).every(({ properties }) => properties.status === "unknown"))
      .toBe(true);
    expect((await raw("/v1/live")).headers.etag).not.toBe(headers.etag);
    await expectExact();
  });
});

describe("GET /v1/nearest", () => {
  const near = async (query: string) => {
    const response = await stack.fetch(`/v1/nearest?${query}`);
    return { status: response.status, body: (await response.json()) as Record<string, never> };
  };

  it("lists the vehicles by distance, with what a dispatcher needs to choose", async () => {
    const imeis = (await shown()).rows.map((row) => (row as unknown as { imei: string }).imei);
    // A hundredth of a degree of latitude is 1,112 m.
    await stack.sql`update tracksolid.live_positions l set lng = 36.8, lat = -1.3 + 0.01 * n, fix_at = now() - interval '30 s'
      from unnest(${imeis}::text[]) with ordinality as v (imei, n) where l.imei = v.imei`;
    await stack.sql`update tracksolid.devices set driver_name = 'Zoë' where imei = ${imeis[0] ?? ""}`;
    await expectExact();
    const { status, body } = await near("lat=-1.3&lng=36.8&n=3");
    expect(status).toBe(200);
    const vehicles = body.vehicles as unknown as Record<string, unknown>[];
    expect(vehicles.map(({ imei }) => imei)).toEqual(imeis.slice(0, 3));
    expect(vehicles.map(({ distanceM }) => distanceM)).toEqual([1_112, 2_224, 3_336]);
    expect(vehicles[0]).toMatchObject({ driver: "Zoë", status: expect.any(String), lng: 36.8 });
    expect(vehicles[0]?.fixAgeS).toBeGreaterThanOrEqual(30);
    expect((await near("lat=-1.3&lng=36.8")).body.vehicles).toHaveLength(5);
    expect((await near("lat=-1.3&lng=36.8&n=100")).body.vehicles).toHaveLength(VEHICLES);
    expect((await near("lat=-1.3&lng=36.8&status=silent")).body.vehicles).toEqual([]);
    // Across the date line and at the pole.
    expect((await near("lat=90&lng=180&n=1")).body.vehicles?.[0]).toMatchObject({ imei: imeis.at(-1) });
  });

  it.each([
    "",
    "lat=1",
    "lat=91&lng=0",
    "lat=0&lng=181",
    "lat=NaN&lng=0",
    "lat=1e1&lng=0",
    "lat=0&lng=0&n=0",
    "lat=0&lng=0&n=101",
    "lat=0&lng=0&n=1.5",
    "lat=&lng=",
  ])("refuses %s", async (query) => {
    expect(await near(query)).toMatchObject({ status: 400, body: { code: "invalid_request" } });
  });
});

// Last: its polls are still being written when it ends.
it("is killed and rebuilt under load, and ends exact", async () => {
  const stop = Date.now() + 6_000;
  let writes = 0;
  const write = async () => {
    while (Date.now() < stop) {
      writes += 1;
      // One row at a time: several in an order of their own would deadlock with the writer's.
      await stack.sql`update tracksolid.live_positions set lat = ${writes / 1000}, fix_at = now() where imei in
        (select imei from tracksolid.live_positions order by random() limit 1)`;
      await stack.sql`update tracksolid.devices set driver_name = ${`driver ${writes}`} where imei in
        (select imei from tracksolid.devices order by random() limit 1)`;
    }
  };
  const read = async () => {
    while (Date.now() < stop) expect((await stack.fetch("/v1/live")).status).toBe(200);
  };
  const kill = async () => {
    while (Date.now() < stop) {
      await new Promise((resolve) => setTimeout(resolve, 700));
      await stack.evictLiveMap("close");
    }
  };
  const polls = async () => {
    while (Date.now() < stop) await stack.tick("* * * * *");
  };
  await Promise.all([write(), read(), kill(), polls()]);
  expect(writes).toBeGreaterThan(50);
  await expectExact(20_000);
});
