import { beforeAll, describe, expect, it } from "vitest";
import checkedIn from "../../../docs/openapi.json";
import { PROBLEM_CODES } from "../../../shared/errors.ts";
import { ask } from "./caller.ts";
import { type Document, readDocument } from "./document.ts";

const READ_ROUTES = [
  "/v1/changes",
  "/v1/insights/daily",
  "/v1/insights/evaluate",
  "/v1/coverage",
  "/v1/coverage/grid",
  "/v1/geofences/{id}/visits",
  "/v1/analytics/alarms",
  "/v1/analytics/distance-daily",
  "/v1/analytics/driver-behaviour",
  "/v1/analytics/driver-clock",
  "/v1/analytics/filters",
  "/v1/analytics/fleet-summary",
  "/v1/analytics/fuel",
  "/v1/analytics/utilisation",
  "/v1/filters",
  "/v1/alarms",
  "/v1/alerts",
  "/v1/slo",
  "/v1/tiles/base/{z}/{x}/{y}.mvt",
  "/v1/tiles/tracks/{z}/{x}/{y}.mvt",
  "/v1/events",
  "/v1/live",
  "/v1/live/stream",
  "/v1/live/stream-url",
  "/v1/nearest",
  "/v1/parking",
  "/v1/readings/{kind}",
  "/v1/trips",
  "/v1/trips/{id}",
  "/v1/vehicles",
  "/v1/vehicles/{imei}",
  "/v1/vehicles/{imei}/activity",
  "/v1/vehicles/{imei}/track",
];
const VEHICLE_FILTER = ["imei", "account", "city", "segment", "vehicle_type", "plate", "driver"];
const ADMIN_ROUTES = [
  "/v1/audit",
  "/v1/jobs",
  "/v1/jobs/hours",
  "/v1/metrics",
  "/v1/jobs/{job}/runs/{id}",
  "/v1/ledger",
  "/v1/receipts/{id}",
  "/v1/pushes",
  "/v1/parked",
  "/v1/dead-letters",
  "/v1/rejected",
  "/v1/rejected/reasons",
  "/v1/vendor/devices",
  "/v1/vendor/devices/{imei}",
];
const POST_ROUTES = ["/v1/parked/redrive", "/v1/dead-letters/redrive", "/v1/rejected/redrive", "/v1/replay"];
const BODILESS_ROUTES = ["/v1/vehicles/{imei}/refresh", "/v1/alerts/test"];
/** Read, and added to. */
const BOTH_ROUTES = ["/v1/jobs/{job}/runs", "/v1/insights/context"];
/** Read, and changed by these methods. */
const CHANGED_ROUTES: Record<string, string[]> = {
  "/v1/geofences": ["post"],
  "/v1/geofences/{id}": ["put", "delete"],
  "/v1/tickets/incidents": ["put"],
  "/v1/tickets/incidents/{number}": ["put"],
  "/v1/tickets/change-requests": ["put"],
  "/v1/tickets/change-requests/{number}": ["put"],
};
/** For any key, and without the database. */
const SESSION = "/v1/session";
const HEALTH_ROUTES = ["/health", "/health/ready", "/health/ingest"];

let document: Document;

beforeAll(async () => {
  document = await readDocument();
});

