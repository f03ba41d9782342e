import { env } from "cloudflare:workers";
import { beforeAll, describe, expect, it, vi } from "vitest";
import { tellDays } from "../../../../workers/insights/tell-days.ts";
import { emptyOutcome } from "../../../../workers/polls/outcome.ts";
import { addDay, addUsual, dayAt, type Monday, mondaysFrom, tell } from "../../insights/days.ts";
import { database, newImei } from "../../writer/deliver.ts";
import { admin, ask, expectProblem, makeKey, posted, query, reader } from "../caller.ts";
import { askConfigured } from "../configured.ts";
import { expectDocumented } from "../document.ts";
import { addVehicle, ago, unique } from "../fleet.ts";
import { keep, keepDay } from "./told.ts";

const nextMonday = mondaysFrom("2020-01-06");
const PATH = "/v1/insights/context";

interface Remark {
  id: string;
  insightId: string;
  verdict: string;
  by: string;
  until: string | null;
  appliesTo: string;
}

let get: Awaited<ReturnType<typeof reader>>;
let keyId: string;
let post: (body: unknown, path?: string) => Promise<Response>;

/** Somebody who may write. @returns what posts as them */
async function writer(id: string): Promise<typeof post> {
  const key = await makeKey({ id, scopes: ["insights:write"] });
  return (body, path = PATH) => {
    const { headers, ...init } = posted(body);
    return ask(path, { ...init, headers: { ...headers, authorization: `Bearer ${key}` } });
  };
}

beforeAll(async () => {
  get = await reader();
  keyId = unique("key");
  post = await writer(keyId);
});

const say = async (insightId: string, verdict: string, more: object = {}) => {
  const response = await post({ insightId, verdict, note: "because", ...more });
  expect(response.status).toBe(201);
  return expectDocumented<Remark>(PATH, response, "post");
};

const daily = async (day: string, account: string) => {
  const response = await get(`/v1/insights/daily${query({ day, account })}`);
  const { insights, explained } = (await response.json()) as Record<
    string,
    { id: string; remark: Remark | null }[]
  >;
  const ids = (list: typeof insights) => list?.map(({ id }) => id);
  return { insights, explained, ids: { insights: ids(insights), explained: ids(explained) } };
};

const list = async (filters: Record<string, string>) =>
  expectDocumented<{ remarks: (Remark & { counts: boolean; note: string })[]; next: string | null }>(
    PATH,
    await get(`${PATH}${query(filters)}`),
  );

