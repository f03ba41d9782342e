import { parse } from "csv-parse/sync";
import { beforeAll, describe, expect, it } from "vitest";
import { placeWord } from "../../../workers/api/place-word.ts";
import { derived } from "../derive/run.ts";
import { isoOf, vendorTime } from "../writer/deliver.ts";
import { push } from "../writer/facts/push.ts";
import { ask, expectProblem, query, reader } from "./caller.ts";
import { expectDocumented } from "./document.ts";
import { addFleet, addMany, drives, insert, readAll } from "./facts.ts";
import { addVehicle, imeis } from "./fleet.ts";
import { at, told } from "./track/ways.ts";

interface Alarm {
  imei: string;
  alarmAt: string;
  code: string;
  fenceId: string | null;
  [property: string]: unknown;
}

const ROUTE = "/v1/alarms";
const SPAN = { from: at(0), to: at(86_400) };

let get: Awaited<ReturnType<typeof reader>>;
let fleet: Awaited<ReturnType<typeof addFleet>>;

const alarm = (imei: string, s: number, code: string, change: object = {}) => ({
  ...{
    imei,
    canonical_code: code,
    alarm_time: at(s),
    code,
    alarm_type: code.split(":")[1] ?? "",
    source: "push",
  },
  ...{ sources: 2, raw: "{}", received_at: at(s), ...change },
});

const list = (values: Record<string, string> = {}, limit = 100) =>
  readAll<Alarm>(get, ROUTE, "alarms", { ...SPAN, account: fleet.account, ...values }, limit);

const codes = async (values: Record<string, string>) => (await list(values)).map(({ code }) => code).sort();

beforeAll(async () => {
  get = await reader();
  fleet = await addFleet();
  const { van, hidden, truck, canary } = fleet;
  await insert("alarms", [
    alarm(van, -1, "jimi:48"),
    alarm(van, 0, "jimi:48", {
      ...{
        alarm_name: "Sudden deceleration",
        lat: -1.3,
        lng: 36.8,
        speed_kmh: 42,
        level: 1,
        alert_value: "=9",
        file_names: "a.jpg",
      },
      ...{ ended_at: at(60) },
    }),
    alarm(van, 100, "word:out", { fence_id: "north" }),
    alarm(van, 100, "word:out", { fence_id: "south, east" }),
    alarm(van, 100, "word:ACC_ON", { code: "jimi:254" }),
    alarm(hidden, 100, "word:overSpeed", { lat: -1.3, lng: 36.8 }),
    alarm(truck, 200, "jimi:9999"),
    alarm(truck, 86_400, "jimi:48"),
    alarm(canary, 100, "jimi:48"),
  ]);
  await drives(van, "Wanjiku", at(50));
});

