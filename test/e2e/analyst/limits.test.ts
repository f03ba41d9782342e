import { afterEach, describe, expect, it } from "vitest";
import { startCuttableProxy } from "../../setup/cuttable-proxy.ts";
import { createDatabase } from "../../setup/database.ts";
import { type Stack, type StackOptions, startStack } from "../../setup/harness.ts";
import { whileHung } from "../../setup/hung.ts";
import { bearer, mcpRequest, PING, queryMessage } from "../../setup/mcp.ts";
import { connectAnalyst, makeToken } from "./analyst.ts";

let stack: Stack | undefined;

afterEach(async () => {
  await stack?.[Symbol.asyncDispose]();
  stack = undefined;
});

async function start(vars: Record<string, string>, rest: StackOptions = {}): Promise<Stack> {
  stack = await startStack({ vars, ...rest });
  return stack;
}

/** Takes about so many tenths of a second of a core. */
const busy = (tenths: number) =>
  `select count(*) from generate_series(1, ${tenths * 400_000}) n where n % 7 = 0`;

const running = async ({ sql }: Stack) =>
  (
    await sql`select from pg_stat_activity where usename = 'analytics_ro' and state = 'active' and datname = current_database()`
  ).length;

describe("fifty analysts at once", () => {
  it("get an answer or a clear word, a few at a time, and nobody else notices", async () => {
    const here = await start({ ANALYST_AT_ONCE: "3", ANALYST_WAIT_S: "1", ANALYST_MOST_COST: "1000000000" });
    const analysts = await Promise.all(
      Array.from({ length: 50 }, (_, n) => connectAnalyst(here, { name: `Analyst ${n}` })),
    );
    let most = 0;
    const watching = setInterval(async () => {
      most = Math.max(most, await running(here).catch(() => 0));
    }, 50);
    const asking = Promise.all(analysts.map((analyst) => analyst.query(busy(5))));
    expect(await here.tick("* * * * *")).toBe("ok");
    expect((await here.fetch("/health/ready")).status).toBe(200);
    const answers = await asking;
    clearInterval(watching);
    const answered = answers.filter(({ isError }) => !isError);
    const refused = answers.filter(({ isError }) => isError);
    expect(answered.length).toBeGreaterThanOrEqual(3);
    expect(refused.length).toBeGreaterThan(0);
    for (const { text } of refused) expect(text).toMatch(/Others are asking.*again in \d+ s/);
    expect(most).toBeGreaterThan(0);
    expect(most).toBeLessThanOrEqual(3);
    expect((await here.lastRun("live")).success).toBe(true);
    await expect
      .poll(
        async () =>
          here.sql`select outcome, reason, count(*)::int from private.audit group by 1, 2 order by 1`,
        {
          timeout: 20_000,
        },
      )
      .toEqual([
        { outcome: "answered", reason: null, count: answered.length },
        { outcome: "refused", reason: "busy", count: refused.length },
      ]);
    for (const analyst of analysts) await analyst[Symbol.asyncDispose]();
  });
});

