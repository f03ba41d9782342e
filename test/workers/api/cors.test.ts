import { env } from "cloudflare:workers";
import { describe, expect, it, vi } from "vitest";
import toml from "../../../wrangler.toml?raw";
import { ask, expectProblem, makeKey } from "./caller.ts";
import { askConfigured } from "./configured.ts";

/** The line of each environment, as it is deployed; the first is that of the local stack. */
const [DEV = "", STAGING = "", PRODUCTION = ""] = [...toml.matchAll(/^CORS_ORIGINS = "(.*)"$/gm)].map(
  ([, value]) => value ?? "",
);

const deployed = (CORS_ORIGINS: string) => ({
  ENVIRONMENT: "production",
  API_HOSTS: "api.example.com",
  CORS_ORIGINS,
});
const production = deployed(PRODUCTION);

const PREFLIGHT = {
  "access-control-request-method": "GET",
  "access-control-request-headers": "authorization",
};

const preflight = (bindings: object, path: string, origin: string) =>
  askConfigured(bindings, path, { method: "OPTIONS", headers: { origin, ...PREFLIGHT } });

/** The CORS headers of an answer. */
const corsOf = ({ headers }: Response) =>
  Object.fromEntries([...headers].filter(([name]) => name.startsWith("access-control-")));

const EXPOSED = "ETag,Location,RateLimit-Policy,Retry-After,X-Request-Id";

describe("the lists of wrangler.toml", () => {
  it("are closed where the Worker is deployed, four pages each, none shared", () => {
    expect(DEV).toBe("*");
    expect(STAGING.split(",")).toHaveLength(4);
    expect(PRODUCTION.split(",")).toHaveLength(4);
    expect(new Set(`${STAGING},${PRODUCTION}`.split(",")).size).toBe(8);
  });

  it.each([
    ["staging", STAGING, PRODUCTION],
    ["production", PRODUCTION, STAGING],
  ])("let in exactly what %s lists", async (ENVIRONMENT, list, others) => {
    const bindings = { ...deployed(list), ENVIRONMENT };
    for (const origin of list.split(",")) {
      const response = await preflight(bindings, "/v1/live", origin);
      expect(response.status).toBe(204);
      expect(corsOf(response)["access-control-allow-origin"]).toBe(origin);
    }
    for (const origin of others.split(",")) {
      expect(corsOf(await preflight(bindings, "/v1/live", origin))).toEqual({});
    }
  });
});

describe("a preflight", () => {
  const [origin = ""] = PRODUCTION.split(",");

  it.each(["/v1/live", "/v1/vehicles/860000000000001", "/health", "/openapi.json", "/v1/nothing"])(
    "to %s is answered without a key",
    async (path) => {
      const response = await preflight(production, path, origin);
      expect(response.status).toBe(204);
      expect(await response.text()).toBe("");
      expect(corsOf(response)).toEqual({
        "access-control-allow-origin": origin,
        "access-control-allow-methods": "GET,HEAD",
        "access-control-allow-headers": "Authorization,Content-Type,If-Match,If-None-Match",
        "access-control-expose-headers": EXPOSED,
        "access-control-max-age": "7200",
      });
      expect(response.headers.get("vary")).toContain("Origin");
      expect(response.headers.get("x-request-id")).toMatch(/^[0-9a-f-]{36}$/);
      expect(response.headers.get("x-content-type-options")).toBe("nosniff");
    },
  );

  it("asks neither database nor keys nor limiter", async () => {
    const nothing = { DB_READ: undefined, KEYS: undefined, READ_LIMITER: undefined, KEY_LIMITER: undefined };
    for (const path of ["/v1/live", "/health/ready"]) {
      expect((await preflight({ ...production, ...nothing }, path, origin)).status).toBe(204);
    }
  });

  it("comes from a page: OPTIONS without an origin is refused like any method", async () => {
    const headers = { authorization: `Bearer ${await makeKey()}` };
    const response = await askConfigured(production, "/v1/live", { method: "OPTIONS", headers });
    expect(response.headers.get("allow")).toBe("GET, HEAD");
    await expectProblem(response, "method_not_allowed");
  });
});

