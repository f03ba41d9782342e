import { parse } from "csv-parse/sync";
import { beforeAll, describe, expect, it } from "vitest";
import { placeWord } from "../../../../workers/api/place-word.ts";
import { database } from "../../writer/deliver.ts";
import { ask, expectProblem, query, reader } from "../caller.ts";
import { expectDocumented } from "../document.ts";
import { addFleet, addMany, drives, insert, readAll } from "../facts.ts";
import { addVehicle, imeis } from "../fleet.ts";
import { at, drive, storeFixes, told } from "../track/ways.ts";

interface Trip {
  id: string;
  imei: string;
  startAt: string;
  driver: string | null;
  distanceKm: number | null;
  [property: string]: unknown;
}

const ROUTE = "/v1/trips";
const SPAN = { from: at(0), to: at(86_400) };

let get: Awaited<ReturnType<typeof reader>>;
let fleet: Awaited<ReturnType<typeof addFleet>>;

const trip = (imei: string, s: number, change: object = {}) => ({
  ...{ imei, start_time: at(s), end_time: at(s + 600), distance_km: 5, source: "poll", raw: "{}" },
  ...{ received_at: at(s + 900), ...change },
});

const list = (values: Record<string, string> = {}, limit = 100) =>
  readAll<Trip>(get, ROUTE, "trips", { ...SPAN, account: fleet.account, ...values }, limit);

const told_ = (trips: Trip[]) => trips.map(({ imei, startAt }) => `${imei} ${startAt}`);

beforeAll(async () => {
  get = await reader();
  fleet = await addFleet();
  const { van, hidden, truck, canary } = fleet;
  await insert("trips", [
    trip(van, -1),
    trip(van, 0, { distance_km: 1.5 }),
    trip(van, 3_600, {
      ...{
        driving_time_s: 540,
        idle_time_s: 60,
        avg_speed_kmh: 33,
        max_speed_kmh: 71,
        fuel_l: 0.5,
        filled: 9,
      },
      ...{
        start_lat: -1.3,
        start_lng: 36.8,
        end_lat: -1.2,
        end_lng: 36.9,
        start_address: '=A, "1"',
        end_address: "B",
      },
    }),
    trip(van, 7_200, { distance_km: null }),
    trip(hidden, 3_600, { start_lat: -1.3, start_lng: 36.8, end_lat: -1.2, end_lng: 36.9 }),
    trip(truck, 3_600, { distance_km: 80 }),
    trip(truck, 86_399),
    trip(truck, 86_400),
    trip(canary, 3_600),
  ]);
  await drives(van, "Wanjiku", at(-1_000));
  await drives(van, 'Otieno, the "O"', at(5_000));
  await drives(truck, "Wanjiku", at(50_000));
});

const newestFirst = () => {
  const { van, hidden, truck } = fleet;
  const order: [string, number][] = [
    [truck, 86_399],
    [van, 7_200],
    ...[van, hidden, truck]
      .sort()
      .reverse()
      .map((imei): [string, number] => [imei, 3_600]),
    [van, 0],
  ];
  return order.map(([imei, s]) => `${imei} ${told(s)}`);
};

