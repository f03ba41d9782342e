import { expect, it } from "vitest";
import { AUDIT_VERSION, type AuditRecord } from "../../../shared/message.ts";
import { database, deliver, messageOf } from "../writer/deliver.ts";
import { admin, expectProblem, query } from "./caller.ts";
import { expectDocumented } from "./document.ts";
import { unique } from "./fleet.ts";

interface Call extends Omit<AuditRecord, "v"> {
  id: string;
}

interface Page {
  calls: Call[];
  next: string | null;
}

/** A day that has what these tests put there, and nothing else of theirs. */
const DAY = { from: "2026-03-04T00:00:00Z", to: "2026-03-05T00:00:00Z" };

async function list(values: Record<string, string> = {}): Promise<Page> {
  const response = await (await admin())(`/v1/audit${query({ ...DAY, ...values })}`);
  expect(response.headers.get("cache-control")).toBe("no-store");
  return expectDocumented("/v1/audit", response);
}

const idsOf = ({ calls }: Page) => calls.map(({ id }) => id);

const callOf = (change: Partial<AuditRecord> = {}): AuditRecord => ({
  ...{ v: AUDIT_VERSION, id: crypto.randomUUID(), askedAt: "2026-03-04T08:30:00.125Z" },
  ...{ analystId: unique("id"), analyst: unique("Jane"), tool: "query", outcome: "answered", reason: null },
  ...{ statement: "select 1", arguments: '{"max_rows":10}', rowCount: 1, bytes: 12, durationMs: 41 },
  requestId: crypto.randomUUID(),
  ...change,
});

/** Has calls written, by the way that they take. */
const write = (calls: AuditRecord[]) => deliver([messageOf("audit", calls, { account: null })]);

it("tells a call as it was, hostile text included", async () => {
  const analyst = unique("O'Neil; drop table private.audit --");
  const odd = callOf({
    analyst,
    statement: `select '"\\\u0001\n</script>😀\0' -- ${"x".repeat(1_000)}`,
    arguments: '{"params":["\\u0000","\\ud800"]}',
    bytes: 5_000_000_000,
  });
  const plain = callOf({
    ...{ analyst, analystId: odd.analystId, askedAt: "2026-03-04T08:29:00.000Z", tool: "fleet_now" },
    ...{ statement: null, arguments: "{}", outcome: "failed", reason: "57014", rowCount: null, bytes: null },
  });
  await write([plain, odd]);
  const { v: _, ...first } = odd;
  const { v: __, ...second } = plain;
  expect(await list({ analyst })).toEqual({
    calls: [{ ...first, statement: first.statement?.replace("\0", "\ufffd") }, second],
    next: null,
  });
});

it("finds an analyst by id and by name, each call once", async () => {
  const [id, name] = [unique("id"), unique("Jane")];
  const calls = [
    callOf({ analystId: id, analyst: name, askedAt: "2026-03-04T08:03:00.000Z" }),
    // Another token for the same name, another name for the same id, and a name that is an id.
    callOf({ analystId: unique("id"), analyst: name, askedAt: "2026-03-04T08:02:00.000Z" }),
    callOf({ analystId: id, analyst: unique("John"), askedAt: "2026-03-04T08:01:00.000Z" }),
    callOf({ analystId: id, analyst: id, askedAt: "2026-03-04T08:00:00.000Z" }),
  ];
  await write(calls);
  const [first, second, third, fourth] = calls.map((call) => call.id);
  expect(idsOf(await list({ analyst: name }))).toEqual([first, second]);
  expect(idsOf(await list({ analyst: id }))).toEqual([first, third, fourth]);
  for (const part of [name.slice(0, -1), name.toUpperCase(), "%", `${name}' or '1'='1`]) {
    expect(idsOf(await list({ analyst: part }))).toEqual([]);
  }
});

it("filters by tool, outcome and time, with an analyst and without", async () => {
  const [analyst, tool] = [unique("Jane"), unique("t")];
  const calls = [
    callOf({ analyst, tool, outcome: "refused", reason: "too_costly", askedAt: "2026-03-04T10:00:00.000Z" }),
    callOf({ analyst, tool, outcome: "failed", reason: "57014", askedAt: "2026-03-04T09:00:00.000Z" }),
    callOf({ analyst, askedAt: "2026-03-04T08:00:00.000Z" }),
  ];
  await write(calls);
  const [refused, failed, other] = calls.map(({ id }) => id);
  expect(idsOf(await list({ tool }))).toEqual([refused, failed]);
  expect(idsOf(await list({ tool, outcome: "failed" }))).toEqual([failed]);
  expect(idsOf(await list({ analyst, tool }))).toEqual([refused, failed]);
  expect(idsOf(await list({ analyst, outcome: "answered" }))).toEqual([other]);
  expect(idsOf(await list({ analyst, from: "2026-03-04T09:00:00Z" }))).toEqual([refused, failed]);
  expect(idsOf(await list({ analyst, to: "2026-03-04T10:00:00Z" }))).toEqual([failed, other]);
  const span = { from: "2026-03-04T12:00:00+03:00", to: "2026-03-04T12:00:00.001+03:00" };
  expect(idsOf(await list({ analyst, ...span }))).toEqual([failed]);
});