describe("an origin that is not listed", () => {
  it.each([
    "https://evil.example.com",
    "https://fleetnow.example.com.evil.example.com",
    "https://fleetnow.example.com:8443",
    "http://fleetnow.example.com",
    "https://FLEETNOW.example.com",
    "https://fleetnow.example.com/",
    "null",
    "",
    "*",
  ])("gets no CORS header at all: %j", async (origin) => {
    const key = await makeKey();
    const answers = [
      await preflight(production, "/v1/live", origin),
      await askConfigured(production, "/v1/live", { headers: { origin } }),
      await askConfigured(production, "/v1/live", { headers: { origin, authorization: `Bearer ${key}` } }),
      await askConfigured(production, "/health", { headers: { origin } }),
    ];
    for (const answer of answers) {
      expect(corsOf(answer)).toEqual({});
      expect(answer.headers.get("vary")).toContain("Origin");
    }
  });

  it("is every one where nothing is listed", async () => {
    expect(corsOf(await preflight(deployed(""), "/v1/live", "https://fleetnow.example.com"))).toEqual({});
  });
});

describe("the local stack", () => {
  it("lets every page read, but none without an origin", async () => {
    for (const origin of ["https://anything.example.com", "http://localhost:5173"]) {
      const response = await ask("/health", { headers: { origin } });
      expect(corsOf(response)).toEqual({
        "access-control-allow-origin": origin,
        "access-control-expose-headers": EXPOSED,
      });
    }
    expect(corsOf(await ask("/health", { headers: { origin: "null" } }))).toEqual({});
  });
});

describe("every answer to a listed origin", () => {
  const [origin = ""] = PRODUCTION.split(",");
  const get = (path: string, headers: Record<string, string> = {}, bindings = {}) =>
    askConfigured({ ...production, ...bindings }, path, { headers: { origin, ...headers } });

  it("can be read by its page, failures too, and never with credentials", async () => {
    vi.spyOn(console, "error").mockImplementation(() => {});
    const authorization = `Bearer ${await makeKey()}`;
    const noDatabase = { DB_READ: { connectionString: "postgres://x:x@127.0.0.1:1/x" } };
    const noRequests = { KEY_LIMITER: { limit: async () => ({ success: false }) } };
    const answers: [number, Response][] = [
      [200, await get("/v1/live?account=nobody", { authorization })],
      [200, await get("/openapi.json")],
      [304, await get("/openapi.json", { "if-none-match": "*" })],
      [400, await get("/v1/live?bbox=1", { authorization })],
      [401, await get("/v1/live")],
      [401, await get("/v1/live", { authorization: "Bearer sk_x" })],
      [404, await get("/v1/nothing", { authorization })],
      [414, await get(`/v1/live?q=${"x".repeat(16_000)}`, { authorization })],
      [429, await get("/v1/live", { authorization }, noRequests)],
      [500, await get("/health", {}, { VERSION: undefined })],
      [503, await get("/v1/vehicles", { authorization }, noDatabase)],
      [200, await get("/")],
    ];
    for (const [status, answer] of answers) {
      expect([answer.status, corsOf(answer)]).toEqual([
        status,
        { "access-control-allow-origin": origin, "access-control-expose-headers": EXPOSED },
      ]);
      expect(answer.headers.get("vary")).toContain("Origin");
      expect(answer.headers.get("x-request-id")).toMatch(/^[0-9a-f-]{36}$/);
    }
  });

  it("says Vary: Origin to those without an origin too", async () => {
    for (const path of ["/health", "/openapi.json", "/v1/live", "/", "/nothing"]) {
      expect((await askConfigured(production, path)).headers.get("vary")).toContain("Origin");
    }
  });
});

describe("a publishable key", () => {
  const [listed = "", other = ""] = PRODUCTION.split(",");
  const read = (key: string, origin: string) =>
    askConfigured(production, "/v1/live?account=nobody", {
      headers: { origin, authorization: `Bearer ${key}` },
    });

  it("works across origins from its own page, and from no other that is listed", async () => {
    const key = await makeKey({ kind: "pk", origins: [listed] });
    const own = await read(key, listed);
    expect(own.status).toBe(200);
    expect(own.headers.get("access-control-allow-origin")).toBe(listed);
    expect(own.headers.get("ratelimit-policy")).toBe('"default";q=120;w=60');
    const foreign = await read(key, other);
    expect(foreign.headers.get("access-control-allow-origin")).toBe(other);
    await expectProblem(foreign, "origin_not_allowed");
  });

  it("gives nothing to a page of its own that the deployment does not list", async () => {
    const unlisted = "https://old-map.example.com";
    const key = await makeKey({ kind: "pk", origins: [unlisted] });
    expect(corsOf(await read(key, unlisted))).toEqual({});
    expect(corsOf(await preflight(production, "/v1/live", unlisted))).toEqual({});
  });
});

it("is refused to be set wrongly", async () => {
  vi.spyOn(console, "error").mockImplementation(() => {});
  expect(env.ENVIRONMENT).toBe("dev");
  for (const list of ["*", "https://a.example.com/path", "http://a.example.com"]) {
    await expectProblem(await askConfigured(deployed(list), "/health"), "misconfigured");
  }
});
