import { beforeAll, describe, expect, it, vi } from "vitest";
import { database } from "../../setup/worker-database.ts";
import { ask, expectProblem, makeKey, posted, query, reader } from "./caller.ts";
import { askConfigured } from "./configured.ts";
import { expectDocumented } from "./document.ts";
import { unique } from "./fleet.ts";

interface Fence {
  id: number;
  name: string;
  geometry: { type: string; coordinates: unknown };
  [field: string]: unknown;
}

interface List {
  geofences: Fence[];
  next: string | null;
}

type Ask = Awaited<ReturnType<typeof reader>>;

let read: Ask;
let write: Ask;

const sent = (method: string, body: unknown, headers: Record<string, string> = {}): RequestInit => ({
  ...posted(body),
  method,
  headers: { "content-type": "application/json", ...headers },
});

/** A square of a degree with a hole, so many degrees east. */
const square = (west: number) => ({
  type: "Polygon",
  coordinates: [
    [
      [west, 0],
      [west + 1, 0],
      [west + 1, 1],
      [west, 1],
      [west, 0],
    ],
    [
      [west + 0.4, 0.4],
      [west + 0.6, 0.4],
      [west + 0.6, 0.6],
      [west + 0.4, 0.4],
    ],
  ],
});
const circle = { type: "Point", coordinates: [36.8, -1.3] };

async function add(body: object): Promise<Fence> {
  return expectDocumented("/v1/geofences", await write("/v1/geofences", posted(body)), "post");
}

const listed = async (filters: Record<string, string>): Promise<List> =>
  expectDocumented("/v1/geofences", await read(`/v1/geofences${query(filters)}`));

const one = (id: number) => read(`/v1/geofences/${id}`);

beforeAll(async () => {
  read = await reader();
  const key = await makeKey({ scopes: ["geofences:write"] });
  write = (path, init = {}) =>
    ask(path, { ...init, headers: { ...init.headers, authorization: `Bearer ${key}` } });
});