describe("POST /v1/insights/context, happy", () => {
  it("keeps who said what and when, and shows it with the insight", async () => {
    const monday = nextMonday();
    const { account, ids } = await keepDay(monday);
    const kept = await say(ids[0], "confirmed", { note: "  It's 'true'; drop table x; -- 🚚 " });
    expect(kept).toEqual({
      ...{ id: expect.stringMatching(/^[0-9a-f-]{36}$/), insightId: ids[0], verdict: "confirmed" },
      ...{ note: "It's 'true'; drop table x; -- 🚚", until: null, appliesTo: "this", by: keyId },
      at: expect.stringMatching(/Z$/),
    });
    const { insights } = await daily(monday.day, account);
    expect(insights?.find(({ id }) => id === ids[0])?.remark).toEqual(kept);
    expect((await list({ insight: ids[0] })).remarks).toMatchObject([
      { ...kept, day: monday.day, kind: "idling", counts: true },
    ]);
  });

  it("takes the same twice for one, also at once, and another for another", async () => {
    const { ids } = await keepDay(nextMonday());
    const body = { insightId: ids[0], verdict: "wrong", note: "no" };
    const answers = await Promise.all([post(body), post(body), post(body)]);
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 200, 201]);
    const told = await Promise.all(answers.map(async (answer) => ((await answer.json()) as Remark).id));
    expect(new Set(told).size).toBe(1);
    const other = await writer(unique("key"));
    expect((await other(body)).status).toBe(201);
    expect((await post(body)).status).toBe(201);
    expect((await list({ insight: ids[0] })).remarks.map(({ counts }) => counts)).toEqual([
      true,
      false,
      false,
    ]);
  });

  it("sets aside what is explained or wrong, until somebody says otherwise", async () => {
    const monday = nextMonday();
    const { account, ids } = await keepDay(monday);
    await say(ids[0], "explained");
    await say(ids[1], "wrong");
    expect((await daily(monday.day, account)).ids).toEqual({
      insights: [ids[3], ids[2]],
      explained: [ids[1], ids[0]],
    });
    await say(ids[0], "confirmed");
    expect((await daily(monday.day, account)).ids).toMatchObject({ explained: [ids[1]] });
  });

  it("sets aside the same subject and kind until the day that was named, and nothing else", async () => {
    const monday = nextMonday();
    const { account, imeis, ids } = await keepDay(monday);
    const until = dayAt(monday.startMs, 3);
    const remark = await say(ids[0], "explained", { until });
    expect(remark).toMatchObject({ until, appliesTo: "subject-and-kind" });
    const later: Record<number, string> = {};
    for (const days of [-1, 3, 4]) later[days] = await keep(monday, days, "idling", imeis[0], "medium");
    const others = [
      await keep(monday, 3, "silent", imeis[0], "medium"),
      await keep(monday, 3, "idling", imeis[1], "medium"),
    ];
    const third = await daily(until, account);
    expect(third.ids.explained).toEqual([later[3]]);
    expect(third.explained?.[0]?.remark).toEqual(remark);
    expect(third.ids.insights?.sort()).toEqual(others.sort());
    for (const days of [-1, 4]) {
      expect((await daily(dayAt(monday.startMs, days), account)).ids).toEqual({
        insights: [later[days]],
        explained: [],
      });
    }
    // What is said of one goes before what was said of its like.
    await say(later[3] ?? "", "confirmed");
    expect((await daily(until, account)).ids.explained).toEqual([]);
    await say(ids[0], "wrong", { appliesTo: "this" });
    expect((await daily(dayAt(monday.startMs, 2), account)).ids.explained).toEqual([]);
  });

  it("keeps an insight of today that somebody has something to say of", async () => {
    const account = unique("insights");
    const imei = newImei();
    await addVehicle(
      imei,
      { account, created_at: ago(900_000) },
      { fix_at: ago(90_000), contact_at: ago(90_000) },
    );
    const [today] =
      await database()`select (now() at time zone zone)::date::text as day from tracksolid.fleet`;
    const { insights } = await daily(today?.day as string, account);
    const id = insights?.[0]?.id ?? "";
    await say(id, "explained");
    expect((await daily(today?.day as string, account)).ids).toEqual({ insights: [], explained: [id] });
    expect(await database()`select imei from reporting.insights where id = ${id}`).toEqual([{ imei }]);
  });
});

