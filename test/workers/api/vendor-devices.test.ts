import { runInDurableObject } from "cloudflare:test";
import { afterEach, beforeAll, beforeEach, expect, it, vi } from "vitest";
import { jimiSession } from "../../../durable-objects/jimi-session/index.ts";
import { makeVendor, type Vendor } from "../polls/vendor.ts";
import { expectProblem, makeKey } from "./caller.ts";
import { askConfigured } from "./configured.ts";
import { expectDocumented } from "./document.ts";
import { addVehicle, imeis } from "./fleet.ts";

interface Said {
  name: string | null;
  plate: string | null;
  driver: string | null;
  driverPhone: string | null;
  sim: string | null;
}

interface Lists {
  accounts: { account: string; devices: number }[];
  devices: {
    imei: string;
    listed: (Said & { account: string })[];
    registry: (Said & { enabled: boolean; account: string | null; ownPlate: boolean }) | null;
  }[];
  unreadable: { account: string; imei: string | null; name: string | null }[];
}

const LIST = "jimi.user.device.list";
const DETAIL = "jimi.track.device.detail";

let vendor: Vendor;
let key: string;
let first: string;
let second: string;
let canary: string;
let account: string;

beforeAll(async () => {
  vendor = await makeVendor(3);
  key = await makeKey({ scopes: ["admin"] });
  const vehicles = await vendor.world.vehicles();
  [first = "", second = "", canary = ""] = vehicles.map(({ imei }) => imei);
  account = vehicles[0]?.account ?? "";
  await addVehicle(first, { plate: "KAA 001A", driver_name: "Otieno", own_plate: "KAA 001A" });
  await addVehicle(canary, { kind: "canary" });
});
beforeEach(() => {
  for (const level of ["info", "warn", "error"] as const)
    vi.spyOn(console, level).mockImplementation(() => {});
});
afterEach(async () => {
  vi.restoreAllMocks();
  await vendor.world.clearFaults();
  for (const imei of [first, second]) await vendor.world.override(imei, { listPatch: {}, detailPatch: {} });
  // What a fault closed is open again.
  await runInDurableObject(jimiSession(vendor.bindings), (_, { storage }) => {
    for (const [name] of storage.kv.list({ prefix: "breaker:" })) storage.kv.delete(name);
  });
});

const ask = (path: string, change: object = {}) =>
  askConfigured({ ...vendor.bindings, ...change }, `/v1/vendor/devices${path}`, {
    headers: { authorization: `Bearer ${key}` },
  });

const lists = async () => expectDocumented<Lists>("/v1/vendor/devices", await ask(""));
const deviceIn = ({ devices }: Lists, wanted: string) => devices.find(({ imei }) => imei === wanted);

it("shows what accounts list beside the registry, in the order of IMEIs", async () => {
  await vendor.world.override(first, { listPatch: { deviceName: " Van 1 ", vehicleNumber: "KBB 002B" } });
  const both = await lists();
  expect(both.accounts.map((one) => one.account)).toEqual(vendor.world.info.accounts);
  expect(both.accounts.reduce((sum, { devices }) => sum + devices, 0)).toBe(3);
  expect(both.unreadable).toEqual([]);
  expect(deviceIn(both, first)).toEqual({
    imei: first,
    listed: [
      {
        ...{ account, name: "Van 1", plate: "KBB 002B", driver: null, driverPhone: null },
        sim: expect.toBeOneOf([null, expect.any(String)]),
      },
    ],
    registry: {
      ...{ enabled: true, account: expect.toBeOneOf([null, expect.any(String)]), plate: "KAA 001A" },
      ...{ name: expect.toBeOneOf([null, expect.any(String)]), sim: null, driverPhone: null },
      ...{ driver: "Otieno", ownPlate: true, ownDriver: false },
    },
  });
  expect(deviceIn(both, second)).toMatchObject({ listed: [{}], registry: null });
  // A device that the company has for a canary is known, too.
  expect(deviceIn(both, canary)).toMatchObject({ listed: [{}], registry: { enabled: true } });
  const order = both.devices.map(({ imei }) => imei);
  expect(order).toEqual([...order].sort());
});

