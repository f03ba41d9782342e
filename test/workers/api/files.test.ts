import { afterEach, describe, expect, it, vi } from "vitest";
import { ask } from "./caller.ts";
import { askConfigured } from "./configured.ts";
import { unique } from "./fleet.ts";
import { accessOf, cameThrough, makePerson } from "./signed-in.ts";

afterEach(() => {
  vi.restoreAllMocks();
});

/** How files come packed is seen from outside: test/web/files.test.ts. */
describe("the live page asks for the fleet ahead", () => {
  const ahead = async (path: string, bindings: object, headers: Record<string, string> = {}) =>
    (await askConfigured(bindings, path, { headers })).headers.get("link");
  const LIVE =
    "</v1/live?format=columns&registry=true>; rel=preload; as=fetch; crossorigin=anonymous; fetchpriority=low";

  it("where nobody needs a key", async () => {
    expect(await ahead("/", { OPEN_READS: "1" })).toBe(LIVE);
    expect(await ahead("/?status=moving", { OPEN_READS: "1" })).toBe(LIVE);
  });

  it("for who came through Cloudflare Access and is known here, where that counts", async () => {
    const access = accessOf();
    const came = await cameThrough(access, { email: await makePerson() });
    expect(await ahead("/", access, came)).toBe(LIVE);
    expect(await ahead("/", access)).toBeNull();
    expect(await ahead("/", {}, came)).toBeNull();
  });

  it.each([
    ["is not known here", async () => `${unique("nobody")}@example.com`],
    ["is known no longer", () => makePerson({ expiresAt: "2026-01-15T08:30:00.000Z" })],
    ["may not read", () => makePerson({ scopes: ["tickets:write"] })],
  ])(
    "for nobody who came through it and %s: the page would show that, whatever key it has",
    async (_, make) => {
      const access = accessOf();
      const came = await cameThrough(access, { email: await make() });
      expect(await ahead("/", access, came)).toBeNull();
      expect(await ahead("/", { ...access, OPEN_READS: "1" }, came)).toBeNull();
    },
  );

  it("for nobody who needs a key: the refusal would be what the page is given", async () => {
    expect(await ahead("/", {})).toBeNull();
  });

  it("and no other page or file", async () => {
    for (const path of ["/history", "/docs.css", "/docs", "/nothing"]) {
      expect(await ahead(path, { OPEN_READS: "1" }), path).toBeNull();
    }
  });

  it("of a path that is answered", async () => {
    const [, path = ""] = /<([^>]+)>/.exec(LIVE) ?? [];
    expect((await askConfigured({ OPEN_READS: "1" }, path)).status).toBe(200);
    expect((await ask(path)).status).toBe(401);
  });
});

describe("a path that is no file's", () => {
  it.each(["//[/x", "//[", "/%", "/%E0%A4%A", "//evil.example.com/no-page", "/a/../../x.js", "/\u0000.js"])(
    "is not found: %j",
    async (path) => {
      for (const encoding of ["br", "identity"]) {
        const answer = await ask(path, { headers: { "accept-encoding": encoding } });
        expect([answer.status, answer.headers.get("content-type")], encoding).toEqual([
          404,
          "application/problem+json",
        ]);
      }
    },
  );
});

it("a file's path that is written in another way leads to the file, however it is taken", async () => {
  for (const encoding of ["br", "identity"]) {
    const answer = await ask("/client%2Findex.js", {
      headers: { "accept-encoding": encoding },
      redirect: "manual",
    });
    expect([answer.status, answer.headers.get("location")], encoding).toEqual([307, "/client/index.js"]);
  }
});
