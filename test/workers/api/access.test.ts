import { env } from "cloudflare:workers";
import { beforeAll, describe, expect, it } from "vitest";
import { type KeyRecord, keyName, newKey } from "../../../shared/access.ts";
import { ask, expectProblem, makeKey, ORIGIN } from "./caller.ts";
import { askConfigured } from "./configured.ts";
import { unique } from "./fleet.ts";

/** Answers 404 to whoever is let in, without asking the database. */
const BEHIND_THE_DOOR = "/v1/nothing";

const MAP = "https://map.example.com";

const knock = (headers: Record<string, string> = {}) => ask(BEHIND_THE_DOOR, { headers });
const withKey = (key: string, headers: Record<string, string> = {}) =>
  knock({ authorization: `Bearer ${key}`, ...headers });

const expectLetIn = (response: Response) => expectProblem(response, "not_found");

const hoursFromNow = (hours: number) => new Date(Date.now() + hours * 3_600_000).toISOString();

describe("nobody", () => {
  it("gets in nowhere, and hears how to", async () => {
    for (const path of ["/v1/live", "/v1/vehicles", "/v1/vehicles/860000000000001", BEHIND_THE_DOOR]) {
      const response = await ask(path);
      expect(response.headers.get("www-authenticate")).toBe("Bearer");
      expect(await expectProblem(response, "key_required")).toContain("Authorization: Bearer");
    }
  });

  it.each([
    "",
    "Bearer",
    "Bearer ",
    "Basic dXNlcjpwYXNz",
    "Bearer a b",
    `Token ${newKey("sk")}`,
    newKey("sk"),
  ])("is who sends the header %j", async (authorization) => {
    await expectProblem(await knock({ authorization }), "key_required");
  });

  it("is who sends a key elsewhere than in the header", async () => {
    const key = await makeKey();
    for (const name of ["key", "token", "access_token", "api_key"]) {
      await expectProblem(await ask(`${BEHIND_THE_DOOR}?${name}=${key}`), "key_required");
    }
    await expectProblem(await knock({ cookie: `key=${key}`, "x-api-key": key }), "key_required");
  });

  it("needs no key for health and the document", async () => {
    for (const path of ["/health", "/openapi.json"]) expect((await ask(path)).status).toBe(200);
  });
});

describe("a secret key", () => {
  it("opens the door, whatever the case of Bearer", async () => {
    const key = await makeKey();
    for (const scheme of ["Bearer", "bearer", "BEARER", "Bearer  "]) {
      await expectLetIn(await knock({ authorization: `${scheme} ${key}` }));
    }
  });

  it("opens it from any origin and from none", async () => {
    await expectLetIn(await withKey(await makeKey(), { origin: "https://anywhere.example.com" }));
  });

  it.each([
    ["nobody made", newKey("sk")],
    ["of the other kind nobody made", newKey("pk")],
    ["too short", `sk_${"a".repeat(42)}`],
    ["too long", `sk_${"a".repeat(44)}`],
    ["without a prefix", "a".repeat(46)],
    ["that is a path", "../../key:abc"],
    ["that is SQL", "sk_';drop/**/table/**/devices;--"],
    ["of 8,000 characters", `sk_${"a".repeat(8_000)}`],
  ])("is refused when it is one %s", async (_, key) => {
    const response = await withKey(key);
    expect(response.headers.get("www-authenticate")).toBe('Bearer error="invalid_token"');
    const detail = await expectProblem(response, "key_unknown");
    expect(detail).not.toContain(key);
  });

  it("is limited to 600 requests a minute, by its id, and says so", { timeout: 60_000 }, async () => {
    const busy = await makeKey({ id: unique("busy") });
    let admitted = 0;
    let last = await withKey(busy);
    expect(last.headers.get("ratelimit-policy")).toBe('"default";q=600;w=60');
    // The minute may turn once while we count.
    for (; last.status !== 429 && admitted < 1_300; admitted++) last = await withKey(busy);
    expect(admitted).toBeGreaterThanOrEqual(600);
    expect(admitted).toBeLessThanOrEqual(1_200);
    expect(last.headers.get("retry-after")).toBe("60");
    expect(last.headers.get("ratelimit-policy")).toBe('"default";q=600;w=60');
    await expectProblem(last, "too_many_requests");
    await expectLetIn(await withKey(await makeKey()));
  });

  it("is not its hash: what KV holds opens nothing", async () => {
    const name = await keyName(await makeKey());
    await expectProblem(await withKey(name), "key_unknown");
    await expectProblem(await withKey(name.slice(4)), "key_unknown");
    await expectProblem(await withKey(`sk_${name.slice(4, 47)}`), "key_unknown");
  });

  it("works until it expires, and not after", async () => {
    await expectLetIn(await withKey(await makeKey({ expiresAt: hoursFromNow(1) })));
    const expiresAt = hoursFromNow(-1);
    const response = await withKey(await makeKey({ expiresAt }));
    expect(response.headers.get("www-authenticate")).toBe('Bearer error="invalid_token"');
    expect(await expectProblem(response, "key_expired")).toContain(expiresAt);
  });

  it.each([[["admin"]], [[]]] as KeyRecord["scopes"][][])("needs the scope read, not %j", async (scopes) => {
    const detail = await expectProblem(await withKey(await makeKey({ scopes })), "scope_missing");
    expect(detail).toContain('"read"');
  });

  it("may have more scopes than it needs", async () => {
    await expectLetIn(await withKey(await makeKey({ scopes: ["admin", "read"] })));
  });

  it.each(["{}", "null", '"sk"', '{"id":"x","kind":"sk","scopes":["read"]}'])(
    "admits nobody when KV holds %s for it",
    async (stored) => {
      const key = newKey("sk");
      await env.KEYS.put(await keyName(key), stored);
      await expectProblem(await withKey(key), "key_unknown");
    },
  );
});