describe("geofences, happy", () => {
  it("adds one with its holes, and answers it by its number", async () => {
    const name = unique("Dépôt");
    const response = await write(
      "/v1/geofences",
      posted({ name: ` ${name} `, kind: "depot", geometry: square(10) }),
    );
    expect(response.status).toBe(201);
    const fence = (await response.clone().json()) as Fence;
    expect(response.headers.get("location")).toBe(`/v1/geofences/${fence.id}`);
    expect(fence).toEqual({
      ...{ id: fence.id, name, kind: "depot", radiusM: null, enabled: true, rejoinS: 120, minStayS: 60 },
      bbox: [10, 0, 11, 1],
      createdAt: expect.stringMatching(/Z$/),
      changedAt: expect.stringMatching(/Z$/),
      geometry: square(10),
    });
    const again = await one(fence.id);
    expect(again.headers.get("etag")).toBe(response.headers.get("etag"));
    expect(again.headers.get("cache-control")).toBe("no-store");
    expect(await expectDocumented("/v1/geofences/{id}", again)).toEqual(fence);
  });

  it("takes a circle", async () => {
    const kind = unique("site");
    const fence = await add({ name: unique("c"), kind, geometry: circle, radiusM: 150.5, minStayS: 300 });
    expect(fence).toMatchObject({ radiusM: 150.5, minStayS: 300, geometry: circle });
  });

  it("has its visits computed, and no others", async () => {
    const { id } = await add({ name: unique("d"), kind: "x", geometry: square(10) });
    const sql = database();
    const dirty = () => sql`select mark::text from private.dirty_geofences where geofence_id = ${id}`;
    const [first] = await dirty();
    expect(first).toBeDefined();
    await write(`/v1/geofences/${id}`, sent("PUT", { name: unique("e"), kind: "y", geometry: square(10) }));
    expect(await dirty()).toEqual([first]);
    await write(`/v1/geofences/${id}`, sent("PUT", { name: unique("e"), kind: "y", geometry: square(11) }));
    expect(await dirty()).not.toEqual([first]);
  });

  it("lists them by kind, name, place, and whether they are enabled", async () => {
    const kind = unique("kind");
    const [a, b, c] = [
      await add({ name: `${kind} 50%`, kind, geometry: square(20) }),
      await add({ name: `${kind} five`, kind, geometry: square(30) }),
      await add({ name: `${kind} off`, kind, geometry: square(20), enabled: false }),
    ];
    const ids = async (filters: Record<string, string>) =>
      (await listed({ kind, ...filters })).geofences.map(({ id }) => id);
    expect(await ids({})).toEqual([a.id, b.id]);
    expect(await ids({ enabled: "all" })).toEqual([a.id, b.id, c.id]);
    expect(await ids({ q: "50%" })).toEqual([a.id]);
    expect(await ids({ q: "FIVE" })).toEqual([b.id]);
    expect(await ids({ bbox: "20.5,0.5,20.6,0.6" })).toEqual([a.id]);
    expect(await ids({ bbox: "21,1,30,2" })).toEqual([a.id, b.id]);
    expect(await ids({ bbox: "22,1.1,29,2" })).toEqual([]);
    expect(await ids({ bbox: "29,0,-170,1" })).toEqual([b.id]);
    expect(await ids({ kind: `${kind},other` })).toEqual([a.id, b.id]);
    expect((await listed({ kind })).geofences[0]).toEqual(a);
  });

  it("is a FeatureCollection for maps", async () => {
    const kind = unique("kind");
    const { geometry, ...properties } = await add({ name: unique("f"), kind, geometry: square(10) });
    const response = await read(`/v1/geofences${query({ kind, format: "geojson" })}`);
    expect(await expectDocumented("/v1/geofences", response)).toEqual({
      type: "FeatureCollection",
      features: [{ type: "Feature", id: properties.id, geometry, properties }],
      next: null,
    });
    const none = await read(`/v1/geofences${query({ kind: unique("none"), format: "geojson" })}`);
    expect(await none.json()).toEqual({ type: "FeatureCollection", features: [], next: null });
  });

  it.each([1, 2, 3, 4])("comes to the end in pages of %d", async (limit) => {
    const kind = unique("kind");
    const all: number[] = [];
    for (let n = 0; n < 4; n += 1) {
      all.push((await add({ name: unique("p"), kind, geometry: circle, radiusM: 5 })).id);
    }
    const seen: number[] = [];
    let after: string | null = null;
    let pages = 0;
    do {
      const page: List = await listed({ kind, limit: String(limit), ...(after !== null && { after }) });
      seen.push(...page.geofences.map(({ id }) => id));
      after = page.next;
      pages += 1;
    } while (after !== null);
    expect([seen, pages]).toEqual([all, Math.ceil(4 / limit)]);
  });

  it("answers 304 to whoever has the list as it is, until one of them changes", async () => {
    const kind = unique("kind");
    const { id, name } = await add({ name: unique("g"), kind, geometry: circle, radiusM: 5 });
    const etag = (await read(`/v1/geofences${query({ kind })}`)).headers.get("etag") ?? "";
    const get = () => read(`/v1/geofences${query({ kind })}`, { headers: { "if-none-match": etag } });
    expect((await get()).status).toBe(304);
    await write(`/v1/geofences/${id}`, sent("PUT", { name, kind, geometry: circle, radiusM: 6 }));
    expect((await get()).status).toBe(200);
  });

  it("changes one, leaves what is left out, and writes nothing the second time", async () => {
    const { id } = await add({ name: unique("h"), kind: "x", geometry: circle, radiusM: 5, rejoinS: 0 });
    const body = { name: unique("i"), kind: "y", geometry: square(10), enabled: false };
    const response = await write(`/v1/geofences/${id}`, sent("PUT", body));
    const etag = response.headers.get("etag");
    expect(await expectDocumented("/v1/geofences/{id}", response, "put")).toMatchObject({
      ...{ id, ...body, radiusM: null, rejoinS: 0, minStayS: 60 },
    });
    const again = await write(`/v1/geofences/${id}`, sent("PUT", { ...body, enabled: null }));
    expect(again.headers.get("etag")).toBe(etag);
    expect((await one(id)).headers.get("etag")).toBe(etag);
  });

  it("removes one, and says how many visits went with it", async () => {
    const { id } = await add({ name: unique("j"), kind: "x", geometry: circle, radiusM: 5 });
    const sql = database();
    await sql`
      insert into tracksolid.geofence_visits (geofence_id, imei, entered_at, last_inside_at, fixes)
      select ${id}, '990000000000001', at, at, 1 from (values ('2026-10-01Z'::timestamptz), ('2026-10-02Z')) v (at)`;
    const response = await write(`/v1/geofences/${id}`, { method: "DELETE" });
    expect(await expectDocumented("/v1/geofences/{id}", response, "delete")).toEqual({ visits: 2 });
    expect(await sql`select from tracksolid.geofence_visits where geofence_id = ${id}`).toEqual([]);
    await expectProblem(await one(id), "not_found");
    await expectProblem(await write(`/v1/geofences/${id}`, { method: "DELETE" }), "not_found");
  });

  it("takes the 10,000 corners of a coast, and ends a page before it is too large", async () => {
    const ring = Array.from({ length: 10_000 }, (_, at) => {
      const angle = (at * Math.PI) / 5_000;
      return [36 + Math.cos(angle) * (1 + (at % 2) / 1_000), Math.sin(angle) * (1 + (at % 2) / 1_000)];
    });
    const geometry = { type: "Polygon", coordinates: [[...ring, ring[0]]] };
    const kind = unique("coast");
    // Others' vehicles are near: the way of each would be held against all of these corners.
    const coast = () => ({ name: unique("k"), kind, geometry, enabled: false });
    const ids: number[] = [];
    for (let n = 0; n < 8; n += 1) ids.push((await add(coast())).id);
    const first = await listed({ kind, enabled: "all" });
    expect(first.geofences.length).toBeLessThan(8);
    expect(first.geofences[0]?.geometry).toEqual(geometry);
    const rest = await listed({ kind, enabled: "all", after: first.next ?? "" });
    expect([...first.geofences, ...rest.geofences].map(({ id }) => id)).toEqual(ids);
    expect(rest.next).toBeNull();
  });
});

