import { env } from "cloudflare:workers";
import { afterEach, beforeAll, describe, expect, it, vi } from "vitest";
import { SCOPES } from "../../../shared/access.ts";
import { BOUNDS, makePmtiles } from "../../setup/pmtiles.ts";
import { ask, expectProblem, makeKey } from "./caller.ts";
import { askConfigured } from "./configured.ts";
import { expectDocumented } from "./document.ts";
import { unique } from "./fleet.ts";
import { accessOf, cameThrough, makePerson } from "./signed-in.ts";

interface Session {
  caller: { kind: string; id: string; label: string | null; email: string | null };
  scopes: string[];
  expiresAt: string | null;
  environment: string;
  mode: string;
  version: string;
  timeZone: string | null;
  map: { styleUrl: string | null; base: Record<string, unknown> | null; tracks: Record<string, unknown> };
}

const PAGE = "https://map.example.com";
const DOWN = "postgres://x:x@127.0.0.1:1/x";
const TRACKS = { tiles: "/v1/tiles/tracks/{z}/{x}/{y}.mvt", minZoom: 4, maxZoom: 14 };

let key: string;

/** What somebody is told, in the form that is documented. */
async function session(headers: Record<string, string>, bindings: object = {}): Promise<Session> {
  const response = await askConfigured(bindings, "/v1/session", { headers });
  expect(response.status).toBe(200);
  expect(response.headers.get("cache-control")).toBe("no-store");
  return expectDocumented<Session>("/v1/session", response);
}

const withKey = (key: string) => ({ authorization: `Bearer ${key}` });

beforeAll(async () => {
  key = await makeKey();
});
afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
});

describe("GET /v1/session", () => {
  it("tells a page all that it needs at first", async () => {
    const id = unique("key");
    const expiresAt = "2099-01-15T08:30:00.000Z";
    const depot = await makeKey({ id, label: "Depot", scopes: ["tickets:write", "read"], expiresAt });
    expect(await session(withKey(depot))).toEqual({
      caller: { kind: "sk", id, label: "Depot", email: null },
      scopes: ["tickets:write", "read"],
      expiresAt,
      environment: "dev",
      mode: "owner",
      version: env.VERSION.id,
      timeZone: "Africa/Nairobi",
      map: { styleUrl: null, base: null, tracks: TRACKS },
    });
  });

  it.each(SCOPES)("is for a key with the scope %s alone", async (scope) => {
    expect((await session(withKey(await makeKey({ scopes: [scope] })))).scopes).toEqual([scope]);
  });

  it("does not tell the visitors of a page what its key is called", async () => {
    const pk = await makeKey({ kind: "pk", label: "Customer X", origins: [PAGE] });
    const { caller, scopes } = await session({ ...withKey(pk), origin: PAGE });
    expect([caller.kind, caller.label, scopes]).toEqual(["pk", null, ["read"]]);
    const elsewhere = { ...withKey(pk), origin: "https://evil.example.com" };
    await expectProblem(await ask("/v1/session", { headers: elsewhere }), "origin_not_allowed");
  });

  it("is for everybody where reads are open, and else for nobody without a key", async () => {
    const { caller, scopes } = await session({}, { OPEN_READS: "1" });
    expect([caller.kind, scopes]).toEqual(["anonymous", ["read"]]);
    await expectProblem(await ask("/v1/session"), "key_required");
    await expectProblem(await ask("/v1/session", { headers: withKey("sk_x") }), "key_unknown");
    const late = await makeKey({ expiresAt: "2026-01-15T08:30:00.000Z" });
    await expectProblem(await ask("/v1/session", { headers: withKey(late) }), "key_expired");
  });

  it("promises no more than a reader does", async () => {
    const all = await makeKey({ scopes: [...SCOPES] });
    const { mode, scopes } = await session(withKey(all), { DATABASE_MODE: "reader", PUSH_HOSTS: "" });
    expect([mode, scopes]).toEqual(["reader", ["read"]]);
  });

  it("says nothing of what other keys there are, and names no secret", async () => {
    const response = await ask("/v1/session", { headers: withKey(key) });
    const text = await response.text();
    expect(text).not.toContain(key);
    expect(text).not.toMatch(/TRACKSOLID|postgres|key:/);
  });
});