describe("a publishable key", () => {
  let key: string;

  beforeAll(async () => {
    key = await makeKey({ kind: "pk", origins: [MAP, "http://localhost:8787"] });
  });

  it.each([MAP, "http://localhost:8787"])("works from its origin %s", async (origin) => {
    await expectLetIn(await withKey(key, { origin }));
  });

  it.each([
    "https://evil.example.com",
    "http://map.example.com",
    "https://map.example.com:8443",
    "https://map.example.com.evil.example.com",
    "https://sub.map.example.com",
    "https://map.example.com/",
    "HTTPS://MAP.EXAMPLE.COM",
    "null",
    "",
    "*",
    `${MAP}, https://evil.example.com`,
  ])("does not work from %j", async (origin) => {
    await expectProblem(await withKey(key, { origin }), "origin_not_allowed");
  });

  it("does not work outside a browser, which names no origin", async () => {
    await expectProblem(await withKey(key), "origin_not_allowed");
    await expectProblem(await withKey(key, { referer: `${MAP}/` }), "origin_not_allowed");
  });

  it("works from a page of the API's own host when that is one of its origins", async () => {
    const own = await makeKey({ kind: "pk", origins: [ORIGIN] });
    await expectLetIn(await withKey(own, { "sec-fetch-site": "same-origin" }));
    for (const site of ["same-site", "cross-site", "none"]) {
      await expectProblem(await withKey(own, { "sec-fetch-site": site }), "origin_not_allowed");
    }
    await expectProblem(await withKey(key, { "sec-fetch-site": "same-origin" }), "origin_not_allowed");
  });

  it("believes a named origin rather than the claim to be the same one", async () => {
    const own = await makeKey({ kind: "pk", origins: [ORIGIN] });
    const headers = { origin: "https://evil.example.com", "sec-fetch-site": "same-origin" };
    await expectProblem(await withKey(own, headers), "origin_not_allowed");
  });

  it("works from nowhere without origins", async () => {
    const bound = await makeKey({ kind: "pk", origins: [] });
    await expectProblem(await withKey(bound, { origin: MAP }), "origin_not_allowed");
  });

  it("expires like any other", async () => {
    const expired = await makeKey({ kind: "pk", origins: [MAP], expiresAt: hoursFromNow(-1) });
    await expectProblem(await withKey(expired, { origin: MAP }), "key_expired");
  });

  it("is limited to 120 requests a minute, by its id", { timeout: 30_000 }, async () => {
    const id = unique("busy");
    const busy = await makeKey({ id, kind: "pk", origins: [MAP] });
    let admitted = 0;
    let last = await withKey(busy, { origin: MAP });
    // The minute may turn once while we count.
    for (; last.status !== 429 && admitted < 300; admitted++) last = await withKey(busy, { origin: MAP });
    expect(admitted).toBeGreaterThanOrEqual(120);
    expect(admitted).toBeLessThanOrEqual(240);
    expect(last.headers.get("retry-after")).toBe("60");
    expect(last.headers.get("ratelimit-policy")).toBe('"default";q=120;w=60');
    await expectProblem(last, "too_many_requests");

    const twin = await makeKey({ id, kind: "pk", origins: [MAP] });
    const other = await makeKey({ kind: "pk", origins: [MAP] });
    expect((await withKey(twin, { origin: MAP })).status).toBe(429);
    await expectLetIn(await withKey(other, { origin: MAP }));
  });

  it("has a limit of its own for tiles, which use up nothing of the other", async () => {
    const tile = "/v1/tiles/tracks/3/0/0.mvt";
    const asked = async (path: string, limiter: string) => {
      const headers = {
        authorization: `Bearer ${await makeKey({ kind: "pk", origins: [MAP] })}`,
        origin: MAP,
      };
      const none = { limit: async () => ({ success: false }) };
      const { status, headers: answered } = await askConfigured({ [limiter]: none }, path, { headers });
      return [status, answered.get("ratelimit-policy")];
    };
    const [ofTiles, ofAll] = ['"default";q=1800;w=60', '"default";q=120;w=60'];
    expect(await asked(tile, "READ_LIMITER")).toEqual([400, ofTiles]);
    expect(await asked(tile, "TILE_LIMITER")).toEqual([429, ofTiles]);
    expect(await asked(BEHIND_THE_DOOR, "TILE_LIMITER")).toEqual([404, ofAll]);
    expect(await asked(BEHIND_THE_DOOR, "READ_LIMITER")).toEqual([429, ofAll]);
  });

  it("is not braked by requests from elsewhere", { timeout: 30_000 }, async () => {
    const id = unique("copied");
    const copied = await makeKey({ id, kind: "pk", origins: [MAP] });
    for (let round = 0; round < 130; round++) {
      expect((await withKey(copied, { origin: "https://evil.example.com" })).status).toBe(403);
    }
    await expectLetIn(await withKey(copied, { origin: MAP }));
  });
});
