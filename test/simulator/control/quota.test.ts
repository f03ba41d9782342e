import { expect, inject, it } from "vitest";
import { logIn } from "../../setup/vendor-client.ts";
import { World } from "../../setup/world.ts";

const METHOD = "jimi.user.child.list";
const MS_PER_DAY = 86_400_000;

it("refuses calls beyond the day's, until midnight, a higher limit or a reset", async () => {
  const world = await World.make(inject("simulatorUrl"), { vehicles: 1, dailyQuota: 2 });
  const call = await logIn(world);
  const ask = async () => (await call(METHOD, { target: world.info.userId })).code;
  expect([await ask(), await ask(), await ask()]).toEqual([0, 0, 1006]);
  expect(await call(METHOD)).toMatchObject({ message: "Request frequency is too high today!" });
  expect(await world.quota()).toEqual({ dailyCalls: 2, used: 2 });

  await world.setQuota(3);
  expect([await ask(), await ask()]).toEqual([0, 1006]);
  await world.resetQuota();
  expect(await ask()).toBe(0);
  await world.setQuota(0);
  expect(await ask()).toBe(1006);
  await world.setQuota(null);
  expect(await ask()).toBe(0);
  await expect(world.setQuota(-1)).rejects.toThrow(/must be a number of at least 0/);
});

it("begins again at midnight by the transport clock", async () => {
  const world = await World.make(inject("simulatorUrl"), { vehicles: 1, dailyQuota: 0 });
  await world.setQuota(1);
  await logIn(world).then((call) => call(METHOD, { target: world.info.userId }));
  expect((await world.quota()).used).toBe(1);
  await world.shiftClock(MS_PER_DAY);
  expect((await world.quota()).used).toBe(0);
});
