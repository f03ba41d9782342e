import { describe, expect, it } from "vitest";
import { ask, expectProblem } from "./caller.ts";
import { askConfigured } from "./configured.ts";

const directives = (response: Response) =>
  new Map(
    (response.headers.get("content-security-policy") ?? "").split("; ").map((directive) => {
      const [name = "", ...values] = directive.split(" ");
      return [name, values];
    }),
  );

describe("a file of the pages", () => {
  it.each(["/", "/index.html", "/favicon.svg", "/client/index.js"])(
    "is kept to this host: %s",
    async (path) => {
      const response = await ask(path, { redirect: "follow" });
      expect(Object.fromEntries(directives(response))).toEqual({
        "default-src": ["'none'"],
        "script-src": ["'self'"],
        "style-src": ["'self'"],
        "img-src": ["'self'", "data:", "blob:"],
        "font-src": ["'self'"],
        "connect-src": ["'self'"],
        "worker-src": ["'self'"],
        "manifest-src": ["'self'"],
        "base-uri": ["'none'"],
        "form-action": ["'none'"],
        "frame-ancestors": ["'none'"],
      });
      expect(Object.fromEntries(response.headers)).toMatchObject({
        "x-content-type-options": "nosniff",
        "x-frame-options": "DENY",
        "referrer-policy": "no-referrer",
        "cross-origin-opener-policy": "same-origin",
        "permissions-policy": expect.stringMatching(/^geolocation=\(self\), (?:[a-z-]+=\(\)(?:, |$))+$/),
      });
    },
  );

  it("may ask and show what the style of the map names, and run nothing of it", async () => {
    const MAP_STYLE_URL = "https://tiles.example.com/style.json";
    const response = await askConfigured({ MAP_STYLE_URL, MAP_ORIGINS: "https://fonts.example.com" }, "/");
    const policy = directives(response);
    const elsewhere = ["https://tiles.example.com", "https://fonts.example.com"];
    expect(policy.get("connect-src")).toEqual(["'self'", ...elsewhere]);
    expect(policy.get("img-src")).toEqual(["'self'", "data:", "blob:", ...elsewhere]);
    for (const [name, values] of policy) {
      if (name !== "connect-src" && name !== "img-src") expect(values.join()).not.toContain("example.com");
    }
  });

  it("is not served with a header that somebody's typing could open", async () => {
    const response = await askConfigured({ MAP_ORIGINS: "https://a.example.com;script-src *" }, "/");
    await expectProblem(response, "misconfigured");
  });
});

it("leaves answers and /docs the policy that lets them even less", async () => {
  for (const path of ["/docs", "/health", "/v1/live", "/nothing"]) {
    const policy = directives(await askConfigured({ MAP_ORIGINS: "https://a.example.com" }, path));
    expect(policy.get("connect-src")).toEqual(["'self'"]);
    expect(policy.get("img-src")).toEqual(["'self'", "data:"]);
    expect(policy.has("worker-src")).toBe(false);
  }
});
