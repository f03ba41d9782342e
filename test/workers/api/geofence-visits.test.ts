import { beforeAll, describe, expect, it, vi } from "vitest";
import { database } from "../../setup/worker-database.ts";
import { ask, expectProblem, makeKey, query, reader } from "./caller.ts";
import { askConfigured } from "./configured.ts";
import { expectDocumented } from "./document.ts";
import { addVehicle, imeis, unique } from "./fleet.ts";

interface Visits {
  visits: { imei: string; enteredAt: string; [field: string]: unknown }[];
  next: string | null;
}

const ROUTE = "/v1/geofences/{id}/visits";
const account = unique("places");
const [van = "", truck = "", parked = "", canary = ""] = imeis(4);
const DAY = { from: "2026-10-06T00:00:00Z", to: "2026-10-07T00:00:00Z" };

let get: Awaited<ReturnType<typeof reader>>;
let depot = 0;
let empty = 0;

const visitsOf = async (filters: Record<string, string> = {}, id = depot): Promise<Visits> =>
  expectDocumented(ROUTE, await get(`/v1/geofences/${id}/visits${query({ ...DAY, ...filters })}`));

/** Which visits there are, in short: whose, from when. */
const found = async (filters: Record<string, string> = {}) =>
  (await visitsOf(filters)).visits.map(({ imei, enteredAt }) => [imei, enteredAt.slice(5, 16)]);

beforeAll(async () => {
  get = await reader();
  const sql = database();
  await addVehicle(van, { account, device_name: "=Van", plate: "KDA 123A", city: "Nairobi" });
  await addVehicle(truck, { account, device_name: 'Truck, "2"', city: "Mombasa" });
  await addVehicle(
    parked,
    { account, device_name: "Parked" },
    { fix_at: "2026-10-06T20:10:00Z", lat: 0, lng: 36, ignition: false, contact_at: "2026-10-06T23:00:00Z" },
  );
  await addVehicle(canary, { account, kind: "canary" });
  await sql`
    insert into tracksolid.driver_assignments (imei, valid_from, driver_name, source)
    values (${van}, '2026-10-01Z', 'Wanjiku', 'own'), (${van}, '2026-10-06 12:00Z', 'Otieno', 'own')`;
  const fences = await sql<{ geofence_id: number }[]>`
    insert into tracksolid.geofences (name, kind, geometry, radius_m)
    select name, 'depot', '{"type": "Point", "coordinates": [36, 0]}', 100
    from (values (${unique("depot")}), (${unique("empty")})) v (name) returning geofence_id`;
  [depot, empty] = fences.map(({ geofence_id }) => geofence_id) as [number, number];
  const rows: [string, string, string | null, string, string | null][] = [
    // Over midnight, into the day.
    [van, "2026-10-05 22:00Z", "2026-10-05 21:59:30Z", "2026-10-06 06:00Z", "2026-10-06 06:30Z"],
    // Passed by in 40 s.
    [van, "2026-10-06 07:00:10Z", "2026-10-06 07:00Z", "2026-10-06 07:00:30Z", "2026-10-06 07:00:40Z"],
    [van, "2026-10-06 13:00:00.123456Z", "2026-10-06 12:59Z", "2026-10-06 14:00Z", "2026-10-06 14:01Z"],
    [truck, "2026-10-06 13:00:00.123456Z", null, "2026-10-06 15:00Z", "2026-10-06 15:01Z"],
    // Ended before.
    [truck, "2026-10-04 13:00Z", "2026-10-04 12:59Z", "2026-10-04 15:00Z", "2026-10-04 15:01Z"],
    [truck, "2026-10-07 00:00Z", "2026-10-06 23:59Z", "2026-10-07 15:00Z", "2026-10-07 15:01Z"],
    // Goes on.
    [parked, "2026-10-06 20:00Z", "2026-10-06 19:59Z", "2026-10-06 20:10Z", null],
    [canary, "2026-10-06 20:00Z", "2026-10-06 19:59Z", "2026-10-06 20:10Z", null],
  ];
  for (const [imei, entered, after, last, before] of rows) {
    await sql`
      insert into tracksolid.geofence_visits
        (geofence_id, imei, entered_at, entered_after, last_inside_at, left_at, left_before, fixes)
      values (${depot}, ${imei}, ${entered}, ${after}, ${last}, ${before && last}, ${before}, 10)`;
  }
});

