import { expect, it } from "vitest";
import { EarlierSystem, makeSharedToken } from "../durable-objects/jimi-session/earlier-system.ts";
import { startStack } from "../setup/harness.ts";

const LIVE = "* * * * *";

it("polls with the token of the earlier system; in a database that was not adopted it says what to do, and gets none", async () => {
  await using stack = await startStack({ world: { vehicles: 3 }, vars: { SHARE_TOKEN: "on" } });
  expect(await stack.tick(LIVE)).toBe("exception");
  const failed = await stack.lastRun("live");
  expect(failed).toMatchObject({ success: false, error_code: "unshared" });
  expect(failed.error).toContain("SHARE_TOKEN is on, but ingest_app finds no private.shared_token");
  expect((await stack.world.tokens()).issued).toBe(0);

  await makeSharedToken(stack.sql);
  const earlier = new EarlierSystem(stack.world, stack.sql);
  const theirs = await earlier.renew();
  await stack.restart();
  expect(await stack.tick(LIVE)).toBe("ok");
  expect(await stack.lastRun("live", 2)).toMatchObject({ success: true });
  await earlier.poll();
  expect(earlier.lost).toBe(0);
  expect((await stack.world.tokens()).issued).toBe(1);
  expect(stack.logs()).not.toContain(theirs?.access_token);
});
