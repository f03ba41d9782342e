import { afterAll, beforeAll, expect, it } from "vitest";
import { type Nominatim, startNominatim } from "../nominatim/server.ts";
import { Addresses } from "../setup/addresses.ts";
import { PUSH_TOKEN, type Stack, startStack } from "../setup/harness.ts";

const EVERY_TEN_MINUTES = "*/10 * * * *";

let nominatim: Nominatim;
let addresses: Addresses;
let stack: Stack;

beforeAll(async () => {
  nominatim = await startNominatim();
  addresses = new Addresses(nominatim.url);
  stack = await startStack({
    world: { vehicles: 2 },
    vars: { GEOCODER_URL: nominatim.url, GEOCODER_EMAIL: "fleet@example.com" },
  });
});
afterAll(async () => {
  await stack?.[Symbol.asyncDispose]();
  await nominatim?.close();
});

const HOME = { lat: -1.2864, lng: 36.8172 };
const DEPOT = { lat: -1.3192, lng: 36.9278 };
const text = (agoS: number) =>
  new Date(Date.now() - agoS * 1000).toISOString().slice(0, 19).replace("T", " ");

/** Pushes a trip that ended so long ago, as the vendor does. */
async function pushTrip(to: Stack, imei: string, start: typeof HOME, end: typeof HOME, agoS = 60) {
  const item = {
    ...{ deviceImei: imei, startTime: text(agoS + 600), endTime: text(agoS), distance: 5_000 },
    ...{ startLat: start.lat, startLng: start.lng, endLat: end.lat, endLng: end.lng },
  };
  const body = new URLSearchParams({ token: PUSH_TOKEN, data_list: JSON.stringify([item]) });
  const response = await to.fetch("/pushtripreport", { method: "POST", body });
  expect(response.status).toBe(200);
}

const tripOf = async (from: Stack, imei: string) =>
  (await from.sql`select start_address, end_address from tracksolid.trips where imei = ${imei}`)[0];
const startOf = async (imei: string) => (await tripOf(stack, imei))?.start_address;

it("gives a trip that was pushed the addresses of its ends, at a request a second", async () => {
  await pushTrip(stack, "862000000000101", HOME, DEPOT);
  await expect
    .poll(() => tripOf(stack, "862000000000101"))
    .toEqual({
      start_address: expect.stringMatching(/, Nairobi, Nairobi County, Kenya$/),
      end_address: expect.stringMatching(/, Nairobi, Nairobi County, Kenya$/),
    });
  const [end, start, ...others] = await addresses.requests();
  expect(others).toEqual([]);
  // The newest place first.
  expect(end).toMatchObject(DEPOT);
  expect(start).toMatchObject({ ...HOME, userAgent: "tracksolid-edge (fleet@example.com)" });
  expect((start?.atMs ?? 0) - (end?.atMs ?? 0)).toBeGreaterThanOrEqual(1_000);
  const headers = { authorization: `Bearer ${await stack.makeKey(["admin"])}` };
  await expect
    .poll(async () => (await stack.fetch("/v1/ledger", { headers })).json())
    .toMatchObject({ balanced: true, delivered: { rejected: 0 }, pending: { messages: 0 } });
  expect(await stack.sql`select from private.receipts where kind = 'address'`).not.toHaveLength(0);
});

it("asks nobody for a place that is known, a few metres further on", async () => {
  const before = (await addresses.requests()).length;
  const near = { lat: HOME.lat + 0.00001, lng: HOME.lng + 0.00001 };
  await pushTrip(stack, "862000000000102", near, DEPOT);
  await expect.poll(() => startOf("862000000000102")).toMatch(/Kenya$/);
  expect(await startOf("862000000000102")).toBe(await startOf("862000000000101"));
  expect(await addresses.requests()).toHaveLength(before);
});

it("writes trips at once while nobody answers, and brings their addresses once somebody does", async () => {
  await addresses.addFault({ kind: "http500", times: 1 });
  const place = { lat: -4.05, lng: 39.66 };
  await pushTrip(stack, "862000000000103", place, place);
  await expect
    .poll(() => tripOf(stack, "862000000000103"))
    .toEqual({
      start_address: null,
      end_address: null,
    });
  await expect.poll(() => startOf("862000000000103"), { timeout: 15_000 }).toMatch(/Mombasa County, Kenya$/);
  expect(stack.lines("geocoder_paused").join()).toContain("HTTP 500");
});

it("finds with its job whatever no hint told of, and leaves what is a week old", async () => {
  const insert = async (imei: string, agoS: number, lat: number) => {
    const [start, end] = [text(agoS + 600), text(agoS)].map((time) => `${time.replace(" ", "T")}Z`);
    await stack.sql`
      insert into tracksolid.trips (imei, start_time, end_time, end_lat, end_lng, source, raw, received_at)
      values (${imei}, ${start ?? ""}, ${end ?? ""}, ${lat}, 32.58, 'poll', '{}', ${end ?? ""})`;
  };
  await insert("862000000000104", 60, 0.31);
  await insert("862000000000105", 8 * 86_400, 0.32);
  expect(await stack.tick(EVERY_TEN_MINUTES)).toBe("ok");
  await expect.poll(async () => (await tripOf(stack, "862000000000104"))?.end_address).toMatch(/Uganda$/);
  expect((await tripOf(stack, "862000000000105"))?.end_address).toBeNull();
  expect(await stack.lastRun("addresses")).toMatchObject({ success: true, rows_received: 1 });
  // What nobody knows is not asked for again, and nothing is left to do.
  await addresses.addFault({ kind: "unable", times: 1 });
  await insert("862000000000106", 120, 0.33);
  await stack.tick(EVERY_TEN_MINUTES);
  await expect
    .poll(async () => (await stack.sql`select from tracksolid.geocode_cache where address is null`).length)
    .toBe(1);
  await stack.tick(EVERY_TEN_MINUTES);
  expect(await stack.lastRun("addresses", 3)).toMatchObject({ rows_received: 0 });
});

it("says what is missing, asks nobody, and writes trips all the same", async () => {
  await using other = await startStack({
    world: { vehicles: 2 },
    vars: { GEOCODER_URL: "https://nominatim.openstreetmap.org", GEOCODER_EMAIL: "" },
  });
  await pushTrip(other, "862000000000107", HOME, DEPOT);
  await expect
    .poll(() => tripOf(other, "862000000000107"))
    .toEqual({ start_address: null, end_address: null });
  expect(await other.tick(EVERY_TEN_MINUTES)).toBe("exception");
  const run = await other.lastRun("addresses");
  expect(run).toMatchObject({ success: false, error_code: "misconfigured" });
  expect(run.error).toContain("GEOCODER_EMAIL is empty");
  const health = (await (await other.fetch("/health/ingest")).json()) as { jobs: { job: string }[] };
  expect(health.jobs).toContainEqual(
    expect.objectContaining({ job: "addresses", status: "failing", errorCode: "misconfigured" }),
  );
  expect(other.logs()).not.toContain("geocoder_failed");
});
