import { afterAll, beforeAll, expect, it } from "vitest";
import { PUSH_TOKEN, type Stack, startStack } from "../setup/harness.ts";
import { LiveSocket } from "../setup/live-socket.ts";
import { crawl, upgrade } from "../setup/upgrade.ts";

const VEHICLES = 12;

let stack: Stack;
beforeAll(async () => {
  stack = await startStack({
    world: { vehicles: VEHICLES, seed: 61 },
    vars: { LIVE_RECONCILE_EVERY_S: "1", OPEN_READS: "" },
  });
  expect(await stack.tick("* * * * *")).toBe("ok");
  await stack.lastRun("live");
});
afterAll(() => stack[Symbol.asyncDispose]());

/** The URL that the Worker gives to the holder of a key. */
async function streamUrl(key: string): Promise<string> {
  const response = await stack.fetch("/v1/live/stream-url", { headers: { authorization: `Bearer ${key}` } });
  expect(response.status).toBe(200);
  expect(response.headers.get("cache-control")).toBe("no-store");
  const { url } = (await response.json()) as { url: string };
  expect(url).toMatch(/^ws:\/\/.*\/v1\/live\/stream\?ticket=/);
  return stack.url.replace("http", "ws") + new URL(url).pathname + new URL(url).search;
}

async function open({ since = "", acknowledges = true } = {}): Promise<LiveSocket> {
  const url = await streamUrl(await stack.makeKey(["read"]));
  return new LiveSocket(since ? `${url}&since=${since}` : url, acknowledges);
}

/** Pushes an alarm as the vendor does, and waits until it is written. */
async function pushAlarm(imei: string, second: string): Promise<void> {
  const alarmTime = `2026-01-15 08:15:${second}`;
  const msg = { alertType: 48, alarmTime, lng: 36.8, lat: -1.3 };
  const item = { type: "DEVICE", msgClass: 0, imei, gateTime: alarmTime, msg };
  const body = JSON.stringify({ token: PUSH_TOKEN, data_list: [item] });
  const { headers } = await stack.fetch("/pushalarm", { method: "POST", body });
  const written = () => stack.sql`select from private.receipts where receipt = ${headers.get("x-receipt")}`;
  await expect.poll(written).toHaveLength(1);
}

let latitude = 10;

/** Moves a vehicle behind the live map's back. @returns Where it then is. */
async function move(imei: string): Promise<number> {
  latitude += 0.001;
  await stack.sql`update tracksolid.live_positions set lat = ${latitude} where imei = ${imei}`;
  return latitude;
}

const anImei = (client: LiveSocket) => [...client.picture.keys()][0] ?? "";

it("gives a snapshot, then what changes", async () => {
  using client = await (await open()).until(({ version }) => version !== null);
  expect(client.picture.size).toBe(VEHICLES);
  expect(client.messages[0]).toMatchObject({ type: "changes", reset: true, behindSince: null });
  const imei = anImei(client);
  const before = client.messages.length;
  const lat = await move(imei);
  await client.until(({ picture }) => picture.get(imei)?.lat === lat);
  const message = client.messages[before];
  expect(message).toMatchObject({ type: "changes", reset: false, removed: [] });
  expect(message?.positions.imei).toEqual([imei]);
  expect(message?.registry.imei).toEqual([]);
});

it("tells of a vehicle that goes online, is renamed, hidden, and deleted", async () => {
  using client = await (await open()).until(({ version }) => version !== null);
  const [one = "", two = ""] = client.picture.keys();
  const online = !client.picture.get(one)?.online;
  await stack.sql`update tracksolid.live_positions set online = ${online} where imei = ${one}`;
  await client.until(({ picture }) => picture.get(one)?.online === online);
  await stack.sql`update tracksolid.devices set driver_name = 'O''Neil "Zoë"' where imei = ${one}`;
  await client.until(({ picture }) => picture.get(one)?.driver === `O'Neil "Zoë"`);
  await stack.sql`update tracksolid.devices set hidden_on_map = true where imei = ${one}`;
  await client.until(({ picture }) => !picture.has(one));
  await stack.sql`update tracksolid.devices set hidden_on_map = false where imei = ${one}`;
  await client.until(({ picture }) => picture.get(one)?.driver === `O'Neil "Zoë"`);
  const [kept] = await stack.sql`delete from tracksolid.devices where imei = ${two} returning *`;
  await client.until(({ picture }) => !picture.has(two));
  await stack.sql`insert into tracksolid.devices ${stack.sql(kept ?? {})}`;
  await client.until(({ picture }) => picture.has(two));
});

