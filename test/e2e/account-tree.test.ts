import { gunzipSync } from "node:zlib";
import { expect, it } from "vitest";
import { type Stack, startStack } from "../setup/harness.ts";

const DEVICES = "7 * * * *";
const METHOD = "jimi.user.child.list";

/** Everything in the archive, as text. */
async function archived(stack: Stack): Promise<string> {
  const { BUCKET } = await stack.bindings();
  const { objects } = await BUCKET.list({ prefix: "raw/" });
  const texts = objects.map(async ({ key }) => {
    const object = await BUCKET.get(key);
    return gunzipSync(new Uint8Array((await object?.arrayBuffer()) ?? [])).toString();
  });
  return (await Promise.all(texts)).join("");
}

it("reports accounts that exist and are not polled, and keeps nothing personal of them", async () => {
  await using stack = await startStack({
    world: { vehicles: 6, seed: 45, accounts: ["fleet", "fleet/west", "west/depot"] },
    vars: { TRACKSOLID_TARGETS: "fleet" },
  });
  const accounts = () =>
    stack.sql`select account, parent, name, type, enabled from tracksolid.accounts order by account`;

  expect(await stack.tick(DEVICES)).toBe("ok");
  await stack.lastRun("devices");
  await expect.poll(accounts).toEqual([
    { account: "depot", parent: "west", name: "depot", type: 9, enabled: true },
    { account: "west", parent: "fleet", name: "west", type: 9, enabled: true },
  ]);
  expect(stack.lines("account_not_polled")).toEqual([expect.stringContaining("names: 'west,depot'")]);
  const groups = () =>
    stack.sql`select group_id, account, name from tracksolid.device_groups order by group_id limit 1`;
  await expect.poll(groups).toEqual([{ group_id: "0".repeat(32), account: "fleet", name: "Default group" }]);
  // They are listed, and no more.
  const lists = await stack.world.calls("jimi.user.device.list");
  expect(lists.map(({ target }) => target)).toEqual(["fleet"]);

  await expect.poll(() => archived(stack)).toContain('"kind":"account"');
  expect(await archived(stack)).not.toMatch(/birth|companyName|email|remark/);
});

it("asks again for accounts, groups and details when somebody wants it", async () => {
  await using stack = await startStack({ world: { vehicles: 3, seed: 47 } });
  const methods = [METHOD, "jimi.track.device.detail", "jimi.device.group.list"];
  expect(await stack.tick(DEVICES)).toBe("ok");
  await stack.world.clearCalls();
  expect(await stack.tick(DEVICES)).toBe("ok");
  for (const method of methods) expect(await stack.world.calls(method)).toEqual([]);
  const answer = await stack.fetch("/v1/jobs/devices/runs", {
    method: "POST",
    headers: {
      authorization: `Bearer ${await stack.makeKey(["admin"])}`,
      "content-type": "application/json",
    },
    body: "{}",
  });
  expect(answer.status).toBe(202);
  expect(await stack.lastRun("devices", 3)).toMatchObject({ success: true });
  for (const method of methods) expect((await stack.world.calls(method)).length, method).toBeGreaterThan(0);
  expect(await stack.world.calls("jimi.track.device.detail")).toHaveLength(3);
});

it("asks once a day, and the next hour again whom the vendor did not answer", async () => {
  await using stack = await startStack({
    world: { vehicles: 3, seed: 46, accounts: ["fleet", "fleet/west"] },
  });
  const tick = async () => {
    await stack.world.clearCalls();
    expect(await stack.tick(DEVICES)).toBe("ok");
    return (await stack.world.calls(METHOD)).filter(({ code }) => code === 0).map(({ target }) => target);
  };
  // That one account has no list is no failure of the run.
  await stack.world.addFault({ kind: "http500", method: METHOD, account: "west" });
  expect(await tick()).toEqual(["fleet"]);
  expect(stack.lines("list_refused")).toHaveLength(1);
  await stack.world.clearFaults();
  expect(await tick()).toEqual(["fleet", "west"]);
  expect(await tick()).toEqual([]);
  await stack.sql`
    update tracksolid.poll_watermarks set covered_to = covered_to - interval '25 hours' where job = 'accounts'`;
  expect(await tick()).toEqual(["fleet", "west"]);
  expect(stack.lines("account_not_polled")).toEqual([]);
});
