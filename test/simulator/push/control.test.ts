import { expect, inject, it } from "vitest";
import { startCustomer } from "../../setup/customer.ts";
import { World } from "../../setup/world.ts";

const doorOf = ({ info }: World) => `${inject("simulatorUrl")}/control/worlds/${info.appKey}/pushes`;

const call = async (method: string, url: string, body?: object) => {
  const response = await fetch(url, { method, body: body && JSON.stringify(body) });
  return { status: response.status, answer: (await response.json()) as { error?: string } };
};

it.each([
  [{}, /give "url"/],
  [{ url: "ftp://x" }, /give "url"/],
  [{ tokenIn: "cookie" }, /body, path, query, header/],
  [{ envelope: "E6" }, /E1, E2, E3, E4, E5/],
  [{ kinds: ["pushgsp"] }, /must be a list of pushevent, /],
  [{ kinds: [] }, /must be a list of/],
  [{ itemsPerBody: 10_001 }, /whole number from 1 to 10000/],
  [{ duplicates: 1.5 }, /share from 0 to 1/],
  [{ mixedCase: "yes" }, /true or false/],
  [{ fromS: 2, toS: 2 }, /must be before "toS"/],
  [{ fromS: 2, lastS: 2 }, /not both/],
  [{ everyS: 1 }, /unknown field "everyS"; known are url, kinds/],
])("refuses %j with what to do", async (wrong, advice) => {
  const world = await World.make(inject("simulatorUrl"), { vehicles: 1 });
  const usual = Object.keys(wrong).length === 0 ? {} : { url: "http://127.0.0.1:1" };
  const { status, answer } = await call("POST", doorOf(world), { ...usual, ...wrong });
  expect(status).toBe(400);
  expect(answer.error).toMatch(advice);
});

it("adds up what it sent until it is told to forget", async () => {
  await using customer = await startCustomer();
  const world = await World.make(inject("simulatorUrl"), { seed: 5, vehicles: 6 });
  const options = { url: customer.url, kinds: ["pushhb"], toS: 1_768_460_000, lastS: 600 };
  const { total } = await world.push(options);
  await world.push(options);
  const { paths, refusals, following } = await world.pushed();
  expect(paths.pushhb).toEqual({
    ...total,
    bodies: 2,
    tries: 2,
    items: 2 * total.items,
    accepted: 2 * total.items,
  });
  expect([refusals, following]).toEqual([[], null]);
  expect((await world.pushTruth()).heartbeats).toHaveLength(total.items);

  await call("DELETE", doorOf(world));
  expect((await world.pushed()).paths).toEqual({});
  expect((await world.pushTruth()).heartbeats).toEqual([]);
});

it("goes on pushing as time goes on, without a gap, until it is stopped", async () => {
  await using customer = await startCustomer();
  const world = await World.make(inject("simulatorUrl"), { seed: 5, vehicles: 20, daysBack: 2, speed: 2000 });
  const pushes = { url: customer.url, kinds: ["pushhb"], everyS: 0.2 };
  expect(await call("POST", `${doorOf(world)}/follow`, pushes)).toMatchObject({ status: 201 });
  expect((await world.pushed()).following).toEqual({ url: customer.url, everyS: 0.2 });
  await expect.poll(() => customer.received.length).toBeGreaterThan(4);
  await call("DELETE", `${doorOf(world)}/follow`);
  expect((await world.pushed()).following).toBeNull();
  const aWhile = () => new Promise((resolve) => setTimeout(resolve, 600));
  await aWhile(); // what was on its way arrives
  const sent = customer.received.length;
  await aWhile();
  expect(customer.received).toHaveLength(sent);

  const beats = (await world.pushTruth()).heartbeats.map(
    ({ gateTime }) => Date.parse(String(gateTime)) / 1000,
  );
  const again = await World.make(inject("simulatorUrl"), { seed: 5, vehicles: 20 });
  const { total } = await again.push({
    ...{ url: customer.url, kinds: ["pushhb"], itemsPerBody: 10_000 },
    ...{ fromS: Math.min(...beats), toS: Math.max(...beats) + 1 },
  });
  expect(total.items).toBe(beats.length);
});

it("follows from the beginning where a world is made with a URL, and ends with the world", async () => {
  await using customer = await startCustomer();
  const world = await World.make(inject("simulatorUrl"), {
    ...{ vehicles: 5, pushUrl: `${customer.url}/base`, pushToken: "secret" },
  });
  expect((await world.pushed()).following).toEqual({ url: `${customer.url}/base`, everyS: 10 });
  const door = `${inject("simulatorUrl")}/control/worlds`;
  expect(await call("DELETE", `${door}/${world.info.appKey}`)).toMatchObject({ status: 200 });
  expect(await call("POST", door, { pushUrl: "nowhere" })).toMatchObject({
    status: 400,
    answer: { error: expect.stringContaining('"pushUrl" must be a URL') },
  });
});
