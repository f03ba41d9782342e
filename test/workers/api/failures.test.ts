import { afterEach, describe, expect, inject, it, vi } from "vitest";
import { ask, expectProblem, makeKey, reader } from "./caller.ts";
import { askConfigured } from "./configured.ts";

/** Asks a Worker that is configured differently. */
const askWith = (bindings: object, path: string, headers: Record<string, string> = {}) =>
  askConfigured(bindings, path, { headers });

const ROUTES = [
  "/v1/live",
  "/v1/vehicles",
  "/v1/vehicles/860000000000001",
  "/health",
  "/health/ready",
  "/health/ingest",
  "/openapi.json",
  "/docs",
];

afterEach(() => {
  vi.restoreAllMocks();
});

describe("what is not there", () => {
  it.each(["/nothing", "/v2/live", "/health/nothing", "/openapi.yaml", "/index.php", "/.env", "//v1/live"])(
    "%s is a problem, not a page",
    async (path) => {
      expect(await expectProblem(await ask(path), "not_found")).toContain("/openapi.json");
    },
  );

  it.each([
    "/v1",
    "/v1/",
    "/v1/nothing",
    "/v1/live/",
    "/v1/live/x",
    "/v1/vehicles/860000000000001/x",
    "/v1/LIVE",
  ])("%s is one for those with a key", async (path) => {
    await expectProblem(await (await reader())(path), "not_found");
    await expectProblem(await ask(path), "key_required");
  });

  it("has no body for HEAD", async () => {
    const response = await ask("/nothing", { method: "HEAD" });
    expect(response.status).toBe(404);
    expect(await response.text()).toBe("");
  });
});

describe("a method that is not served", () => {
  it.each(["POST", "PUT", "PATCH", "DELETE"])(
    "%s is refused on every route, with those that are",
    async (method) => {
      const call = await reader();
      for (const path of [...ROUTES, "/", "/nothing", "/v1/nothing"]) {
        const response = await call(path, { method });
        expect(response.headers.get("allow")).toBe("GET, HEAD");
        await expectProblem(response, "method_not_allowed");
      }
    },
  );

  it("is refused whatever the body", async () => {
    const call = await reader();
    for (const body of ["{", "\0", "x".repeat(100_000)]) {
      await expectProblem(await call("/v1/live", { method: "POST", body }), "method_not_allowed");
    }
  });
});

describe("every answer", () => {
  const cases: [string, string, RequestInit?][] = [
    ["the document", "/openapi.json"],
    ["health", "/health"],
    ["no key", "/v1/live"],
    ["nothing there", "/nothing"],
    ["a refused method", "/health", { method: "DELETE" }],
    ["HEAD", "/health", { method: "HEAD" }],
    ["nothing new", "/openapi.json", { headers: { "if-none-match": "*" } }],
    [
      "a preflight",
      "/v1/live",
      {
        method: "OPTIONS",
        headers: { origin: "https://map.example.com", "access-control-request-method": "GET" },
      },
    ],
    ["another origin's page", "/v1/live", { headers: { origin: "https://map.example.com" } }],
  ];

  it.each(cases)("carries the security headers: %s", async (_, path, init) => {
    const { headers } = await ask(path, init);
    expect(Object.fromEntries(headers)).toMatchObject({
      "content-security-policy":
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
      "x-content-type-options": "nosniff",
      "x-frame-options": "DENY",
      "referrer-policy": "same-origin",
      "cross-origin-resource-policy": "same-origin",
      "cross-origin-opener-policy": "same-origin",
      "origin-agent-cluster": "?1",
      "x-dns-prefetch-control": "off",
      "x-download-options": "noopen",
      "x-permitted-cross-domain-policies": "none",
      "x-xss-protection": "0",
      "permissions-policy": expect.stringContaining("camera=()"),
    });
    expect(headers.has("x-powered-by")).toBe(false);
    expect(headers.has("strict-transport-security")).toBe(false);
  });

  it("is kept to HTTPS where it is deployed", async () => {
    for (const path of ["/health", "/nothing", "/v1/live"]) {
      const { headers } = await askWith({ ENVIRONMENT: "staging", API_HOSTS: "api.example.com" }, path);
      expect(headers.get("strict-transport-security")).toMatch(/^max-age=\d{7,}/);
    }
  });

  it("has a request id of its own", async () => {
    const answers = await Promise.all(cases.map(([, path, init]) => ask(path, init)));
    const ids = answers.map(({ headers }) => headers.get("x-request-id"));
    expect(new Set(ids).size).toBe(cases.length);
    for (const id of ids) expect(id).toMatch(/^[0-9a-f-]{36}$/);
  });

  it.each(["/", "/docs.css", "/docs", "/openapi.json", "/nothing"])(
    "to HEAD has the headers of GET and no body: %s",
    async (path) => {
      const [get, head] = await Promise.all([ask(path), ask(path, { method: "HEAD" })]);
      const lasting = ({ status, headers }: Response) => [
        status,
        [...headers].filter(([name]) => name !== "x-request-id" && name !== "content-length"),
      ];
      expect(lasting(head)).toEqual(lasting(get));
      expect(await head.text()).toBe("");
      expect(await get.text()).not.toBe("");
    },
  );

  it("does not take a request id from outside", async () => {
    const response = await ask("/nothing", { headers: { "x-request-id": "<script>" } });
    expect(response.headers.get("x-request-id")).toMatch(/^[0-9a-f-]{36}$/);
  });

  it("to a broken query says nothing of what it was broken by", async () => {
    const call = await reader();
    const detail = await expectProblem(await call("/v1/live?bbox=<script>"), "invalid_request");
    expect(detail).not.toContain("script");
  });
});