describe("GET /v1/trips, happy", () => {
  it.each([1, 2, 3, 4, 5, 6, 100])(
    "lists what began in the span, newest first, in pages of %d",
    async (limit) => {
      expect(told_(await list({}, limit))).toEqual(newestFirst());
    },
  );

  it("does the same of many vehicles", async () => {
    const { account, many } = await addMany();
    await insert(
      "trips",
      many.flatMap((imei, n) => [trip(imei, 3_600 * (n % 7)), trip(imei, 50_000)]),
    );
    const all = told_(await list({ account }, 13));
    expect(all).toHaveLength(120);
    expect(all).toEqual(
      [...all].sort((a, b) => {
        const [[i, s], [j, t]] = [a.split(" "), b.split(" ")] as [[string, string], [string, string]];
        return t.localeCompare(s) || j.localeCompare(i);
      }),
    );
    expect(new Set(all).size).toBe(120);
  });

  it("says everything that is known of one", async () => {
    const [, , ...trips] = await list({ imei: fleet.van });
    const one = trips.length === 2 ? trips[0] : undefined;
    const all = await list({ imei: fleet.van });
    expect(one ?? all[1]).toEqual({
      id: placeWord([fleet.van, "2026-08-03T07:00:00.000000Z"]),
      ...{ imei: fleet.van, name: "Van", plate: "KDA 001A", driver: "Wanjiku", account: fleet.account },
      ...{
        startAt: told(3_600),
        endAt: told(4_200),
        durationS: 600,
        distanceKm: 5,
        drivingTimeS: 540,
        idleTimeS: 60,
      },
      ...{ avgSpeedKmh: 33, maxSpeedKmh: 71, startLat: -1.3, startLng: 36.8, startAddress: '=A, "1"' },
      ...{ endLat: -1.2, endLng: 36.9, endAddress: "B", fuelL: 0.5, source: "poll" },
    });
    expect(all[0]).toMatchObject({
      distanceKm: null,
      drivingTimeS: null,
      startLat: null,
      startAddress: null,
    });
  });

  it.each<[Record<string, string>, number[]]>([
    [{ driver: "Wanjiku" }, [86_399, 3_600, 0]],
    [{ driver: "Nobody" }, []],
    [{ city: "Mombasa" }, [86_399, 3_600]],
    [{ segment: "food", vehicle_type: "truck,van" }, [86_399, 3_600]],
    [{ plate: "kda-001 a" }, [7_200, 3_600, 0]],
    [{ min_km: "5" }, [86_399, 3_600, 3_600, 3_600]],
    [{ min_km: "5.5" }, [3_600]],
    [{ from: at(3_600), to: at(3_601), city: "Mombasa" }, [3_600]],
    [{ from: at(3_601), to: at(7_200) }, []],
  ])("finds by %j", async (filters, seconds) => {
    expect((await list(filters)).map(({ startAt }) => startAt)).toEqual(seconds.map(told));
  });

  it("compares drivers with who drove at the time", async () => {
    const [one] = await list({ imei: fleet.van });
    expect(one).toMatchObject({ startAt: told(7_200), driver: 'Otieno, the "O"' });
    expect((await list({ imei: fleet.truck })).map(({ driver }) => driver)).toEqual(["Wanjiku", null]);
  });

  it("draws straight lines, without vehicles that maps leave out", async () => {
    const response = await get(`${ROUTE}${query({ ...SPAN, account: fleet.account, format: "geojson" })}`);
    expect(response.headers.get("content-type")).toBe("application/geo+json");
    const { features } = await expectDocumented<{
      features: { id: string; geometry: object | null; properties: Trip }[];
    }>(ROUTE, response);
    expect(told_(features.map(({ properties }) => properties))).toEqual(
      newestFirst().filter((line) => !line.startsWith(fleet.hidden)),
    );
    const drawn = features.filter(({ geometry }) => geometry !== null);
    expect(drawn.map(({ id, geometry }) => [id, geometry])).toEqual([
      [
        placeWord([fleet.van, "2026-08-03T07:00:00.000000Z"]),
        {
          type: "LineString",
          coordinates: [
            [36.8, -1.3],
            [36.9, -1.2],
          ],
        },
      ],
    ]);
  });

  it("draws their ways, open where nothing is known", async () => {
    const [imei = ""] = imeis(1);
    await addVehicle(imei, {});
    await insert("trips", [trip(imei, 0, { end_time: at(4_000) })]);
    await storeFixes(imei, [
      ...drive(-100, -1_000, 5),
      ...drive(0, 0, 30),
      ...drive(3_000, 50_000, 30),
      ...drive(4_010, 60_200, 5),
    ]);
    const values = { ...SPAN, imei, format: "geojson", lines: "true" };
    const { features } = await expectDocumented<{
      features: { geometry: { type: string; coordinates: unknown[][] } }[];
    }>(ROUTE, await get(`${ROUTE}${query(values)}`));
    expect(
      features.map(({ geometry }) => [geometry.type, geometry.coordinates.map(({ length }) => length)]),
    ).toEqual([["MultiLineString", [2, 2]]]);
  });

  it("is a CSV file over all pages, in which no text is a formula", async () => {
    const [imei = ""] = imeis(1);
    await addVehicle(imei, { device_name: "@sum" });
    await database()`
      insert into tracksolid.trips (imei, start_time, end_time, start_lat, start_address, source, raw, received_at)
      select ${imei}, ${at(0)}::timestamptz + n * interval '20 s', ${at(0)}::timestamptz + n * interval '20 s', -1.5,
        '=cmd|x,"y"', 'poll', '{}', ${at(0)}
      from generate_series(0, 2100) n`;
    const response = await get(`${ROUTE}${query({ ...SPAN, imei, format: "csv", limit: "10" })}`);
    expect(response.headers.get("content-type")).toBe("text/csv; charset=utf-8");
    expect(response.headers.get("content-disposition")).toBe('attachment; filename="trips.csv"');
    const rows: Record<string, string>[] = parse(await response.text(), { columns: true });
    expect(rows).toHaveLength(2_101);
    expect(new Set(rows.map(({ id }) => id)).size).toBe(2_101);
    expect(rows[0]).toMatchObject({
      imei,
      name: "'@sum",
      startLat: "-1.5",
      startAddress: '\'=cmd|x,"y"',
      fuelL: "",
    });
    expect(rows.map(({ startAt }) => startAt)).toEqual(
      rows
        .map(({ startAt }) => startAt)
        .sort()
        .reverse(),
    );
  });

  it("stands until a day of it changes", async () => {
    const path = `${ROUTE}${query({ ...SPAN, imei: fleet.van })}`;
    const etag = (await get(path)).headers.get("etag") ?? "";
    const known = { headers: { "if-none-match": etag } };
    expect((await get(path, known)).status).toBe(304);
    await database()`
      insert into reporting.day_versions (imei, day, version) select ${fleet.van}, '2026-08-03', version + 1 from reporting.newest_version
      on conflict (imei, day) do update set version = excluded.version`;
    expect((await get(path, known)).status).toBe(200);
  });

  it("answers HEAD with the headers alone", async () => {
    for (const format of ["json", "geojson", "csv"]) {
      const response = await get(`${ROUTE}${query({ ...SPAN, format })}`, { method: "HEAD" });
      expect([response.status, await response.text()]).toEqual([200, ""]);
    }
  });
});

