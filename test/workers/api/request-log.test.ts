import { createExecutionContext } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { Hono } from "hono";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { app } from "../../../workers/api/app.ts";
import type { ApiEnv } from "../../../workers/api/context.ts";
import { logRequest } from "../../../workers/api/request-log.ts";
import { collectLines, type Line } from "../lines.ts";
import { makeKey, ORIGIN } from "./caller.ts";

const TICKET = "AbC-123_very.secret";

let lines: Line[];
const points: AnalyticsEngineDataPoint[] = [];
const METRICS = { writeDataPoint: (point: AnalyticsEngineDataPoint) => void points.push(point) };

beforeEach(() => {
  lines = collectLines();
  points.length = 0;
});

afterEach(() => {
  vi.restoreAllMocks();
});

async function ask(path: string, init: RequestInit = {}, bindings: object = {}): Promise<Response> {
  const request = new Request(`${ORIGIN}${path}`, init);
  return app.fetch(request, { ...env, METRICS, ...bindings } as Env, createExecutionContext());
}

const requests = () => lines.filter(({ event }) => event === "request");

it("says of a request what it was, what became of it and who asked", async () => {
  const key = await makeKey({ id: "key-of-a-map" });
  const headers = { authorization: `Bearer ${key}`, "cf-ray": "8f0a1b2c3d4e5f60-NBO" };
  const response = await ask("/v1/vehicles?limit=1", { headers });
  expect(requests()).toEqual([
    {
      level: "info",
      event: "request",
      requestId: response.headers.get("x-request-id"),
      route: "/v1/vehicles",
      method: "GET",
      status: 200,
      durationMs: expect.any(Number),
      callerKind: "sk",
      code: null,
      caller: "key-of-a-map",
      ray: "8f0a1b2c3d4e5f60-NBO",
      version: env.VERSION.id,
    },
  ]);
  expect(points).toEqual([
    {
      indexes: ["/v1/vehicles"],
      blobs: ["request", "/v1/vehicles", "GET", "200", "sk"],
      doubles: [requests()[0]?.durationMs],
    },
  ]);
});

describe("the route", () => {
  it.each([
    ["/v1/vehicles/860000000000001", "/v1/vehicles/{imei}"],
    ["/v1/live", "/v1/live"],
    ["/v1/nothing/860000000000001", "/v1/*"],
    ["/health", "/health"],
    ["/metrics", "/metrics"],
    ["/openapi.json", "/openapi.json"],
    ["/", "/*"],
    [`/${TICKET}/push`, "/*"],
  ])("of %s is %s", async (path, route) => {
    for (const method of ["GET", "HEAD"]) await ask(path, { method });
    expect(requests()).toMatchObject([
      { route, method: "GET" },
      { route, method: "HEAD" },
    ]);
    expect(JSON.stringify([lines, points])).not.toContain(TICKET);
  });

  it.each(["POST", "DELETE"])("is that of the refusal for %s", async (method) => {
    await ask("/v1/live", { method });
    expect(requests()).toMatchObject([{ route: "/v1/*", method, status: 401, code: "key_required" }]);
  });
});

it.each([
  ["/v1/live", {}, 401, "key_required"],
  ["/v1/nothing", { OPEN_READS: "1" }, 404, "not_found"],
  ["/v1/live?bbox=1", { OPEN_READS: "1" }, 400, "invalid_request"],
  [
    "/v1/vehicles",
    { DB_READ: { connectionString: "postgres://x:x@127.0.0.1:1/x" }, OPEN_READS: "1" },
    503,
    "database_unavailable",
  ],
  ["/v1/live", { ENVIRONMENT: "prod" }, 500, "misconfigured"],
  ["/", { API_HOSTS: "other.example.com" }, 404, "not_found"],
])("logs a refused %s once, with its code", async (path, bindings, status, code) => {
  await ask(path, {}, bindings);
  expect(requests()).toMatchObject([{ status, code, caller: "anonymous", callerKind: "anonymous" }]);
  const failed = lines.filter(({ event }) => event === "request_failed");
  expect(failed).toHaveLength(status >= 500 ? 1 : 0);
  for (const line of failed) expect(line.requestId).toBe(requests()[0]?.requestId);
});

it("names the key that lacks a scope", async () => {
  const key = await makeKey({ id: "key-of-a-reader" });
  await ask("/metrics", { headers: { authorization: `Bearer ${key}` } });
  expect(requests()).toMatchObject([{ route: "/metrics", code: "scope_missing", caller: "key-of-a-reader" }]);
});

it.each([`?ticket=${TICKET}`, `?a=1&ticket=${TICKET}&b=2`, `?ticket=${TICKET}&bbox=1`])(
  "never shows a query string: %s",
  async (query) => {
    for (const path of ["/v1/live", "/v1/stream", "/health", "/", "/nothing"]) await ask(path + query);
    await ask(`/v1/live${query}`, {}, { ENVIRONMENT: "prod" });
    expect(requests()).toHaveLength(6);
    expect(JSON.stringify([lines, points])).not.toContain(TICKET);
  },
);

it("logs an upgrade to a WebSocket once, and hands it on", async () => {
  const sockets = new Hono<ApiEnv>();
  sockets.use(logRequest);
  sockets.get("/v1/stream", () => {
    const { 0: client, 1: server } = new WebSocketPair();
    server.accept();
    return new Response(null, { status: 101, webSocket: client });
  });
  const request = new Request(`${ORIGIN}/v1/stream?ticket=${TICKET}`, { headers: { upgrade: "websocket" } });
  const response = await sockets.fetch(request, { ...env, METRICS } as Env, createExecutionContext());
  expect(response.status).toBe(101);
  expect(response.webSocket).not.toBeNull();
  expect(requests()).toMatchObject([{ route: "/v1/stream", status: 101 }]);
  expect(points).toMatchObject([{ blobs: ["request", "/v1/stream", "GET", "101", "anonymous"] }]);
  expect(JSON.stringify([lines, points])).not.toContain(TICKET);
});

it("answers also when the point cannot be written", async () => {
  const METRICS = {
    writeDataPoint: () => {
      throw new Error("over the limit");
    },
  };
  expect((await ask("/health", {}, { METRICS })).status).toBe(200);
  expect(lines).toContainEqual(expect.objectContaining({ event: "point_not_written", point: "request" }));
});

it("writes to the binding of the environment", async () => {
  const written = vi.spyOn(env.METRICS, "writeDataPoint");
  await ask("/health", {}, { METRICS: env.METRICS });
  expect(written).toHaveBeenCalledOnce();
});
