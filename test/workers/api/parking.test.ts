import { parse } from "csv-parse/sync";
import { beforeAll, describe, expect, it } from "vitest";
import { placeWord } from "../../../workers/api/place-word.ts";
import { derived } from "../derive/run.ts";
import { deliver, messageOf } from "../writer/deliver.ts";
import { ask, expectProblem, query, reader } from "./caller.ts";
import { addFleet, addMany, drives, insert, readAll } from "./facts.ts";
import { addVehicle, imeis } from "./fleet.ts";
import { at, told } from "./track/ways.ts";

interface Stay {
  imei: string;
  startAt: string;
  acc: string;
  [property: string]: unknown;
}

const ROUTE = "/v1/parking";
const SPAN = { from: at(0), to: at(86_400) };

let get: Awaited<ReturnType<typeof reader>>;
let fleet: Awaited<ReturnType<typeof addFleet>>;

const stay = (imei: string, s: number, change: object = {}) => ({
  ...{
    imei,
    start_time: at(s),
    acc: "off",
    end_time: at(s + 600),
    duration_s: 600,
    source: "poll",
    raw: "{}",
  },
  ...{ reported_until: at(s + 600), received_at: at(s + 900), ...change },
});

const list = (values: Record<string, string> = {}, limit = 100) =>
  readAll<Stay>(get, ROUTE, "stays", { ...SPAN, account: fleet.account, ...values }, limit);

const named = (stays: Stay[]) => stays.map(({ imei, startAt, acc }) => `${imei} ${startAt} ${acc}`);

beforeAll(async () => {
  get = await reader();
  fleet = await addFleet();
  const { van, hidden, truck, canary } = fleet;
  await insert("parking_events", [
    stay(van, -1),
    stay(van, 0, { lat: -1.3, lng: 36.8, address: "Moi Avenue" }),
    stay(van, 3_600),
    stay(van, 3_600, { acc: "on", duration_s: 299 }),
    stay(hidden, 3_600, { acc: "on" }),
    stay(truck, 3_600, { end_time: null, duration_s: 9_000, reported_until: at(12_600) }),
    stay(truck, 86_400),
    stay(canary, 3_600),
  ]);
  await drives(van, "Wanjiku", at(-1_000));
  await drives(van, "Otieno", at(2_000));
});