it("shows the last day unless told otherwise", async () => {
  const analyst = unique("Jane");
  const hoursAgo = (hours: number) => new Date(Date.now() - hours * 3_600_000).toISOString();
  const [young, old] = [
    callOf({ analyst, askedAt: hoursAgo(1) }),
    callOf({ analyst, askedAt: hoursAgo(25) }),
  ];
  await write([young, old]);
  const response = await (await admin())(`/v1/audit${query({ analyst })}`);
  expect(idsOf(await expectDocumented("/v1/audit", response))).toEqual([young.id]);
});

it("is read a page at a time: none is left out or shown twice, also of one moment", async () => {
  const [analystId, tool] = [unique("id"), unique("t")];
  const at = ["08:00:03.000", "08:00:02.000", "08:00:02.000", "08:00:02.000", "08:00:01.000"];
  await write(at.map((time) => callOf({ analystId, tool, askedAt: `2026-03-04T${time}Z` })));
  const filters: Record<string, string>[] = [{ analyst: analystId }, { tool }];
  for (const filter of filters) {
    const whole = idsOf(await list({ ...filter, limit: "5" }));
    expect(whole).toHaveLength(5);
    const paged: string[] = [];
    for (let after: string | null = ""; after !== null; ) {
      const page: Page = await list({ ...filter, limit: "2", ...(after && { after }) });
      expect(page.calls.length).toBeLessThanOrEqual(2);
      paged.push(...idsOf(page));
      after = page.next;
    }
    expect(paged).toEqual(whole);
  }
});

it("has short pages of long statements, and at least one call in each", async () => {
  const analyst = unique("Jane");
  await database()`
    insert into private.audit
      (id, asked_at, analyst_id, analyst, tool, statement, arguments, outcome, duration_ms, request_id)
    select gen_random_uuid(), timestamptz '2026-03-04T08:00:00Z' - n * interval '1 s', 'x', ${analyst}, 'query',
      repeat('ü', case n when 3 then 1500000 else 400000 end), '{}', 'answered', 1, 'x'
    from generate_series(1, 5) n`;
  const lengths: number[][] = [];
  for (let after: string | null = ""; after !== null; ) {
    const page: Page = await list({ analyst, ...(after && { after }) });
    lengths.push(page.calls.map(({ statement }) => statement?.length ?? 0));
    after = page.next;
  }
  expect(lengths).toEqual([[400_000, 400_000], [1_500_000], [400_000, 400_000]]);
});

it("refuses what is no filter, and a place that is not of this list", async () => {
  const ask = await admin();
  const word = (parts: unknown) => Buffer.from(JSON.stringify(parts)).toString("base64url");
  const id = crypto.randomUUID();
  const wrong: [Record<string, string>, RegExp][] = [
    [{ analyst: "" }, /^analyst/],
    [{ analyst: "a\0b" }, /^analyst/],
    [{ analyst: "x".repeat(101) }, /^analyst/],
    [{ tool: "a b" }, /^tool/],
    [{ tool: "'; drop table private.audit --" }, /^tool/],
    [{ outcome: "lost" }, /^outcome/],
    [{ limit: "0" }, /^limit/],
    [{ limit: "1001" }, /^limit/],
    [{ from: "yesterday" }, /^from/],
    [{ from: "2026-03-05T00:00:00Z" }, /^from: must be before to/],
    [{ from: "2025-03-05T00:00:00Z" }, /^from: must be at most 92 days before to/],
    [{ after: "nonsense" }, /^after/],
    [{ after: word(["2026-03-04T08:00:00.000000Z", "no id"]) }, /^after/],
    [{ after: word(["0000-01-01T00:00:00Z", id]) }, /^after/],
    [{ after: word(["2026-03-04T08:00:00.000000Z", id, id]) }, /^after/],
    [{ after: word(["2026-03-04T08:00:00.000000Z", `${id}'`]) }, /^after/],
    [{ after: `${word(["2026-03-04T08:00:00.000000Z", id])}=` }, /^after/],
  ];
  for (const [values, problem] of wrong) {
    const response = await ask(`/v1/audit${query({ ...DAY, ...values })}`);
    expect(await expectProblem(response, "invalid_request")).toMatch(problem);
  }
});

it("goes nowhere with a place beyond its span", async () => {
  const analyst = unique("Jane");
  const call = callOf({ analyst, askedAt: "2026-03-05T08:00:00.000Z" });
  await write([call]);
  const beyond = ["2026-03-06T00:00:00.000000Z", crypto.randomUUID()];
  const after = Buffer.from(JSON.stringify(beyond)).toString("base64url");
  expect(idsOf(await list({ analyst, after }))).toEqual([]);
});