describe("what was called wrong", () => {
  /** Remarks are made now: insights of days that long ago raise nothing, so these are said to be made then. */
  async function wrong(
    monday: Monday,
    imei: string,
    daysAgo: number,
    appliesTo = "subject-and-kind",
    saidAgo = daysAgo,
  ) {
    const id = await keep(monday, -daysAgo, "idling", imei, "medium");
    const remarkedAt = `${dayAt(monday.startMs, -saidAgo)}T09:00:00Z`;
    await database()`
      insert into reporting.insight_remarks values
        (${crypto.randomUUID()}, ${id}, 'wrong', 'no', null, ${appliesTo}, 'key', ${remarkedAt})`;
  }

  async function idler(monday: Monday, idlingS: number): Promise<string> {
    const imei = newImei();
    await addVehicle(imei, {}, { fix_at: `${monday.day}T20:00:00Z`, contact_at: `${monday.day}T20:00:00Z` });
    await addUsual(imei, monday, 28, 3_600);
    await addDay(imei, monday.day, { idling_s: idlingS });
    return imei;
  }

  // The threshold without it is 7,200 s.
  it.each([
    [1, 9_000, 9_001],
    [2, 11_250, 11_251],
    [3, 14_062, 14_063],
    [4, 14_400, 14_401],
    [9, 14_400, 14_401],
  ])("%d times raises the threshold to %d s", async (times, below, above) => {
    const monday = nextMonday();
    for (const [idlingS, count] of [
      [below, 0],
      [above, 1],
    ] as const) {
      const imei = await idler(monday, idlingS);
      for (let n = 1; n <= times; n += 1) await wrong(monday, imei, n);
      const told = await tell(monday, imei);
      expect(told).toHaveLength(count);
      if (count === 1) {
        const bar = Math.min(1.25 ** times, 2);
        expect(told[0]?.evidence.bar).toBeCloseTo(bar, 5);
        expect(told[0]?.why).toContain(` (raised ${bar.toFixed(2)} times, after ${times} called wrong)`);
      }
    }
  });

  it.each<[string, (monday: Monday, imei: string) => Promise<void>]>([
    ["of 29 days before", (monday, imei) => wrong(monday, imei, 29)],
    ["of one insight alone", (monday, imei) => wrong(monday, imei, 1, "this")],
    ["of another vehicle", (monday) => wrong(monday, newImei(), 1)],
    ["after the day", (monday, imei) => wrong(monday, imei, 1, "subject-and-kind", -1)],
    [
      "and then confirmed",
      async (monday, imei) => {
        await wrong(monday, imei, 1);
        await database()`
          insert into reporting.insight_remarks
          select 'ffffffff' || ${crypto.randomUUID()}::text, id, 'confirmed', 'yes', null, 'this', 'key', now()
          from reporting.insights where imei = ${imei}`;
      },
    ],
  ])("raises nothing: %s", async (_, remark) => {
    const monday = nextMonday();
    const imei = await idler(monday, 7_201);
    await remark(monday, imei);
    expect(await tell(monday, imei)).toHaveLength(1);
  });

  it("raises it 28 days after, too, in what the job keeps", async () => {
    const monday = nextMonday();
    const imei = await idler(monday, 7_201);
    await wrong(monday, imei, 28);
    const startedMs = monday.startMs + 24.6 * 3_600_000;
    for (let outcome = emptyOutcome(); ; outcome = emptyOutcome()) {
      await tellDays({
        env,
        runId: crypto.randomUUID(),
        startedMs,
        deadlineMs: Number.POSITIVE_INFINITY,
        outcome,
      });
      if (outcome.leftToRun === null) break;
    }
    expect(
      await database()`select id from reporting.insights where imei = ${imei} and day = ${monday.day}`,
    ).toEqual([]);
  });
});