describe("geofences, two editors", () => {
  it("refuses the one who does not know what the other did", async () => {
    const body = { name: unique("l"), kind: "x", geometry: circle, radiusM: 5 };
    const { id } = await add(body);
    const etag = (await one(id)).headers.get("etag") ?? "";
    const put = (radiusM: number, headers: Record<string, string>) =>
      write(`/v1/geofences/${id}`, sent("PUT", { ...body, radiusM }, headers));
    const first = await put(6, { "if-match": etag });
    expect(first.status).toBe(200);
    await expectProblem(await put(7, { "if-match": etag }), "changed_meanwhile");
    const gone = await write(`/v1/geofences/${id}`, { method: "DELETE", headers: { "if-match": etag } });
    await expectProblem(gone, "changed_meanwhile");
    expect(await (await one(id)).json()).toMatchObject({ radiusM: 6 });
    // The edge makes tags weak where it compresses.
    const weak = `W/${first.headers.get("etag")}`;
    expect((await put(8, { "if-match": `"other", ${weak}` })).status).toBe(200);
    expect((await put(9, { "if-match": "*" })).status).toBe(200);
    await expectProblem(await put(10, { "if-match": "8" }), "changed_meanwhile");
    expect((await put(10, {})).status).toBe(200);
  });

  it("lets one of many through who know the same", async () => {
    const body = { name: unique("m"), kind: "x", geometry: circle, radiusM: 5 };
    const { id } = await add(body);
    const etag = (await one(id)).headers.get("etag") ?? "";
    const statuses = await Promise.all(
      [1, 2, 3, 4].map(
        async (radiusM) =>
          (await write(`/v1/geofences/${id}`, sent("PUT", { ...body, radiusM }, { "if-match": etag })))
            .status,
      ),
    );
    expect(statuses.sort()).toEqual([200, 412, 412, 412]);
  });
});

