import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, expect, it } from "vitest";
import { keyName, newKey } from "../../shared/access.ts";
import { startBrowser } from "../setup/browser.ts";
import { type Stack, startStack } from "../setup/harness.ts";

let browser: Browser;
let stack: Stack;
const pages: Server[] = [];
/** Origins of three pages: the first two are listed, and the key is bound to the first and the third. */
let listed = "";
let otherListed = "";
let unlisted = "";
let key = "";

/** Serves an empty page on an origin of its own. */
async function servePage(): Promise<string> {
  const server = createServer((_, response) => response.end("<!doctype html><title>page</title>"));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  pages.push(server);
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

beforeAll(async () => {
  [listed, otherListed, unlisted] = (await Promise.all([servePage(), servePage(), servePage()])) as [
    string,
    string,
    string,
  ];
  [browser, stack] = await Promise.all([
    startBrowser(),
    startStack({
      world: { vehicles: 1 },
      vars: { OPEN_READS: "", CORS_ORIGINS: `${listed},${otherListed}` },
    }),
  ]);
  key = newKey("pk");
  const record = {
    id: "page",
    kind: "pk",
    label: "test",
    scopes: ["read"],
    origins: [listed, unlisted],
    createdAt: new Date().toISOString(),
    expiresAt: null,
  };
  await (await stack.bindings()).KEYS.put(await keyName(key), JSON.stringify(record));
});
afterAll(async () => {
  await browser?.close();
  for (const server of pages) server.close();
  await stack?.[Symbol.asyncDispose]();
});

/** What a page of an origin can read of an answer: null when the browser keeps it from the page. */
async function readFrom(origin: string, path: string, init: object = {}): Promise<unknown> {
  const page = await browser.newPage();
  await page.goto(origin);
  const read = await page.evaluate(`(async () => {
    const response = await fetch(${JSON.stringify(stack.url + path)}, ${JSON.stringify(init)}).catch(() => null);
    const body = await response?.json();
    return response && {
      status: response.status,
      code: body.code,
      requestId: response.headers.get("x-request-id"),
      policy: response.headers.get("ratelimit-policy"),
    };
  })()`);
  await page.close();
  return read;
}

const withKey = () => ({ headers: { authorization: `Bearer ${key}`, "if-none-match": '"x"' } });

it("lets a listed page read with its publishable key, headers too", async () => {
  expect(await readFrom(listed, "/v1/live", withKey())).toMatchObject({
    status: 200,
    requestId: expect.stringMatching(/^[0-9a-f-]{36}$/),
    policy: '"default";q=120;w=60',
  });
});

it("lets a listed page read why it is refused", async () => {
  expect(await readFrom(listed, "/v1/live")).toMatchObject({ status: 401, code: "key_required" });
  expect(await readFrom(otherListed, "/v1/live", withKey())).toMatchObject({
    status: 403,
    code: "origin_not_allowed",
  });
});

it("keeps everything from a page that is not listed, whatever its key says", async () => {
  expect(await readFrom(unlisted, "/v1/live", withKey())).toBeNull();
  expect(await readFrom(unlisted, "/health")).toBeNull();
});

it("keeps everything from a request with cookies", async () => {
  expect(await readFrom(listed, "/health", { credentials: "include" })).toBeNull();
});

it("lets the page of the API open a WebSocket to its own host and to no other", async () => {
  const page = await browser.newPage();
  await page.goto(`${stack.url}/docs`);
  const violationBy = (url: string) =>
    page.evaluate(`new Promise((resolve) => {
      document.addEventListener("securitypolicyviolation", (event) => resolve(event.violatedDirective), { once: true });
      // Nobody answers there with a WebSocket: what counts is whether the policy lets the question out.
      new WebSocket(${JSON.stringify(url.replace("http", "ws"))}).addEventListener("error", () => setTimeout(resolve, 200, "none"));
    })`);
  expect(await violationBy(`${stack.url}/health`)).toBe("none");
  expect(await violationBy(listed)).toBe("connect-src");
  await page.close();
});
