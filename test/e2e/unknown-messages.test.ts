import { expect, it } from "vitest";
import { startStack } from "../setup/harness.ts";

it("keeps what a newer Worker sent, and writes what stands beside it", async () => {
  await using stack = await startStack({ world: { vehicles: 4, seed: 81 } });
  const { WRITES, BUCKET } = await stack.bindings();
  await WRITES.send({ v: 99, kind: "location", newer: "form" });
  await WRITES.send({ v: 1, kind: "obd", items: [{ rpm: 1800 }] });
  await WRITES.send("not even an object");
  expect(await stack.tick("* * * * *")).toBe("ok");
  await stack.lastRun("live");
  expect(await stack.live()).toHaveLength(4);

  const parked = async () => (await BUCKET.list({ prefix: "parked/" })).objects;
  await expect.poll(async () => (await parked()).length, { timeout: 10_000 }).toBe(3);
  const bodies = await Promise.all((await parked()).map(async ({ key }) => (await BUCKET.get(key))?.json()));
  const reasons = bodies.map((body) => (body as { reason: string }).reason).sort();
  expect(reasons).toEqual(["unknown_kind", "unknown_version", "unreadable_message"]);
  expect(JSON.stringify(bodies)).toContain("1800");
});
