import { beforeAll, describe, expect, it, vi } from "vitest";
import { database } from "../../../setup/worker-database.ts";
import { ask, expectProblem, makeKey, query, reader } from "../caller.ts";
import { askConfigured } from "../configured.ts";
import { expectDocumented } from "../document.ts";
import { addVehicle, ago, imeis, unique } from "../fleet.ts";

interface Ticket {
  number: string;
  visit: Record<string, unknown> | null;
  nearest: Record<string, unknown>[] | null;
  [field: string]: unknown;
}

interface List {
  tickets: Ticket[];
  next: string | null;
}

const PATH = "/v1/tickets/incidents";
const account = unique("tickets");
const area = unique("area");
const run = unique("INC");
const number = (name: string) => `${run}-${name}`;
const [van = "", truck = "", hidden = "", bike = ""] = imeis(4);

/** Ten days ago: what is open for longer is looked at only by its number. */
const OPENED_MS = Math.floor(Date.now() / 60_000) * 60_000 - 10 * 86_400_000;
const minute = (minutes: number) => new Date(OPENED_MS + minutes * 60_000).toISOString();
/** The same as answers have it. */
const told = (minutes: number) => minute(minutes).replace(".000Z", "Z");
const OPENED = minute(0);
const DAY_MINUTES = 1_440;
/** Where nobody else is. */
const PLACE = { lat: -60.5, lng: -120.5 };
const SPAN = { area, from: minute(-5 * DAY_MINUTES), to: minute(5 * DAY_MINUTES) };

let get: Awaited<ReturnType<typeof reader>>;

async function put(ticket: Record<string, string | number | null>): Promise<void> {
  const sql = database();
  const row = { area, opened_at: OPENED, raw: "{}", told_at: OPENED, ...PLACE, ...ticket };
  await sql`insert into tickets.incidents ${sql(row)}`;
}

/** Fixes of a vehicle that stands so far north of the place. */
async function stand(imei: string, from: number, to: number, northM: number): Promise<void> {
  const sql = database();
  for (let at = from; at <= to; at += 1) {
    await sql`
      insert into tracksolid.position_history
        (imei, gps_time, lat, lng, speed_kmh, ignition, pos_type, source, sources, received_at)
      values (${imei}, ${minute(at)}, ${PLACE.lat + northM / 111_320}, ${PLACE.lng}, 0, true, 'GPS', 'poll', 1,
        ${minute(at)})`;
  }
}

const list = async (filters: Record<string, string> = {}): Promise<List> =>
  expectDocumented(PATH, await get(`${PATH}${query({ ...SPAN, ...filters })}`));

const found = async (filters: Record<string, string> = {}) =>
  (await list(filters)).tickets.map((ticket) => ticket.number.slice(run.length + 1));

const one = async (name: string, search = ""): Promise<Ticket> =>
  expectDocumented(`${PATH}/{number}`, await get(`${PATH}/${number(name)}${search}`));

beforeAll(async () => {
  get = await reader();
  const sql = database();
  const at = (northM: number) => ({ lat: PLACE.lat + northM / 111_320, lng: PLACE.lng });
  const live = { fix_at: ago(60), contact_at: ago(30), speed_kmh: 0, ignition: true };
  await addVehicle(
    van,
    { account, device_name: "Van", plate: "KDA 900A", city: "Nairobi" },
    { ...live, ...at(1_000) },
  );
  await addVehicle(truck, { account, device_name: "Truck", city: "Mombasa" }, { ...live, ...at(500) });
  await addVehicle(hidden, { account, hidden_on_map: true }, { ...live, ...at(10) });
  await addVehicle(bike, { account, kind: "canary" }, { ...live, ...at(5) });
  await sql`
    insert into tracksolid.driver_assignments (imei, valid_from, driver_name, source)
    values (${van}, ${minute(-DAY_MINUTES)}, ${`Wanjiku ${account}`}, 'own')`;
  await put({
    number: number("a"),
    state: "Resolved",
    imei: truck,
    resolved_at: minute(60),
    due_at: minute(15),
  });
  await put({ number: number("b"), state: "New", driver_name: `wanjiku ${account} `, due_at: minute(30) });
  await put({
    number: number("c"),
    state: "Cancelled",
    imei: van,
    opened_at: minute(1),
    lat: null,
    lng: null,
  });
  await put({ number: number("d"), state: "New", imei: hidden, opened_at: minute(2) });
  await put({ number: number("e"), state: null, opened_at: minute(3) });
  await put({ number: number("old"), state: "New", imei: truck, opened_at: minute(-60 * DAY_MINUTES) });
  await stand(truck, 10, 30, 20);
  await stand(van, 5, 7, 20);
  await stand(van, 8, 9, 5_000);
  await stand(hidden, 10, 30, 20);
});

