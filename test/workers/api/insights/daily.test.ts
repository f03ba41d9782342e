import { beforeAll, describe, expect, it } from "vitest";
import { mondaysFrom } from "../../insights/days.ts";
import { database, newImei } from "../../writer/deliver.ts";
import { ask, currentTag, expectProblem, query, reader } from "../caller.ts";
import { expectDocumented } from "../document.ts";
import { addVehicle, ago, unique } from "../fleet.ts";
import { keepDay } from "./told.ts";

const nextMonday = mondaysFrom("2016-01-04");

interface Daily {
  day: string;
  preliminary: boolean;
  asOf: string;
  counts: Record<string, number>;
  insights: { id: string; kind: string; severity: string; [field: string]: unknown }[];
  explained: { id: string }[];
  next: string | null;
}

let get: Awaited<ReturnType<typeof reader>>;
beforeAll(async () => {
  get = await reader();
});

const read = async (filters: Record<string, string>): Promise<Daily> =>
  expectDocumented("/v1/insights/daily", await get(`/v1/insights/daily${query(filters)}`));

const withdraw = (id: string) =>
  database()`update reporting.insights set withdrawn_at = told_at where id = ${id}`;

describe("GET /v1/insights/daily, happy", () => {
  it("reads a day that is kept, the most severe first", async () => {
    const monday = nextMonday();
    const { account, ids, imeis } = await keepDay(monday);
    const answer = await read({ day: monday.day, account });
    expect(answer).toMatchObject({
      ...{ day: monday.day, preliminary: false, asOf: `${monday.day}T23:37:00Z`, explained: [], next: null },
      counts: { high: 1, medium: 2, low: 1, explained: 0 },
    });
    expect(answer.insights.map(({ id }) => id)).toEqual([ids[1], ids[3], ids[0], ids[2]]);
    expect(answer.insights[0]).toEqual({
      ...{
        id: ids[1],
        kind: "silent",
        subject: { type: "vehicle", id: imeis[1], name: "KDA" },
        imei: imeis[1],
      },
      ...{ driver: "Achieng", severity: "high", title: "title", why: "why", evidence: { bar: 1 } },
      ...{ links: ["/v1/vehicles/1"], remark: null },
    });
    await withdraw(ids[1]);
    expect((await read({ day: monday.day, account })).counts.high).toBe(0);
  });

  it.each([1, 2, 3])("comes to the end in pages of %d", async (limit) => {
    const monday = nextMonday();
    const { account, ids } = await keepDay(monday);
    const sql = database();
    await sql`
      insert into reporting.insight_remarks values
        (${crypto.randomUUID()}, ${ids[1]}, 'wrong', 'n', null, 'this', 'key', now())`;
    const seen: string[] = [];
    for (let after: string | null = ""; after !== null; ) {
      const page: Daily = await read({
        day: monday.day,
        account,
        limit: String(limit),
        ...(after && { after }),
      });
      expect(page.counts).toEqual({ high: 0, medium: 2, low: 1, explained: 1 });
      seen.push(...page.insights.map(({ id }) => id), ...page.explained.map(({ id }) => id));
      after = page.next;
    }
    expect(seen).toEqual([ids[3], ids[0], ids[2], ids[1]]);
  });

  it.each<[string, Record<string, string>, number[]]>([
    ["kind", { kind: "idling,silent" }, [1, 0]],
    ["severity", { severity: "low" }, [2]],
    ["city", { city: "Nairobi" }, [0]],
    ["driver", { driver: "Achieng" }, [1, 3, 0, 2]],
    ["another driver", { driver: "Nobody" }, []],
    ["several", { city: "Mombasa", kind: "after_hours", severity: "low,high" }, [2]],
  ])("finds by %s", async (_, filters, found) => {
    const monday = nextMonday();
    const { account, ids } = await keepDay(monday);
    const { insights } = await read({ day: monday.day, account, ...filters });
    expect(insights.map(({ id }) => id)).toEqual(found.map((n) => ids[n]));
  });

  it("answers 304 until the day is made again, or somebody says something", async () => {
    const monday = nextMonday();
    const { account, ids } = await keepDay(monday);
    const path = `/v1/insights/daily${query({ day: monday.day, account })}`;
    let etag = await currentTag(get, path);
    const again = async () => {
      const response = await get(path, { headers: { "if-none-match": etag } });
      expect(response.headers.get("cache-control")).toBe("private, no-cache");
      await response.text();
      return response.status;
    };
    const sql = database();
    await sql`update reporting.insight_days set version = (select version + 1 from reporting.newest_version) where day = ${monday.day}`;
    expect(await again()).toBe(200);
    etag = await currentTag(get, path);
    await sql`
      insert into reporting.insight_remarks values
        (${crypto.randomUUID()}, ${ids[0]}, 'confirmed', 'n', null, 'this', 'key', now())`;
    expect(await again()).toBe(200);
  });

  it("makes today's for the answer, and says so", async () => {
    const account = unique("insights");
    const [silent, well] = [newImei(), newImei()];
    const long = { account, created_at: ago(900_000), plate: "KDA 777Z" };
    await addVehicle(silent, long, { fix_at: ago(90_000), contact_at: ago(90_000) });
    await addVehicle(well, long, { fix_at: ago(60), contact_at: ago(60) });
    const [today] =
      await database()`select (now() at time zone zone)::date::text as day from tracksolid.fleet`;
    const response = await get(`/v1/insights/daily${query({ day: today?.day as string, account })}`);
    expect(response.headers.get("cache-control")).toBe("no-store");
    expect(response.headers.get("etag")).toBeNull();
    const answer = await expectDocumented<Daily>("/v1/insights/daily", response);
    expect(answer).toMatchObject({ preliminary: true, insights: [{ kind: "silent", imei: silent }] });
    expect(answer.insights).toHaveLength(1);
    expect((await read({ account })).day).not.toBe(today?.day);
  });

  it("is empty for a day long ago", async () => {
    expect(await read({ day: "2000-01-01", account: unique("none") })).toMatchObject({
      ...{ preliminary: true, insights: [], explained: [], next: null },
    });
  });
});

