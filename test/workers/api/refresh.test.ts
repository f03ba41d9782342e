import { runInDurableObject } from "cloudflare:test";
import { afterEach, beforeAll, beforeEach, expect, it, vi } from "vitest";
import { jimiSession } from "../../../durable-objects/jimi-session/index.ts";
import { makeVendor, type Vendor } from "../polls/vendor.ts";
import { admin, expectProblem, makeKey } from "./caller.ts";
import { askConfigured } from "./configured.ts";
import { expectDocumented } from "./document.ts";
import { addVehicle, imeis } from "./fleet.ts";

interface Refreshed {
  imei: string;
  receipt: string | null;
  position: {
    lat: number;
    lng: number;
    fixAt: string;
    contactAt: string | null;
    online: boolean | null;
  } | null;
}

const ROUTE = "/v1/vehicles/{imei}/refresh";
const METHOD = "jimi.device.location.get";

let vendor: Vendor;
let key: string;
let vehicle: string;

beforeAll(async () => {
  vendor = await makeVendor(2);
  key = await makeKey({ scopes: ["admin"] });
  vehicle = (await vendor.world.vehicles())[0]?.imei ?? "";
  await addVehicle(vehicle, {});
});
beforeEach(() => {
  for (const level of ["info", "warn", "error"] as const)
    vi.spyOn(console, level).mockImplementation(() => {});
});
afterEach(async () => {
  vi.restoreAllMocks();
  await vendor.world.clearFaults();
  // What a fault closed is open again.
  await runInDurableObject(jimiSession(vendor.bindings), (_, { storage }) => {
    for (const [name] of storage.kv.list({ prefix: "breaker:" })) storage.kv.delete(name);
  });
});

const refresh = (imei: string, change: object = {}) =>
  askConfigured({ ...vendor.bindings, ...change }, `/v1/vehicles/${imei}/refresh`, {
    method: "POST",
    headers: { authorization: `Bearer ${key}` },
  });

const refreshed = async (imei: string) => expectDocumented<Refreshed>(ROUTE, await refresh(imei), "post");

const patched = {
  ...{ lat: -1.25, lng: 36.75, gpsTime: "2026-11-01 08:00:00", hbTime: "2026-11-01 08:05:00", status: "1" },
  ...{ speed: "42", direction: "270", accStatus: "1" },
};

it("answers with the position of now, and writes it like a poll", async () => {
  await vendor.world.override(vehicle, { patch: patched });
  const body = await refreshed(vehicle);
  expect(body).toEqual({
    imei: vehicle,
    receipt: expect.stringMatching(/^[0-9a-f-]{36}$/),
    position: {
      ...{ lat: -1.25, lng: 36.75, speedKmh: 42, headingDeg: 270, ignition: true, online: true },
      ...{ fixAt: "2026-11-01T08:00:00.000Z", contactAt: "2026-11-01T08:05:00.000Z" },
    },
  });
  const ask = await admin();
  await expect
    .poll(async () => (await ask(`/v1/receipts/${body.receipt}`)).json(), { timeout: 20_000 })
    .toMatchObject({
      messages: [{ kind: "location", account: null, state: "delivered", items: [{ outcome: "written" }] }],
    });
});

it("answers without a position where there is none to believe", async () => {
  await vendor.world.override(vehicle, { patch: { ...patched, lat: 0, lng: 0 } });
  expect(await refreshed(vehicle)).toMatchObject({ receipt: expect.any(String), position: null });
  await vendor.world.override(vehicle, { patch: { ...patched, gpsTime: "2019-01-06 00:00:00" } });
  expect(await refreshed(vehicle)).toMatchObject({ receipt: expect.any(String), position: null });
  await vendor.world.addFault({ kind: "empty-result", method: METHOD });
  expect(await refreshed(vehicle)).toEqual({ imei: vehicle, receipt: null, position: null });
});

it("knows no device that is not in the registry, nor one that the vendor does not show", async () => {
  const [unknown = "", stranger = ""] = imeis(2);
  await vendor.world.clearCalls();
  expect(await expectProblem(await refresh(unknown), "not_found")).toContain(unknown);
  expect(await vendor.world.calls(METHOD)).toEqual([]);
  await addVehicle(stranger, {});
  expect(await expectProblem(await refresh(stranger), "not_found")).toContain("Tracksolid");
  await expectProblem(await refresh("1"), "invalid_request");
});

it.each([
  ["frequency", 30, 40],
  ["quota", 3_500, 3_600],
  ["ip-limit", 290, 600],
  ["reset", 30, 30],
  ["html", 30, 30],
])("says when to come again where the vendor answers with %s", async (kind, least, most) => {
  await vendor.world.addFault({ kind, method: METHOD });
  const response = await refresh(vehicle);
  const waitS = Number(response.headers.get("retry-after"));
  expect(waitS).toBeGreaterThanOrEqual(least);
  expect(waitS).toBeLessThanOrEqual(most);
  expect(await expectProblem(response, "vendor_unavailable")).toContain(`${waitS} s`);
});

it("waits no longer than callers do", async () => {
  await vendor.world.addFault({ kind: "timeout", method: METHOD });
  const startedMs = Date.now();
  await expectProblem(await refresh(vehicle), "vendor_unavailable");
  expect(Date.now() - startedMs).toBeLessThan(22_000);
});

it("leaves the vendor alone while the session does", async () => {
  await vendor.world.addFault({ kind: "frequency", method: METHOD, times: 1 });
  await expectProblem(await refresh(vehicle), "vendor_unavailable");
  await vendor.world.clearCalls();
  const response = await refresh(vehicle);
  expect(Number(response.headers.get("retry-after"))).toBeGreaterThan(20);
  await expectProblem(response, "vendor_unavailable");
  expect(await vendor.world.calls(METHOD)).toEqual([]);
});

it("tells a failure of ours from one of the vendor's", async () => {
  await expectProblem(await refresh(vehicle, { TRACKSOLID_TARGETS: "" }), "misconfigured");
  await vendor.world.addFault({ kind: "parameter", method: METHOD, times: 1 });
  await expectProblem(await refresh(vehicle), "internal");
  const DB_READ = { connectionString: "postgres://x:x@127.0.0.1:1/x" };
  await expectProblem(await refresh(vehicle, { DB_READ }), "database_unavailable");
  const WRITES = {
    sendBatch: () => {
      throw new Error("the queue is away");
    },
  };
  await expectProblem(await refresh(vehicle, { WRITES }), "internal");
});
