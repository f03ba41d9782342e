import { beforeAll, describe, expect, it } from "vitest";
import { placeWord } from "../../../workers/api/place-word.ts";
import { database } from "../writer/deliver.ts";
import { ask, expectProblem, query, reader } from "./caller.ts";
import { expectDocumented } from "./document.ts";
import { addFleet, drives, insert } from "./facts.ts";
import { unique } from "./fleet.ts";
import { at, told } from "./track/ways.ts";

interface Page {
  kind: string;
  readings: { at: string; imei: string; driver: string | null; values: Record<string, unknown> }[];
  next: string | null;
}

const SPAN = { from: at(0), to: at(86_400) };

const KINDS = {
  obd: {
    table: "obd_readings",
    row: {
      ...{
        engine_rpm: 900,
        speed_kmh: 40,
        fuel_level: 55,
        coolant_c: 88,
        battery_voltage_v: 12.5,
        odometer: 7000.5,
      },
      ...{ vin: "VIN1", source: "poll", undated: true },
    },
    values: {
      ...{ undated: true, engineRpm: 900, speedKmh: 40, fuelLevel: 55, coolantC: 88, batteryVoltageV: 12.5 },
      ...{ odometer: 7000.5, vin: "VIN1", source: "poll" },
    },
  },
  fuel: {
    table: "fuel_readings",
    row: { value: 40.5, unit: "1", sensor: "A", undated: false },
    values: { undated: false, value: 40.5, unit: "1", sensor: "A" },
  },
  temperature: {
    table: "temperature_readings",
    row: { temperature_c: -4.5, humidity_percent: null, sensor: "1", undated: false },
    values: { undated: false, temperatureC: -4.5, humidityPercent: null, sensor: "1" },
  },
  lbs: {
    table: "lbs_readings",
    row: { post_type: "LBS", mcc: 639, mnc: 2, cells: "1,2,3;4,5,6" },
    values: { postType: "LBS", mcc: 639, mnc: 2, cells: "1,2,3;4,5,6" },
  },
  heartbeats: {
    table: "heartbeats",
    row: {
      ...{
        battery_percent: 90,
        gsm_percent: 80,
        ignition: true,
        relay_cut: false,
        has_fix: true,
        remote_lock: null,
      },
      ...{ charging: true, armed: false, temperature_c: null, voltage_v: 12.5 },
    },
    values: {
      ...{
        batteryPercent: 90,
        gsmPercent: 80,
        ignition: true,
        relayCut: false,
        hasFix: true,
        remoteLock: null,
      },
      ...{ charging: true, armed: false, temperatureC: null, voltageV: 12.5 },
    },
  },
} as const;

type Kind = keyof typeof KINDS;
const kinds = Object.keys(KINDS) as Kind[];

let get: Awaited<ReturnType<typeof reader>>;
let fleet: Awaited<ReturnType<typeof addFleet>>;

async function page(kind: Kind, values: Record<string, string> = {}): Promise<Page> {
  const path = `/v1/readings/${kind}${query({ ...SPAN, account: fleet.account, ...values })}`;
  return expectDocumented("/v1/readings/{kind}", await get(path));
}

async function all(kind: Kind, values: Record<string, string> = {}, limit = 100) {
  const seen: Page["readings"] = [];
  let after: string | null = null;
  do {
    const { readings, next }: Page = await page(kind, {
      ...values,
      limit: String(limit),
      ...(after && { after }),
    });
    seen.push(...readings);
    after = next;
  } while (after !== null);
  return seen;
}

beforeAll(async () => {
  get = await reader();
  fleet = await addFleet();
  const { van, hidden, truck, canary } = fleet;
  for (const kind of kinds) {
    const { table, row } = KINDS[kind];
    const time = kind === "heartbeats" ? "gate_time" : "reading_time";
    const undated = "undated" in row ? { undated: false } : {};
    const bare = (imei: string, s: number, hash: string) => ({
      ...{ imei, [time]: at(s), hash, raw: '{"secret":1}', received_at: at(s), ...undated },
    });
    await insert(table, [
      bare(van, -1, "a"),
      { ...bare(van, 0, "a"), ...row },
      bare(van, 100, "a"),
      bare(van, 100, "b"),
      bare(hidden, 100, "a"),
      bare(truck, 50, "a"),
      bare(truck, 86_400, "a"),
      bare(canary, 100, "a"),
    ]);
  }
  await drives(van, "Wanjiku", at(50));
});