describe("POST /v1/insights/context, error", () => {
  const unknown = `2026-01-15-idling-${"0".repeat(32)}`;

  it.each<[object, string]>([
    [{ note: undefined }, "note"],
    [{ note: " " }, "note: must not be empty"],
    [{ note: "x".repeat(2_001) }, "note: must be at most 2000 characters"],
    [{ note: "a\0b" }, "note: must be plain text"],
    [{ note: "\ud800" }, "note: must be plain text"],
    [{ verdict: "maybe" }, "verdict"],
    [{ insightId: "2026-02-30-idling-00000000000000000000000000000000" }, "insightId"],
    [{ insightId: "' or true --" }, "insightId"],
    [{ appliesTo: "everything" }, "appliesTo"],
    [{ until: "2026-02-30" }, "until: must be a day"],
    [{ unknown: 1 }, "unknown"],
    [{ verdict: "wrong", until: "2026-01-20" }, "until: is for explanations"],
    [{ verdict: "confirmed", appliesTo: "subject-and-kind" }, "appliesTo: what is confirmed"],
    [{ appliesTo: "subject-and-kind" }, "until: an explanation"],
    [{ appliesTo: "this", until: "2026-01-20" }, "until: an explanation"],
    [{ until: "2026-01-14" }, "until: must be from"],
    [{ until: "2027-01-17" }, "until: must be from"],
  ])("refuses %j", async (change, detail) => {
    const response = await post({ insightId: unknown, verdict: "explained", note: "n", ...change });
    expect(await expectProblem(response, "invalid_request")).toContain(detail);
  });

  it("knows no insight that was never told, of no day", async () => {
    const [today] =
      await database()`select (now() at time zone zone)::date::text as day from tracksolid.fleet`;
    for (const id of [
      unknown,
      unknown.replace("2026-01-15", today?.day as string),
      unknown.replace("idling", "theft"),
    ]) {
      await expectProblem(await post({ insightId: id, verdict: "wrong", note: "n" }), "not_found");
    }
    await expectProblem(
      await post({ insightId: `2199-01-01-idling-${"0".repeat(32)}`, verdict: "wrong", note: "n" }),
      "not_found",
    );
  });

  it("refuses what is too large, and what is no JSON", async () => {
    const { ids } = await keepDay(nextMonday());
    const large = { insightId: ids[0], verdict: "wrong", note: "x".repeat(64_000) };
    await expectProblem(await post(large), "body_too_large");
    const key = await makeKey({ scopes: ["insights:write"] });
    const headers = { authorization: `Bearer ${key}`, "content-type": "text/plain" };
    await expectProblem(await ask(PATH, { method: "POST", headers, body: "{}" }), "invalid_request");
    expect((await post({ insightId: ids[0], verdict: "wrong", note: "x".repeat(2_000) })).status).toBe(201);
  });

  it("takes a remark on a day long past, which changes nothing of today", async () => {
    const { ids } = await keepDay(nextMonday());
    expect(await say(ids[0], "wrong")).toMatchObject({ appliesTo: "subject-and-kind" });
  });
});

describe("/v1/insights/context, security", () => {
  it("is written with the scope insights:write alone, and read with read", async () => {
    const { ids } = await keepDay(nextMonday());
    const body = posted({ insightId: ids[0], verdict: "wrong", note: "n" });
    await expectProblem(await ask(PATH, body), "key_required");
    for (const person of [get, await admin()]) {
      expect(await expectProblem(await person(PATH, body), "scope_missing")).toContain('"insights:write"');
    }
    const key = await makeKey({ scopes: ["insights:write"] });
    await expectProblem(await ask(PATH, { headers: { authorization: `Bearer ${key}` } }), "scope_missing");
    expect((await list({ insight: ids[0] })).remarks).toEqual([]);
  });
});

describe("/v1/insights, without a database", () => {
  it("says so", async () => {
    vi.spyOn(console, "error").mockImplementation(() => {});
    const key = await makeKey({ scopes: ["read", "insights:write"] });
    const gone = { connectionString: "postgres://x:x@127.0.0.1:1/x" };
    const away = { DB_INGEST: gone, DB_READ: gone };
    const authorization = { authorization: `Bearer ${key}` };
    for (const path of ["/v1/insights/daily", PATH, "/v1/insights/evaluate"]) {
      await expectProblem(
        await askConfigured(away, path, { headers: authorization }),
        "database_unavailable",
      );
    }
    const init = posted({ insightId: `2026-01-15-idling-${"0".repeat(32)}`, verdict: "wrong", note: "n" });
    const response = await askConfigured(away, PATH, {
      ...init,
      headers: { ...init.headers, ...authorization },
    });
    await expectProblem(response, "database_unavailable");
    vi.restoreAllMocks();
  });
});