describe("geofences, error", () => {
  const good = { name: "x", kind: "x", geometry: square(10) };

  it("refuses a name that another has", async () => {
    const [a, b] = [unique("n"), unique("o")];
    await add({ ...good, name: a });
    const { id } = await add({ ...good, name: b });
    await expectProblem(await write("/v1/geofences", posted({ ...good, name: ` ${a}` })), "conflict");
    await expectProblem(await write(`/v1/geofences/${id}`, sent("PUT", { ...good, name: a })), "conflict");
    const all = await Promise.all(
      [1, 2, 3].map(async () => (await write("/v1/geofences", posted({ ...good, name: `${a}+` }))).status),
    );
    expect(all.sort()).toEqual([201, 409, 409]);
  });

  const ring = (...positions: number[][]) => ({ geometry: { type: "Polygon", coordinates: [positions] } });
  it.each<[string, object, string]>([
    ["no name", { name: undefined }, "name"],
    ["an empty name", { name: "  " }, "name: is empty"],
    ["a long name", { name: "x".repeat(201) }, "name: is longer than 200 characters"],
    ["a bell", { name: "a\u0007" }, "name: has control characters"],
    ["a NUL", { kind: "a\0" }, "kind: has control characters"],
    ["half a character", { name: "a\ud800" }, "name: holds half a character"],
    ["no geometry", { geometry: undefined }, "geometry"],
    ["a line", { geometry: { type: "LineString", coordinates: [] } }, "geometry"],
    ["text for numbers", ring(["1", 2] as never), "geometry"],
    ["an open ring", ring([0, 0], [1, 0], [1, 1], [0, 1]), "geometry: ring 1 of polygon 1 is not closed"],
    ["a bow tie", ring([0, 0], [1, 1], [1, 0], [0, 1], [0, 0]), "crosses itself"],
    ["latitude first", ring([0, 91], [1, 91], [1, 92], [0, 91]), "the longitude comes first"],
    ["the antimeridian", ring([-179, 0], [179, 0], [179, 1], [-179, 0]), "antimeridian"],
    ["nothing inside", ring([0, 0], [1, 1], [0, 0], [0, 0]), "encloses nothing"],
    ["no rings", { geometry: { type: "Polygon", coordinates: [] } }, "geometry: "],
    ["a Point without a radius", { geometry: circle }, "geometry: a Point needs a radius in metres"],
    ["a Polygon with one", { radiusM: 5 }, "geometry: only a Point has a radius"],
    ["a radius of 0", { geometry: circle, radiusM: 0 }, "its radius is 0 m"],
    ["a pole", { geometry: { type: "Point", coordinates: [0, 90] }, radiusM: 5 }, "reaches to a pole"],
    [
      "positions too near each other for numbers",
      ring([0, 0], [1e-200, 0], [1e-200, 1e-200], [0, 1e-200], [0, 0]),
      "geometry: ",
    ],
    ["a stay of half a second", { minStayS: 0.5 }, "minStayS"],
    ["an endless one", { rejoinS: 3_601 }, "rejoinS"],
    ["a word for a switch", { enabled: "yes" }, "enabled"],
    ["what is misspelt", { radius: 5 }, "radius"],
  ])("refuses %s", async (_, wrong, detail) => {
    const init = posted({ ...good, name: unique("wrong"), ...wrong });
    expect(await expectProblem(await write("/v1/geofences", init), "invalid_request")).toContain(detail);
  });

  it("refuses what is no body of JSON, or too much of one", async () => {
    await expectProblem(await write("/v1/geofences", { method: "POST" }), "invalid_request");
    await expectProblem(await write("/v1/geofences", { ...posted({}), body: "{" }), "invalid_request");
    await expectProblem(await write("/v1/geofences", posted([])), "invalid_request");
    const deep = `{"name":"x","kind":"x","geometry":${"[".repeat(400_000)}${"]".repeat(400_000)}}`;
    await expectProblem(await write("/v1/geofences", { ...posted({}), body: deep }), "invalid_request");
    const many = { ...good, name: "x".repeat(1_000_000) };
    await expectProblem(await write("/v1/geofences", posted(many)), "body_too_large");
    const ring = Array.from({ length: 20_001 }, (_, at) => [(at % 20_000) / 1e6, ((at % 20_000) % 7) / 1e6]);
    const corners = { ...good, name: unique("many"), geometry: { type: "Polygon", coordinates: [ring] } };
    expect(await expectProblem(await write("/v1/geofences", posted(corners)), "invalid_request")).toContain(
      "more than 20,000 positions",
    );
  });

  it.each(["0", "-1", "x", "1.5", "2147483648", "99999999999", "%00", "1%20or%201=1"])(
    "knows no geofence %s",
    async (id) => {
      await expectProblem(await read(`/v1/geofences/${id}`), "invalid_request");
      await expectProblem(await write(`/v1/geofences/${id}`, { method: "DELETE" }), "invalid_request");
    },
  );

  it("knows none that is not there", async () => {
    await expectProblem(await one(2_147_483_647), "not_found");
    await expectProblem(await write("/v1/geofences/2147483647", sent("PUT", good)), "not_found");
  });

  it.each([
    "limit=0",
    "limit=1001",
    "after=x",
    "after=",
    `after=${btoa("[0]")}`,
    `after=${btoa("[1,2]")}`,
    `after=${btoa("[9999999999]")}`,
    `after=${btoa('["1"]').replace("=", "")}`,
    "enabled=false",
    "format=kml",
    "bbox=1,2,3",
    "q=%00",
    "kind=",
  ])("refuses the list with %s", async (search) => {
    await expectProblem(await read(`/v1/geofences?${search}`), "invalid_request");
  });

  it("says so when the database is away", async () => {
    vi.spyOn(console, "error").mockImplementation(() => {});
    const away = { connectionString: "postgres://x:x@127.0.0.1:1/x" };
    const bindings = { DB_INGEST: away, DB_READ: away };
    const authorization = `Bearer ${await makeKey({ scopes: ["read", "geofences:write"] })}`;
    const requests: [string, RequestInit][] = [
      ["/v1/geofences", {}],
      ["/v1/geofences/1", {}],
      ["/v1/geofences", posted(good)],
      ["/v1/geofences/1", sent("PUT", good)],
      ["/v1/geofences/1", { method: "DELETE" }],
    ];
    for (const [path, init] of requests) {
      const headers = { ...init.headers, authorization };
      await expectProblem(await askConfigured(bindings, path, { ...init, headers }), "database_unavailable");
    }
    vi.restoreAllMocks();
  });
});

