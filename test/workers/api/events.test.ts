import { beforeAll, describe, expect, it } from "vitest";
import { placeWord } from "../../../workers/api/place-word.ts";
import { ask, expectProblem, query, reader } from "./caller.ts";
import { addFleet, addMany, drives, insert, readAll } from "./facts.ts";
import { at, told } from "./track/ways.ts";

interface Event {
  type: string;
  at: string;
  imei: string;
  [property: string]: unknown;
}

const ROUTE = "/v1/events";
const SPAN = { from: at(0), to: at(86_400) };

let get: Awaited<ReturnType<typeof reader>>;
let fleet: Awaited<ReturnType<typeof addFleet>>;

const event = (imei: string, s: number, hash: string, change: object = {}) => ({
  ...{
    imei,
    event_time: at(s),
    hash,
    kind: "pushevent",
    event_type: "LOGIN",
    undated: false,
    raw: '{"secret":1}',
  },
  ...{ received_at: at(s), ...change },
});

const fault = (imei: string, s: number, hash: string, change: object = {}) => ({
  ...{
    imei,
    fault_time: at(s),
    hash,
    fault_code: "P0301",
    undated: false,
    raw: '{"secret":1}',
    received_at: at(s),
  },
  ...change,
});

const list = (values: Record<string, string> = {}, limit = 100) =>
  readAll<Event>(get, ROUTE, "events", { ...SPAN, account: fleet.account, ...values }, limit);

beforeAll(async () => {
  get = await reader();
  fleet = await addFleet();
  const { van, hidden, truck, canary } = fleet;
  await insert("device_events", [
    event(van, -1, "a"),
    event(van, 0, "a", {
      ...{
        kind: "pushftpfileupload",
        event_type: "UploadAlarmFileEnd",
        channel: "1",
        file_names: "a.jpg",
        instruction_id: "7",
      },
      ...{
        outcome: "SUCCESS",
        card: "42",
        mac: "AA:BB",
        content: '<b>"x"</b>',
        lat: -1.3,
        lng: 36.8,
        undated: true,
      },
    }),
    event(van, 100, "a"),
    event(van, 100, "b"),
    event(hidden, 100, "a"),
    event(truck, 86_400, "a"),
    event(canary, 100, "a"),
    event("", 100, "a".repeat(32) + van),
  ]);
  await insert("fault_codes", [
    fault(van, 100, "a"),
    fault(truck, 50, "a", { fault_code: null, fault_detail: "misfire" }),
    fault(canary, 50, "a"),
  ]);
  await drives(van, "Wanjiku", at(50));
});

describe("GET /v1/events, happy", () => {
  it.each([1, 2, 3, 4, 5, 100])("lists events and faults, newest first, in pages of %d", async (limit) => {
    const { van, hidden, truck } = fleet;
    const all = (await list({}, limit)).map(({ type, imei, at: when }) => `${when} ${imei} ${type}`);
    const order = [
      ...["event", "event", "fault"].map((type) => `${told(100)} ${van} ${type}`),
      `${told(100)} ${hidden} event`,
      `${told(50)} ${truck} fault`,
      `${told(0)} ${van} event`,
    ];
    expect(all).toEqual(order.sort().reverse());
  });

  it("does the same of many vehicles", async () => {
    const { account, many } = await addMany();
    await insert(
      "device_events",
      many.map((imei, n) => event(imei, 60 * (n % 7), "a")),
    );
    await insert(
      "fault_codes",
      many.map((imei, n) => fault(imei, 60 * (n % 5), "a")),
    );
    const all = (await list({ account }, 13)).map(({ type, imei, at: when }) => `${when} ${imei} ${type}`);
    expect(new Set(all).size).toBe(120);
    expect(all).toEqual([...all].sort().reverse());
  });

  it("says everything that is known of one, but not the item itself", async () => {
    const { van, truck, account } = fleet;
    const all = await list();
    expect(all.at(-1)).toEqual({
      ...{
        type: "event",
        at: told(0),
        undated: true,
        imei: van,
        name: "Van",
        plate: "KDA 001A",
        driver: null,
        account,
      },
      ...{
        kind: "pushftpfileupload",
        eventType: "UploadAlarmFileEnd",
        channel: "1",
        files: "a.jpg",
        instructionId: "7",
      },
      ...{ outcome: "SUCCESS", card: "42", mac: "AA:BB", content: '<b>"x"</b>', lat: -1.3, lng: 36.8 },
      ...{ faultCode: null, faultDetail: null },
    });
    expect(all.find(({ imei }) => imei === truck)).toMatchObject({
      ...{
        type: "fault",
        undated: false,
        kind: null,
        eventType: null,
        faultCode: null,
        faultDetail: "misfire",
      },
    });
    expect(JSON.stringify(all)).not.toContain("secret");
  });

  it.each<[Record<string, string>, number]>([
    [{ type: "event" }, 4],
    [{ type: "fault" }, 2],
    [{ kind: "pushevent" }, 3],
    [{ kind: "pushevent,pushftpfileupload" }, 4],
    [{ kind: "pushevent", type: "fault" }, 0],
    [{ driver: "Wanjiku" }, 3],
    [{ city: "Mombasa" }, 1],
    [{ plate: "kda 001a" }, 4],
    [{ from: at(1), to: at(100) }, 1],
  ])("finds by %j %d", async (filters, count) => {
    expect(await list(filters)).toHaveLength(count);
  });

  it("is not to be kept", async () => {
    const response = await get(`${ROUTE}${query(SPAN)}`);
    expect([response.headers.get("cache-control"), response.headers.get("etag")]).toEqual(["no-store", null]);
  });
});

describe("GET /v1/events, error", () => {
  it.each([
    ["type=other", "type"],
    ["kind=", "kind: must not be empty"],
    ["limit=0", "limit"],
    ["from=2026-05-03T05:59:59Z&to=2026-08-03T06:00:00Z", "from: must be at most 92 days before to"],
    ["after=x", "after: must come from an answer of this list"],
    [`after=${placeWord(["2026-01-15T05:30:00Z", "860000000000001", "event"])}`, "after: must come from"],
  ])("refuses %s", async (search, detail) => {
    expect(await expectProblem(await get(`${ROUTE}?${search}`), "invalid_request")).toContain(detail);
  });
});

describe("GET /v1/events, security", () => {
  it.each(["'; delete from tracksolid.device_events; --", "') or true --", '"]', "$2", "\\", "{}", "🚚"])(
    "takes %j for a text, in every filter",
    async (attack) => {
      for (const name of ["city", "segment", "vehicle_type", "plate", "driver", "account", "kind"]) {
        expect(await list({ [name]: attack })).toEqual([]);
      }
      for (const name of ["imei", "from", "to", "type", "limit", "after"]) {
        await expectProblem(await get(`${ROUTE}${query({ ...SPAN, [name]: attack })}`), "invalid_request");
      }
      expect(await list()).toHaveLength(6);
    },
  );

  it("lists nothing without a key", async () => {
    await expectProblem(await ask(ROUTE), "key_required");
  });
});
