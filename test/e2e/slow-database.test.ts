import { setTimeout as sleep } from "node:timers/promises";
import { expect, it } from "vitest";
import { type Stack, startStack } from "../setup/harness.ts";

/** Holds up whoever reads the registry while something is done. */
async function whileLocked(stack: Stack, something: () => Promise<void>): Promise<void> {
  await stack.sql.begin(async (tx) => {
    await tx`lock table tracksolid.devices in access exclusive mode`;
    await something();
  });
}

it("logs a slow statement with the planner's cost, and no other", async () => {
  await using stack = await startStack({ world: { vehicles: 2 } });
  expect((await stack.fetch("/v1/vehicles")).status).toBe(200);
  let waiting: Promise<Response> | undefined;
  await whileLocked(stack, async () => {
    waiting = stack.fetch("/v1/vehicles?limit=7&q=x");
    // From then on it waits, however long it took to get there.
    await expect
      .poll(
        () =>
          stack.sql`select from pg_stat_activity where usename = 'dashboard_ro' and wait_event_type = 'Lock'`,
      )
      .toHaveLength(1);
    await sleep(900);
  });
  const response = await waiting;
  expect(response?.status).toBe(200);
  await expect.poll(() => stack.lines("slow_query").length).toBe(1);
  const [line = ""] = stack.lines("slow_query");
  expect(line).toContain(`requestId: '${response?.headers.get("x-request-id")}'`);
  expect(line).toContain("route: '/v1/vehicles'");
  expect(Number(/durationMs: (\d+)/.exec(line)?.[1])).toBeGreaterThan(800);
  expect(line).toMatch(/planCost: [\d.]+,\n {2}planRows: \d+,\n {2}error: null/);
});

it("answers a scrape while the database hangs", async () => {
  await using stack = await startStack({ world: { vehicles: 2 } });
  const headers = { authorization: `Bearer ${await stack.makeKey(["admin"])}` };
  let text = "";
  let tookMs = 0;
  await whileLocked(stack, async () => {
    const startedAt = Date.now();
    const response = await stack.fetch("/metrics", { headers });
    expect(response.status).toBe(200);
    text = await response.text();
    tookMs = Date.now() - startedAt;
  });
  expect(tookMs).toBeLessThan(3_000);
  expect(text).toContain('tracksolid_up{part="database"} 0');
  expect(text).toContain('tracksolid_up{part="queue"} 1');
  expect(text).toContain('tracksolid_up{part="vendor_session"} 1');
  expect(text).not.toContain("tracksolid_devices");
  expect(await (await stack.fetch("/metrics", { headers })).text()).toContain(
    'tracksolid_up{part="database"} 1',
  );
});
