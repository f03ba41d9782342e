import { readFile } from "node:fs/promises";
import { createClient } from "tracksolid-edge/client";
import { afterAll, beforeAll, expect, it } from "vitest";
import { ANSWERS_FILE, answerTypes, type SchemaDocument } from "../../scripts/client/answers.ts";
import { type Stack, startStack } from "../setup/harness.ts";

let stack: Stack;
let client: ReturnType<typeof createClient>;

beforeAll(async () => {
  stack = await startStack({
    world: { vehicles: 12, seed: 61 },
    vars: { OPEN_READS: "", LIVE_RECONCILE_EVERY_S: "1" },
  });
  await stack.tick("* * * * *");
  await stack.lastRun("live");
  client = createClient({ url: stack.url, key: await stack.makeKey(["read"]) });
});
afterAll(() => stack[Symbol.asyncDispose]());

it("has types that are those of the document", async () => {
  const document = (await (await stack.fetch("/openapi.json")).json()) as SchemaDocument;
  // Otherwise: npm run client:types
  expect(await readFile(ANSWERS_FILE, "utf8")).toBe(await answerTypes(document));
});

it("gets every answer", async () => {
  const { features } = await client.live();
  expect(features).toHaveLength(12);
  const imei = features[0]?.id ?? "";
  const [lng, lat] = features.find(({ id }) => id === imei)?.geometry?.coordinates ?? [0, 0];

  const columns = await client.liveColumns({ registry: true });
  expect(columns.positions.imei).toEqual(columns.registry?.imei);
  expect((await client.liveColumns()).registry).toBeUndefined();

  const account = features[0]?.properties.account ?? "";
  const some = await client.live({ account: [account, "nobody's"], bbox: [-180, -90, 180, 90] });
  expect(some.features.every(({ properties }) => properties.account === account)).toBe(true);
  expect(some.features.length).toBeGreaterThan(0);

  const { vehicles } = await client.nearest({ lat, lng, n: 3 });
  expect(vehicles).toHaveLength(3);
  expect(vehicles[0]?.distanceM).toBe(0);

  const page = await client.vehicles({ limit: 5 });
  expect(page.vehicles).toHaveLength(5);
  const next = await client.vehicles({ limit: 5, after: page.next ?? "" });
  expect(next.vehicles[0]?.imei).not.toBe(page.vehicles[0]?.imei);

  expect(await client.vehicle(imei)).toMatchObject({ imei, position: { lng, lat } });
  expect((await client.streamUrl()).url).toMatch(/^ws:.*ticket=/);
  expect(Math.abs(client.nowMs() - Date.now())).toBeLessThan(2_000);
});

it("throws what the server says", async () => {
  await expect(createClient({ url: stack.url }).live()).rejects.toMatchObject({
    name: "ApiError",
    code: "key_required",
    status: 401,
    isRefusal: true,
    title: "An API key is required",
    detail: expect.stringContaining("Bearer"),
    requestId: expect.stringMatching(/^[0-9a-f-]{36}$/),
  });
  await expect(client.vehicle("860000000000000")).rejects.toMatchObject({ code: "not_found", status: 404 });
  await expect(client.nearest({ lat: 91, lng: 0 })).rejects.toMatchObject({ code: "invalid_request" });
});

it("throws what keeps an answer away", async () => {
  const nowhere = createClient({ url: "http://127.0.0.1:1" });
  await expect(nowhere.live()).rejects.toMatchObject({ code: "no_connection", status: 0 });
  const page = createClient({ url: stack.url, fetch: () => fetch(`${stack.url}/index.html`) });
  await expect(page.live()).rejects.toMatchObject({ code: "unreadable_answer" });
  const between = () =>
    Promise.resolve(new Response("<h1>Busy</h1>", { status: 503, headers: { "retry-after": "7" } }));
  await expect(createClient({ url: stack.url, fetch: between }).live()).rejects.toMatchObject({
    code: "unknown",
    status: 503,
    retryAfterS: 7,
  });
  const signIn = () =>
    Promise.resolve(new Response(null, { status: 302, headers: { location: "https://sign-in.test" } }));
  await expect(createClient({ url: stack.url, fetch: signIn }).live()).rejects.toMatchObject({
    code: "signed_out",
  });
});

it("is importable by a page of another origin", async () => {
  const module = await fetch(`${stack.url}/client/index.js`, { headers: { origin: "https://map.example" } });
  // Where every origin may read the API, the answer names it.
  expect(["*", "https://map.example"]).toContain(module.headers.get("access-control-allow-origin"));
  expect(module.headers.get("content-type")).toMatch(/javascript/);
});
