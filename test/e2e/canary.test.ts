import { expect, it } from "vitest";
import { CANARY_IMEI } from "../../workers/canary/imei.ts";
import { type Stack, startStack } from "../setup/harness.ts";

const MINUTE = "* * * * *";

interface Slo {
  minutes: number;
  good: number;
  availability: number | null;
  doorToMap: { p50S: number | null };
  newest: { at: string; doorS: number | null; mapS: number | null } | null;
}

const askSlo = async (stack: Stack, month = ""): Promise<Slo> => {
  const response = await stack.fetch(`/v1/slo${month}`);
  expect(response.status).toBe(200);
  return (await response.json()) as Slo;
};

it("goes through the push door to the map, and is in no report", async () => {
  await using stack = await startStack({ world: { vehicles: 3 }, vars: { CANARY: "on" } });
  const { sql } = stack;
  expect(await askSlo(stack)).toMatchObject({ minutes: 0, good: 0, availability: null, newest: null });
  expect(await stack.tick(MINUTE)).toBe("ok");
  expect(await stack.lastRun("canary")).toMatchObject({ success: true });

  const [run] = await sql`select taken_ms, mapped_ms from reporting.canary_runs`;
  expect(run?.mapped_ms).toBeGreaterThan(run?.taken_ms as number);
  const [receipt] = await sql`
    select r.source, r.kind, r.items, r.written from private.receipts r where r.kind = 'pushgps'`;
  expect(receipt).toEqual({ source: "push", kind: "pushgps", items: 1, written: 1 });
  const [fix] = await sql`select imei, source from tracksolid.position_history where imei = ${CANARY_IMEI}`;
  expect(fix).toEqual({ imei: CANARY_IMEI, source: "push" });

  // As if it had run an hour ago for the first time.
  await sql`
    insert into reporting.canary_runs
    select date_trunc('minute', now()) - make_interval(mins => m), 20, case m when 50 then 45000 when 40 then null else 1000 * m end, 'x'
    from unnest(array[60, 50, 40, 2]) m`;
  const slo = await askSlo(stack);
  const [{ since }] = (await sql`
    select extract(epoch from date_trunc('minute', now()) - greatest(date_trunc('month', now() at time zone 'UTC') at time zone 'UTC',
      date_trunc('minute', now()) - interval '1 hour')) / 60 as since`) as unknown as [{ since: string }];
  // A month may have begun within the hour.
  expect(Math.abs(slo.minutes - (Number(since) - 1))).toBeLessThanOrEqual(1);
  if (Number(since) === 60)
    expect(slo).toMatchObject({ good: 1, availability: expect.closeTo(1 / slo.minutes, 3) });
  expect(await askSlo(stack, "?month=2026-01")).toMatchObject({ minutes: 0, availability: null });
  expect((await stack.fetch("/v1/slo?month=2026-13")).status).toBe(400);

  await stack.lastRun("derive");
  // What is derived of it comes with the next run.
  expect(await stack.tick(MINUTE)).toBe("ok");
  expect(await views(stack)).toEqual([]);
  expect(await answers(stack)).toEqual([]);
});

it("fails its run when its push cannot be sent, or does not come to the map", async () => {
  await using closed = await startStack({
    world: { vehicles: 1 },
    vars: { CANARY: "on" },
    secrets: { PUSH_TOKENS: "short" },
  });
  expect(await closed.tick(MINUTE)).toBe("exception");
  expect(await closed.lastRun("canary")).toMatchObject({ success: false, error_code: "misconfigured" });

  await using stack = await startStack({ world: { vehicles: 1 }, vars: { CANARY: "on" } });
  // What has to be written first waits for as long as the run waits for it.
  const held = await stack.sql.reserve();
  await held`begin`;
  await held`lock table tracksolid.position_history in exclusive mode`;
  expect(await stack.tick(MINUTE)).toBe("exception");
  await held`rollback`;
  held.release();
  expect(await stack.lastRun("canary")).toMatchObject({ success: false, error_code: "unmapped" });
  const [run] = await stack.sql`select taken_ms, mapped_ms from reporting.canary_runs`;
  expect(run).toEqual({ taken_ms: expect.any(Number), mapped_ms: null });
});

it("rests where it is off", async () => {
  await using stack = await startStack({ world: { vehicles: 1 } });
  expect(await stack.tick(MINUTE)).toBe("ok");
  await stack.lastRun("live");
  expect(await stack.sql`select from tracksolid.devices where kind = 'canary'`).toHaveLength(0);
});

/** Views of the read layer that tell of the canary. */
async function views({ sql }: Stack): Promise<string[]> {
  const names = await sql<{ name: string }[]>`
    select format('%I.%I', schemaname, viewname) as name from pg_views
    where schemaname in ('reporting', 'tracksolid') order by 1`;
  expect(names.length).toBeGreaterThan(20);
  const telling: string[] = [];
  for (const { name } of names) {
    const [row] = await sql.unsafe(
      `select exists (select from ${name} v where to_jsonb(v)::text ~ '${CANARY_IMEI}|Canary') as tells`,
    );
    if (row?.tells) telling.push(name);
  }
  return telling;
}

/** Answers of the read API that tell of it. */
async function answers(stack: Stack): Promise<string[]> {
  const { paths } = (await (await stack.fetch("/openapi.json")).json()) as {
    paths: Record<string, { get?: { parameters?: { name: string; in: string; required?: boolean }[] } }>;
  };
  const to = new Date(Date.now() + 60_000).toISOString();
  const from = new Date(Date.now() - 20 * 3_600_000).toISOString();
  const values: Record<string, string> = { from, to, lat: "-1.29", lng: "36.82", imei: CANARY_IMEI };
  const telling: string[] = [];
  let told = 0;
  for (const [path, { get }] of Object.entries(paths)) {
    // Health shows no device, and who names one by its IMEI is told of it, whatever it is.
    if (
      get === undefined ||
      path.startsWith("/health") ||
      path === "/metrics" ||
      path === "/v1/vehicles/{imei}"
    )
      continue;
    const url = new URL(path.replace("{imei}", CANARY_IMEI), "http://x");
    for (const { name, in: where, required } of get.parameters ?? []) {
      if (where === "query" && (required || name === "from" || name === "to")) {
        const value = path.startsWith("/v1/analytics") ? values[name]?.slice(0, 10) : values[name];
        url.searchParams.set(name, value ?? "1");
      }
    }
    const response = await stack.fetch(url.pathname + url.search);
    const text = await response.text();
    if (response.status === 200) told += 1;
    // What was asked for may stand in the complaint that it is nothing.
    if (response.status === 200 && /990000000000001|Canary/.test(text) && !path.startsWith("/openapi")) {
      telling.push(`${path}: ${text.slice(0, 200)}`);
    }
  }
  expect(told).toBeGreaterThan(15);
  return telling;
}
