import { afterAll, beforeAll, describe, expect, inject, it } from "vitest";
import type { Detail, Lists } from "../../scripts/audit-drivers/ask.ts";
import { compare } from "../../scripts/audit-drivers/compare.ts";
import type { Audit } from "../../scripts/audit-drivers/finding.ts";
import { checkDigitIsWrong, plainSim } from "../../scripts/audit-drivers/plain.ts";
import { auditDriversOf } from "../../scripts/audit-drivers.ts";
import { callCommand } from "../setup/command.ts";
import { startCuttableProxy } from "../setup/cuttable-proxy.ts";
import { type Stack, startStack } from "../setup/harness.ts";
import { size } from "../setup/size.ts";
import type { Truth } from "../setup/world.ts";

type Device = Lists["devices"][number];
type Said = Omit<NonNullable<Detail>, "account">;

const nothing: Said = { name: null, plate: null, driver: null, driverPhone: null, sim: null };
const said: Said = { name: "Van", plate: "KAA 001A", driver: "Otieno", driverPhone: "0700", sim: "0711" };
const registered = { enabled: true, account: "hq", ...said, ownPlate: false, ownDriver: false };

const IMEI = "860000000000009";

/** A device that both have alike, but for what differs. */
const device = (change: Partial<Device> = {}): Device => ({
  ...{ imei: IMEI, listed: [{ account: "hq", ...said }], registry: registered },
  ...change,
});

const lists = (devices: Device[], change: Partial<Lists> = {}): Lists => ({
  ...{ accounts: [{ account: "hq", devices: devices.length }], devices, unreadable: [] },
  ...change,
});

const whats = ({ faults, remarks }: Audit) => [
  faults.map(({ what }) => what),
  remarks.map(({ what }) => what),
];

describe("what is compared", () => {
  it("is the same on both sides", () => {
    const audit = compare(lists([device()]), new Map([[IMEI, { account: "hq", ...said }]]));
    expect(audit).toMatchObject({ listed: 1, enabled: 1, faults: [], remarks: [] });
  });

  it.each<[string, Device, Detail | undefined, string[], string[]]>([
    ["a device the database lacks", device({ registry: null }), undefined, ["not in the database"], []],
    [
      "one that is disabled",
      device({ registry: { ...registered, enabled: false } }),
      undefined,
      ["disabled"],
      [],
    ],
    ["one that no account lists", device({ listed: [] }), undefined, ["listed by no account"], []],
    [
      "one that is gone, and known to be",
      device({ listed: [], registry: { ...registered, enabled: false } }),
      undefined,
      [],
      [],
    ],
    [
      "one in two accounts",
      device({ listed: ["hq", "msa"].map((account) => ({ account, ...said })) }),
      undefined,
      ["listed twice"],
      [],
    ],
    ["what a list leaves out", device({ listed: [{ account: "hq", ...nothing }] }), undefined, [], []],
    [
      "what is told in full",
      device({ listed: [{ account: "hq", ...nothing }] }),
      { account: "hq", ...said, driver: "Wanjiku", driverPhone: "0722" },
      ["driver", "phone"],
      [],
    ],
    [
      "every value, and whose it is",
      device({ registry: { ...registered, ...nothing, account: "old" } }),
      { account: "hq", ...said },
      ["account", "name", "plate", "driver", "phone", "SIM"],
      [],
    ],
    [
      "what is told no more",
      device({ listed: [{ account: "hq", ...nothing }] }),
      { account: null, ...said, driver: null, sim: null },
      [],
      ["no longer told", "no longer told"],
    ],
    [
      "what the company says itself",
      device({
        listed: [{ account: "hq", ...said, plate: "KBB 002B" }],
        registry: { ...registered, driver: "Wanjiku", ownPlate: true, ownDriver: true },
      }),
      undefined,
      [],
      ["plate is ours", "driver is ours"],
    ],
    ["one that is not shown in full", device(), null, ["not to be seen"], []],
    [
      "nobody, in nothing",
      device({ listed: [{ account: "hq", ...nothing }], registry: { ...registered, ...nothing } }),
      undefined,
      [],
      ["no plate", "no driver"],
    ],
    [
      "a wrong check digit",
      device({ imei: "860000000000001" }),
      undefined,
      [],
      ["IMEI with a wrong check digit"],
    ],
  ])("tells %s", (_, one, detail, faults, remarks) => {
    const details = new Map(detail === undefined ? [] : [[one.imei, detail]]);
    expect(whats(compare(lists([one]), details))).toEqual([faults, remarks]);
  });

  it("tells plates, SIM cards and drivers that two vehicles have, however they are written", () => {
    const twin = {
      ...said,
      ...{ plate: "kaa-001a", sim: "+07 11", driver: " otieno " },
    };
    const other = device({
      ...{
        imei: "860000000000017",
        listed: [{ account: "hq", ...twin }],
        registry: { ...registered, ...twin },
      },
    });
    const { faults, remarks } = compare(lists([device(), other]), new Map());
    expect(faults.map(({ what, imeis }) => [what, imeis.length])).toEqual([
      ["plate twice", 2],
      ["SIM twice", 2],
    ]);
    expect(remarks.map(({ what }) => what)).toEqual(["driver twice"]);
    // What the company says counts.
    const ours = device({ registry: { ...registered, plate: "KCC 003C", ownPlate: true } });
    expect(whats(compare(lists([ours, other]), new Map()))[0]).toEqual(["SIM twice"]);
  });

  it("tells items that name no device, and accounts that list none", () => {
    const odd = { account: "hq", imei: "8.6E+14", name: "Van" };
    const { faults } = compare(
      lists([], { unreadable: [odd], accounts: [{ account: "hq", devices: 0 }] }),
      new Map(),
    );
    expect(faults).toEqual([
      { what: "account lists nothing", imeis: [], vendor: "hq", database: null, remedy: "targets" },
      { what: "names no device", imeis: [], vendor: "hq · 8.6E+14 · Van", database: null, remedy: "vendor" },
    ]);
  });

  it("is a fleet of any size", () => {
    const fleet = Array.from({ length: 15_000 }, (_, number) => {
      const own = { ...said, plate: `K${number}`, sim: `9${number}`, driver: `D${number}` };
      return device({
        ...{ imei: String(860_000_000_000_000 + number), listed: [{ account: "hq", ...own }] },
        registry: number % 3 === 0 ? null : { ...registered, ...own },
      });
    });
    const { faults, listed, enabled } = compare(lists(fleet), new Map());
    expect([faults.length, listed, enabled]).toEqual([5_000, 15_000, 10_000]);
  });

  it("takes IMEIs and SIM cards as they are", () => {
    expect(["490154203237518", "490154203237519", "49015420323751"].map(checkDigitIsWrong)).toEqual([
      false,
      true,
      false,
    ]);
    expect([null, "", "-", "000", "+254 700"].map(plainSim)).toEqual([null, null, null, null, "254700"]);
  });
});