const ALL = [
  [parked, "10-06T20:00"],
  ...[truck, van]
    .sort()
    .reverse()
    .map((imei) => [imei, "10-06T13:00"]),
  [van, "10-05T22:00"],
];

describe("visits, happy", () => {
  it("are those that touch the span, newest first", async () => {
    expect(await found()).toEqual(ALL);
    expect(await found({ to: "2026-10-06T13:00:00Z" })).toEqual([[van, "10-05T22:00"]]);
    expect(await found({ from: "2026-10-06T06:00:01Z", to: "2026-10-06T13:00:00Z" })).toEqual([]);
  });

  it("say how exactly they are known", async () => {
    const { visits } = await visitsOf();
    expect(visits[0]).toEqual({
      ...{ imei: parked, name: "Parked", plate: null, driver: null },
      enteredAt: "2026-10-06T20:00:00Z",
      enteredAfter: "2026-10-06T19:59:00Z",
      ...{ leftAt: null, leftBefore: null, exitIsExact: null, exitWithinS: null, atMostS: null },
      // The ignition is off: it stands there as far as it was heard of.
      knownTo: "2026-10-06T23:00:00Z",
      ...{ insideS: 10_800, entryIsExact: true, entryWithinS: 60, fixes: 10 },
    });
    expect(visits.find(({ imei }) => imei === truck)).toMatchObject({
      ...{ enteredAfter: null, entryIsExact: false, entryWithinS: null, atMostS: null },
    });
    expect(visits.at(-1)).toMatchObject({
      ...{ driver: "Wanjiku", entryIsExact: true, exitIsExact: false, exitWithinS: 1_800 },
      leftAt: "2026-10-06T06:00:00Z",
      leftBefore: "2026-10-06T06:30:00Z",
      ...{ insideS: 28_800, atMostS: 30_630 },
    });
  });

  it.each<[Record<string, string>, unknown[]]>([
    [{ city: "Mombasa" }, ALL.filter(([imei]) => imei === truck)],
    [{ plate: "kda-123a" }, ALL.filter(([imei]) => imei === van)],
    [{ driver: "Otieno" }, [[van, "10-06T13:00"]]],
    [{ driver: "Wanjiku,nobody" }, [[van, "10-05T22:00"]]],
    [{ account }, ALL],
    [{ account: "nobody" }, []],
    [{ imei: `${van},${canary}`, city: "Nairobi" }, ALL.filter(([imei]) => imei === van)],
    [{ imei: canary }, []],
  ])("are found by %j", async (filters, expected) => {
    expect(await found(filters)).toEqual(expected);
  });

  it.each([1, 2, 3, 4])(
    "come to the end in pages of %d, those that began in the same microsecond too",
    async (limit) => {
      const seen: unknown[] = [];
      let after: string | null = null;
      let pages = 0;
      do {
        const page: Visits = await visitsOf({ limit: String(limit), ...(after !== null && { after }) });
        seen.push(...page.visits.map(({ imei, enteredAt }) => [imei, enteredAt.slice(5, 16)]));
        after = page.next;
        pages += 1;
      } while (after !== null);
      expect([seen, pages]).toEqual([ALL, Math.ceil(4 / limit)]);
    },
  );

  it("are none, in either form, where nobody was", async () => {
    expect(await visitsOf({}, empty)).toEqual({ visits: [], next: null });
    const csv = await get(`/v1/geofences/${empty}/visits?format=csv`);
    expect((await csv.text()).split("\r\n")).toHaveLength(2);
  });

  it("are a file, whole, that no spreadsheet computes with", async () => {
    const response = await get(
      `/v1/geofences/${depot}/visits${query({ ...DAY, format: "csv", limit: "1" })}`,
    );
    expect(response.headers.get("content-type")).toBe("text/csv; charset=utf-8");
    expect(response.headers.get("content-disposition")).toContain(`geofence-${depot}-visits.csv`);
    const lines = (await response.text()).split("\r\n");
    expect(lines).toHaveLength(6);
    expect(lines[0]).toMatch(/^imei,name,plate,driver,enteredAt,/);
    expect(lines.join("\n")).toContain(`${truck},"Truck, ""2""",,,2026-10-06T13:00:00Z,,`);
    expect(lines[4]).toBe(
      `${van},'=Van,KDA 123A,Wanjiku,2026-10-05T22:00:00Z,2026-10-05T21:59:30Z,2026-10-06T06:00:00Z,2026-10-06T06:30:00Z,2026-10-06T06:00:00Z,28800,30630,true,30,false,1800,10`,
    );
  });

  it("are 304 while nothing changed", async () => {
    const path = `/v1/geofences/${empty}/visits${query(DAY)}`;
    const etag = (await get(path)).headers.get("etag") ?? "";
    expect((await get(path, { headers: { "if-none-match": etag } })).status).toBe(304);
    const sql = database();
    await sql`
      insert into tracksolid.geofence_visits (geofence_id, imei, entered_at, last_inside_at, fixes)
      values (${empty}, ${van}, '2026-10-06 01:00Z', '2026-10-06 02:00Z', 3)`;
    expect((await get(path, { headers: { "if-none-match": etag } })).status).toBe(200);
    await sql`delete from tracksolid.geofence_visits where geofence_id = ${empty}`;
  });
});

