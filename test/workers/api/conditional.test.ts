import { describe, expect, it } from "vitest";
import { isCurrent } from "../../../workers/api/conditional.ts";
import { ask } from "./caller.ts";

describe("isCurrent", () => {
  it.each([
    ['"a"', '"a"'],
    ['W/"a"', '"a"'],
    ['"a"', 'W/"a"'],
    ['W/"a"', 'W/"a"'],
    ['"b", "a"', '"a"'],
    ['"b",W/"a","c"', '"a"'],
    ['"x,y", "a"', '"a"'],
    ['"x,a"', '"x,a"'],
    ["*", '"a"'],
    [" * ", '"a"'],
    ['""', '""'],
  ])("%s is %s", (header, etag) => {
    expect(isCurrent(header, etag)).toBe(true);
  });

  it.each([
    [undefined, '"a"'],
    ["", '"a"'],
    ["a", '"a"'],
    ['"A"', '"a"'],
    ['"b"', '"a"'],
    ['"ab"', '"a"'],
    ['"x,a,y"', '"a"'],
    ['"*"', '"a"'],
    ['"a', '"a"'],
    ['w/"b", "', '"a"'],
  ])("%j is not %s", (header, etag) => {
    expect(isCurrent(header, etag)).toBe(false);
  });

  it("takes no longer for a header of any length", () => {
    const startedAt = performance.now();
    for (const header of ['"'.repeat(100_001), "W/".repeat(100_000), '",'.repeat(100_000)])
      isCurrent(header, '"a"');
    expect(performance.now() - startedAt).toBeLessThan(1_000);
  });
});

describe.each(["/openapi.json", "/docs"])("%s", (path) => {
  it("is not sent again to whoever has it", async () => {
    const first = await ask(path);
    const etag = first.headers.get("etag") ?? "";
    expect(etag).toMatch(/^"[\w+/=]{20,}"$/);
    expect(first.headers.get("cache-control")).toBe("no-cache");
    for (const sent of [etag, `W/${etag}`, `"other", ${etag}`, "*"]) {
      for (const method of ["GET", "HEAD"]) {
        const again = await ask(path, { method, headers: { "if-none-match": sent } });
        expect(again.status).toBe(304);
        expect(await again.text()).toBe("");
        expect(again.headers.get("etag")).toBe(etag);
        expect(again.headers.get("cache-control")).toBe("no-cache");
        expect(again.headers.get("vary")).toContain("Origin");
        expect(again.headers.get("x-request-id")).toMatch(/^[0-9a-f-]{36}$/);
      }
    }
  });

  it("is sent to whoever has another", async () => {
    const response = await ask(path, { headers: { "if-none-match": '"another"' } });
    expect(response.status).toBe(200);
    expect((await response.text()).length).toBeGreaterThan(1_000);
  });
});