describe("GET /v1/insights/context", () => {
  it("lists remarks newest first, in pages, by vehicle, kind and verdict", async () => {
    const { account, ids, imeis } = await keepDay(nextMonday());
    const said: string[] = [];
    for (const [n, verdict] of ["confirmed", "explained", "wrong", "confirmed"].entries()) {
      said.unshift((await say(ids[n] ?? "", verdict)).id);
    }
    const seen: string[] = [];
    for (let after: string | null = ""; after !== null; ) {
      const page = await list({ account, limit: "3", ...(after && { after }) });
      seen.push(...page.remarks.map(({ id }) => id));
      after = page.next;
    }
    expect(seen).toEqual(said);
    const found = async (filters: Record<string, string>) =>
      (await list({ account, ...filters })).remarks.map(({ id }) => id);
    expect(await found({ verdict: "confirmed" })).toEqual([said[0], said[3]]);
    expect(await found({ kind: "silent" })).toEqual([said[2]]);
    expect(await found({ imei: imeis[1] })).toEqual([said[1], said[2]]);
    expect(await found({ driver: "' or true --" })).toEqual([]);
  });

  it.each([
    ["verdict=maybe", "verdict"],
    ["insight=x", "insight"],
    ["limit=0", "limit"],
    ["after=x", "after: must come from"],
    [`after=${btoa('["x"]')}`, "after: must come from"],
  ])("refuses %s", async (search, detail) => {
    expect(await expectProblem(await get(`${PATH}?${search}`), "invalid_request")).toContain(detail);
  });
});

describe("GET /v1/insights/evaluate", () => {
  const evaluate = async (filters: Record<string, string>) =>
    expectDocumented<{ keptDays: number; kinds: { kind: string }[] }>(
      "/v1/insights/evaluate",
      await get(`/v1/insights/evaluate${query(filters)}`),
    );

  it("counts by kind what was told, withdrawn and said, and the share that was right", async () => {
    const monday = nextMonday();
    const { account, imeis, ids } = await keepDay(monday);
    const more = [
      await keep(monday, 1, "idling", imeis[0], "low"),
      await keep(monday, 0, "idling", imeis[1], "low"),
      await keep(monday, 0, "idling", imeis[2], "low"),
    ];
    await say(ids[0], "wrong");
    await say(ids[0], "confirmed");
    await say(more[0] ?? "", "wrong");
    await say(more[1] ?? "", "confirmed");
    await say(ids[3], "explained");
    await database()`update reporting.insights set withdrawn_at = told_at where id = ${more[2] ?? ""}`;
    const span = { account, from: monday.day, to: dayAt(monday.startMs, 1) };
    const { kinds, keptDays } = await evaluate(span);
    expect(keptDays).toBe(2);
    const of = (kind: string) => kinds.find((one) => one.kind === kind);
    expect(of("idling")).toEqual({
      ...{
        kind: "idling",
        meaning: expect.any(String),
        told: 4,
        withdrawn: 1,
        confirmed: 2,
        explained: 0,
        wrong: 1,
      },
      ...{ unremarked: 1, shareRight: 0.667 },
    });
    expect(of("fuel_drain")).toMatchObject({ told: 1, explained: 1, shareRight: null });
    expect(of("service_due")).toMatchObject({ told: 0, unremarked: 0, shareRight: null });
    expect((await evaluate({ ...span, to: monday.day, kind: "idling" })).kinds).toMatchObject([{ told: 3 }]);
    expect((await evaluate({ ...span, city: "' or true --", kind: "idling" })).kinds).toMatchObject([
      { told: 0 },
    ]);
  });

  it("has 28 days unless others are asked for", async () => {
    const { from, to } = (await evaluate({})) as unknown as { from: string; to: string };
    expect((Date.parse(to) - Date.parse(from)) / 86_400_000).toBe(27);
  });

  it.each([
    ["from=2026-01-02&to=2026-01-01", "from: must not be after to"],
    ["from=2024-01-01&to=2026-01-01", "at most 366 days"],
    ["from=x", "from"],
    ["kind=theft", "kind"],
  ])("refuses %s", async (search, detail) => {
    expect(await expectProblem(await get(`/v1/insights/evaluate?${search}`), "invalid_request")).toContain(
      detail,
    );
    await expectProblem(await ask("/v1/insights/evaluate"), "key_required");
  });
});
