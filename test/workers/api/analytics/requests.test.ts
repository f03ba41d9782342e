import { beforeAll, describe, expect, it } from "vitest";
import { placeWord } from "../../../../workers/api/place-word.ts";
import { ask, currentTag, expectProblem, query, reader } from "../caller.ts";
import { expectDocumented } from "../document.ts";
import { addVehicle, imeis, unique } from "../fleet.ts";
import { addDay, addDriverDay, asker, database } from "./figures.ts";

const ROUTES = [
  ...["fleet-summary", "utilisation", "driver-behaviour", "driver-clock"],
  ...["distance-daily", "alarms", "fuel", "filters"],
];
/** Those with pages, with the place that each of theirs ends with. */
const PAGED: Record<string, unknown[]> = {
  utilisation: ["vehicle", "860000000000001"],
  fuel: ["vehicle", "860000000000001"],
  "driver-behaviour": ["O'Neil"],
  "driver-clock": ["2026-03-10", "O'Neil", "860000000000001"],
  "distance-daily": ["2026-03-10", "860000000000001"],
};

const account = unique("requests");
const driver = unique('O\'Neil "x"');
const [van = "", hidden = "", gone = "", other = ""] = imeis(4);
const DAYS = { from: "2026-03-10", to: "2026-03-10" };

let get: Awaited<ReturnType<typeof reader>>;

beforeAll(async () => {
  get = await reader();
  const known = { city: "Nairobi", segment: "parcels", vehicle_type: "van" };
  await Promise.all([
    addVehicle(van, { account, plate: "KDA 001A", ...known }),
    addVehicle(hidden, { account, hidden_on_map: true, city: "Mombasa" }),
    addVehicle(gone, { account, enabled: false, ...known }),
    addVehicle(other, { account: unique("other"), ...known }),
  ]);
  for (const imei of [van, other]) {
    await addDay(imei, "2026-03-10", { moving_s: 60, distance_km: 1, distance_source: "gps", alarms: 2 });
    await addDriverDay(imei, "2026-03-10", driver, { moving_s: 60, distance_km: 1 });
    await database()`
      insert into reporting.alarm_day (imei, day, canonical_code, alarms)
      values (${imei}, '2026-03-10', 'word:overSpeed', 2)`;
  }
});