describe("one analyst", () => {
  it("who asks too often is slowed down, and the others are not", async () => {
    const here = await start({ ANALYST_REQUESTS_PER_S: "1", ANALYST_BURST: "5" });
    const one = await makeToken(here);
    const other = await makeToken(here);
    const ping = ({ token }: { token: string }) => here.fetch("/mcp", mcpRequest(PING, bearer(token)));
    const responses = await Promise.all(Array.from({ length: 30 }, () => ping(one)));
    const statuses = responses.map(({ status }) => status);
    expect(statuses.filter((status) => status === 200).length).toBeGreaterThanOrEqual(5);
    const slowed = responses.find(({ status }) => status === 429);
    expect(Number(slowed?.headers.get("retry-after"))).toBeGreaterThan(0);
    expect(await slowed?.json()).toMatchObject({ code: "too_many_requests" });
    expect((await ping(other)).status).toBe(200);
  });

  it("who has spent the seconds or bytes of a day waits for the next", async () => {
    const here = await start({
      ANALYST_DAY_S: "1",
      ANALYST_DAY_BYTES: "200000",
      ANALYST_MOST_COST: "1000000000",
    });
    await using slow = await connectAnalyst(here, { name: "Slow" });
    await using wide = await connectAnalyst(here, { name: "Wide" });
    await using modest = await connectAnalyst(here, { name: "Modest" });
    expect((await slow.query(busy(60))).isError).toBe(false);
    expect((await wide.query("select repeat('x', 300000) as a")).isError).toBe(false);
    for (const one of [slow, wide]) {
      const { isError, text } = await one.query("select 1");
      expect([isError, text]).toEqual([
        true,
        expect.stringMatching(/budget of the day is spent.*\d+ minutes/),
      ]);
    }
    expect((await modest.query("select 1")).isError).toBe(false);
    // It is kept: the gate may be put away in between.
    await here.evictAnalystGate();
    expect((await slow.query("select 1")).isError).toBe(true);
  });

  it("who goes away does not leave a query behind for longer than it may take", async () => {
    const here = await start({
      ...{
        ANALYST_AT_ONCE: "1",
        ANALYST_WAIT_S: "1",
        ANALYST_STATEMENT_S: "4",
        ANALYST_MOST_COST: "100000000000",
      },
    });
    const { token } = await makeToken(here);
    await using other = await connectAnalyst(here);
    const leaving = new AbortController();
    const asking = fetch(`${here.url}/mcp`, {
      ...mcpRequest(queryMessage(busy(100_000)), bearer(token)),
      signal: leaving.signal,
    }).catch(() => null);
    await expect.poll(() => running(here), { timeout: 10_000 }).toBe(1);
    expect(await other.query("select 1")).toMatchObject({
      isError: true,
      text: expect.stringMatching(/Others/),
    });
    leaving.abort();
    await asking;
    await expect.poll(async () => (await other.query("select 1")).isError, { timeout: 20_000 }).toBe(false);
    await expect.poll(() => running(here), { timeout: 20_000 }).toBe(0);
  });
});

describe("the database", () => {
  it("that hangs is not waited for for ever", async () => {
    const here = await start({ ANALYST_STATEMENT_S: "3", ANALYST_MOST_COST: "100000000000" });
    await using jane = await connectAnalyst(here);
    const asking = jane.query(busy(100_000));
    await expect.poll(() => running(here)).toBe(1);
    await whileHung(here.sql, "analytics_ro", async () => {
      expect(await asking).toMatchObject({ isError: true, text: expect.stringContaining("does not answer") });
    });
    expect((await jane.query("select 1")).isError).toBe(false);
  });

  it("that ends a connection at its first word is asked once more", async () => {
    const database = await createDatabase("migrated");
    await using proxy = await startCuttableProxy(Number(new URL(database.url).port));
    const here = await start({}, { database, databasePort: proxy.port });
    await using jane = await connectAnalyst(here);
    expect((await jane.query("select 1")).isError).toBe(false);
    // As a pool hands out a connection that was dead already.
    proxy.endNext(1);
    expect((await jane.query("select 1 as a")).body).toMatchObject({ rows: [{ a: 1 }] });
    proxy.endNext(1_000);
    expect(await jane.query("select 1")).toMatchObject({
      isError: true,
      text: expect.stringContaining("does not answer"),
    });

    proxy.endNext(0);

    await proxy.cut();
    expect(await jane.query("select 1")).toMatchObject({
      isError: true,
      text: expect.stringContaining("does not answer"),
    });
    await proxy.mend();
    expect((await jane.query("select 1")).isError).toBe(false);
    await expect
      .poll(async () => here.sql`select outcome from private.audit order by asked_at, id`, {
        timeout: 20_000,
      })
      .toEqual(["answered", "answered", "failed", "failed", "answered"].map((outcome) => ({ outcome })));
    await here[Symbol.asyncDispose]();
    stack = undefined;
    await database[Symbol.asyncDispose]();
  });
});
