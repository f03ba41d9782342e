import { createClient } from "tracksolid-edge/client";
import { afterAll, afterEach, beforeAll, expect, it, vi } from "vitest";
import { keyName } from "../../shared/access.ts";
import { type CuttableProxy, startCuttableProxy } from "../setup/cuttable-proxy.ts";
import { Follower } from "../setup/follower.ts";
import { type Stack, startStack } from "../setup/harness.ts";

let stack: Stack;
let network: CuttableProxy;
let key: string;
let imeis: string[];
let place = 0;

beforeAll(async () => {
  stack = await startStack({
    world: { vehicles: 12, seed: 61 },
    vars: { OPEN_READS: "", LIVE_RECONCILE_EVERY_S: "1" },
  });
  await stack.tick("* * * * *");
  await stack.lastRun("live");
  network = await startCuttableProxy(Number(new URL(stack.url).port));
  key = await stack.makeKey(["read"]);
  const rows = await stack.sql`select imei from tracksolid.live_positions where fix_at is not null`;
  imeis = rows.map(({ imei }) => String(imei));
});
afterAll(async () => {
  await network[Symbol.asyncDispose]();
  await stack[Symbol.asyncDispose]();
});
afterEach(() => {
  vi.restoreAllMocks();
});

const follow = (options: Partial<Parameters<typeof createClient>[0]> = {}) =>
  new Follower(createClient({ url: `http://127.0.0.1:${network.port}`, key, ...options }));

const streams = ({ state }: Follower) => state?.via === "stream" && state.error === null;

/** Moves a vehicle in the database and waits until the follower shows it there. */
async function move(follower: Follower): Promise<void> {
  place += 1;
  const [imei = ""] = imeis;
  const lat = -4 - place / 1000;
  await stack.sql`update tracksolid.live_positions set lat = ${lat} where imei = ${imei}`;
  await follower.until(({ following }) => following.vehicles.get(imei)?.lat === lat, 30_000);
}

it("holds what the live map says, and what changes", async () => {
  using follower = await follow().until(streams);
  const { features } = await createClient({ url: stack.url, key }).live();
  expect(follower.following.vehicles.size).toBe(12);
  for (const { id, geometry, properties } of features) {
    const {
      satellites: _,
      odometerKm: __,
      batteryPercent: ___,
      externalVoltageV: ____,
      ...facts
    } = properties;
    const [lng = null, lat = null] = geometry?.coordinates ?? [];
    expect(follower.following.vehicles.get(id)).toEqual({ ...facts, lng, lat });
  }
  expect(follower.changes).toHaveLength(1);
  expect(follower.changes[0]).toMatchObject({ reset: true, removed: [], behindSince: null });

  await move(follower);
  expect(follower.changes.at(-1)).toMatchObject({
    reset: false,
    vehicles: [{ imei: imeis[0] }],
    removed: [],
  });

  const gone = imeis[1] ?? "";
  await stack.sql`update tracksolid.devices set hidden_on_map = true where imei = ${gone}`;
  await follower.until(({ following }) => !following.vehicles.has(gone));
  expect(follower.changes.at(-1)?.removed).toEqual([gone]);
  await stack.sql`update tracksolid.devices set hidden_on_map = false where imei = ${gone}`;
  await follower.until(({ following }) => following.vehicles.has(gone));
  expect(follower.picture).toEqual(follower.following.vehicles);
});

it.each(["hibernate", "close"] as const)("goes on after the live map began anew (%s)", async (sockets) => {
  using follower = await follow().until(streams);
  await stack.evictLiveMap(sockets);
  await move(follower);
  await follower.until(streams);
  expect(follower.following.vehicles.size).toBe(12);
  expect(follower.picture).toEqual(follower.following.vehicles);
});

it("resumes after the network was away", async () => {
  using follower = await follow().until(streams);
  const seen = follower.changes.length;
  await network.cut();
  await follower.until(({ state }) => state?.error?.code === "no_connection");
  expect(follower.following.vehicles.size).toBe(12);
  await network.mend();
  await move(follower);
  await follower.until(streams);
  expect(follower.changes.slice(seen).map(({ reset, vehicles }) => [reset, vehicles.length])).toEqual([
    [false, 1],
  ]);
});