describe("GET /v1/alarms, happy", () => {
  it.each([1, 2, 3, 4, 5, 6, 100])(
    "lists what began in the span, newest first, in pages of %d",
    async (limit) => {
      const { van, hidden, truck } = fleet;
      const together = [
        `${van} word:out south, east`,
        `${van} word:out north`,
        `${van} word:ACC_ON`,
        `${hidden} word:overSpeed`,
      ];
      const [all, whole] = [await list({}, limit), await list()];
      expect(all).toEqual(whole);
      const named = all.map(({ imei, code, fenceId }) => [imei, code, fenceId].filter(Boolean).join(" "));
      expect([named[0], named.slice(1, -1).sort(), named.at(-1)]).toEqual([
        `${truck} jimi:9999`,
        together.sort(),
        `${van} jimi:48`,
      ]);
    },
  );

  it("does the same of many vehicles", async () => {
    const { account, many } = await addMany();
    await insert(
      "alarms",
      many.flatMap((imei, n) => [alarm(imei, 60 * (n % 7), "jimi:48"), alarm(imei, 50_000, "jimi:41")]),
    );
    const all = (await list({ account }, 13)).map(({ imei, alarmAt }) => `${alarmAt} ${imei}`);
    expect(new Set(all).size).toBe(120);
    expect(all).toEqual([...all].sort().reverse());
  });

  it("says everything that is known of one", async () => {
    const { van, truck, account } = fleet;
    const all = await list();
    expect(all.at(-1)).toEqual({
      ...{
        imei: van,
        name: "Van",
        plate: "KDA 001A",
        driver: null,
        account,
        code: "jimi:48",
        class: "driving",
      },
      ...{ harsh: true, alarmName: "Sudden deceleration", reportedCode: "jimi:48", fenceId: null },
      ...{ alarmAt: told(0), endedAt: told(60), lat: -1.3, lng: 36.8, speedKmh: 42, level: 1, value: "=9" },
      ...{ files: "a.jpg", source: "push" },
    });
    expect(all.find(({ imei }) => imei === truck)).toMatchObject({
      class: null,
      harsh: null,
      endedAt: null,
      lat: null,
    });
    expect(all.find(({ code }) => code === "word:ACC_ON")).toMatchObject({
      ...{ reportedCode: "jimi:254", driver: "Wanjiku", class: "ignition", harsh: false },
    });
  });

  it.each<[Record<string, string>, string[]]>([
    [{ code: "jimi:48" }, ["jimi:48"]],
    [{ code: "word:ACC_ON" }, ["word:ACC_ON"]],
    [{ code: "jt:3075,jimi:9999" }, ["jimi:9999", "word:ACC_ON"]],
    [{ code: "jimi:12345" }, []],
    [{ class: "fence" }, ["word:out", "word:out"]],
    [{ class: "driving,speed" }, ["jimi:48", "word:overSpeed"]],
    [{ class: "driving", code: "word:overSpeed" }, []],
    [{ state: "ended" }, ["jimi:48"]],
    [{ state: "open", class: "driving" }, []],
    [{ driver: "Wanjiku" }, ["word:ACC_ON", "word:out", "word:out"]],
    [{ city: "Mombasa" }, ["jimi:9999"]],
    [{ plate: "kda001a", to: at(100) }, ["jimi:48"]],
  ])("finds by %j", async (filters, expected) => {
    expect(await codes(filters)).toEqual(expected);
  });

  it("is on a map without vehicles that maps leave out", async () => {
    const response = await get(`${ROUTE}${query({ ...SPAN, account: fleet.account, format: "geojson" })}`);
    const { features } = await expectDocumented<{ features: { geometry: unknown; properties: Alarm }[] }>(
      ROUTE,
      response,
    );
    expect(features).toHaveLength(5);
    expect(features.map(({ properties }) => properties.imei)).not.toContain(fleet.hidden);
    expect(features.at(-1)?.geometry).toEqual({ type: "Point", coordinates: [36.8, -1.3] });
    expect(features[0]?.geometry).toBeNull();
  });

  it("is a CSV file", async () => {
    const response = await get(
      `${ROUTE}${query({ ...SPAN, account: fleet.account, format: "csv", limit: "1" })}`,
    );
    const rows: Record<string, string>[] = parse(await response.text(), { columns: true });
    expect(rows).toHaveLength(6);
    expect(rows.map(({ fenceId }) => fenceId)).toContain("south, east");
    expect(rows.at(-1)).toMatchObject({ lat: "-1.3", value: "'=9" });
  });

  it("changes its revision when an alarm ends", async () => {
    const [imei = ""] = imeis(1);
    await addVehicle(imei, {});
    const pushed = (agoS: number, msg: object) =>
      push("pushalarm", [
        {
          type: "DEVICE",
          msgClass: 0,
          imei,
          gateTime: vendorTime(agoS),
          msg: { alarmTime: vendorTime(agoS), ...msg },
        },
      ]);
    await pushed(600, { alertType: 48 });
    await derived(imei);
    const path = `${ROUTE}${query({ from: isoOf(vendorTime(900)), to: isoOf(vendorTime(0)), imei })}`;
    const first = await get(path);
    expect(await first.json()).toMatchObject({ alarms: [{ code: "jimi:48", endedAt: null }] });
    const known = { headers: { "if-none-match": first.headers.get("etag") ?? "" } };
    expect((await get(path, known)).status).toBe(304);
    await pushed(300, { alertType: "removeAlarmType", removeAlarmType: 48 });
    await derived(imei);
    const second = await get(path, known);
    expect(second.status).toBe(200);
    expect(await second.json()).toMatchObject({ alarms: [{ endedAt: expect.any(String) }] });
  });
});

describe("GET /v1/alarms, error", () => {
  it.each([
    ["state=closed", "state"],
    ["code=", "code: must not be empty"],
    ["class=%00", "class"],
    ["format=kml", "format"],
    ["limit=1001", "limit"],
    ["from=2026-05-03T05:59:59Z&to=2026-08-03T06:00:00Z", "from: must be at most 92 days before to"],
    ["after=x", "after: must come from an answer of this list"],
    [`after=${placeWord(["2026-01-15T05:30:00Z", "860000000000001", "jimi:48"])}`, "after: must come from"],
  ])("refuses %s", async (search, detail) => {
    expect(await expectProblem(await get(`${ROUTE}?${search}`), "invalid_request")).toContain(detail);
  });
});

describe("GET /v1/alarms, security", () => {
  it.each(["'; delete from tracksolid.alarms; --", "') or true --", '"]', "$2", "\\", "{}", "🚚"])(
    "takes %j for a text, in every filter",
    async (attack) => {
      for (const name of ["city", "segment", "vehicle_type", "plate", "driver", "account", "code", "class"]) {
        expect(await list({ [name]: attack })).toEqual([]);
      }
      for (const name of ["imei", "from", "to", "state", "format", "limit", "after"]) {
        await expectProblem(await get(`${ROUTE}${query({ ...SPAN, [name]: attack })}`), "invalid_request");
      }
      expect(await list()).toHaveLength(6);
    },
  );

  it("lists nothing without a key", async () => {
    await expectProblem(await ask(ROUTE), "key_required");
  });
});