describe("GET /v1/parking, happy", () => {
  it.each([1, 2, 3, 4, 5, 100])(
    "lists what began in the span, newest first, in pages of %d",
    async (limit) => {
      const { van, hidden, truck } = fleet;
      const all = await list({}, limit);
      const together = [`${van} on`, `${van} off`, `${hidden} on`, `${truck} off`];
      expect(named(all)).toEqual([
        ...together
          .sort()
          .reverse()
          .map((line) => line.replace(" ", ` ${told(3_600)} `)),
        `${van} ${told(0)} off`,
      ]);
    },
  );

  it("does the same of many vehicles", async () => {
    const { account, many } = await addMany();
    await insert(
      "parking_events",
      many.flatMap((imei, n) => [stay(imei, 3_600 * (n % 7)), stay(imei, 50_000, { acc: "on" })]),
    );
    const all = named(await list({ account }, 13));
    expect(new Set(all).size).toBe(120);
    const byTime = (line: string) =>
      line
        .split(" ")
        .slice(1, 2)
        .concat(line.split(" ")[0] ?? "")
        .join(" ");
    expect(all.map(byTime)).toEqual(all.map(byTime).sort().reverse());
  });

  it("says everything that is known of one", async () => {
    const { van, truck, account } = fleet;
    const stays = await list();
    expect(stays.at(-1)).toEqual({
      ...{ imei: van, name: "Van", plate: "KDA 001A", driver: "Wanjiku", account, acc: "off" },
      ...{ startAt: told(0), endAt: told(600), durationS: 600, knownUntil: told(600) },
      ...{ lat: -1.3, lng: 36.8, address: "Moi Avenue" },
    });
    expect(stays.find(({ imei }) => imei === truck)).toMatchObject({
      ...{ driver: null, endAt: null, durationS: 9_000, knownUntil: told(12_600), lat: null, address: null },
    });
  });

  it.each<[Record<string, string>, number]>([
    [{ acc: "on" }, 2],
    [{ acc: "off" }, 3],
    [{ min_duration_s: "300" }, 4],
    [{ min_duration_s: "601" }, 1],
    [{ driver: "Otieno" }, 2],
    [{ driver: "Wanjiku,Otieno", acc: "off" }, 2],
    [{ city: "Mombasa" }, 1],
    [{ plate: "KDA-001A" }, 3],
    [{ plate: "KDA" }, 0],
    [{ from: at(1) }, 4],
    [{ to: at(3_600) }, 1],
  ])("finds by %j %d stays", async (filters, count) => {
    expect(await list(filters)).toHaveLength(count);
  });

  it("is a CSV file", async () => {
    const response = await get(
      `${ROUTE}${query({ ...SPAN, account: fleet.account, format: "csv", limit: "1" })}`,
    );
    expect(response.headers.get("content-disposition")).toBe('attachment; filename="stays.csv"');
    const rows: Record<string, string>[] = parse(await response.text(), { columns: true });
    expect(rows).toHaveLength(5);
    expect(rows.at(-1)).toMatchObject({ imei: fleet.van, lat: "-1.3", address: "Moi Avenue" });
  });

  it("changes its revision for a stay of another day that gives way", async () => {
    const [imei = ""] = imeis(1);
    await addVehicle(imei, {});
    const report = (items: object[], receivedAt: string) =>
      deliver([messageOf("parking", items, { receivedAt: `2026-11-${receivedAt}:00.000Z` })]);
    const told = (from: string, to: string) => ({
      ...{ imei, startTime: `2026-11-${from}:00.000Z`, endTime: `2026-11-${to}:00.000Z` },
      ...{ durSecond: "600", acc: "off", lat: -1.3, lng: 36.9 },
    });
    await report([told("10T08:00", "12T09:00")], "12T10:00");
    await derived(imei);
    const path = `${ROUTE}${query({ from: "2026-11-10T00:00:00Z", to: "2026-11-10T09:00:00Z", imei })}`;
    const first = await get(path);
    expect(await first.json()).toMatchObject({ stays: [{ imei }] });
    const known = { headers: { "if-none-match": first.headers.get("etag") ?? "" } };
    expect((await get(path, known)).status).toBe(304);
    await report([told("12T05:00", "12T09:00")], "12T11:00");
    await derived(imei);
    const second = await get(path, known);
    expect(second.status).toBe(200);
    expect(await second.json()).toMatchObject({ stays: [] });
  });
});

describe("GET /v1/parking, error", () => {
  it.each([
    ["acc=maybe", "acc"],
    ["acc=", "acc"],
    ["min_duration_s=-1", "min_duration_s"],
    ["min_duration_s=1.5", "min_duration_s"],
    ["min_duration_s=2147483648", "min_duration_s"],
    ["format=geojson", "format"],
    ["limit=0", "limit"],
    ["from=2026-05-03T05:59:59Z&to=2026-08-03T06:00:00Z", "from: must be at most 92 days before to"],
    ["after=x", "after: must come from an answer of this list"],
    [`after=${placeWord(["860000000000001", "2026-01-15T05:30:00Z", "off"])}`, "after: must come from"],
  ])("refuses %s", async (search, detail) => {
    expect(await expectProblem(await get(`${ROUTE}?${search}`), "invalid_request")).toContain(detail);
  });
});

describe("GET /v1/parking, security", () => {
  it.each(["'; delete from tracksolid.parking_events; --", "') or true --", '"]', "$2", "\\", "{}", "🚚"])(
    "takes %j for a text, in every filter",
    async (attack) => {
      for (const name of ["city", "segment", "vehicle_type", "plate", "driver", "account"]) {
        expect(await list({ [name]: attack })).toEqual([]);
      }
      for (const name of ["imei", "from", "to", "acc", "min_duration_s", "format", "limit", "after"]) {
        await expectProblem(await get(`${ROUTE}${query({ ...SPAN, [name]: attack })}`), "invalid_request");
      }
      expect(await list()).toHaveLength(5);
    },
  );

  it("lists nothing without a key", async () => {
    await expectProblem(await ask(ROUTE), "key_required");
  });
});