it("resumes after a drop with what was missed, and nothing else", async () => {
  const first = await (await open()).until(({ version }) => version !== null);
  const imei = anImei(first);
  first.socket.close();
  const lat = await move(imei);
  using second = await open({ since: first.version ?? "" });
  await second.until(({ picture }) => picture.get(imei)?.lat === lat);
  expect(second.messages.every(({ reset }) => !reset)).toBe(true);
  expect([...second.picture.keys()]).toEqual([imei]);
});

it.each([
  "x",
  "0",
  "000000000000.1",
  "%00",
  "9".repeat(99),
  "{boot}.0",
  "{boot}.999999",
  "{boot}.1.1",
  "{boot}.-1",
])("begins anew for who claims to hold %s", async (claim) => {
  using now = await (await open()).until(({ version }) => version !== null);
  const since = claim.replace("{boot}", now.version?.split(".")[0] ?? "");
  using client = await (await open({ since })).until(({ version }) => version !== null);
  expect(client.messages[0]?.reset).toBe(true);
  expect(client.picture.size).toBe(VEHICLES);
});

it("sleeps and goes on where it was", async () => {
  using client = await (await open()).until(({ version }) => version !== null);
  const imei = anImei(client);
  // The snapshot is stored five seconds after a change: until then another life cannot go on with its versions.
  await new Promise((resolve) => setTimeout(resolve, 6_000));
  const resets = client.messages.filter(({ reset }) => reset).length;
  await stack.evictLiveMap("hibernate");
  const lat = await move(imei);
  await client.until(({ picture }) => picture.get(imei)?.lat === lat);
  expect(client.closed).toBeNull();
  expect(client.messages.filter(({ reset }) => reset).length).toBe(resets);
});

it("begins anew where a life ended with versions that were not stored", async () => {
  using client = await (await open()).until(({ version }) => version !== null);
  const imei = anImei(client);
  const before = await move(imei);
  await client.until(({ picture }) => picture.get(imei)?.lat === before);
  const boot = client.version?.split(".")[0];
  await stack.evictLiveMap("hibernate");
  const lat = await move(imei);
  await client.until(({ picture }) => picture.get(imei)?.lat === lat);
  expect(client.version?.split(".")[0]).not.toBe(boot);
  expect(client.picture.size).toBe(VEHICLES);
});

it("survives a deploy: closed streams resume", async () => {
  const first = await (await open()).until(({ version }) => version !== null);
  await stack.evictLiveMap("close");
  await first.until(({ closed }) => closed !== null);
  using second = await open({ since: first.version ?? "" });
  const imei = anImei(first);
  const lat = await move(imei);
  await second.until(({ picture }) => picture.get(imei)?.lat === lat);
});

it("gives who is slow fewer and fuller messages", async () => {
  using slow = await open({ acknowledges: false });
  using quick = await (await open()).until(({ version }) => version !== null);
  const [one = "", two = ""] = quick.picture.keys();
  await slow.until(({ messages }) => messages.length === 1);
  await move(one);
  const lat = await move(two);
  await quick.until(({ picture }) => picture.get(two)?.lat === lat);
  const last = await move(one);
  await quick.until(({ picture }) => picture.get(one)?.lat === last);
  expect(slow.messages).toHaveLength(1);
  slow.ack();
  await slow.until(({ picture }) => picture.get(one)?.lat === last);
  expect(slow.messages).toHaveLength(2);
  expect(slow.messages[1]?.positions.imei.sort()).toEqual([one, two].sort());
  slow.ack();
  // An acknowledgement too many asks for nothing.
  slow.ack();
  await new Promise((resolve) => setTimeout(resolve, 500));
  expect(slow.messages).toHaveLength(2);
});