describe("GET /openapi.json", () => {
  it("is OpenAPI 3.1, for everybody", async () => {
    const response = await ask("/openapi.json");
    expect(response.headers.get("content-type")).toContain("application/json");
    expect(document.openapi).toMatch(/^3\.1\.\d+$/);
    expect(document.info).toMatchObject({
      title: "tracksolid-edge",
      version: expect.stringMatching(/^\d+\.\d+\.\d+$/),
    });
  });

  it("is the one that is checked in: if not, run `npm run openapi`", () => {
    expect(document, "docs/openapi.json is not what the code describes: npm run openapi").toEqual(checkedIn);
  });

  it("answers HEAD", async () => {
    const response = await ask("/openapi.json", { method: "HEAD" });
    expect(response.status).toBe(200);
    expect(await response.text()).toBe("");
  });

  it("lists every route, each with GET alone, or with what else is done there", () => {
    expect(Object.keys(document.paths).sort()).toEqual(
      [
        ...HEALTH_ROUTES,
        SESSION,
        ...READ_ROUTES,
        ...ADMIN_ROUTES,
        ...POST_ROUTES,
        ...BODILESS_ROUTES,
        ...BOTH_ROUTES,
        ...Object.keys(CHANGED_ROUTES),
        "/metrics",
      ].sort(),
    );
    for (const [path, operations] of Object.entries(document.paths)) {
      const isRead = ![...POST_ROUTES, ...BODILESS_ROUTES].includes(path);
      const isWritten = !isRead || BOTH_ROUTES.includes(path);
      const methods = [isRead ? ["get"] : [], isWritten ? ["post"] : [], CHANGED_ROUTES[path] ?? []].flat();
      expect(Object.keys(operations)).toEqual(methods);
    }
  });

  it("says what each route and each answer is", () => {
    for (const { summary, responses } of Object.values(document.paths).flatMap((path) =>
      Object.values(path),
    )) {
      expect(summary).toMatch(/\w+ \w+/);
      for (const answer of Object.values(responses)) expect(answer.description).toMatch(/./);
    }
  });

  it.each([...READ_ROUTES, ...ADMIN_ROUTES, ...BOTH_ROUTES, ...Object.keys(CHANGED_ROUTES)])(
    "lists the problems of %s, and the key it needs",
    (route) => {
      const get = document.paths[route]?.get;
      expect(get?.security).toContainEqual({ key: [] });
      expect(Object.keys(get?.responses ?? {})).toContain(route === "/v1/live/stream" ? "101" : "200");
      for (const status of [400, 401, 403, 414, 429, 500, 503]) {
        expect(get?.responses[status]?.content).toMatchObject({
          "application/problem+json": { schema: { $ref: "#/components/schemas/Problem" } },
        });
      }
    },
  );

  it("lists of the session that any key will do, whatever its scopes, and that no database is asked", () => {
    const { security, responses } = document.paths[SESSION]?.get ?? { responses: {} };
    expect(security).toContainEqual({ key: [] });
    expect(Object.keys(responses)).toEqual(["200", "401", "403", "414", "429", "500", "503"]);
    expect(JSON.stringify(responses)).not.toMatch(/scope_missing|database_unavailable/);
  });

  it.each([...POST_ROUTES, ...BOTH_ROUTES])(
    "lists the body and the problems of %s, and the key it needs",
    (route) => {
      const post = document.paths[route]?.post;
      expect(post?.security).toContainEqual({ key: [] });
      expect(post?.requestBody).toMatchObject({ required: true, content: { "application/json": {} } });
      // A run is under way then, a remark is kept.
      const done = route === "/v1/insights/context" ? "201" : BOTH_ROUTES.includes(route) ? "202" : "200";
      expect(Object.keys(post?.responses ?? {})).toEqual(
        expect.arrayContaining([done, "400", "401", "403", "413", "414", "429", "500", "503"]),
      );
    },
  );

  it.each(Object.entries(CHANGED_ROUTES))("lists the problems of changes to %s", (route, methods) => {
    for (const method of methods) {
      const { security, requestBody, responses } = document.paths[route]?.[method] ?? { responses: {} };
      expect(security).toContainEqual({ key: [] });
      const statuses = Object.keys(responses);
      expect(statuses).toEqual(expect.arrayContaining(["400", "401", "403", "429", "500", "503"]));
      expect(statuses).toContain(route.startsWith("/v1/tickets/") || method !== "delete" ? "409" : "412");
      if (method !== "delete") expect(requestBody).toMatchObject({ required: true });
    }
  });

  it.each(BODILESS_ROUTES)("lists the problems of %s, and the key it needs", (route) => {
    const post = document.paths[route]?.post;
    expect(post?.security).toContainEqual({ key: [] });
    expect(post?.requestBody).toBeUndefined();
    expect(Object.keys(post?.responses ?? {})).toEqual(
      expect.arrayContaining(["200", "400", "401", "403", "414", "429", "500", "501", "503"]),
    );
  });

  it("lists 404 where one device is asked for", () => {
    expect(Object.keys(document.paths["/v1/vehicles/{imei}/refresh"]?.post?.responses ?? {})).toContain(
      "404",
    );
    expect(Object.keys(document.paths["/v1/vehicles/{imei}"]?.get?.responses ?? {})).toContain("404");
  });

  it.each(HEALTH_ROUTES)("asks no key for %s", (route) => {
    expect(document.paths[route]?.get?.security).toBeUndefined();
  });

  it("describes the key", () => {
    expect(document.components.securitySchemes.key).toMatchObject({ type: "http", scheme: "bearer" });
  });

  it("lists every code of a problem", () => {
    expect(document.components.schemas.Problem?.properties?.code?.enum).toEqual(PROBLEM_CODES);
  });

  it.each([
    ["/v1/live", [...VEHICLE_FILTER, "status", "q", "bbox", "format", "registry"]],
    ["/v1/nearest", [...VEHICLE_FILTER, "status", "q", "lat", "lng", "n"]],
    ["/v1/live/stream", ["ticket", "since"]],
    ["/v1/vehicles", [...VEHICLE_FILTER, "q", "enabled", "limit", "after"]],
    ["/v1/vehicles/{imei}", ["imei"]],
    ["/v1/coverage", ["from", "to", ...VEHICLE_FILTER, "hours", "limit", "after"]],
    ["/v1/coverage/grid", ["from", "to", "by", ...VEHICLE_FILTER.filter((name) => name !== "driver")]],
    ["/v1/vehicles/{imei}/activity", ["imei", "from", "to"]],
    ["/v1/vehicles/{imei}/track", ["imei", "from", "to", "format", "simplify"]],
    ["/v1/trips", ["from", "to", ...VEHICLE_FILTER, "min_km", "format", "lines", "limit", "after"]],
    ["/v1/trips/{id}", ["id"]],
    ["/v1/parking", ["from", "to", ...VEHICLE_FILTER, "acc", "min_duration_s", "format", "limit", "after"]],
    ["/v1/alarms", ["from", "to", ...VEHICLE_FILTER, "code", "class", "state", "format", "limit", "after"]],
    ["/v1/events", ["from", "to", ...VEHICLE_FILTER, "type", "kind", "limit", "after"]],
    ["/v1/readings/{kind}", ["kind", "from", "to", ...VEHICLE_FILTER, "limit", "after"]],
    ["/v1/receipts/{id}", ["id"]],
    ["/v1/slo", ["month"]],
    ["/v1/pushes", ["from", "to"]],
    ["/v1/jobs/{job}/runs", ["job", "success", "limit", "after"]],
    ["/v1/jobs/{job}/runs/{id}", ["job", "id", "limit", "after"]],
    ["/v1/ledger", ["from", "to", "producer"]],
    ["/v1/parked", ["reason", "kind", "from", "to", "limit", "after"]],
    ["/v1/dead-letters", ["reason", "kind", "from", "to", "limit", "after"]],
    ["/v1/rejected", ["reason", "kind", "imei", "from", "to", "redriven", "limit", "after"]],
  ])("lists the parameters of %s", (route, names) => {
    const parameters = document.paths[route]?.get?.parameters ?? [];
    expect(parameters.map(({ name }) => name)).toEqual(names);
    for (const parameter of parameters) {
      expect(parameter.required === true).toBe(
        parameter.in === "path" || ["lat", "lng"].includes(parameter.name),
      );
      const numeric: Record<string, string> = {
        ...{
          limit: "integer",
          n: "integer",
          lat: "number",
          lng: "number",
          simplify: "number",
          min_km: "number",
          min_duration_s: "integer",
        },
      };
      expect(parameter.schema.type).toBe(numeric[parameter.name] ?? "string");
    }
  });

  it("has no reference into nothing", () => {
    const references = JSON.stringify(document).match(/"#\/components\/schemas\/\w+"/g) ?? [];
    expect(references.length).toBeGreaterThan(0);
    for (const reference of references) {
      expect(document.components.schemas).toHaveProperty(JSON.parse(reference).split("/").at(-1));
    }
  });

  it("holds no internals", () => {
    expect(JSON.stringify(document)).not.toMatch(/tracksolid\.|reporting\.|postgres|TRACKSOLID_|DB_READ/);
  });
});