describe("tickets, happy", () => {
  it("are listed newest first, with what is known of visits", async () => {
    const { tickets, next } = await list();
    expect(next).toBeNull();
    expect(tickets.map((ticket) => ticket.number)).toEqual(["e", "d", "c", "b", "a"].map(number));
    const [e, , c, b, a] = tickets;
    expect(a).toEqual({
      ...{ number: number("a"), state: "Resolved", isOpen: false, priority: null, area, ...PLACE },
      ...{ openedAt: told(0), dueAt: told(15), isOverdue: false },
      ...{ resolvedAt: told(60), driver: null, imei: truck, nearest: null },
      visit: {
        ...{ outcome: "visited", visited: true, confidence: 1, imei: truck, name: "Truck", plate: null },
        ...{ assignedBy: "imei", arrivedAt: told(10), leftAt: told(30) },
        ...{ durationS: 1_200, stoodS: 1_200, unseenS: 0, longestGapS: 0, hasGap: false, fixes: 21 },
        ...{ nearestM: expect.closeTo(20, 1), arrivedInTime: true },
      },
    });
    expect(b).toMatchObject({
      isOpen: true,
      isOverdue: true,
      visit: {
        outcome: "passed",
        visited: false,
        imei: van,
        plate: "KDA 900A",
        assignedBy: "driver",
        durationS: 120,
      },
    });
    expect(c).toMatchObject({ isOpen: false, lat: null, visit: { outcome: "no_position", visited: null } });
    expect(e).toMatchObject({ isOpen: true, visit: { outcome: "no_vehicle", confidence: null, imei: null } });
  });

  it.each<[Record<string, string>, string[]]>([
    [{ state: "open" }, ["e", "d", "b"]],
    [{ state: "resolved" }, ["c", "a"]],
    [{ from: minute(1), to: minute(3) }, ["d", "c"]],
    [{ area: "nowhere" }, []],
    [{ area: `${area},nowhere`, state: "resolved" }, ["c", "a"]],
    [{ imei: van }, ["c", "b"]],
    [{ city: "Mombasa" }, ["a"]],
    [{ plate: "kda900a" }, ["c", "b"]],
    [{ account }, ["d", "c", "b", "a"]],
    [{ account: "nobody" }, []],
    [{ driver: `WANJIKU ${account}` }, ["c", "b"]],
    [{ driver: `Wanjiku ${account}`, state: "open" }, ["b"]],
    [{ driver: "nobody" }, []],
    [{ imei: bike }, []],
  ])("are found by %j", async (filters, expected) => {
    expect(await found(filters)).toEqual(expected);
  });

  it("are found open however long ago they were opened, and without the long look", async () => {
    const response = await get(`${PATH}${query({ area, state: "open" })}`);
    const { tickets } = await expectDocumented<List>(PATH, response);
    const old = tickets.at(-1);
    expect(old).toMatchObject({ number: number("old"), visit: null });
    // By its number all of it is looked at.
    expect((await one("old")).visit).toMatchObject({ visited: true, durationS: 1_200 });
  });

  it.each([1, 2, 3, 5])("come to the end in pages of %d", async (limit) => {
    const seen: string[] = [];
    let after: string | null = null;
    let pages = 0;
    do {
      const page: List = await list({ limit: String(limit), ...(after !== null && { after }) });
      seen.push(...page.tickets.map((ticket) => ticket.number));
      after = page.next;
      pages += 1;
    } while (after !== null);
    expect([seen, pages]).toEqual([["e", "d", "c", "b", "a"].map(number), Math.ceil(5 / limit)]);
  });

  it("end a page early where tickets lasted long", async () => {
    const long = unique("long");
    for (let n = 0; n < 10; n += 1) {
      await put({
        ...{ number: `${long}-${n}`, area: long, imei: van, state: "Resolved" },
        ...{ opened_at: minute(n - 100 * DAY_MINUTES), resolved_at: minute(-70 * DAY_MINUTES) },
      });
    }
    const asked = { area: long, from: minute(-100 * DAY_MINUTES), to: minute(-99 * DAY_MINUTES) };
    const first = await list(asked);
    expect(first.tickets).toHaveLength(6);
    expect(first.tickets[0]?.visit).toMatchObject({ outcome: "no_fixes" });
    const rest = await list({ ...asked, after: first.next ?? "" });
    expect([...first.tickets, ...rest.tickets].map((ticket) => ticket.number)).toEqual(
      [9, 8, 7, 6, 5, 4, 3, 2, 1, 0].map((n) => `${long}-${n}`),
    );
    expect(rest.next).toBeNull();
  });

  it("name the vehicles nearest to those that are open", async () => {
    const { tickets } = await list({ nearest: "2" });
    const [e, , c, , a] = tickets;
    expect([a?.nearest, c?.nearest]).toEqual([null, null]);
    expect(e?.nearest).toEqual([
      expect.objectContaining({ imei: truck, distanceKm: expect.closeTo(0.5, 2), status: "idling" }),
      expect.objectContaining({ imei: van, distanceKm: expect.closeTo(1, 2), plate: "KDA 900A" }),
    ]);
    expect(Number(e?.nearest?.[0]?.fixAgeS)).toBeGreaterThanOrEqual(60);
    expect((await one("e", "?nearest=1")).nearest).toHaveLength(1);
    expect((await one("e")).nearest).toBeNull();
  });

  it("are a FeatureCollection of those with a place, without vehicles that maps leave out", async () => {
    const response = await get(`${PATH}${query({ ...SPAN, format: "geojson" })}`);
    expect(response.headers.get("content-type")).toBe("application/geo+json");
    const { features } = await expectDocumented<{
      features: { id: string; geometry: unknown; properties: Ticket }[];
    }>(PATH, response);
    expect(features.map(({ id }) => id)).toEqual(["e", "d", "b", "a"].map(number));
    expect(features[3]).toMatchObject({
      geometry: { type: "Point", coordinates: [PLACE.lng, PLACE.lat] },
      properties: { number: number("a"), visit: { visited: true } },
    });
    expect(features[1]?.properties.visit).toBeNull();
    expect((await list()).tickets[1]?.visit).toMatchObject({ visited: true, imei: hidden });
  });

  it("hang on now", async () => {
    for (const path of [`${PATH}${query(SPAN)}`, `${PATH}/${number("a")}`]) {
      expect((await get(path)).headers.get("cache-control")).toBe("no-store");
    }
  });
});

