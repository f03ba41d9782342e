import { env } from "cloudflare:workers";
import { beforeAll, describe, expect, it } from "vitest";
import { openDatabase } from "../../../shared/database.ts";
import { ask, expectProblem, query, reader } from "./caller.ts";
import { expectDocumented } from "./document.ts";
import { addVehicle, imeis, unique } from "./fleet.ts";

interface Page {
  vehicles: { imei: string; [field: string]: unknown }[];
  next: string | null;
}

const account = unique("registry");
const other = unique('o\'ther "x"');
const [...devices] = imeis(8);
const canary = devices.pop() ?? "";
const [van = "", truck = "", bike = "", twin = "", foreign = "", hidden = "", gone = ""] = devices;

let get: Awaited<ReturnType<typeof reader>>;

async function page(filters: Record<string, string>): Promise<Page> {
  const response = await get(`/v1/vehicles${query({ account: `${account},${other}`, ...filters })}`);
  return expectDocumented("/v1/vehicles", response);
}

const found = async (filters: Record<string, string>) =>
  (await page(filters)).vehicles.map(({ imei }) => imei);

beforeAll(async () => {
  get = await reader();
  await Promise.all([
    addVehicle(van, {
      account,
      device_name: "50% van_1",
      plate: "KDA 001A",
      driver_name: "Zoë Ñandú",
      model: "GT06N",
      city: "Nairobi",
      segment: "parcels",
      vehicle_type: "van",
      expires_at: "2036-04-01T23:59:59Z",
    }),
    addVehicle(truck, {
      account,
      device_name: "500 van1",
      city: "Mombasa",
      segment: "parcels",
      vehicle_type: "truck",
    }),
    addVehicle(bike, {
      account,
      device_name: 'back\\slash "q"',
      driver_name: "O'Neil",
      segment: "food",
      vehicle_type: "bike",
    }),
    addVehicle(twin, { account }),
    addVehicle(foreign, { account: other, city: "Nairobi" }),
    addVehicle(hidden, { account, hidden_on_map: true }),
    addVehicle(gone, { account, enabled: false }),
    addVehicle(canary, { account, kind: "canary" }),
  ]);
});

describe("GET /v1/vehicles, happy", () => {
  it("lists every enabled vehicle, those hidden on the map included, canary devices not, by IMEI", async () => {
    expect(await page({})).toMatchObject({ next: null });
    expect(await found({})).toEqual([van, truck, bike, twin, foreign, hidden]);
  });

  it("says everything that the registry shows", async () => {
    expect((await page({ q: van })).vehicles).toEqual([
      {
        imei: van,
        name: "50% van_1",
        plate: "KDA 001A",
        driver: "Zoë Ñandú",
        account,
        city: "Nairobi",
        segment: "parcels",
        vehicleType: "van",
        model: "GT06N",
        enabled: true,
        expiresAt: "2036-04-01T23:59:59Z",
      },
    ]);
  });

  it("adds disabled ones on demand", async () => {
    expect(await found({ enabled: "all" })).toEqual(devices);
    expect((await page({ enabled: "all", q: gone })).vehicles).toMatchObject([
      { imei: gone, enabled: false },
    ]);
  });

  it.each([1, 2, 3, 5])("comes to the end in pages of %d, without gaps or repeats", async (limit) => {
    const seen: string[] = [];
    let after: string | null = null;
    let pages = 0;
    do {
      const { vehicles, next }: Page = await page({
        limit: String(limit),
        ...(after === null ? {} : { after }),
      });
      expect(vehicles.length).toBeLessThanOrEqual(limit);
      seen.push(...vehicles.map(({ imei }) => imei));
      after = next;
      pages += 1;
    } while (after !== null);
    expect(seen).toEqual([van, truck, bike, twin, foreign, hidden]);
    expect(pages).toBe(Math.ceil(6 / limit));
  });

  it("has no next page when the last one is exactly full", async () => {
    expect((await page({ limit: "6" })).next).toBeNull();
    expect((await page({ limit: "5" })).next).toBe(foreign);
  });

  it("is empty after the last", async () => {
    expect(await page({ after: hidden })).toEqual({ vehicles: [], next: null });
  });

  it("goes on after an IMEI that is no more", async () => {
    expect(await found({ after: gone, enabled: "all" })).toEqual([]);
    expect(await found({ after: twin })).toEqual([foreign, hidden]);
  });

  it.each<[Record<string, string>, string[]]>([
    [{ account: other }, [foreign]],
    [{ city: "Nairobi" }, [van, foreign]],
    [{ city: "Nairobi,Mombasa" }, [van, truck, foreign]],
    [{ segment: "food" }, [bike]],
    [{ vehicle_type: "van,bike" }, [van, bike]],
    [{ plate: "kda-001 A" }, [van]],
    [{ plate: "KDA" }, []],
    [{ driver: "Zoë Ñandú,O'Neil" }, [van, bike]],
    [{ driver: "zoë ñandú" }, []],
    [{ driver: "O'Neil", plate: "KDA 001A" }, []],
    [{ imei: `${twin},${hidden},${gone}` }, [twin, hidden]],
    [{ q: "kda" }, [van]],
    [{ q: "ÑANDÚ" }, [van]],
    [{ q: "0%" }, [van]],
    [{ q: "n_1" }, [van]],
    [{ q: "\\" }, [bike]],
    [{ q: "O'N" }, [bike]],
    [{ q: '"q"' }, [bike]],
    [{ account, city: "Nairobi", segment: "parcels", vehicle_type: "van", q: "zoë", limit: "1" }, [van]],
    [{ account: other, segment: "parcels" }, []],
  ])("finds by %j", async (filters, expected) => {
    expect(await found(filters)).toEqual(expected);
  });

  it("answers HEAD with the headers alone", async () => {
    const response = await get("/v1/vehicles?limit=1", { method: "HEAD" });
    expect(response.status).toBe(200);
    expect(response.headers.get("cache-control")).toBe("private, no-cache");
    expect(await response.text()).toBe("");
  });

  it("is 304 to who has the page, until something of it changes", async () => {
    const [imei = ""] = imeis(1);
    const driver = unique("driver");
    await addVehicle(imei, { account: unique("page"), driver_name: driver });
    const path = `/v1/vehicles${query({ driver })}`;
    const tag = (await get(path)).headers.get("etag") ?? "";
    const again = () => get(path, { headers: { "if-none-match": tag } });
    expect([(await again()).status, await (await again()).text()]).toEqual([304, ""]);
    await openDatabase(env.DB_INGEST)`update tracksolid.devices set city = 'Kisumu' where imei = ${imei}`;
    const changed = await again();
    expect(changed.status).toBe(200);
    expect(await changed.json()).toMatchObject({ vehicles: [{ city: "Kisumu" }] });
  });
});