it("polls where there are no WebSockets", async () => {
  using follower = await follow({ WebSocket: null }).until(({ state }) => state?.via === "polling");
  const polls = follower.states.length;
  await move(follower);
  await follower.until(({ states }) => states.length > polls);
  expect(follower.changes.at(-1)).toMatchObject({ reset: false, vehicles: [{ imei: imeis[0] }] });
  expect(follower.picture).toEqual(follower.following.vehicles);
});

it("polls where WebSockets are blocked, and tries them again later", async () => {
  let opened = 0;
  let blocked = true;
  class Blockable extends WebSocket {
    constructor(url: string) {
      super(blocked ? "ws://127.0.0.1:1" : url);
      opened += 1;
    }
  }
  using follower = follow({ WebSocket: Blockable });
  await follower.until(() => opened === 3, 40_000);
  await move(follower);
  await follower.until(({ state }) => state?.via === "polling" && state.error === null);
  expect(opened).toBe(3);
  blocked = false;
  const realNowMs = Date.now;
  vi.spyOn(Date, "now").mockImplementation(() => realNowMs() + 5 * 60_000);
  await follower.until(streams);
});

it("stops when the key is revoked, and says why", async () => {
  const secret = await stack.makeKey(["read"]);
  using follower = await follow({ key: secret }).until(streams);
  const { KEYS } = await stack.bindings();
  await KEYS.delete(await keyName(secret));
  await network.cut();
  await network.mend();
  await follower.until(({ stopped }) => stopped !== null);
  expect(follower.stopped).toMatchObject({ code: "key_unknown", status: 401, isRefusal: true });
  expect(follower.following.vehicles.size).toBe(12);
});

it("stops when the stream says that the key expired", async () => {
  const secret = await stack.makeKey(["read"]);
  const { KEYS } = await stack.bindings();
  const name = await keyName(secret);
  const record = await KEYS.get<object>(name, "json");
  const expiresAt = new Date(Date.now() + 4_000).toISOString();
  await KEYS.put(name, JSON.stringify({ ...record, expiresAt }));
  using follower = await follow({ key: secret }).until(streams);
  await follower.until(({ stopped }) => stopped !== null);
  expect(follower.stopped).toMatchObject({ code: "key_gone", status: 401, isRefusal: true });
});

/** A line that lets nothing through any more and does not say so. */
class Deafable extends WebSocket {
  static deaf = false;

  constructor(url: string) {
    super(url);
    this.addEventListener("message", (event) => Deafable.deaf && event.stopImmediatePropagation());
  }

  override send(text: string): void {
    if (!Deafable.deaf) super.send(text);
  }
}

it("notices a line that fell silent", async () => {
  using follower = await follow({ WebSocket: Deafable }).until(streams);
  Deafable.deaf = true;
  const realNowMs = Date.now;
  const sinceMs = realNowMs();
  // Five times as fast: no jump as of a machine that slept.
  vi.spyOn(Date, "now").mockImplementation(() => sinceMs + 5 * (realNowMs() - sinceMs));
  const silent = ({ error }: { error: Error | null }) =>
    error?.message.includes("Nothing was heard") ?? false;
  await follower.until(({ states }) => states.some(silent), 30_000);
  Deafable.deaf = false;
  await follower.until(streams, 30_000);
});

it("notices a dead line after a sleep, and judges the statuses itself until it hears again", async () => {
  const [imei = ""] = imeis;
  await stack.sql`
    update tracksolid.live_positions
    set speed_kmh = 60, ignition = true, fix_at = now(), contact_at = now() where imei = ${imei}`;
  using follower = await follow({ WebSocket: Deafable }).until(
    (its) => streams(its) && its.following.vehicles.get(imei)?.status === "moving",
  );
  Deafable.deaf = true;
  const realNowMs = Date.now;
  vi.spyOn(Date, "now").mockImplementation(() => realNowMs() + 11 * 60_000);
  await follower.until(({ following }) => following.vehicles.get(imei)?.status === "unknown");
  await follower.until(({ states }) => states.some(({ error }) => error?.detail === "No answer to a ping."));
  // An answer to a question shows that the server's clock is another, and its word counts again.
  await follower.until(({ following }) => following.vehicles.get(imei)?.status === "moving", 30_000);
  Deafable.deaf = false;
  await follower.until(streams, 60_000);
  expect(follower.picture).toEqual(follower.following.vehicles);
});
