import { env } from "cloudflare:workers";
import { beforeEach, describe, expect, it, vi } from "vitest";
import worker from "../../../workers/index.ts";
import { listKept, openKept } from "../../../workers/kept/listing.ts";
import { collectLines, type Line } from "../lines.ts";
import { newImei, vendorTime } from "../writer/deliver.ts";

const TOKEN = "test-push-token-0001";
const PREVIOUS = "test-push-token-0000";
const SUCCESS = { code: 0, msg: "success" };

let lines: Line[];
beforeEach(() => {
  lines = collectLines();
});

const item = () => ({ deviceImei: newImei(), gateTime: vendorTime(10), type: "LOGIN" });
const e2 = (token: string | null, items: unknown[] = [item()]) =>
  new URLSearchParams({ ...(token !== null && { token }), data_list: JSON.stringify(items) });

async function push(path: string, init: RequestInit = {}, change: object = {}) {
  const request = new Request(`https://push.example.com${path}`, { method: "POST", ...init });
  const response = (await worker.fetch(
    request as never,
    { ...env, ...change } as Env,
    {} as never,
  )) as Response;
  const text = await response.text();
  return {
    status: response.status,
    answer: text === "" ? null : (JSON.parse(text) as { code: number; msg: string }),
    receipt: response.headers.get("x-receipt"),
    headers: response.headers,
  };
}

describe("verification", () => {
  it.each(["/pushgps", "/PushHb/", "/api/v1/tag/data/push", `/${TOKEN}/pushgps`])(
    "answers GET, HEAD and an empty POST of %s",
    async (path) => {
      const expected = path.includes("tag") ? { code: 200, msg: "success" } : SUCCESS;
      for (const method of ["GET", "POST"]) {
        const { status, answer, receipt } = await push(path, { method });
        expect([status, answer, receipt]).toEqual([200, expected, null]);
      }
      expect(await push(path, { method: "HEAD" })).toMatchObject({ status: 200, answer: null });
      expect(await push(path, { body: " \r\n" })).toMatchObject({ status: 200, answer: expected });
    },
  );

  it("answers an authenticated body without items", async () => {
    expect(await push("/pushgps", { body: e2(TOKEN, []) })).toMatchObject({ status: 200, answer: SUCCESS });
  });

  it("takes no other method", async () => {
    const { status, headers } = await push("/pushgps", { method: "PUT", body: "x" });
    expect([status, headers.get("allow")]).toEqual([405, "GET, HEAD, POST"]);
  });
});

describe("authentication", () => {
  const body = () => JSON.stringify({ data_list: [item()] });
  const previous = { PUSH_TOKENS: `${TOKEN},${PREVIOUS}` };

  it.each([
    ["the body", "/pushevent", { body: e2(TOKEN) }],
    ["a JSON body", "/pushevent", { body: JSON.stringify({ token: TOKEN, data_list: [item()] }) }],
    ["the path", `/${TOKEN}/pushevent`, { body: body() }],
    ["the query", `/pushevent?token=${TOKEN}`, { body: body() }],
    ["a header", "/pushevent", { body: body(), headers: { "x-push-token": TOKEN } }],
    ["a bearer header", "/pushevent", { body: body(), headers: { authorization: `Bearer ${TOKEN}` } }],
    ["the path, for an unknown one", `/${TOKEN}/pushnew`, { body: body() }],
    ["the path, as the base itself", `/${TOKEN}`, { body: body() }],
  ])("takes the token from %s", async (_, path, init) => {
    const { status, answer, receipt } = await push(path, init);
    expect([status, answer]).toEqual([200, SUCCESS]);
    expect(receipt).toMatch(/^[0-9a-f-]{36}$/);
  });

  it("takes the token before, while it is changed", async () => {
    expect(await push("/pushevent", { body: e2(PREVIOUS) }, previous)).toMatchObject({ status: 200 });
    expect(await push("/pushevent", { body: e2(TOKEN) }, previous)).toMatchObject({ status: 200 });
  });

  it.each([
    ["no token", "/pushevent", { body: e2(null) }],
    ["a wrong token", "/pushevent", { body: e2("wrong-push-token-001") }],
    ["an empty token", "/pushevent", { body: e2("") }],
    ["both tokens at once", "/pushevent", { body: e2(`${TOKEN},${PREVIOUS}`) }],
    ["a token in capitals", "/pushevent", { body: e2(TOKEN.toUpperCase()) }],
    ["a wrong token in the path", "/wrong-push-token-001/pushevent", { body: body() }],
    ["a token that is a list", "/pushevent", { body: JSON.stringify({ token: [TOKEN], data_list: [] }) }],
    ["a token inside the items", "/pushevent", { body: JSON.stringify({ data_list: [{ token: TOKEN }] }) }],
  ])("refuses %s", async (name, path, init) => {
    const headers = { "cf-connecting-ip": `198.51.100.${name.length}` };
    const { status, receipt } = await push(path, { ...init, headers }, previous);
    expect([status, receipt]).toEqual([401, null]);
  });

  it("slows down only who fails", async () => {
    const headers = { "cf-connecting-ip": "203.0.113.7" };
    const statuses: number[] = [];
    for (let attempt = 0; attempt < 25; attempt++) {
      statuses.push((await push("/pushevent", { body: e2(null), headers })).status);
    }
    expect(statuses.slice(0, 20)).toEqual(Array(20).fill(401));
    expect(statuses.at(-1)).toBe(429);
    expect((await push("/pushevent", { body: e2(null), headers })).headers.get("retry-after")).toBe("60");
    expect((await push("/pushevent", { body: e2(TOKEN), headers })).status).toBe(200);
  });

  it("is open without a token in dev alone", async () => {
    const none = { PUSH_TOKENS: "" };
    expect((await push("/pushevent", { body: e2(null) }, none)).status).toBe(200);
    const deployed = { ...none, ENVIRONMENT: "production", PUSH_HOSTS: "push.example.com" };
    const { status, answer } = await push("/pushevent", { body: e2(null) }, deployed);
    expect([status, answer?.code]).toEqual([503, 503]);
  });

  it("asks to try again while its tokens are malformed", async () => {
    expect((await push("/pushevent", { body: e2("short") }, { PUSH_TOKENS: "short" })).status).toBe(503);
  });

  it("says nothing of a token in its lines", async () => {
    await push(`/${TOKEN}/pushevent?token=${TOKEN}`, { body: e2(TOKEN) });
    await push("/wrong-push-token-001/pushevent", { body: e2("wrong-push-token-002") });
    expect(lines.filter(({ event }) => event === "push")).toHaveLength(2);
    expect(JSON.stringify(lines)).not.toMatch(/push-token/);
  });
});

