import { once } from "node:events";
import { readdir, readFile } from "node:fs/promises";
import { type IncomingHttpHeaders, request } from "node:http";
import { buffer } from "node:stream/consumers";
import { brotliDecompressSync, gunzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, inject, it } from "vitest";
import { type Stack, startStack } from "../setup/harness.ts";

/** Every page, and what only its own HTML leads to. */
const PAGES = ["/", "/history", "/fleet", "/tickets", "/today", "/coverage", "/ingest"];

let stack: Stack;
/** A file whose name tells what is in it. */
let script = "";

beforeAll(async () => {
  stack = await startStack({ world: { vehicles: 1 } });
  script = linked((await ask("/")).text).find((path) => path.endsWith(".js")) ?? "";
});
afterAll(async () => stack?.[Symbol.asyncDispose]());

interface Answer {
  status: number;
  headers: IncomingHttpHeaders;
  /** As it came. */
  body: Buffer;
  /** Unpacked. */
  text: string;
}

/** Asks without what `fetch` does of its own accord: it unpacks, and follows. */
async function ask(path: string, headers: Record<string, string> = {}, method = "GET"): Promise<Answer> {
  const asked = request(stack.url + path, { method, headers }).end();
  const [answer] = await once(asked, "response");
  const body = await buffer(answer);
  const packing = answer.headers["content-encoding"];
  const unpack = { br: brotliDecompressSync, gzip: gunzipSync }[packing as string];
  const text = unpack === undefined || body.length === 0 ? body : unpack(body);
  return { status: answer.statusCode ?? 0, headers: answer.headers, body, text: text.toString() };
}

const linked = (html: string) =>
  [...html.matchAll(/(?:href|src)="(\/[^"]+)"/g)].map(([, path]) => path ?? "");
/** Miniflare packs an answer anew for whoever names another kind first, which the edge does not. */
const BROTLI = { "accept-encoding": "br, gzip, deflate" };

describe.each(PAGES)("the page %s", (path) => {
  it("comes with everything it begins with", async () => {
    const page = await ask(`${path}?q=1`, BROTLI);
    expect(page).toMatchObject({
      status: 200,
      headers: { "content-type": "text/html; charset=utf-8", "content-encoding": "br" },
    });
    const paths = linked(page.text);
    expect(paths.length).toBeGreaterThan(3);
    for (const part of paths) expect(await ask(part), part).toMatchObject({ status: 200 });
    const scripts = paths.filter((part) => part.endsWith(".js"));
    const styles = paths.filter((part) => part.endsWith(".css"));
    // What is read first, and what the page needs besides.
    expect([scripts.length > 1, styles.length]).toEqual([true, path === "/" ? 1 : 2]);
  });

  it("is the same packed and plain, and asked for anew each time", async () => {
    const [packed, plain] = await Promise.all([ask(path, BROTLI), ask(path)]);
    expect(plain.headers["content-encoding"]).toBeUndefined();
    expect(packed.text).toBe(plain.text);
    expect(packed.body.length).toBeLessThan(plain.body.length);
    for (const { headers } of [packed, plain]) {
      expect(headers["cache-control"]).toBe("public, max-age=0, must-revalidate");
      expect(headers.vary).toContain("Accept-Encoding");
    }
    expect(packed.headers.etag).not.toBe(plain.headers.etag);
    for (const { headers } of [packed, plain]) {
      const etag = headers.etag ?? "";
      const again = await ask(path, {
        ...(headers["content-encoding"] && BROTLI),
        "if-none-match": etag,
      });
      expect(again).toMatchObject({ status: 304, text: "" });
      expect(again.headers.etag).toBe(etag);
    }
  });
});

it("has no page with which another begins", async () => {
  const pages = await Promise.all(PAGES.map((path) => ask(path)));
  const common = pages
    .map(({ text }) => linked(text))
    .reduce((all, one) => all.filter((path) => one.includes(path)));
  for (const { text } of pages) expect(linked(text).length).toBeGreaterThan(common.length);
});