describe("geofences, security", () => {
  it.each(["'; delete from tracksolid.geofences; --", "') or true --", '"]', "$2", "\\", "{}", "🚚"])(
    "takes %j for a text",
    async (attack) => {
      const [name, kind] = [unique(attack), attack.trim()];
      const fence = await add({ name, kind, geometry: circle, radiusM: 5 });
      expect(fence).toMatchObject({ name, kind });
      expect((await listed({ kind, q: name })).geofences).toEqual([fence]);
      expect((await listed({ kind: `${kind}x` })).geofences).toEqual([]);
      for (const parameter of ["after", "limit", "bbox", "format"]) {
        const response = await read(`/v1/geofences${query({ [parameter]: attack })}`);
        await expectProblem(response, "invalid_request");
      }
    },
  );

  it("is read with read, and changed with geofences:write alone", async () => {
    const { id } = await add({ name: unique("s"), kind: "x", geometry: circle, radiusM: 5 });
    const changes: [string, RequestInit][] = [
      ["/v1/geofences", posted({})],
      [`/v1/geofences/${id}`, sent("PUT", {})],
      [`/v1/geofences/${id}`, { method: "DELETE" }],
    ];
    const keys = [
      await makeKey({ scopes: ["read", "admin", "tickets:write"] }),
      await makeKey({ kind: "pk", scopes: ["read"], origins: ["https://map.example.com"] }),
    ];
    for (const [path, init] of changes) {
      await expectProblem(await ask(path, init), "key_required");
      await expectProblem(await askConfigured({ OPEN_READS: "1" }, path, init), "scope_missing");
      for (const key of keys) {
        const headers = {
          ...init.headers,
          authorization: `Bearer ${key}`,
          origin: "https://map.example.com",
        };
        const detail = await expectProblem(await ask(path, { ...init, headers }), "scope_missing");
        expect(detail).toContain('"geofences:write"');
      }
    }
    for (const path of ["/v1/geofences", `/v1/geofences/${id}`]) {
      await expectProblem(await ask(path), "key_required");
      await expectProblem(await write(path), "scope_missing");
    }
  });

  it("says which methods there are", async () => {
    const response = await write("/v1/geofences", { method: "DELETE" });
    expect(response.headers.get("allow")).toBe("GET, HEAD, POST");
    await expectProblem(response, "method_not_allowed");
    const other = await write("/v1/geofences/1", { method: "PATCH" });
    expect(other.headers.get("allow")).toBe("GET, HEAD, PUT, DELETE");
    await expectProblem(other, "method_not_allowed");
  });
});
