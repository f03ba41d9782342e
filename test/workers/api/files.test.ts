import { describe, expect, it } from "vitest";
import { ask } from "./caller.ts";
import { askConfigured } from "./configured.ts";

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

  it("for who came through Cloudflare Access, where that counts", async () => {
    const came = { "cf-access-jwt-assertion": "of.whoever.came" };
    const access = { ACCESS_TEAM: "https://fleet.cloudflareaccess.com", ACCESS_AUDIENCE: "ours" };
    expect(await ahead("/", access, came)).toBe(LIVE);
    expect(await ahead("/", access)).toBeNull();
    expect(await ahead("/", {}, came)).toBeNull();
  });

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
