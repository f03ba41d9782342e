import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { newKey } from "../../../shared/access.ts";
import { newToken } from "../../../shared/analysts.ts";
import { type Stack, startStack } from "../../setup/harness.ts";
import { bearer, mcpRequest, PING } from "../../setup/mcp.ts";
import { connectAnalyst, makeToken } from "./analyst.ts";

let stack: Stack;
let token: string;

beforeAll(async () => {
  stack = await startStack({ vars: { CORS_ORIGINS: "https://inspector.example.com" } });
  ({ token } = await makeToken(stack));
});

afterAll(() => stack?.[Symbol.asyncDispose]());

/** Sends a message with a good token, unless told otherwise. */
const post = (body: string, headers: Record<string, string> = {}) =>
  stack.fetch("/mcp", mcpRequest(body, { ...bearer(token), ...headers }));

/** Status and code of a refusal. */
async function refusal(response: Response) {
  expect(response.headers.get("content-type")).toBe("application/problem+json");
  const { code } = (await response.json()) as { code: string };
  return [response.status, code];
}

describe("the official client", () => {
  it.for(["current", "of 2025"] as const)("speaks the revision %s", async (revision) => {
    await using jane = await connectAnalyst(stack, {}, revision);
    expect(jane.client.getServerVersion()).toMatchObject({ name: "tracksolid-edge" });
    expect(jane.client.getInstructions()).toContain("catalogue://index");
    const { tools } = await jane.client.listTools();
    expect(tools.map(({ name }) => name).sort()).toEqual(
      [
        ...["describe_table", "explain", "find_vehicle", "fleet_now", "list_schemas", "list_tables"],
        ...["query", "sample_table"],
      ].sort(),
    );
    for (const { annotations } of tools) expect(annotations).toMatchObject({ readOnlyHint: true });
    const calls: [string, Record<string, unknown>][] = [
      ["query", { sql: "select $1::int + 1 as two", params: [1] }],
      ["explain", { sql: "select imei from tracksolid.devices" }],
      ["sample_table", { schema: "tracksolid", table: "pipeline_jobs", limit: 2 }],
      ["list_schemas", {}],
      ["list_tables", { schema: "reporting" }],
      ["describe_table", { schema: "reporting", table: "v_utilisation_daily" }],
      ["fleet_now", {}],
      ["find_vehicle", { text: "KDA" }],
    ];
    expect(calls.map(([name]) => name).sort()).toEqual(tools.map(({ name }) => name).sort());
    for (const [name, asked] of calls) {
      const { isError, body, text } = await jane.call(name, asked);
      expect(isError, `${name}: ${text}`).toBe(false);
      expect(body).toMatchObject({ as_of: expect.stringMatching(/^20\d\d-.*Z$/) });
    }
  });

  it("samples what can be read, and says what else a name is", async () => {
    await using jane = await connectAnalyst(stack);
    const sample = (table: string) => jane.call("sample_table", { table, limit: 2 });
    expect((await sample("tracksolid.pipeline_jobs")).body).toMatchObject({ row_count: 2, truncated: false });
    expect(await sample("v_vehicles")).toMatchObject({ isError: false });
    for (const [name, refusal] of [
      ["v_utilization_dayly", /Nearest: reporting\.v_utilisation_daily/],
      ["fn_fleet_today", /is a function/],
      ["private.receipts", /may not see a schema/],
      ['v_vehicles"; select 1 --', /no table, view or function/],
    ] as const) {
      expect(await sample(name)).toMatchObject({ isError: true, text: expect.stringMatching(refusal) });
    }
  });

  it("reads what utilisation means without a query", async () => {
    await using jane = await connectAnalyst(stack);
    const { resources } = await jane.client.listResources();
    expect(resources.map(({ uri }) => uri)).toEqual(
      expect.arrayContaining(["catalogue://index", "catalogue://terms", "vocabulary://fleet"]),
    );
    const { contents } = await jane.client.readResource({ uri: "catalogue://terms" });
    const [first] = contents as { text: string; mimeType: string }[];
    expect(first?.text).toMatch(/utilisation/i);
    expect(first?.text).toContain("v_utilisation_daily");
  });

  it("finds the five prompts", async () => {
    await using jane = await connectAnalyst(stack);
    const { prompts } = await jane.client.listPrompts();
    expect(prompts).toHaveLength(5);
    for (const { name } of prompts) {
      const { messages } = await jane.client.getPrompt({ name, arguments: {} });
      expect(messages.length).toBeGreaterThan(0);
    }
  });
});