describe("GET /v1/insights/daily, error", () => {
  it.each([
    ["day=2026-02-30", "day: must be a day like"],
    ["day=yesterday", "day"],
    ["day=", "day"],
    ["day=2199-01-01", "day: must not be after today"],
    ["day=1999-12-31", "day: must be between"],
    ["kind=theft", "kind"],
    ["severity=urgent", "severity"],
    ["limit=0", "limit"],
    ["after=x", "after: must come from an answer of this list"],
    [`after=${btoa('[0,1,"idling","x"]')}`, "after"],
    [`after=${btoa("[0,4,2]")}`, "after"],
    ["imei=12", "imei"],
  ])("refuses %s", async (search, detail) => {
    expect(await expectProblem(await get(`/v1/insights/daily?${search}`), "invalid_request")).toContain(
      detail,
    );
  });
});

describe("GET /v1/insights/daily, security", () => {
  it.each(["'; delete from reporting.insights; --", "') or true --", "$2", "\\", "🚚"])(
    "takes %j for a text, in every filter",
    async (attack) => {
      const monday = nextMonday();
      await keepDay(monday);
      for (const name of ["account", "city", "segment", "vehicle_type", "driver"]) {
        expect((await read({ day: monday.day, [name]: attack })).insights).toEqual([]);
      }
      for (const name of ["day", "kind", "severity", "after", "imei"]) {
        await expectProblem(await get(`/v1/insights/daily${query({ [name]: attack })}`), "invalid_request");
      }
    },
  );

  it("shows nothing without a key", async () => {
    await expectProblem(await ask("/v1/insights/daily"), "key_required");
  });
});