describe("a deployment that is not configured", () => {
  it.each([
    ["of no known environment", { ENVIRONMENT: "prod" }],
    ["that would let everybody read in production", { ENVIRONMENT: "production", OPEN_READS: "1" }],
  ])("%s says so without details, and logs the remedy", async (_, bindings) => {
    const logged = vi.spyOn(console, "error").mockImplementation(() => {});
    const key = await makeKey();
    const response = await askWith(bindings, "/v1/live", { authorization: `Bearer ${key}` });
    const requestId = response.headers.get("x-request-id");
    const detail = await expectProblem(response, "misconfigured");
    expect(detail).not.toMatch(/ENVIRONMENT|OPEN_READS/);
    expect(logged.mock.calls).toEqual([
      [
        {
          level: "error",
          event: "request_failed",
          requestId,
          route: "/v1/live",
          code: "misconfigured",
          error: expect.stringMatching(/ENVIRONMENT must be|OPEN_READS=1 is for/),
        },
      ],
    ]);
  });
});

describe("a database that cannot be reached", () => {
  it.each([
    ["because nobody listens", () => "postgres://x:x@127.0.0.1:1/x"],
    ["because the password is wrong", () => inject("database").read.replace(/:[^:@]+@/, ":wrong@")],
  ])("is a problem that says when to come back, on every route: %s", async (_, url) => {
    const logged = vi.spyOn(console, "error").mockImplementation(() => {});
    const bindings = { DB_READ: { connectionString: url() } };
    const headers = { authorization: `Bearer ${await makeKey()}` };
    for (const path of ["/v1/vehicles", "/v1/vehicles/860000000000001", "/health/ingest"]) {
      const response = await askWith(bindings, path, headers);
      expect(response.headers.get("retry-after")).toBe("5");
      const requestId = response.headers.get("x-request-id");
      await expectProblem(response, "database_unavailable");
      expect(logged.mock.calls.flat()).toContainEqual(
        expect.objectContaining({
          event: "request_failed",
          requestId,
          route: path.replace("860000000000001", "{imei}"),
        }),
      );
    }
    expect(JSON.stringify(logged.mock.calls)).not.toMatch(/x:x@|wrong@/);
  });

  it("does not keep a wrong key or a wrong request from being told so", async () => {
    const bindings = { DB_READ: { connectionString: "postgres://x:x@127.0.0.1:1/x" } };
    await expectProblem(await askWith(bindings, "/v1/live"), "key_required");
    const headers = { authorization: `Bearer ${await makeKey()}` };
    await expectProblem(await askWith(bindings, "/v1/live?bbox=1", headers), "invalid_request");
  });
});

describe("a deployment with hosts", () => {
  it("serves on its own and on no other", async () => {
    const here = { API_HOSTS: "other.example.com,api.example.com" };
    const elsewhere = { API_HOSTS: "other.example.com" };
    expect((await askWith(here, "/health")).status).toBe(200);
    for (const path of [...ROUTES, "/", "/nothing"]) {
      expect(await expectProblem(await askWith(elsewhere, path), "not_found")).toBe(
        "This host serves nothing.",
      );
    }
  });
});

describe("the local stack", () => {
  it("lets everybody read, and a wrong key nobody", async () => {
    const open = { OPEN_READS: "1" };
    await expectProblem(await askWith(open, "/v1/nothing"), "not_found");
    const wrong = { authorization: `Bearer sk_${"a".repeat(43)}` };
    await expectProblem(await askWith(open, "/v1/nothing", wrong), "key_unknown");
  });
});

describe("a request that is not valid", () => {
  it("is told a sentence for each field, and what is missing", async () => {
    const call = await reader();
    expect(await expectProblem(await call("/v1/nearest?n=0"), "invalid_request")).toMatch(
      /^lat: must be given; lng: must be given; n: [^;]+$/,
    );
    expect(await expectProblem(await call("/v1/trips?from=yesterday"), "invalid_request")).toBe(
      "from: must be an instant like 2026-01-15T08:30:00Z",
    );
  });

  it.each(["/v1/parked", "/v1/dead-letters", "/v1/rejected"])(
    "is one whose span runs backwards, at %s too",
    async (path) => {
      const headers = { authorization: `Bearer ${await makeKey({ scopes: ["admin"] })}` };
      const spanned = (from: string) => ask(`${path}?from=${from}&to=2026-01-15T00:00:00Z`, { headers });
      for (const from of ["2026-01-16T00:00:00Z", "2026-01-15T03:00:00%2B03:00"]) {
        expect(await expectProblem(await spanned(from), "invalid_request")).toBe("from: must be before to");
      }
      expect((await spanned("2026-01-14T00:00:00Z")).status).toBe(200);
    },
  );
});