it("shows a vehicle that no account lists, one that is listed twice, and what names none", async () => {
  const [gone = ""] = imeis(1);
  await addVehicle(gone, {});
  await vendor.world.override(second, { listPatch: { imei: first } });
  const twice = await lists();
  expect(deviceIn(twice, gone)).toMatchObject({ listed: [], registry: { enabled: true } });
  expect(deviceIn(twice, first)?.listed).toHaveLength(2);
  expect(deviceIn(twice, second)).toBeUndefined();

  await vendor.world.override(second, { listPatch: { imei: "8.6E+14", deviceName: "Van \u0000 2" } });
  const { unreadable } = await lists();
  expect(unreadable).toEqual([
    { account: expect.any(String), imei: "8.6E+14", name: expect.stringContaining("Van") },
  ]);
  await vendor.world.override(second, { listPatch: { imei: { toString: 1 }, deviceName: null } });
  expect((await lists()).unreadable).toEqual([{ account: expect.any(String), imei: null, name: null }]);
});

it("tells of one device what lists leave out, and writes nothing", async () => {
  await vendor.world.override(first, { detailPatch: { driverName: "Wanjiku", driverPhone: 254700000001 } });
  const route = "/v1/vendor/devices/{imei}";
  const said = await expectDocumented<Said>(route, await ask(`/${first}`));
  expect(said).toMatchObject({ imei: first, account, driver: "Wanjiku", driverPhone: "254700000001" });
  await vendor.world.override(first, {
    detailPatch: { driverName: "", vehicleNumber: null, licensePlatNo: "" },
  });
  expect(await expectDocumented<Said>(route, await ask(`/${first}`))).toMatchObject({
    driver: null,
    plate: null,
  });
  expect(deviceIn(await lists(), first)?.registry?.driver).toBe("Otieno");
});

it("knows no device that the vendor does not show", async () => {
  const [unknown = ""] = imeis(1);
  expect(await expectProblem(await ask(`/${unknown}`), "not_found")).toContain(unknown);
  await vendor.world.addFault({ kind: "null-result", method: DETAIL });
  await expectProblem(await ask(`/${first}`), "not_found");
  await expectProblem(await ask("/1"), "invalid_request");
  // Another's answer is none.
  await vendor.world.clearFaults();
  await vendor.world.override(first, { detailPatch: { imei: second } });
  await expectProblem(await ask(`/${first}`), "not_found");
});

it.each([
  ["", LIST, "frequency"],
  ["", LIST, "reset"],
  ["/IMEI", DETAIL, "quota"],
  ["/IMEI", DETAIL, "html"],
])("says of %s when to come again where the vendor answers %s with %s", async (path, method, kind) => {
  await vendor.world.addFault({ kind, method });
  const response = await ask(path.replace("IMEI", first));
  const waitS = Number(response.headers.get("retry-after"));
  expect(waitS).toBeGreaterThanOrEqual(30);
  expect(await expectProblem(response, "vendor_unavailable")).toContain(`${waitS} s`);
});

it("tells nothing where one of the accounts is not told: its vehicles would seem gone", async () => {
  const [, other] = vendor.world.info.accounts;
  await vendor.world.addFault({ kind: "frequency", method: LIST, account: other });
  await expectProblem(await ask(""), "vendor_unavailable");
});

it("tells a failure of ours from one of the vendor's", async () => {
  await expectProblem(await ask("", { TRACKSOLID_TARGETS: "" }), "misconfigured");
  await vendor.world.addFault({ kind: "parameter", method: LIST, times: 3 });
  await expectProblem(await ask(""), "internal");
  await vendor.world.clearCalls();
  const DB_READ = { connectionString: "postgres://x:x@127.0.0.1:1/x" };
  await expectProblem(await ask("", { DB_READ }), "database_unavailable");
  expect(await vendor.world.calls(LIST)).toEqual([]);
});