describe("GET /v1/vehicles, error", () => {
  it.each([
    ["limit=0", "limit"],
    ["limit=-1", "limit"],
    ["limit=1001", "limit"],
    ["limit=1.5", "limit"],
    ["limit=many", "limit"],
    ["limit=NaN", "limit"],
    ["limit=", "limit"],
    ["after=", "after: must be the `next` of the page before"],
    ["after=123", "after: must be the `next` of the page before"],
    [`after=${"9".repeat(18)}`, "after: must be the `next` of the page before"],
    ["after=860000000000001%00", "after: must be the `next` of the page before"],
    ["enabled=false", "enabled"],
    ["enabled=", "enabled"],
    ["q=", "q: must not be empty"],
    ["q=%00", "q"],
    [`q=${"x".repeat(101)}`, "q: must be at most 100 characters"],
    [`city=${"x,".repeat(101)}`, "city: must be at most 100 values"],
    ["account=,", "account: must not be empty"],
    ["limit=1&limit=2", "limit"],
    ["driver=,", "driver: must not be empty"],
    ["plate=%00", "plate"],
    ["imei=x", "imei.0: must be 14 to 17 digits"],
  ])("refuses %s", async (search, detail) => {
    expect(await expectProblem(await get(`/v1/vehicles?${search}`), "invalid_request")).toContain(detail);
  });

  it("takes a page of 1000", async () => {
    expect((await get("/v1/vehicles?limit=1000")).status).toBe(200);
  });
});

describe("GET /v1/vehicles, security", () => {
  it.each(["'; delete from tracksolid.devices; --", "') or true --", '"]', "$2", "\\", "{}", "🚚"])(
    "takes %j for a text, in every filter",
    async (attack) => {
      for (const name of ["account", "city", "segment", "vehicle_type", "plate", "driver", "q"]) {
        if (name === "q" && attack === "\\") continue;
        expect(await found({ [name]: attack })).toEqual([]);
      }
      for (const name of ["after", "limit", "enabled", "imei"]) {
        await expectProblem(await get(`/v1/vehicles${query({ [name]: attack })}`), "invalid_request");
      }
      expect(await found({})).toHaveLength(6);
    },
  );

  it("lists nothing without a key", async () => {
    await expectProblem(await ask(`/v1/vehicles${query({ account })}`), "key_required");
  });
});