describe("an answer", () => {
  it("names types and units of its columns, and passes numbers on as they are", async () => {
    await using jane = await connectAnalyst(stack);
    const { body, text } = await jane.query(
      "select d.imei, v.distance_km, v.moving_s, 12345678901234567890::numeric as large, 1.10::numeric(4, 2) as exact from (values (1)) one left join reporting.v_utilisation_daily v on false left join tracksolid.devices d on false",
    );
    expect(body.columns).toEqual([
      { name: "imei", type: "text", unit: null },
      { name: "distance_km", type: "double precision", unit: "km" },
      { name: "moving_s", type: "integer", unit: "s" },
      { name: "large", type: "numeric", unit: null },
      { name: "exact", type: "numeric", unit: null },
    ]);
    expect(text).toContain('"large":12345678901234567890,"exact":1.10');
  });

  it("takes parameters of any kind", async () => {
    await using jane = await connectAnalyst(stack);
    const { body } = await jane.query(
      "select $1::text as a, $2::int as b, $3::boolean as c, $4::text as d, $5::text[] as e, $6::timestamptz as f, $7::text::json as g, $8::date as h",
      {
        params: [
          "it's",
          7,
          true,
          null,
          ['a "quoted", {one}', "b\\", null],
          "2026-01-15T08:30:00+03:00",
          '{"a":[1]}',
          "yesterday",
        ],
      },
    );
    expect(body.rows[0]).toMatchObject({
      ...{ a: "it's", b: 7, c: true, d: null, e: ['a "quoted", {one}', "b\\", null] },
      ...{ f: "2026-01-15T05:30:00+00:00", g: { a: [1] } },
    });
    const refused = await jane.query("select $1::int", { params: ["x"] });
    expect(refused).toMatchObject({ isError: true, text: expect.stringContaining("22P02") });
    expect(await jane.query("select $1::int, $2::int", { params: [1] })).toMatchObject({ isError: true });
  });

  it("judges no text: words that sound like harm are only words", async () => {
    await using jane = await connectAnalyst(stack);
    await stack.sql`
      insert into tracksolid.devices (imei, account, remark, facts_at, created_at, changed_at)
      values ('860000000099999', 'x', 'please delete; drop table', now(), now(), now())`;
    const { body } = await jane.query(
      "select remark from tracksolid.devices where remark ilike '%please delete%' -- update, insert, drop",
    );
    expect(body.rows).toEqual([{ remark: "please delete; drop table" }]);
  });

  it("warns of what is late", async () => {
    await using jane = await connectAnalyst(stack);
    await stack.sql`delete from tracksolid.ingestion_log`;
    expect((await jane.query("select 1")).body.warning).toMatch(
      /^Ingest is late.*live \(has never succeeded\)/,
    );
    await stack.sql`
      insert into tracksolid.ingestion_log (run_id, endpoint, run_at, duration_ms, success)
      select gen_random_uuid(), job, now(), 1, true from tracksolid.pipeline_jobs`;
    expect((await jane.query("select 1")).body).not.toHaveProperty("warning");
  });
});

