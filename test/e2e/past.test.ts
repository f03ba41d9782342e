import { expect, it } from "vitest";
import { startStack } from "../setup/harness.ts";
import { askPast, beforeAsking, expectTruth, register } from "../setup/history.ts";
import { size } from "../setup/size.ts";

it("stores what vehicles did of a day, all of it and nothing twice", {
  timeout: size(180_000, 2_400_000),
}, async () => {
  await using stack = await startStack({ world: { vehicles: size(20, 1_000), seed: 71 } });
  await register(stack);
  let span = beforeAsking(20);
  expect(await askPast(stack, "alarms", "trips", "parking", "tracks")).toEqual(["ok", "ok", "ok"]);
  const done = await expectTruth(stack, span, "trips", "parking", "alarms", "tracks");
  for (const [job, rows] of Object.entries(done)) expect(rows.length, job).toBeGreaterThan(30);

  // Once more, from what is covered: nothing changes.
  span = beforeAsking(20);
  expect(await askPast(stack, "alarms", "trips", "parking", "tracks")).toEqual(["ok", "ok", "ok"]);
  await expectTruth(stack, span, "trips", "parking", "alarms", "tracks");
});
