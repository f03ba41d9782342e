import { describe, expect, inject, it } from "vitest";
import { startCustomer } from "../../setup/customer.ts";
import { World } from "../../setup/world.ts";

const FROM_S = Date.UTC(2026, 0, 14, 6) / 1000;
const SPAN = { fromS: FROM_S, toS: FROM_S + 600 };
const GPS = { ...SPAN, kinds: ["pushgps"] };

const makeWorld = () => World.make(inject("simulatorUrl"), { seed: 5, vehicles: 6 });

describe("tries", () => {
  it("sends the identical body three times, spaced, then discards it", async () => {
    await using customer = await startCustomer(() => ({ status: 500 }));
    const world = await makeWorld();
    const { total, paths } = await world.push({
      ...{ url: customer.url, ...GPS, token: "s" },
      ...{ itemsPerBody: 10_000, retrySpacingMs: 150 },
    });
    expect(total).toMatchObject({ bodies: 1, tries: 3, accepted: 0, lost: total.items });
    expect(paths.pushgps).toEqual(total);
    const [first, second, third] = customer.received;
    expect(customer.received).toHaveLength(3);
    expect(new Set(customer.received.map(({ body }) => body)).size).toBe(1);
    expect((second?.atMs ?? 0) - (first?.atMs ?? 0)).toBeGreaterThan(140);
    expect((third?.atMs ?? 0) - (second?.atMs ?? 0)).toBeGreaterThan(140);
    expect((await world.pushTruth()).gps).toEqual([]);
    expect((await world.pushed()).refusals).toMatchObject([{ kind: "pushgps", tries: 3, status: 500 }]);
  });

  it.each([
    ["a code that is not 0", { body: { code: 1, msg: "no" } }],
    ["a code of the wrong push", { body: { code: 200 } }],
    ["no JSON", { body: "ok" }],
    ["another success", { status: 202 }],
    ["null", { body: "null" }],
  ])("takes %s for a failure, and the next success for one", async (_, answer) => {
    let answered = 0;
    await using customer = await startCustomer(() => (answered++ === 0 ? answer : undefined));
    const world = await makeWorld();
    const { total } = await world.push({
      url: customer.url,
      ...GPS,
      itemsPerBody: 10_000,
      retrySpacingMs: 0,
    });
    expect(total).toMatchObject({ bodies: 1, tries: 2, accepted: total.items, lost: 0 });
    expect((await world.pushTruth()).gps).toHaveLength(total.items);
  });

  it("counts as lost what nobody listens to", async () => {
    const world = await makeWorld();
    const { total } = await world.push({ url: "http://127.0.0.1:1", ...GPS, retrySpacingMs: 0 });
    expect(total.tries).toBe(3 * total.bodies);
    expect(total.lost).toBe(total.items);
    expect((await world.pushed()).refusals[0]).toMatchObject({ status: 0 });
  });

  it("does not repeat TAG and Open API pushes, and wants 200 from the TAG door", async () => {
    await using customer = await startCustomer(() => ({ body: { code: 7 } }));
    const world = await World.make(inject("simulatorUrl"), { seed: 7, vehicles: 30 });
    const kinds = ["tag", "jimi.push.device.alarm"];
    const span = { toS: SPAN.toS, lastS: 7200 };
    const refused = await world.push({ url: customer.url, ...span, kinds, retrySpacingMs: 0 });
    expect(refused.total.tries).toBe(refused.total.bodies);
    expect(Object.keys(refused.paths).sort()).toEqual(kinds.toSorted());

    await using other = await startCustomer(() => ({ body: { code: 200, msg: "success" } }));
    const { paths } = await world.push({ url: other.url, ...span, kinds });
    expect(paths.tag?.lost).toBe(0);
    expect(paths["jimi.push.device.alarm"]?.accepted).toBe(0);
  });

  it("lets others go ahead of a body that waits for its next try", async () => {
    let refused: string | undefined;
    await using customer = await startCustomer(({ body }) => {
      refused ??= body;
      return body === refused ? { status: 503 } : undefined;
    });
    const world = await makeWorld();
    await world.push({ url: customer.url, ...GPS, itemsPerBody: 5, retrySpacingMs: 300, concurrency: 1 });
    expect(customer.received.at(-1)?.body).toBe(refused);
    expect(customer.received.at(-2)?.body).toBe(refused);
  });
});

describe("redirects", () => {
  it.each([307, 308, 304])("does not follow %i", async (status) => {
    await using goal = await startCustomer();
    await using customer = await startCustomer(() => ({ status, location: `${goal.url}/elsewhere` }));
    const world = await makeWorld();
    const { total } = await world.push({ url: customer.url, ...GPS, retrySpacingMs: 0 });
    expect(total).toMatchObject({ accepted: 0, lost: total.items });
    expect(goal.received).toEqual([]);
  });

  it.each([300, 301, 302, 303])("follows %i", async (status) => {
    await using goal = await startCustomer();
    await using customer = await startCustomer(() => ({ status, location: `${goal.url}/elsewhere` }));
    const world = await makeWorld();
    const { total } = await world.push({ url: customer.url, ...GPS, tries: 1 });
    expect(total).toMatchObject({ accepted: total.items, lost: 0 });
    expect(goal.received[0]).toMatchObject({ method: "POST", path: "/elsewhere" });
  });
});

it("sends bodies twice, identically, and counts their items once", async () => {
  await using customer = await startCustomer();
  const world = await makeWorld();
  const { total } = await world.push({ url: customer.url, ...GPS, duplicates: 1, itemsPerBody: 10 });
  expect(total).toMatchObject({ duplicates: total.bodies, tries: 2 * total.bodies });
  const times = Map.groupBy(customer.received, ({ body }) => body);
  expect([...times.values()].every(({ length }) => length === 2)).toBe(true);
  expect((await world.pushTruth()).gps).toHaveLength(total.items);

  const half = await world.push({ url: customer.url, ...GPS, duplicates: 0.5, itemsPerBody: 2 });
  expect(half.total.duplicates / half.total.bodies).toBeGreaterThan(0.3);
  expect(half.total.duplicates / half.total.bodies).toBeLessThan(0.7);
});

it("has no more bodies on their way than it may", async () => {
  let running = 0;
  let most = 0;
  await using customer = await startCustomer(async () => {
    most = Math.max(most, ++running);
    await new Promise((resolve) => setTimeout(resolve, 5));
    running--;
    return undefined;
  });
  const world = await makeWorld();
  const { total } = await world.push({ url: customer.url, ...GPS, itemsPerBody: 1, concurrency: 7 });
  expect(customer.received).toHaveLength(total.items);
  expect(most).toBe(7);
});

it("asks the door for GET, HEAD and an empty POST, as the portal does", async () => {
  await using customer = await startCustomer(({ method }) =>
    method === "GET" ? { status: 307 } : undefined,
  );
  const world = await makeWorld();
  expect(await world.verifyPushes(`${customer.url}/pushgps`)).toEqual([
    { method: "GET", status: 307, body: '{"code":0,"msg":"success"}' },
    { method: "HEAD", status: 200, body: "" },
    { method: "POST", status: 200, body: '{"code":0,"msg":"success"}' },
  ]);
  expect(customer.received.map(({ method, body }) => [method, body])).toEqual([
    ["GET", ""],
    ["HEAD", ""],
    ["POST", ""],
  ]);
});