describe("tickets, error", () => {
  it("are not found where there are none", async () => {
    await expectProblem(await get(`${PATH}/${unique("none")}`), "not_found");
    await expectProblem(await get(`/v1/tickets/change-requests/${number("a")}`), "not_found");
    await expectProblem(await get("/v1/tickets/fills"), "not_found");
    await expectProblem(await get("/v1/tickets"), "not_found");
  });

  it.each([
    ["from=2026-10-06T00:00:00Z&to=2026-10-06T00:00:00Z", "from: must be before to"],
    ["from=2025-01-01T00:00:00Z&to=2026-10-06T00:00:00Z", "from: must be at most 366 days"],
    ["state=open&from=2026-10-07T00:00:00Z&to=2026-10-06T00:00:00Z", "from: must be before to"],
    ["state=closed", "state"],
    ["nearest=6", "nearest"],
    ["nearest=-1", "nearest"],
    ["limit=201", "limit"],
    ["limit=0", "limit"],
    ["format=csv", "format"],
    ["imei=1", "imei"],
    ["area=", "area"],
    ["area=%00", "area"],
    ["after=", "after"],
    ["after=e30", "after"],
    [`after=${btoa('["0000-01-01T00:00:00Z","x"]')}`, "after"],
    [`after=${btoa('["2026-02-30T00:00:00Z","x"]')}`, "after"],
    [`after=${btoa('["2026-10-06T00:00:00Z","a\\u0000"]')}`, "after"],
  ])("refuse %s", async (search, detail) => {
    expect(await expectProblem(await get(`${PATH}?${search}`), "invalid_request")).toContain(detail);
  });

  it("say so when the database is away", async () => {
    vi.spyOn(console, "error").mockImplementation(() => {});
    const DB_READ = { connectionString: "postgres://x:x@127.0.0.1:1/x" };
    const headers = { authorization: `Bearer ${await makeKey()}` };
    for (const path of [PATH, `${PATH}/x`]) {
      await expectProblem(await askConfigured({ DB_READ }, path, { headers }), "database_unavailable");
    }
    vi.restoreAllMocks();
  });
});

describe("tickets, security", () => {
  it.each(["'; delete from tickets.incidents; --", "') or true --", '"]', "$2", "\\", "{}", "🚚"])(
    "take %j for a text, in every filter",
    async (attack) => {
      for (const name of ["area", "account", "city", "segment", "vehicle_type", "plate", "driver"]) {
        expect(await found({ [name]: name === "area" ? attack + area : attack })).toEqual([]);
      }
      for (const name of ["imei", "from", "to", "after", "limit", "format", "state", "nearest"]) {
        await expectProblem(await get(`${PATH}${query({ [name]: attack })}`), "invalid_request");
      }
      await expectProblem(await get(`${PATH}/${encodeURIComponent(attack)}`), "not_found");
      expect(await found()).toHaveLength(5);
    },
  );

  it("are for nobody without a key", async () => {
    for (const path of [PATH, `${PATH}/x`]) await expectProblem(await ask(path), "key_required");
  });
});