describe.each(ROUTES)("GET /v1/analytics/%s", (name) => {
  const path = `/v1/analytics/${name}`;

  it.each([
    ["from=2026-03-12&to=2026-03-11", "from: must not be after to"],
    ["from=2025-03-09&to=2026-03-10", "from: at most 366 days are answered at once"],
    ["from=2026-02-30", "from"],
    ["from=yesterday", "from"],
    ["to=1999-12-31", "to"],
    ["to=2200-01-01", "to"],
    ["to=", "to"],
    ["imei=1", "imei"],
    ["account=,", "account: must not be empty"],
    ["driver=%00", "driver"],
    [`city=${"x,".repeat(101)}`, "city: must be at most 100 values"],
  ])("refuses %s", async (search, detail) => {
    expect(await expectProblem(await get(`${path}?${search}`), "invalid_request")).toContain(detail);
  });

  it("takes a year and its day more, and is empty of one long ago", async () => {
    const response = await get(`${path}${query({ account, from: "2020-01-01", to: "2020-12-31" })}`);
    expect(response.status).toBe(200);
    expect(await expectDocumented(path, response)).toMatchObject({ period: { days: 366 } });
  });

  it.each(["'; delete from reporting.vehicle_day; --", '"]}', "$2", "\\", "🚚"])(
    "takes %j for a text, in every filter",
    async (attack) => {
      for (const filter of ["account", "city", "segment", "vehicle_type", "plate", "driver"]) {
        const response = await get(`${path}${query({ ...DAYS, [filter]: attack })}`);
        expect([filter, response.status]).toEqual([filter, 200]);
        const body: Record<string, unknown> = await response.json();
        for (const list of ["groups", "drivers", "days", "accounts", "vehicles"]) {
          if (Array.isArray(body[list])) expect([filter, body[list]]).toEqual([filter, []]);
        }
      }
      for (const parameter of ["from", "to", "imei"]) {
        await expectProblem(await get(`${path}${query({ [parameter]: attack })}`), "invalid_request");
      }
    },
  );

  it("tells nothing without a key, and nothing to a wrong one", async () => {
    await expectProblem(await ask(path), "key_required");
    const headers = { authorization: "Bearer sk_nobody" };
    await expectProblem(await ask(path, { headers }), "key_unknown");
  });

  it("answers HEAD with the headers alone", async () => {
    const response = await get(`${path}${query(DAYS)}`, { method: "HEAD" });
    expect([response.status, await response.text()]).toEqual([200, ""]);
    expect(response.headers.get("etag")).toMatch(/^W\/"/);
  });
});

describe.each(Object.entries(PAGED))("pages of /v1/analytics/%s", (name, place) => {
  const page = (after: string) => get(`/v1/analytics/${name}${query({ ...DAYS, after })}`);

  it("go on after any place of the list", async () => {
    expect((await page(placeWord(place))).status).toBe(200);
  });

  it("take no place that is none of theirs", async () => {
    for (const word of [
      ...["", "x", "860000000000001", "%00", "W10", `${placeWord(place)}=`, `${placeWord(place)}A`],
      ...[placeWord([]), placeWord([...place, "x"]), placeWord(place.map(() => 1)), placeWord([place])],
      ...[placeWord(place.map(() => "\0")), placeWord(["city", "x", "y"]), placeWord([null])],
    ]) {
      expect(await expectProblem(await page(word), "invalid_request")).toContain("after");
    }
  });

  it.each(["0", "1001", "-1", "1.5", "many", ""])("refuse a limit of %j", async (limit) => {
    const response = await get(`/v1/analytics/${name}${query({ limit })}`);
    expect(await expectProblem(response, "invalid_request")).toContain("limit");
  });
});

it("does not go on by another group", async () => {
  for (const name of ["utilisation", "fuel"]) {
    const after = placeWord(["city", "Mombasa"]);
    const response = await get(`/v1/analytics/${name}${query({ group_by: "segment", after })}`);
    expect(await expectProblem(response, "invalid_request")).toContain("after");
    await expectProblem(await get(`/v1/analytics/${name}?group_by=colour`), "invalid_request");
  }
  await expectProblem(await get("/v1/analytics/alarms?top=101"), "invalid_request");
  await expectProblem(await get("/v1/analytics/distance-daily?vehicles=yes"), "invalid_request");
});

it("finds a plate however it is written, and no other", async () => {
  const found = async (plate: string) =>
    (await asker(get)<{ groups: { key: string }[] }>("utilisation", { account, ...DAYS, plate })).groups;
  expect(await found("kda-001 a")).toMatchObject([{ key: van }]);
  expect(await found("KDA 001B")).toEqual([]);
});

describe("values to filter by", () => {
  it("are those of the vehicles of a period", async () => {
    const body = await asker(get)<Record<string, unknown>>("filters", { account, ...DAYS });
    expect(body).toMatchObject({
      vehicles: 2,
      accounts: [{ value: account, vehicles: 2 }],
      cities: [
        { value: "Mombasa", vehicles: 1 },
        { value: "Nairobi", vehicles: 1 },
      ],
      ...{ segments: [{ value: "parcels", vehicles: 1 }], vehicleTypes: [{ value: "van", vehicles: 1 }] },
      ...{ plates: [{ value: "KDA 001A", vehicles: 1 }], drivers: [{ value: driver, vehicles: 1 }] },
      alarmCodes: [{ value: "word:overSpeed", name: "Overspeed", class: "speed", alarms: 2 }],
    });
    expect(String(body.firstDay) <= "2026-03-10" && String(body.lastDay) >= "2026-03-10").toBe(true);
    expect(await asker(get)("filters", { driver, account, ...DAYS })).toMatchObject({
      ...{ vehicles: 1, cities: [{ value: "Nairobi" }] },
    });
  });

  it("are another answer once the first day is another", async () => {
    const path = `/v1/analytics/filters${query({ account, ...DAYS })}`;
    const tag = await currentTag(get, path);
    const [first] = await database()<{ day: string }[]>`
      select (min(day) - 1)::text as day from reporting.vehicle_day`;
    const { day } = first as { day: string };
    await addDay(van, day, { moving_s: 1 });
    expect((await get(path, { headers: { "if-none-match": tag } })).status).toBe(200);
    await database()`delete from reporting.vehicle_day where imei = ${van} and day = ${day}`;
  });

  it("are those of the vehicles that the map shows", async () => {
    const response = await get("/v1/filters");
    expect(response.headers.get("cache-control")).toBe("private, no-cache");
    const body = await expectDocumented<{ accounts: { value: string; vehicles: number }[] }>(
      "/v1/filters",
      response,
    );
    // Not the hidden one, nor that which is gone.
    expect(body.accounts).toContainEqual({ value: account, vehicles: 1 });
    await expectProblem(await ask("/v1/filters"), "key_required");
    const tag = await currentTag(get, "/v1/filters");
    await addVehicle(imeis(1)[0] ?? "", { account, city: unique("city") });
    expect((await get("/v1/filters", { headers: { "if-none-match": tag } })).status).toBe(200);
  });
});