it("says that alarms came, to who is slow once for all, and nothing of those that were known", async () => {
  using slow = await open({ acknowledges: false });
  using quick = await (await open()).until(({ version }) => version !== null);
  await slow.until(({ messages }) => messages.length === 1);
  const told = ({ messages }: LiveSocket) => messages.filter(({ type }) => type === "alarms").length;
  await pushAlarm(anImei(quick), "02");
  await quick.until((client) => told(client) === 1);
  await pushAlarm(anImei(quick), "03");
  await quick.until((client) => told(client) === 2);
  await pushAlarm(anImei(quick), "03");
  slow.ack();
  await slow.until((client) => told(client) === 1);
  slow.ack();
  using late = await (await open()).until(({ version }) => version !== null);
  expect([slow, quick, late].map(told)).toEqual([1, 2, 0]);
});

it("answers ping, and closes on anything else", async () => {
  using client = await (await open()).until(({ version }) => version !== null);
  const pong = new Promise((resolve) =>
    client.socket.addEventListener("message", ({ data }) => resolve(data), { once: true }),
  );
  client.socket.send("ping");
  expect(await pong).toBe("pong");
  client.socket.send("x".repeat(100_000));
  await client.until(({ closed }) => closed !== null);
  expect(client.closed?.code).toBe(1008);
});

it("closes when its key expires", async () => {
  const key = await stack.makeKey(["read"], new Date(Date.now() + 4_000).toISOString());
  using client = new LiveSocket(await streamUrl(key));
  await client.until(({ closed }) => closed !== null, 20_000);
  expect(client.closed).toMatchObject({
    code: 4401,
    reason: expect.stringContaining("expired or was revoked"),
  });
  expect(client.picture.size).toBe(VEHICLES);
});

it("closes when its key is revoked or it takes no messages for a minute, and goes on for the others", async () => {
  const key = await stack.makeKey(["read"]);
  using revoked = await new LiveSocket(await streamUrl(key)).until(({ version }) => version !== null);
  using stuck = await (await open({ acknowledges: false })).until(({ messages }) => messages.length === 1);
  using other = await (await open()).until(({ version }) => version !== null);
  const crawler = await crawl(await streamUrl(await stack.makeKey(["read"])));
  await stack.revokeKey(key);
  await revoked.until(({ closed }) => closed !== null, 150_000);
  expect(revoked.closed?.code).toBe(4401);
  // The closing handshake of a local socket that never sent anything does not end; that it began is seen.
  await stuck.until(({ socket }) => socket.readyState !== WebSocket.OPEN, 90_000);
  const admin = { authorization: `Bearer ${await stack.makeKey(["admin"])}` };
  const figures = async () => (await stack.fetch("/metrics", { headers: admin })).text();
  await expect.poll(figures, { timeout: 90_000 }).toContain("\ntracksolid_live_map_streams 1\n");
  crawler.destroy();
  expect(other.closed).toBeNull();
  expect(other.messages.some(({ type }) => type === "still")).toBe(true);
  const imei = anImei(other);
  const lat = await move(imei);
  await other.until(({ picture }) => picture.get(imei)?.lat === lat);
}, 240_000);

it("opens for a key in the header, or for a ticket, and for nothing else", async () => {
  const at = (query: string, headers: Record<string, string> = {}) =>
    upgrade(`${stack.url}/v1/live/stream${query}`, headers);
  const key = await stack.makeKey(["read"]);
  expect(await at("", { authorization: `Bearer ${key}` })).toMatchObject({ status: 101 });
  expect(await at("")).toMatchObject({ status: 401, code: "key_required" });
  expect(await at("", { authorization: "Bearer sk_x" })).toMatchObject({ status: 401, code: "key_unknown" });
  const url = new URL(await streamUrl(key));
  const ticket = url.searchParams.get("ticket") ?? "";
  expect(await at(`?ticket=${ticket}`)).toMatchObject({ status: 101 });
  for (const broken of [
    "",
    "x",
    ".",
    "a.b",
    ticket.slice(0, -2),
    `${ticket}.x`,
    `x${ticket}`,
    "%00",
    "é",
    ticket.replace(".", ".."),
  ]) {
    expect(await at(`?ticket=${broken}`)).toMatchObject({ status: 401, code: "ticket_invalid" });
  }
  expect(await at(`?ticket=${"x".repeat(3_000)}`)).toMatchObject({ status: 400, code: "invalid_request" });
});

it("says what is missing where no WebSocket was asked for", async () => {
  const authorization = `Bearer ${await stack.makeKey(["read"])}`;
  const response = await stack.fetch("/v1/live/stream", { headers: { authorization } });
  expect(response.status).toBe(426);
  expect(await response.json()).toMatchObject({ code: "upgrade_required" });
});
