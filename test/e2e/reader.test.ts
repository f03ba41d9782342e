import { expect, it } from "vitest";
import { startStack } from "../setup/harness.ts";

const READER = { DATABASE_MODE: "reader", TRACKSOLID_TARGETS: "" };

it("only reads: what is in the database is served, and nothing is polled, pushed, consumed or written", async () => {
  await using owner = await startStack({ world: { vehicles: 3 } });
  expect(await owner.tick("* * * * *")).toBe("ok");
  await expect.poll(async () => (await owner.live()).length, { timeout: 60_000 }).toBe(3);

  const { sql, adminUrl: url } = owner;
  const stays = { sql, url, [Symbol.asyncDispose]: async () => {} };
  await using reader = await startStack({ world: owner.world, database: stays, vars: READER });
  expect((await reader.live()).map(({ id }) => id).sort()).toEqual(
    (await owner.live()).map(({ id }) => id).sort(),
  );

  const calls = (await owner.world.calls()).length;
  const told = async () =>
    await sql`select (select count(*) from tracksolid.ingestion_log) as runs, (select count(*) from private.receipts) as receipts`;
  await expect.poll(async () => (await owner.lastRun("derive")).success, { timeout: 60_000 }).toBe(true);
  const before = await told();
  for (const cron of ["* * * * *", "*/5 * * * *", "7 * * * *"]) expect(await reader.tick(cron)).toBe("ok");
  expect((await owner.world.calls()).length).toBe(calls);
  expect(await told()).toEqual(before);
  expect(reader.lines("tick_not_here")).toHaveLength(3);

  const health = await reader.fetch("/health");
  expect(await health.json()).toMatchObject({ status: "ok", mode: "reader" });
  const ingest = await reader.fetch("/health/ingest");
  expect(ingest.status).toBe(501);
  expect(await ingest.json()).toMatchObject({ code: "not_here" });

  for (const method of ["GET", "POST"]) {
    const body = method === "POST" ? "msgType=jimi.push.device.gps&data=[]" : undefined;
    const push = await reader.fetch("/pushgps", { method, ...(body && { body }) });
    expect(push.status).toBe(503);
    expect(await push.json()).toMatchObject({ msg: "not here: this environment only reads" });
  }

  const key = await reader.makeKey(["read", "admin", "tickets:write"]);
  const authorization = `Bearer ${key}`;
  for (const [method, path] of [
    ["GET", "/v1/jobs"],
    ["GET", "/v1/ledger"],
    ["POST", "/v1/jobs/trips/runs"],
    ["POST", "/v1/vehicles/860000000000001/refresh"],
    ["GET", "/v1/vendor/devices"],
    ["POST", "/v1/tickets/inc"],
  ] as const) {
    const response = await reader.fetch(path, { method, headers: { authorization } });
    expect([path, response.status, ((await response.json()) as { code: string }).code]).toEqual([
      path,
      501,
      "not_here",
    ]);
  }
  const metrics = await (await reader.fetch("/metrics", { headers: { authorization } })).text();
  expect(metrics).toContain('tracksolid_up{part="database"} 1');
  expect(metrics).not.toContain("vendor_session");
});

it("keeps what a queue brings that it should not consume", async () => {
  await using reader = await startStack({ world: { vehicles: 1 }, vars: READER });
  const { WRITES } = await reader.bindings();
  await WRITES.send("anything");
  await expect.poll(() => reader.logs(), { timeout: 30_000 }).toContain("A reader consumes no queue");
  const rows = await reader.sql`select from private.rejected_items`;
  expect(rows).toHaveLength(0);
});

it("does not start as a reader with a host for pushes, nor as something else", async () => {
  await using pushed = await startStack({
    world: { vehicles: 1 },
    vars: { ...READER, PUSH_HOSTS: "push.example.com" },
  });
  expect((await pushed.fetch("/health")).status).toBe(500);
  expect(pushed.logs()).toContain("pushes go to the environment that owns the database");
  await using unknown = await startStack({ world: { vehicles: 1 }, vars: { DATABASE_MODE: "read" } });
  expect((await unknown.fetch("/health")).status).toBe(500);
  expect(await unknown.tick("* * * * *")).toBe("exception");
  expect(unknown.logs()).toContain("DATABASE_MODE must be owner or reader");
});