describe("npm run audit-drivers", () => {
  let proxy: Awaited<ReturnType<typeof startCuttableProxy>>;
  let stack: Stack;
  let key: string;
  let vehicles: Truth[];

  beforeAll(async () => {
    proxy = await startCuttableProxy(Number(new URL(inject("cluster").adminUrl).port));
    stack = await startStack({ world: { vehicles: 3, seed: 29 }, databasePort: proxy.port });
    key = await stack.makeKey(["admin"]);
    vehicles = await stack.world.vehicles();
  });
  afterAll(async () => {
    await stack?.[Symbol.asyncDispose]();
    await proxy?.[Symbol.asyncDispose]();
  });

  const audit = (words: string[] = [], patienceMs?: number) =>
    callCommand(auditDriversOf({ patienceMs }), ["--url", stack.url, "--key", key, ...words]);
  const audited = async (...words: string[]) =>
    JSON.parse((await audit([...words, "--json"])).stdout) as Audit & { applied: boolean };
  const imeiOf = (number: number) => vehicles[number]?.imei ?? "";

  it("finds nothing in the database, changes nothing, and has all of it brought", async () => {
    const { stdout, code } = await audit(["--quick"]);
    expect(code).toBe(1);
    expect(stdout.match(/not in the database/g)).toHaveLength(3);
    expect(stdout).toContain("Nothing was changed. --apply has the job devices run now.");
    expect(await stack.sql`select from tracksolid.devices`).toHaveLength(0);

    const brought = await audit(["--apply"]);
    expect([brought.stderr, brought.code]).toEqual(["", 0]);
    expect(brought.stdout).toContain("3 were brought.");
    expect(brought.stdout).toContain("Nothing differs.");
    expect(await stack.sql`select from tracksolid.devices where driver_name is not null`).not.toEqual([]);
  });

  it("tells of drivers and plates that differ, brings them, and leaves what is ours", async () => {
    await stack.sql`
      update tracksolid.devices set own_driver_name = 'Achieng' where imei = ${imeiOf(0)}`;
    await stack.sql`update tracksolid.devices set driver_name = 'Nobody' where imei = ${imeiOf(1)}`;
    await stack.world.override(imeiOf(2), {
      detailPatch: { vehicleNumber: "KZZ 999Z" },
      listPatch: { vehicleNumber: "KZZ 999Z" },
    });
    const before = await audited();
    expect(before.applied).toBe(false);
    expect(before.faults.map(({ what, imeis }) => [what, imeis])).toEqual(
      expect.arrayContaining([
        ["driver", [imeiOf(1)]],
        ["plate", [imeiOf(2)]],
      ]),
    );
    expect(before.faults).toHaveLength(2);
    expect(before.remarks).toContainEqual(
      expect.objectContaining({ what: "driver is ours", imeis: [imeiOf(0)], database: "Achieng" }),
    );
    const after = await audited("--apply");
    expect(after).toMatchObject({ applied: true, faults: [] });
    const rows = await stack.sql<{ driver_name: string; plate: string }[]>`
      select driver_name, plate from tracksolid.devices order by imei`;
    expect(rows.map(({ driver_name }) => driver_name)).toEqual([
      "Achieng",
      before.faults.find(({ what }) => what === "driver")?.vendor,
      expect.anything(),
    ]);
    expect(rows[2]?.plate).toBe("KZZ 999Z");
    // There is nothing to bring: no job runs.
    expect((await audited("--apply", "--quick")).applied).toBe(false);
  });

  it("says what only Tracksolid Pro can set right, and goes on saying it", async () => {
    await stack.world.override(imeiOf(2), { listPatch: { imei: "8.6E+14" } });
    const { stdout, code } = await audit(["--quick"]);
    await stack.world.override(imeiOf(2), { listPatch: {} });
    expect(code).toBe(1);
    expect(stdout).toMatch(/names no device.*8\.6E\+14.*correct it in Tracksolid Pro/);
    expect(stdout).toMatch(new RegExp(`listed by no account.*${imeiOf(2)}.*--apply`));
  });

  it("says that the database is away, that a key may not ask, and that nobody answers", async () => {
    await proxy.cut();
    const away = await audit();
    await proxy.mend();
    expect([away.code, away.stdout]).toEqual([1, ""]);
    expect(away.stderr).toMatch(/\(request [0-9a-f-]+\)/);
    const reader = ["--url", stack.url, "--key", await stack.makeKey(["read"])];
    expect(await callCommand(auditDriversOf(), reader)).toMatchObject({
      ...{ code: 1, stdout: "", stderr: expect.stringContaining('"admin"') },
    });
    const nobody = ["--url", "http://127.0.0.1:1", "--key", key];
    expect(await callCommand(auditDriversOf(), nobody)).toMatchObject({
      ...{ code: 1, stderr: expect.stringContaining("does not answer") },
    });
  });

  it("does not wait for ever for a job that does not end", async () => {
    await stack.sql`delete from tracksolid.devices where imei = ${imeiOf(0)}`;
    const { stderr, code } = await audit(["--apply", "--quick"], 0);
    expect(code).toBe(1);
    expect(stderr).toContain("npm run status says why");
  });

  it("says that the vendor is down, and when to come again", async () => {
    await stack.world.addFault({ kind: "ip-limit", method: "jimi.track.device.detail", times: 1 });
    const { stderr, stdout, code } = await audit(["--json"]);
    await stack.world.clearFaults();
    expect(code).toBe(1);
    expect(stderr).toMatch(/try again in \d+ s/);
    expect(JSON.parse(stdout)).toEqual({ error: stderr.trim() });
  });
});

it("audits a fleet of thousands by its lists", async () => {
  const vehicles = size(1_500, 15_000);
  await using stack = await startStack({ world: { vehicles, seed: 31 } });
  const words = ["--url", stack.url, "--key", await stack.makeKey(["admin"]), "--quick"];
  const { stdout, code } = await callCommand(auditDriversOf(), words);
  expect(code).toBe(1);
  expect(stdout).toContain(`${vehicles} differ.`);
  expect(stdout).toContain(`${vehicles - 200} more are not shown: --json has all.`);
});
