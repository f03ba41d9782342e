import { afterAll, beforeAll, beforeEach, expect, it } from "vitest";
import { type Stack, startStack } from "../setup/harness.ts";

const LIVE = "* * * * *";
const METHOD = "jimi.user.device.location.list";

let stack: Stack;
let runs = 0;

beforeAll(async () => {
  stack = await startStack({ world: { vehicles: 9, seed: 21 } });
});
afterAll(async () => {
  await stack[Symbol.asyncDispose]();
});
beforeEach(() => stack.world.clearFaults());

/** Ticks the live poll and waits for its row in the log. */
async function poll() {
  const outcome = await stack.tick(LIVE);
  runs += 1;
  return { outcome, run: await stack.lastRun("live", runs) };
}

it.each(["html", "http500", "http502html", "reset", "truncated-json", "busy", "token-expired", "token"])(
  "gets over one answer of %s within the tick",
  async (kind) => {
    await stack.world.addFault({ kind, method: METHOD, times: 1 });
    const { outcome, run } = await poll();
    expect(outcome).toBe("ok");
    expect(run).toMatchObject({ success: true, rows_received: 9, error: null });
    // A refused token is refused to all three accounts that are under way.
    expect(run.api_calls).toBeGreaterThan(3);
    expect(run.api_calls).toBeLessThanOrEqual(6);
  },
);

it("gets over a vendor that does not answer", async () => {
  await stack.world.addFault({ kind: "timeout", method: METHOD, times: 1 });
  const { outcome, run } = await poll();
  expect(outcome).toBe("ok");
  expect(run).toMatchObject({ success: true, rows_received: 9, api_calls: 4 });
});

it.each(["code-as-text", "null-result", "missing-result", "empty-result"])(
  "reads an answer with %s",
  async (kind) => {
    await stack.world.addFault({ kind, method: METHOD });
    const { outcome, run } = await poll();
    expect(outcome).toBe("ok");
    const rows = kind === "code-as-text" ? 9 : 0;
    expect(run).toMatchObject({ success: true, rows_received: rows, vehicles_left_out: 9 - rows });
  },
);

it("fails the tick when one account fails, and still brings the others", async () => {
  const [broken] = stack.world.info.accounts;
  await stack.world.addFault({ kind: "http500", method: METHOD, account: broken });
  const { outcome, run } = await poll();
  expect(outcome).toBe("exception");
  expect(run).toMatchObject({ success: false, error_code: "unreadable" });
  expect(run.error).toContain(broken);
  expect(run.rows_received).toBeGreaterThan(0);
  const health = await stack.fetch("/health/ingest");
  expect(health.status).toBe(503);
  expect(await health.json()).toMatchObject({
    jobs: expect.arrayContaining([expect.objectContaining({ job: "live", status: "failing" })]),
  });

  await stack.world.clearFaults();
  expect((await poll()).outcome).toBe("ok");
});

it("stops calling a method that answered 1006, and says so, while other methods go on", async () => {
  await stack.world.addFault({ kind: "frequency", method: METHOD });
  const first = await poll();
  expect(first.outcome).toBe("exception");
  expect(first.run).toMatchObject({ success: false, error_code: "too_frequent" });
  await stack.world.clearFaults();
  const second = await poll();
  expect(second.run).toMatchObject({ success: false, error_code: "postponed", api_calls: 0 });
  expect(await stack.tick("7 * * * *")).toBe("ok");
});

it("leaves a method alone for an hour when the day's quota is used up", async () => {
  const detail = "jimi.user.device.list";
  await stack.world.addFault({ kind: "quota", method: detail });
  expect(await stack.tick("7 * * * *")).toBe("exception");
  expect(await stack.lastRun("devices", 2)).toMatchObject({ error_code: "quota" });
  await stack.world.clearFaults();
  await stack.world.clearCalls();
  expect(await stack.tick("7 * * * *")).toBe("exception");
  expect(await stack.lastRun("devices", 3)).toMatchObject({ error_code: "postponed" });
  expect(await stack.world.calls(detail)).toHaveLength(0);
});

it("never writes a token into its log", async () => {
  // The simulator's tokens are the only 32 hexadecimal digits about.
  expect(stack.logs()).toContain("vendor_token");
  expect(stack.logs()).not.toMatch(/\b[0-9a-f]{32}\b/);
});
