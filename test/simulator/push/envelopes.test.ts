import { expect, inject, it } from "vitest";
import { startCustomer } from "../../setup/customer.ts";
import { World } from "../../setup/world.ts";

const FROM_S = Date.UTC(2026, 0, 14, 6) / 1000;
const TO_S = FROM_S + 1800;
const SPAN = { fromS: FROM_S, toS: TO_S };

const pushed = async (options: Record<string, unknown>) => {
  await using customer = await startCustomer();
  const world = await World.make(inject("simulatorUrl"), { seed: 5, vehicles: 6 });
  const { fromS, ...span } = { ...SPAN, concurrency: 1 };
  const begin = "lastS" in options ? {} : { fromS };
  const { total } = await world.push({ url: customer.url, ...span, ...begin, ...options });
  expect(total.accepted).toBe(total.items);
  expect(total.items).toBeGreaterThan(0);
  return { received: customer.received, truth: await world.pushTruth() };
};

const form = (body: string) => Object.fromEntries(new URLSearchParams(body));
const FORM = "application/x-www-form-urlencoded";

it("E1: msgType and data, one object bare, more as an array, the token in the path", async () => {
  const { received, truth } = await pushed({ envelope: "E1", kinds: ["pushgps"], token: "t/1" });
  for (const { path, headers, body } of received) {
    expect(path).toBe("/t%2F1/pushgps");
    expect(headers["content-type"]).toBe(FORM);
    expect(body).toMatch(/^msgType=pushgps&data=%5B%7B%22deviceImei%22%3A%2286\d{13}%22%2C%22gpsTime%22/);
    expect(JSON.parse(form(body).data ?? "")).toBeInstanceOf(Array);
  }
  expect(received.flatMap(({ body }) => JSON.parse(form(body).data ?? ""))).toHaveLength(truth.gps.length);

  const single = await pushed({ envelope: "E1", kinds: ["pushgps"], itemsPerBody: 1, lastS: 60 });
  expect(single.received[0]?.path).toBe("/pushgps");
  expect(single.received[0]?.body).toMatch(/^msgType=pushgps&data=%7B%22deviceImei%22/);
});

it("E1 is how the Open API says it, to the base URL, as in the vendor's example", async () => {
  const { received } = await pushed({ envelope: "E3", kinds: ["jimi.push.device.alarm"], lastS: 20_000 });
  for (const { path, body } of received) {
    expect(path).toBe("/");
    expect(body).toMatch(
      /^msgType=jimi\.push\.device\.alarm&data=%7B%22imei%22%3A%22\d{15}%22%2C%22deviceName%22%3A%22[^&]+%22%2C%22alarmType%22%3A%22(ACC_ON|ACC_OFF|overSpeed)%22%2C%22alarmName%22%3A%22[^&]+%22%2C%22lat%22%3A-?[\d.]+%2C%22lng%22%3A[\d.]+%2C%22alarmTime%22%3A%222026-01-1\d%20\d\d%3A\d\d%3A\d\d%22%7D$/,
    );
  }
});

it("E2: token and data_list, 50 items to a body", async () => {
  const { received, truth } = await pushed({ kinds: ["pushgps"], token: "s3 cret" });
  for (const { path, headers, body } of received) {
    expect(path).toBe("/pushgps");
    expect(headers["content-type"]).toBe(FORM);
    expect(body).toMatch(/^token=s3%20cret&data_list=%5B%7B%22deviceImei%22/);
  }
  const sizes = received.map(({ body }) => JSON.parse(form(body).data_list ?? "").length);
  expect(sizes.slice(0, -1).every((size) => size === 50)).toBe(true);
  expect(sizes.reduce((sum, size) => sum + size)).toBe(truth.gps.length);
});

it("E3: JSON, the list as an array or as text with msgType beside it", async () => {
  const { received } = await pushed({ envelope: "E3", kinds: ["pushgps"], token: "s", itemsPerBody: 20 });
  const [first, second] = received.map(({ body }) => JSON.parse(body));
  expect(received[0]?.headers["content-type"]).toBe("application/json");
  expect(Object.keys(first)).toEqual(["token", "data_list"]);
  expect(first.data_list).toHaveLength(20);
  expect(Object.keys(second)).toEqual(["token", "msgType", "data_list"]);
  expect(JSON.parse(second.data_list)).toHaveLength(20);
});

it("E4: one bare object, as JSON and as a form", async () => {
  const { received } = await pushed({ envelope: "E4", kinds: ["pushalarm"], token: "s", lastS: 20_000 });
  const [first, second] = received;
  expect(JSON.parse(first?.body ?? "")).toMatchObject({ type: "DEVICE", token: "s", msg: {} });
  const { token, msg, imei } = form(second?.body ?? "");
  expect(token).toBe("s");
  expect(imei).toMatch(/^86\d{13}$/);
  expect(JSON.parse(msg ?? "")).toHaveProperty("alertType");
});

it("E5: an array or data, and never a token in the body", async () => {
  const { received } = await pushed({ envelope: "E5", kinds: ["pushgps"], token: "s", itemsPerBody: 20 });
  const [first, second] = received.map(({ body }) => JSON.parse(body));
  expect(received[0]?.path).toBe("/s/pushgps");
  expect(first).toHaveLength(20);
  expect(Object.keys(second)).toEqual(["data"]);
});

it("answers commands with msgType 1 in a list, and with 2 bare when the device was away", async () => {
  const { received } = await pushed({ kinds: ["pushInstructResponse"], token: "s", lastS: 86_400 });
  const bare = received.filter(({ body }) => body.includes('"msgType":2') || body.includes("&msgType=2"));
  const listed = received.filter((one) => !bare.includes(one));
  expect(listed[0]?.body).toMatch(/^token=s&msgType=1&data_list=%5B%7B%22code%22%3A0%2C%22msg%22/);
  for (const { body } of bare) expect(body).not.toContain("data_list");
  expect(bare.length).toBeGreaterThan(0);
});

it("puts the token into the query, a header or the path", async () => {
  const one = { kinds: ["pushhb"], token: "s&1", itemsPerBody: 10_000 };
  expect((await pushed({ ...one, tokenIn: "query" })).received[0]?.path).toBe("/pushhb?token=s%261");
  const header = (await pushed({ ...one, tokenIn: "header" })).received[0];
  expect([header?.path, header?.headers.token]).toEqual(["/pushhb", "s&1"]);
  const path = (await pushed({ ...one, tokenIn: "path" })).received[0];
  expect(path?.path).toBe("/s%261/pushhb");
  expect(path?.body).toMatch(/^data_list=/);
});

it("writes paths in mixed case and with a slash at the end, the token as it is", async () => {
  const { received } = await pushed({
    ...{ kinds: ["pushIothubEvent", "pushhb"], tokenIn: "path", token: "SeCret", itemsPerBody: 1 },
    mixedCase: true,
  });
  const paths = received.map(({ path }) => path);
  expect(new Set(paths).size).toBeGreaterThan(3);
  expect(paths.some((path) => path.endsWith("/"))).toBe(true);
  for (const path of paths) expect(path).toMatch(/^\/SeCret\/push(hb|iothubevent)\/?$/i);
  for (const path of paths) expect(path.startsWith("/SeCret/")).toBe(true);
  expect(paths.some((path) => /[a-z]/.test(path.slice(8)) && /[A-Z]/.test(path.slice(8)))).toBe(true);
});