describe("a token", () => {
  const archived = async (act: () => Promise<unknown>) => {
    const known = new Set((await listKept(env, "raw/")).objects.map(({ key }) => key));
    await act();
    return vi.waitFor(
      async () => {
        const added = (await listKept(env, "raw/")).objects.filter(({ key }) => !known.has(key));
        expect(added).not.toEqual([]);
        return (await Promise.all(added.map(({ key }) => openKept(env, key)))).flat().join("\n");
      },
      { timeout: 10_000, interval: 200 },
    );
  };
  const headers = { referer: `https://push.example.com/${TOKEN}/pushgps`, "x-other": TOKEN };

  it.each([
    ["a body that breaks off", `/${TOKEN}/pushevent`, `{"token":"${TOKEN}","data_list":[{"dev`],
    [
      "a body nested too deeply",
      "/pushevent",
      `{"token":"${TOKEN}","data_list":[${"[".repeat(20_000)}${"]".repeat(20_000)}]}`,
    ],
    ["a path that has it twice", `/${TOKEN}/base/${TOKEN}/pushevent`, JSON.stringify([item()])],
  ])(
    "is not kept with %s",
    async (_, path, body) => {
      const kept = await archived(async () => expect((await push(path, { body, headers })).status).toBe(200));
      expect(kept).toContain("referer");
      expect(kept).not.toContain(TOKEN);
    },
    20_000,
  );
});

describe("hosts", () => {
  const hosts = { PUSH_HOSTS: "push.example.com", API_HOSTS: "api.example.com" };
  const at = (host: string, path: string) =>
    worker.fetch(
      new Request(`https://${host}${path}`, { method: "POST", body: e2(TOKEN) }) as never,
      { ...env, ...hosts } as Env,
      {} as never,
    );

  it("serves pushes on its own host only", async () => {
    expect((await at("push.example.com", "/pushevent")).status).toBe(200);
    for (const host of ["api.example.com", "other.example.com"]) {
      expect((await at(host, "/pushevent")).status).toBeGreaterThanOrEqual(404);
    }
    const health = new Request("https://push.example.com/v1/live") as never;
    const answer = await worker.fetch(health, { ...env, ...hosts } as Env, {} as never);
    expect(await answer.json()).toEqual(SUCCESS);
  });
});

describe("what cannot be taken", () => {
  it("is refused by its declared length, unread", async () => {
    const request = new Request("https://push.example.com/pushgps", {
      method: "POST",
      body: "x".repeat(1_000),
      headers: { "content-length": "104857600" },
    });
    const response = await worker.fetch(request as never, env, {} as never);
    expect([response.status, request.bodyUsed]).toEqual([413, false]);
  });

  it("is answered with an error while the queue fails, so that the vendor tries again", async () => {
    const WRITES = { sendBatch: () => Promise.reject(new Error("Too Many Requests")) };
    const { status, answer, receipt } = await push("/pushevent", { body: e2(TOKEN) }, { WRITES });
    expect([status, answer?.code, receipt]).toEqual([503, 503, null]);
    expect(lines).toMatchObject([{ level: "error", event: "push", status: 503, error: "Too Many Requests" }]);
  });

  it("is answered with an error when the queue fails half-way", async () => {
    let calls = 0;
    const WRITES = {
      sendBatch: async () => {
        calls += 1;
        if (calls === 2) throw new Error("Storage Limit Exceeded");
      },
    };
    const items = Array.from({ length: 200 }, () => ({ ...item(), filler: "x".repeat(3_000) }));
    expect((await push("/pushevent", { body: e2(TOKEN, items) }, { WRITES })).status).toBe(503);
    expect(calls).toBe(2);
  });
});