describe("visits, error", () => {
  it("are not found of a geofence that is none", async () => {
    for (const format of ["json", "csv"]) {
      const response = await get(`/v1/geofences/2147483647/visits${query({ ...DAY, format })}`);
      expect(await expectProblem(response, "not_found")).toBe("There is no geofence 2147483647.");
    }
    await expectProblem(await get("/v1/geofences/x/visits"), "invalid_request");
  });

  it.each([
    ["from=2026-10-06T00:00:00Z&to=2026-10-06T00:00:00Z", "from: must be before to"],
    ["from=2026-01-01T00:00:00Z&to=2026-10-06T00:00:00Z", "from: must be at most 92 days"],
    ["from=yesterday", "from"],
    ["imei=1", "imei"],
    ["format=geojson", "format"],
    ["limit=0", "limit"],
    ["after=", "after"],
    ["after=e30", "after"],
    [`after=${btoa('["2026-02-30T00:00:00Z","860000000000001"]')}`, "after"],
    [`after=${btoa('["2026-10-06T00:00:00Z","1"]')}`, "after"],
    ["driver=%00", "driver"],
  ])("refuse %s", async (search, detail) => {
    const response = await get(`/v1/geofences/${depot}/visits?${search}`);
    expect(await expectProblem(response, "invalid_request")).toContain(detail);
  });

  it("say so when the database is away, as a file too", async () => {
    vi.spyOn(console, "error").mockImplementation(() => {});
    const DB_READ = { connectionString: "postgres://x:x@127.0.0.1:1/x" };
    const headers = { authorization: `Bearer ${await makeKey()}` };
    for (const format of ["json", "csv"]) {
      const path = `/v1/geofences/1/visits?format=${format}`;
      await expectProblem(await askConfigured({ DB_READ }, path, { headers }), "database_unavailable");
    }
    vi.restoreAllMocks();
  });
});

describe("visits, security", () => {
  it.each(["'; delete from tracksolid.geofence_visits; --", "') or true --", '"]', "$2", "\\", "{}", "🚚"])(
    "take %j for a text, in every filter",
    async (attack) => {
      for (const name of ["account", "city", "segment", "vehicle_type", "plate", "driver"]) {
        expect(await found({ [name]: attack })).toEqual([]);
      }
      for (const name of ["imei", "from", "to", "after", "limit", "format"]) {
        const response = await get(`/v1/geofences/${depot}/visits${query({ [name]: attack })}`);
        await expectProblem(response, "invalid_request");
      }
      expect(await found()).toHaveLength(4);
    },
  );

  it("are for nobody without a key, or with one that only writes", async () => {
    const path = `/v1/geofences/${depot}/visits`;
    await expectProblem(await ask(path), "key_required");
    const authorization = `Bearer ${await makeKey({ scopes: ["geofences:write"] })}`;
    await expectProblem(await ask(path, { headers: { authorization } }), "scope_missing");
  });
});