describe("a file whose name tells what is in it", () => {
  it("is kept for ever", async () => {
    for (const accepted of [BROTLI, {}]) {
      const { status, headers } = await ask(script, accepted);
      expect([status, headers["cache-control"]]).toEqual([200, "public, max-age=31536000, immutable"]);
      expect(headers["content-type"]).toBe("text/javascript; charset=utf-8");
    }
  });

  it.each([
    ["br", "br"],
    ["gzip;q=0.5, br;q=1.0", "br"],
    ["deflate, br, zstd", "br"],
    ["gzip", "gzip"],
    ["gzip, br;q=0", "gzip"],
    ["identity", undefined],
  ])("asked for with Accept-Encoding %s, comes packed as %s", async (accepted, packing) => {
    const { headers, text } = await ask(script, { "accept-encoding": accepted });
    expect(headers["content-encoding"]).toBe(packing);
    expect(text).toBe((await ask(script)).text);
  });

  it("goes as the build has packed it", async () => {
    const { body, headers } = await ask(script, BROTLI);
    const { assets } = inject("builtWorker") as { assets: { directory: string } };
    expect(body).toEqual(await readFile(`${assets.directory}${script}.br`));
    expect(headers["content-length"]).toBe(String(body.length));
  });

  it("is whole for pages of other origins, too", async () => {
    const origin = "https://elsewhere.example";
    const { headers, text } = await ask("/client/index.js", { ...BROTLI, origin });
    expect(headers["content-encoding"]).toBe("br");
    expect(headers["access-control-allow-origin"]).toMatch(/^(\*|https:\/\/elsewhere\.example)$/);
    expect(text).toContain("export ");
  });

  it("is never a packed piece of itself", async () => {
    const { status, headers, text } = await ask(script, { ...BROTLI, range: "bytes=0-9" });
    const whole = (await ask(script)).text;
    if (status === 206) expect([headers["content-encoding"], text]).toEqual([undefined, whole.slice(0, 10)]);
    else expect([status, text]).toEqual([200, whole]);
  });

  it("has to HEAD the headers of GET", async () => {
    const [get, head] = await Promise.all([ask(script, BROTLI), ask(script, BROTLI, "HEAD")]);
    expect(head).toMatchObject({ status: 200, text: "" });
    for (const name of ["etag", "content-type", "content-encoding", "cache-control", "vary"]) {
      expect(head.headers[name], name).toEqual(get.headers[name]);
    }
  });

  it.each(["POST", "PUT", "DELETE", "PATCH"])("is not there for %s", async (method) => {
    const { status, headers } = await ask(script, BROTLI, method);
    expect([status, headers.allow]).toEqual([405, "GET, HEAD"]);
  });
});

it.each([
  "/nothing",
  "/nothing.js",
  "/history/past",
  "/assets/",
  "/client",
  "/_headers",
  "/index.html.br",
  "/index.html%2Ebr",
  "//elsewhere.example/x",
  "/..%2f..%2fwrangler.toml",
  "/history%00",
  "/%ff",
  "/constructor",
  "/x.constructor",
])("has nothing at %s, packed or plain", async (path) => {
  for (const accepted of [BROTLI, {}]) {
    const { status, headers, text } = await ask(path, accepted);
    expect([status, headers["content-type"]]).toEqual([404, "application/problem+json"]);
    expect(JSON.parse(text)).toMatchObject({ code: "not_found" });
  }
});

it("does not serve what it has packed by its own name", async () => {
  expect(await ask(`${script}.br`, BROTLI)).toMatchObject({ status: 404 });
});

it.each([
  ["/index.html", "/"],
  ["/index", "/"],
  ["/history.html", "/history"],
  ["/history/", "/history"],
])("leads from %s to %s", async (from, to) => {
  for (const accepted of [BROTLI, {}]) {
    expect(await ask(from, accepted)).toMatchObject({ status: 307, headers: { location: to } });
  }
});

const TYPES: Record<string, string> = {
  css: "text/css; charset=utf-8",
  js: "text/javascript; charset=utf-8",
  json: "application/json",
  mjs: "text/javascript; charset=utf-8",
  svg: "image/svg+xml",
  ts: "text/plain; charset=utf-8",
};

it("names the type of every file", async () => {
  const { assets } = inject("builtWorker") as { assets: { directory: string } };
  const names = (await readdir(assets.directory, { recursive: true, withFileTypes: true })).flatMap(
    (entry) => (entry.isFile() ? [`${entry.parentPath.slice(assets.directory.length)}/${entry.name}`] : []),
  );
  const asked = names.filter((name) => !/\.(br|html)$|_headers$/.test(name));
  expect(asked.length).toBeGreaterThan(20);
  for (const name of asked) {
    const end = name.slice(name.lastIndexOf(".") + 1);
    expect((await ask(name)).headers["content-type"], name).toBe(TYPES[end]);
  }
});
