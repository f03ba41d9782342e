import { afterEach, beforeEach, expect, inject, it, vi } from "vitest";
import { type CuttableProxy, startCuttableProxy } from "../setup/cuttable-proxy.ts";
import { type Stack, startStack } from "../setup/harness.ts";
import { LiveSocket } from "../setup/live-socket.ts";
import { figure, size } from "../setup/size.ts";

const VEHICLES = 12;
const STREAMS = 500;

let proxy: CuttableProxy;
let stack: Stack;

beforeEach(async () => {
  proxy = await startCuttableProxy(Number(new URL(inject("cluster").adminUrl).port));
  stack = await startStack({
    world: { vehicles: VEHICLES, seed: 61 },
    vars: { LIVE_RECONCILE_EVERY_S: "1" },
    databasePort: proxy.port,
  });
});
afterEach(async () => {
  await stack[Symbol.asyncDispose]();
  await proxy[Symbol.asyncDispose]();
});

/** Polls once and waits until the map shows it. */
async function fill(): Promise<void> {
  expect(await stack.tick("* * * * *")).toBe("ok");
  await stack.lastRun("live");
  await vi.waitFor(async () => expect(await stack.live()).toHaveLength(VEHICLES), 10_000);
}

const open = () => new LiveSocket(`${stack.url.replace("http", "ws")}/v1/live/stream`);

/** Asks the map, and how long that took. */
async function ask(path = "/v1/live") {
  const startedMs = performance.now();
  const response = await stack.fetch(path);
  const body = (await response.json()) as Record<string, unknown> & { features?: unknown[] };
  return { status: response.status, body, tookMs: performance.now() - startedMs, headers: response.headers };
}

it("says so while the database has never answered, and is there once it does", async () => {
  await proxy.cut();
  for (const path of ["/v1/live", "/v1/live?format=columns", "/v1/nearest?lat=0&lng=0"]) {
    const { status, body, headers, tookMs } = await ask(path);
    expect({ status, code: body.code }).toEqual({ status: 503, code: "live_map_unavailable" });
    expect(headers.get("retry-after")).toBe("5");
    expect(tookMs).toBeLessThan(16_000);
  }
  await proxy.mend();
  await vi.waitFor(async () => expect((await ask()).status).toBe(200), 10_000);
});

it("goes on while the database is away, says since when, and catches up", { timeout: 120_000 }, async () => {
  await fill();
  using client = await open().until(({ version }) => version !== null);
  const cutAt = Date.now();
  await proxy.cut();
  const [row] = await stack.sql`select imei from tracksolid.live_positions order by imei limit 1`;
  await stack.sql`update tracksolid.live_positions set lat = 9.5 where imei = ${row?.imei}`;
  for (let look = 0; look < 10; look++) {
    const { status, body, tookMs } = await ask();
    expect([status, body.features?.length]).toEqual([200, VEHICLES]);
    expect(tookMs).toBeLessThan(5_000);
  }
  await client.until(({ messages }) => messages.at(-1)?.behindSince != null, 60_000);
  const { body } = await ask();
  expect(Math.abs(Date.parse(body.behindSince as string) - cutAt)).toBeLessThan(5_000);
  expect((await ask("/v1/nearest?lat=0&lng=36")).body.behindSince).toBe(body.behindSince);

  // Another life of the map knows it too, from its own storage.
  await stack.evictLiveMap("hibernate");
  const again = await ask();
  expect([again.status, again.body.features?.length]).toEqual([200, VEHICLES]);
  await vi.waitFor(async () => expect((await ask()).body.behindSince).not.toBeNull(), 10_000);

  await proxy.mend();
  await vi.waitFor(async () => expect((await ask()).body.behindSince).toBeNull(), 15_000);
  await client.until(
    ({ picture, messages }) => picture.get(row?.imei)?.lat === 9.5 && messages.at(-1)?.behindSince === null,
  );
  expect(client.closed).toBeNull();
});

it("answers in time while the database is slow", async () => {
  await fill();
  // A snapshot is stored at once, the next one 5 s later, by alarms; the vehicles may have come in two batches.
  await new Promise((resolve) => setTimeout(resolve, 6_000));
  // Nobody has looked for a while: the map would rather be sure first, but not for ever. It is evicted before the lock is
  // taken: the eviction waits for whatever the map is reading, and nothing else goes on here meanwhile.
  await stack.evictLiveMap("close");
  const locked = Promise.withResolvers<void>();
  const held = stack.sql.begin(async (tx) => {
    await tx`lock table tracksolid.devices in access exclusive mode`;
    locked.resolve();
    await new Promise((resolve) => setTimeout(resolve, 5_000));
  });
  await locked.promise;
  const { status, body, tookMs } = await ask();
  expect([status, body.features?.length]).toEqual([200, VEHICLES]);
  expect(tookMs).toBeLessThan(4_000);
  await held;
  await vi.waitFor(async () => expect((await ask()).body.behindSince).toBeNull(), 10_000);
});

it("gets over a restart of the database, and over one without room for a connection", async () => {
  await fill();
  using client = await open().until(({ version }) => version !== null);
  const [{ name } = { name: "" }] = await stack.sql`select current_database() as name`;
  await stack.sql.unsafe(`alter database "${name}" connection limit 0`);
  await stack.sql`
    select pg_terminate_backend(pid) from pg_stat_activity where datname = ${name} and pid <> pg_backend_pid()`;
  await stack.sql`update tracksolid.live_positions set lng = 33.25`;
  for (let look = 0; look < 5; look++) expect((await ask()).status).toBe(200);
  await vi.waitFor(() => expect(stack.logs()).toContain("live_reconcile_failed"), 10_000);
  await stack.sql.unsafe(`alter database "${name}" connection limit -1`);
  await client.until(({ picture }) => [...picture.values()].every(({ lng }) => lng === 33.25));
});

it(`shows ${STREAMS} streams at once the same picture`, { timeout: 120_000 }, async () => {
  await fill();
  const clients = await Promise.all(
    Array.from({ length: STREAMS }, () => open().until(({ version }) => version !== null, 60_000)),
  );
  for (let move = 1; move <= 3; move++) {
    const movedAt = performance.now();
    await stack.sql`update tracksolid.live_positions set lat = ${move}`;
    await Promise.all(
      clients.map((client) =>
        client.until(({ picture }) => [...picture.values()].every(({ lat }) => lat === move), 30_000),
      ),
    );
    figure("streams", `${STREAMS} of them show a change after ${Math.round(performance.now() - movedAt)} ms`);
  }
  expect(clients.filter(({ closed }) => closed !== null)).toEqual([]);
  expect(new Set(clients.map(({ version }) => version)).size).toBe(1);
  expect((await ask()).tookMs).toBeLessThan(5_000);
  for (const client of clients) client.socket.close();
});

it("finds by itself what no hint told it, and takes a hint without asking", {
  timeout: size(60_000, 120_000),
}, async () => {
  await fill();
  // The poll's rows came by hint alone: the map was not watched, and did not ask again.
  const [vehicle] = await stack.world.vehicles();
  const patch = { gpsTime: { $fromNowS: -1 }, lat: -2.5, lng: 37.5 };
  await stack.world.override(vehicle?.imei ?? "", { patch, omitFromLocationList: false });
  using client = await open().until(({ version }) => version !== null);
  await stack.tick("* * * * *");
  await client.until(({ picture }) => picture.get(vehicle?.imei ?? "")?.lat === -2.5);
});
