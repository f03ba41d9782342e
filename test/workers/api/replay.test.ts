import { beforeAll, describe, expect, it } from "vitest";
import { ask, expectProblem, makeKey, reader } from "./caller.ts";

const span = { from: "2026-02-01T00:00:00Z", to: "2026-02-02T00:00:00Z", dryRun: true };
const json = { "content-type": "application/json" };

let admin = "";
beforeAll(async () => {
  admin = await makeKey({ scopes: ["admin"] });
});

const post = (body: string, headers: Record<string, string> = json) =>
  ask("/v1/replay", { method: "POST", body, headers: { authorization: `Bearer ${admin}`, ...headers } });

it("answers that there is nothing where nothing is archived", async () => {
  const response = await post(JSON.stringify(span));
  expect([response.status, response.headers.get("cache-control")]).toEqual([200, "no-store"]);
  expect(await response.json()).toEqual({
    ...{ messages: 0, items: 0, tables: [], skipped: [] },
    ...{ reachedAt: null, cursor: null },
  });
});

describe("is for administrators only", () => {
  const init = { method: "POST", headers: json, body: JSON.stringify(span) };

  it("asks for a key", async () => {
    await expectProblem(await ask("/v1/replay", init), "key_required");
  });

  it("does not take one that only reads", async () => {
    expect(await expectProblem(await (await reader())("/v1/replay", init), "scope_missing")).toContain(
      "admin",
    );
  });

  it("takes no publishable key", async () => {
    const origin = "https://map.example.com";
    const key = await makeKey({ kind: "pk", origins: [origin] });
    const headers = { ...json, authorization: `Bearer ${key}`, origin };
    await expectProblem(await ask("/v1/replay", { ...init, headers }), "scope_missing");
  });
});

const bodies: [string, unknown, string][] = [
  ["no span", {}, "from"],
  ["a day that is none", { ...span, from: "2026-02-30T00:00:00Z" }, "from"],
  ["a time without a zone", { ...span, to: "2026-02-02T00:00:00" }, "to"],
  ["a number", { ...span, from: 1_769_904_000_000 }, "from"],
  ["the years before Christ", { ...span, from: "-000001-01-01T00:00:00Z" }, "from"],
  ["an empty span", { ...span, to: span.from }, "to: must be later than from"],
  ["a span that runs backwards", { ...span, from: span.to, to: span.from }, "to: must be later than from"],
  ["a kind that nobody knows", { ...span, kinds: ["telepathy"] }, "kinds.0"],
  ["our own facts", { ...span, kinds: ["location", "run"] }, "kinds.1"],
  ["the sweep of the registry", { ...span, kinds: ["sweep"] }, "kinds.0"],
  ["no kinds", { ...span, kinds: [] }, "kinds"],
  ["kinds as text", { ...span, kinds: "location" }, "kinds"],
  ["a dry run that is a word", { ...span, dryRun: "false" }, "dryRun"],
  ["no word on a dry run", { from: span.from, to: span.to }, "dryRun"],
  ["what it does not know", { ...span, dryrun: true }, "dryrun"],
  ["a cursor that is none", { ...span, cursor: "next" }, "cursor"],
  ["an empty cursor", { ...span, cursor: "" }, "cursor"],
  ["a cursor with SQL", { ...span, cursor: "2026-02-01T00:00:00.000Z/1'; drop table x; --/a" }, "cursor"],
  ["a cursor of an hour that is none", { ...span, cursor: "2026-02-01T25:00:00.000Z/1/a" }, "cursor"],
  ["a cursor of before", { ...span, cursor: "2026-01-31T23:59:59.999Z/1/a" }, "cursor"],
  ["a cursor of after", { ...span, cursor: "2026-02-02T00:00:00.000Z/1/a" }, "cursor"],
  ["a list", [span], "expected object"],
  ["null", null, "expected object"],
];

it.each(bodies)("refuses %s", async (_, body, said) => {
  expect(await expectProblem(await post(JSON.stringify(body)), "invalid_request")).toContain(said);
});

it.each([
  ["broken JSON", "{", json],
  ["nothing", "", json],
  ["a form", "from=2026-02-01T00%3A00%3A00Z", { "content-type": "application/x-www-form-urlencoded" }],
  ["JSON that is not called so", JSON.stringify(span), { "content-type": "text/plain" }],
])("refuses %s", async (_, body, headers) => {
  await expectProblem(await post(body, headers), "invalid_request");
});

it("does not read a long body", async () => {
  const body = JSON.stringify({ ...span, cursor: "x".repeat(70_000) });
  expect(await expectProblem(await post(body), "body_too_large")).toContain("at most 64000 bytes");
});

it("takes a cursor of the span, and any producer in it", async () => {
  for (const cursor of ["2026-02-01T00:00:00.000Z/0/", "2026-02-01T23:59:59.999Z/999999999/x/y 'z"]) {
    expect((await post(JSON.stringify({ ...span, cursor }))).status).toBe(200);
  }
});

it("is served with POST only", async () => {
  const headers = { authorization: `Bearer ${await makeKey({ scopes: ["read", "admin"] })}` };
  for (const method of ["GET", "PUT", "DELETE"]) {
    const response = await ask("/v1/replay", { method, headers });
    expect(response.headers.get("allow")).toBe("POST");
    await expectProblem(response, "method_not_allowed");
  }
});