describe.each(kinds)("GET /v1/readings/%s, happy", (kind) => {
  it.each([1, 2, 3, 5, 100])("lists them, newest first, in pages of %d", async (limit) => {
    const { van, hidden, truck } = fleet;
    const order = [
      ...[van, van, hidden].map((imei) => `${told(100)} ${imei}`),
      `${told(50)} ${truck}`,
      `${told(0)} ${van}`,
    ];
    const seen = (await all(kind, {}, limit)).map(({ at: when, imei }) => `${when} ${imei}`);
    expect(seen).toEqual(order.sort().reverse());
  });

  it("says what was measured, but not the item itself", async () => {
    const readings = await all(kind);
    expect(readings.at(-1)).toEqual({
      ...{
        at: told(0),
        imei: fleet.van,
        name: "Van",
        plate: "KDA 001A",
        driver: null,
        account: fleet.account,
      },
      values: KINDS[kind].values,
    });
    expect(JSON.stringify(readings)).not.toContain("secret");
  });

  it.each<[Record<string, string>, number]>([
    [{ driver: "Wanjiku" }, 2],
    [{ city: "Mombasa" }, 1],
    [{ plate: "KDA001A" }, 3],
    [{ plate: "KDA" }, 0],
    [{ from: at(1), to: at(100) }, 1],
  ])("finds by %j %d", async (filters, count) => {
    expect(await all(kind, filters)).toHaveLength(count);
  });
});

describe("GET /v1/readings/{kind}", () => {
  it("is not to be kept", async () => {
    const response = await get(`/v1/readings/fuel${query({ ...SPAN, account: fleet.account })}`);
    expect([response.headers.get("cache-control"), response.headers.get("etag")]).toEqual(["no-store", null]);
  });

  it("reads 300 vehicles at once, and no more", async () => {
    const account = unique("crowd");
    const add = (first: number, last: number) => database()`
      insert into tracksolid.devices (imei, account, facts_at, created_at, changed_at)
      select ${fleet.van.slice(2, 14)} || (100 + n), ${account}, now(), now(), now() from generate_series(${first}::int, ${last}::int) n`;
    await add(1, 300);
    expect((await page("fuel", { account })).readings).toEqual([]);
    await add(301, 301);
    const refused = await get(`/v1/readings/fuel${query({ ...SPAN, account })}`);
    expect(await expectProblem(refused, "invalid_request")).toContain("imei: name some vehicles");
  });

  it.each(["nothing", "OBD", "obd_readings", "__proto__", "'", "%00"])(
    "refuses the kind %j",
    async (kind) => {
      expect(
        await expectProblem(await get(`/v1/readings/${encodeURIComponent(kind)}`), "invalid_request"),
      ).toContain("kind");
    },
  );

  it.each([
    ["limit=0", "limit"],
    ["from=2026-07-03T05:59:59Z&to=2026-08-03T06:00:00Z", "from: must be at most 31 days before to"],
    ["after=x", "after: must come from an answer of this list"],
    [`after=${placeWord(["2026-01-15T05:30:00Z", "860000000000001"])}`, "after: must come from"],
  ])("refuses %s", async (search, detail) => {
    expect(await expectProblem(await get(`/v1/readings/obd?${search}`), "invalid_request")).toContain(detail);
  });

  it.each(["'; delete from tracksolid.heartbeats; --", "') or true --", '"]', "$2", "\\", "{}", "🚚"])(
    "takes %j for a text, in every filter",
    async (attack) => {
      for (const name of ["city", "segment", "vehicle_type", "plate", "driver", "account"]) {
        expect((await page("heartbeats", { [name]: attack })).readings).toEqual([]);
      }
      for (const name of ["imei", "from", "to", "limit", "after"]) {
        const path = `/v1/readings/heartbeats${query({ ...SPAN, [name]: attack })}`;
        await expectProblem(await get(path), "invalid_request");
      }
      expect((await page("heartbeats")).readings).toHaveLength(5);
    },
  );

  it("lists nothing without a key", async () => {
    await expectProblem(await ask("/v1/readings/obd"), "key_required");
  });
});
