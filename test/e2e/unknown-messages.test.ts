import { expect, it } from "vitest";
import { decodeObject } from "../../workers/kept/kept-object.ts";
import { startStack } from "../setup/harness.ts";

it("keeps what a newer Worker sent, and writes what stands beside it", async () => {
  await using stack = await startStack({ world: { vehicles: 4, seed: 81 } });
  const { WRITES, BUCKET } = await stack.bindings();
  await WRITES.send({ v: 99, kind: "location", newer: "form" });
  await WRITES.send({ v: 1, kind: "weather", items: [{ rain: 3 }] });
  await WRITES.send("not even an object");
  expect(await stack.tick("* * * * *")).toBe("ok");
  await stack.lastRun("live");
  expect(await stack.live()).toHaveLength(4);

  const parked = async () =>
    (await BUCKET.list({ prefix: "parked/held/", include: ["customMetadata"] })).objects;
  await expect.poll(async () => (await parked()).length, { timeout: 10_000 }).toBe(3);
  const reasons = (await parked()).map(({ customMetadata }) => customMetadata?.reason).sort();
  const bodies = await Promise.all(
    (await parked()).map(async ({ key }) => {
      const object = await BUCKET.get(key);
      return decodeObject(object ? await object.arrayBuffer() : new ArrayBuffer(0));
    }),
  );
  expect(reasons).toEqual(["unknown_kind", "unknown_version", "unreadable_message"]);
  expect(bodies.flat()).toContain('{"v":1,"kind":"weather","items":[{"rain":3}]}');
});