describe("of who came through Cloudflare Access", () => {
  const asked = async (access: object, came: Record<string, string>) =>
    askConfigured(access, "/v1/session", { headers: { ...came, "sec-fetch-site": "same-origin" } });

  it("tells who they are", async () => {
    const access = accessOf();
    const email = await makePerson();
    const response = await asked(access, await cameThrough(access, { email }));
    expect((await expectDocumented<Session>("/v1/session", response)).caller).toMatchObject({ email });
  });

  it("claims that they are signed in, and not known here, only where that is so", async () => {
    const access = accessOf();
    const stranger = await asked(access, await cameThrough(access, { email: "who@example.com" }));
    expect(await expectProblem(stranger, "key_unknown")).toContain("You are signed in, and not known here");
    vi.spyOn(console, "warn").mockImplementation(() => {});
    const known = await makePerson();
    const [ours, theirs] = [accessOf(), accessOf()];
    for (const came of [
      await cameThrough(theirs, { email: known }),
      await cameThrough(ours, { email: known, exp: 1_768_000_000 }),
    ]) {
      const detail = await expectProblem(await asked(ours, came), "key_unknown");
      expect(detail).toContain("sign in again");
      expect(detail).not.toContain("You are signed in");
    }
  });

  it("tells whoever is signed in to ask again while nobody can check that", async () => {
    vi.spyOn(console, "error").mockImplementation(() => {});
    const access = accessOf();
    const came = await cameThrough(access, { email: await makePerson() });
    for (const away of [
      async () => Promise.reject(new TypeError("Network connection lost")),
      async () => new Response("Bad gateway", { status: 502 }),
      async () => Response.json({ errors: [] }, { status: 404 }),
    ]) {
      vi.spyOn(globalThis, "fetch").mockImplementation(away);
      const response = await asked(access, came);
      expect(response.headers.get("retry-after")).toBe("5");
      await expectProblem(response, "sign_in_unavailable");
    }
    // Whoever has a key of their own needs nobody's word.
    const both = await asked(access, { ...came, ...withKey(key) });
    expect(both.status).toBe(200);
  });
});

describe("while the database is away", () => {
  it("answers without the zone that nobody has told it", async () => {
    vi.spyOn(console, "error").mockImplementation(() => {});
    const { timeZone, map } = await session(withKey(key), { DB_READ: { connectionString: DOWN } });
    expect([timeZone, map.tracks]).toEqual([null, TRACKS]);
  });

  it("answers with the zone that it remembers", async () => {
    vi.spyOn(console, "error").mockImplementation(() => {});
    vi.useFakeTimers({ toFake: ["Date"] });
    const DB_READ = { connectionString: env.DB_READ.connectionString };
    expect((await session(withKey(key), { DB_READ })).timeZone).toBe("Africa/Nairobi");
    DB_READ.connectionString = DOWN;
    vi.setSystemTime(Date.now() + 3_600_000);
    expect((await session(withKey(key), { DB_READ })).timeZone).toBe("Africa/Nairobi");
  });
});

describe("the map", () => {
  it("is a style where one is configured", async () => {
    const MAP_STYLE_URL = "https://tiles.example.com/style.json?key=public";
    expect((await session(withKey(key), { MAP_STYLE_URL })).map.styleUrl).toBe(MAP_STYLE_URL);
  });

  it("is a file with its zooms, bounds and layers, and its sources as text", async () => {
    const MAP_TILES = `maps/${unique("map")}.pmtiles`;
    const data = new Uint8Array([1]);
    const tiles = [
      { z: 2, x: 1, y: 1, data },
      { z: 14, x: 9866, y: 8250, data },
    ];
    await env.BUCKET.put(MAP_TILES, await makePmtiles({ tiles }));
    expect((await session(withKey(key), { MAP_TILES })).map.base).toEqual({
      tiles: "/v1/tiles/base/{z}/{x}/{y}.mvt",
      minZoom: 2,
      maxZoom: 14,
      bounds: BOUNDS,
      attribution: "© OpenStreetMap & others",
      layers: ["roads", "water"],
    });
  });

  it("is none where the file is broken, and the log says why", async () => {
    const logged = vi.spyOn(console, "error").mockImplementation(() => {});
    const MAP_TILES = `maps/${unique("map")}.pmtiles`;
    await env.BUCKET.put(MAP_TILES, "no map");
    expect((await session(withKey(key), { MAP_TILES })).map.base).toBeNull();
    expect(logged.mock.calls.map(([line]) => line)).toEqual([
      expect.objectContaining({ event: "base_map_unreadable", key: MAP_TILES }),
    ]);
  });
});