describe("who", () => {
  it("lets in nobody without a good token", async () => {
    const expired = await makeToken(stack, { expiresAt: "2026-01-15T08:30:00.000Z" });
    const headers: [string, [number, string]][] = [
      ["", [401, "key_required"]],
      ["Basic YTpi", [401, "key_required"]],
      ["Bearer x", [401, "key_unknown"]],
      [`Bearer ${newToken()}`, [401, "key_unknown"]],
      [`Bearer ${token.slice(0, -1)}`, [401, "key_unknown"]],
      [`Bearer ${await stack.makeKey(["read", "admin"])}`, [401, "key_unknown"]],
      [`Bearer ${newKey("pk")}`, [401, "key_unknown"]],
      [`Bearer ${expired.token}`, [401, "key_expired"]],
    ];
    for (const [authorization, expected] of headers) {
      const response = await post(PING, { authorization });
      expect(response.headers.get("www-authenticate")).toMatch(/^Bearer/);
      expect(await refusal(response)).toEqual(expected);
    }
    expect((await post(PING)).status).toBe(200);
  });

  it("reads the schemas that they are let into, and no others", async () => {
    await using john = await connectAnalyst(stack, { name: "John", schemas: ["reporting", "tickets"] });
    expect((await john.query("select current_user as role")).body.rows).toEqual([
      { role: "analytics_ro_reporting_tickets" },
    ]);
    for (const good of ["reporting.v_vehicles", "reporting.v_fleet", "tickets.incidents"]) {
      expect(await john.query(`select * from ${good}`)).toMatchObject({ isError: false });
    }
    for (const other of ["tracksolid.devices", "fuel.fills", "private.receipts"]) {
      expect(await john.query(`select * from ${other}`)).toMatchObject({
        isError: true,
        text: expect.stringMatching(/permission denied.*You may read the schemas reporting, tickets/),
      });
    }
    expect((await john.call("sample_table", { schema: "tracksolid", table: "devices" })).isError).toBe(true);
    await using jane = await connectAnalyst(stack);
    expect((await jane.query("select current_user as role")).body.rows).toEqual([{ role: "analytics_ro" }]);
  });

  it("is held to some schemas only by a database that can, and runs nothing in another", async () => {
    await using john = await connectAnalyst(stack, { schemas: ["reporting", "tickets"] });
    await using jane = await connectAnalyst(stack);
    await stack.sql`grant execute on function pg_catalog.set_config(text, text, boolean) to public`;
    try {
      for (const sql of ["select 1 as one", "select count(*) from tracksolid.devices", "no SQL"]) {
        expect(await john.query(sql)).toMatchObject({
          isError: true,
          text: expect.stringContaining("db:roles"),
        });
      }
      const listed = await john.call("list_tables", { schema: "reporting" });
      expect(listed).toMatchObject({ isError: true, text: expect.stringContaining("db:roles") });
      expect((await jane.query("select 1 as one")).isError).toBe(false);
    } finally {
      await stack.sql`revoke execute on function pg_catalog.set_config(text, text, boolean) from public`;
    }
    expect((await john.query("select 1 as one")).isError).toBe(false);
  });

  it("is let in nowhere else", async () => {
    const response = await stack.fetch("/v1/vehicles", { headers: { authorization: `Bearer ${token}` } });
    expect(await refusal(response)).toEqual([401, "key_unknown"]);
  });

  it("answers pages of known origins alone", async () => {
    expect(await refusal(await post(PING, { origin: "https://evil.example.com" }))).toEqual([
      403,
      "origin_not_allowed",
    ]);
    const good = await post(PING, { origin: "https://inspector.example.com" });
    expect([good.status, good.headers.get("access-control-allow-origin")]).toEqual([
      200,
      "https://inspector.example.com",
    ]);
    const preflight = await stack.fetch("/mcp", {
      method: "OPTIONS",
      headers: {
        origin: "https://inspector.example.com",
        "access-control-request-method": "POST",
        "access-control-request-headers": "authorization,content-type,mcp-protocol-version",
      },
    });
    expect(preflight.status).toBe(204);
    expect(preflight.headers.get("access-control-allow-headers")).toContain("mcp-protocol-version");
  });

  it("sees nothing of tokens in health, nor in the log", async () => {
    for (const path of ["/health", "/health/ready", "/health/ingest"]) {
      expect(await (await stack.fetch(path)).text()).not.toMatch(/token|analyst/i);
    }
    expect(stack.logs()).not.toContain(token);
  });

  it("has nothing in the log but lines of our own", async () => {
    await using analyst = await connectAnalyst(stack);
    await using older = await connectAnalyst(stack, {}, "of 2025");
    for (const { query } of [analyst, older]) expect((await query("select 1 as one")).body.row_count).toBe(1);
    const lines = JSON.parse(stack.logs()) as { message: string }[];
    expect(lines.filter(({ message }) => !message.includes("event: '"))).toEqual([]);
  });
});

describe("a body that is none", () => {
  it.for([
    ["nothing", ""],
    ["no JSON", "{"],
    ["JSON that is no request", "[]"],
    ["a number", "1"],
    ["another version", '{"jsonrpc":"1.0","id":1,"method":"ping"}'],
    ["a text that is no UTF-8", "\ud800"],
    ["depth", "[".repeat(100_000)],
    ["SQL", "select 1"],
  ])("%s", async ([, body]) => {
    const response = await post(body ?? "");
    expect([400, 413]).toContain(response.status);
    expect(await response.text()).not.toMatch(/\bat .*\.ts|stack/i);
  });

  it("too much", async () => {
    const response = await post(
      JSON.stringify({ jsonrpc: "2.0", id: 1, method: "ping", params: { x: "x".repeat(500_000) } }),
    );
    expect(response.status).toBe(413);
  });

  it("a statement that is too long", async () => {
    await using jane = await connectAnalyst(stack);
    const { isError, text } = await jane.query(`select '${"x".repeat(60_000)}'`);
    expect(isError).toBe(true);
    expect(text).toContain("longer than 50000 characters");
  });

  it("tools and arguments that there are not", async () => {
    await using jane = await connectAnalyst(stack);
    await expect(jane.client.callTool({ name: "drop", arguments: {} })).rejects.toThrow(/drop/);
    for (const asked of [
      {},
      { sql: "" },
      { sql: 1 },
      { sql: "select 1", max_rows: 0 },
      { sql: "select 1", max_rows: 1.5 },
      { sql: "select $1", params: [{ a: 1 }] },
    ]) {
      const { isError, text } = await jane.call("query", asked);
      expect(isError, JSON.stringify(asked)).toBe(true);
      expect(text).toMatch(/sql|max_rows|params/);
    }
  });

  it("methods that are not served", async () => {
    for (const method of ["GET", "DELETE", "PUT"]) {
      const response = await stack.fetch("/mcp", { method, headers: { authorization: `Bearer ${token}` } });
      expect(response.headers.get("allow")).toBe("POST");
      expect(await refusal(response)).toEqual([405, "method_not_allowed"]);
    }
  });
});
