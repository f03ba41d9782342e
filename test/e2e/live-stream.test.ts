import { afterAll, beforeAll, expect, it } from "vitest";
import { type Stack, startStack } from "../setup/harness.ts";
import { LiveSocket } from "../setup/live-socket.ts";

let stack: Stack;
beforeAll(async () => {
  stack = await startStack({ world: { vehicles: 12, seed: 61 }, vars: { LIVE_RECONCILE_EVERY_S: "1" } });
  expect(await stack.tick("* * * * *")).toBe("ok");
  await stack.lastRun("live");
});
afterAll(() => stack[Symbol.asyncDispose]());

const open = (query = "", acknowledges = true) =>
  new LiveSocket(`${stack.url.replace("http", "ws")}/v1/live/stream${query}`, acknowledges);

it("gives a snapshot, then what changes", async () => {
  using client = await open().until(({ version }) => version !== null);
  const shown = await stack.live();
  expect([...client.picture.keys()].sort()).toEqual(shown.map(({ id }) => id).sort());
  expect(client.messages[0]).toMatchObject({ type: "changes", reset: true, behindSince: null });
  const [imei = ""] = client.picture.keys();
  const before = client.messages.length;
  await stack.sql`update tracksolid.live_positions set lat = -4.05, lng = 39.66 where imei = ${imei}`;
  await client.until(({ picture }) => picture.get(imei)?.lat === -4.05);
  const message = client.messages[before];
  expect(message).toMatchObject({ type: "changes", reset: false, removed: [] });
  expect(message?.positions.imei).toEqual([imei]);
  expect(message?.registry.imei).toEqual([]);
});