describe("GET /v1/trips/{id}", () => {
  const one = (id: string) => get(`${ROUTE}/${encodeURIComponent(id)}`);

  it("tells one with its way, and what the fixes told of it", async () => {
    await storeFixes(fleet.van, drive(3_600, 0, 30));
    const [, listed] = await list({ imei: fleet.van });
    const response = await one(listed?.id ?? "");
    expect(response.headers.get("etag")).toMatch(/^W\//);
    const body = await expectDocumented<Record<string, unknown>>("/v1/trips/{id}", response);
    expect(body).toMatchObject({ trip: listed, filled: ["start", "idleTimeS"], receivedAt: told(4_500) });
    expect(body.track).toMatchObject({ type: "MultiLineString", coordinates: [expect.any(Array)] });
    expect(
      (
        await get(`${ROUTE}/${listed?.id}`, {
          headers: { "if-none-match": response.headers.get("etag") ?? "" },
        })
      ).status,
    ).toBe(304);
  });

  it("draws none of a vehicle that maps leave out", async () => {
    await storeFixes(fleet.hidden, drive(3_600, 0, 30));
    const [listed] = await list({ imei: fleet.hidden });
    expect(await expectDocumented("/v1/trips/{id}", await one(listed?.id ?? ""))).toMatchObject({
      trip: { imei: fleet.hidden },
      track: null,
      filled: [],
    });
  });

  it("is not there where it is no more, or of a canary", async () => {
    await expectProblem(await one(placeWord([fleet.van, "2026-08-03T07:00:00.000100Z"])), "not_found");
    await expectProblem(await one(placeWord([fleet.van, "2026-08-03T06:59:59.999900Z"])), "not_found");
    await expectProblem(await one(placeWord([fleet.canary, "2026-08-03T07:00:00.000000Z"])), "not_found");
  });

  it.each(["x", "'", "1 or 1=1", placeWord(["a"]), placeWord(["'; drop table x; --", "yesterday"]), "%00"])(
    "refuses %j",
    async (id) => {
      await expectProblem(await one(id), "invalid_request");
    },
  );
});

describe("GET /v1/trips, error", () => {
  it.each([
    ["limit=0", "limit"],
    ["limit=1001", "limit"],
    ["format=gpx", "format"],
    ["lines=true", "lines: needs format=geojson"],
    ["lines=true&format=geojson&limit=201", "limit: at most 200"],
    ["lines=maybe", "lines"],
    ["min_km=-1", "min_km"],
    ["min_km=", "min_km"],
    ["from=2026-05-03T05:59:59Z&to=2026-08-03T06:00:00Z", "from: must be at most 92 days before to"],
    ["from=2026-08-03T06:00:00Z&to=2026-08-03T06:00:00Z", "from: must be before to"],
    ["imei=1", "imei"],
    ["after=x", "after: must come from an answer of this list"],
    [`after=${placeWord(["860000000000001", "2026-01-15"])}`, "after: must come from"],
    [`after=${placeWord(["2026-01-15T05:30:00.000000Z", "860000000000001"])}`, "after: must come from"],
  ])("refuses %s", async (search, detail) => {
    expect(await expectProblem(await get(`${ROUTE}?${search}`), "invalid_request")).toContain(detail);
  });

  it("refuses a place that is none in a file, too, before it begins", async () => {
    await expectProblem(await get(`${ROUTE}?format=csv&after=x`), "invalid_request");
  });
});

describe("GET /v1/trips, security", () => {
  it.each(["'; delete from tracksolid.trips; --", "') or true --", '"]', "$2", "\\", "{}", "🚚"])(
    "takes %j for a text, in every filter",
    async (attack) => {
      for (const name of ["city", "segment", "vehicle_type", "plate", "driver", "account"]) {
        expect(await list({ [name]: attack })).toEqual([]);
      }
      for (const name of ["imei", "from", "to", "min_km", "format", "lines", "limit", "after"]) {
        await expectProblem(await get(`${ROUTE}${query({ ...SPAN, [name]: attack })}`), "invalid_request");
      }
      expect(await list()).toHaveLength(6);
    },
  );

  it("lists nothing without a key", async () => {
    await expectProblem(await ask(`${ROUTE}`), "key_required");
    await expectProblem(await ask(`${ROUTE}/${placeWord(["a", "b"])}`), "key_required");
  });
});
