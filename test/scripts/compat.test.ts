import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { describe, expect, it } from "vitest";
import { differencesOf } from "../../scripts/compat/differences.ts";
import { compatCommand } from "../../scripts/compat.ts";
import { callCommand } from "../setup/command.ts";
import { startStack } from "../setup/harness.ts";

describe("differences of two answers", () => {
  it("are none where both are the same, in whatever order", () => {
    const rows = [
      { imei: "1", speed_kmh: 3, tags: [1, 2] },
      { imei: "2", speed_kmh: null, tags: [] },
    ];
    expect(differencesOf({ rows }, { rows: [...rows].reverse() })).toEqual([]);
  });

  it("are told by field, with how often and an example", () => {
    const feature = (imei: string, more: object) => ({ type: "Feature", properties: { imei, ...more } });
    const old = [
      feature("1", { v: 1, gone: true }),
      feature("2", { v: 2, gone: true }),
      feature("3", { v: 3 }),
    ];
    const now = [feature("1", { v: "1", more: 0 }), feature("2", { v: "2" }), feature("4", {})];
    expect(differencesOf({ features: old }, { features: now })).toEqual([
      { field: "features[].properties.v", kind: "type", times: 2, old: "1", new: '"1"' },
      { field: "features[].properties.gone", kind: "missing in new", times: 2, old: "true", new: "" },
      { field: "features[].properties.more", kind: "only in new", times: 1, old: "", new: "0" },
      { field: "features[]", kind: "missing in new", times: 1, old: '"imei 3"', new: "" },
      { field: "features[]", kind: "only in new", times: 1, old: "", new: '"imei 4"' },
    ]);
  });

  it("are of values where one knows nothing, of counts, and of the whole", () => {
    expect(differencesOf({ a: 1 }, { a: null })).toMatchObject([{ field: "a", kind: "value" }]);
    expect(differencesOf([1, 2], [1])).toMatchObject([{ kind: "count", old: "2", new: "1" }]);
    expect(differencesOf([], {})).toMatchObject([{ field: "(all)", kind: "type" }]);
    expect(differencesOf({ a: "x".repeat(1_000) }, { a: 1 })[0]?.old.length).toBeLessThan(70);
  });

  it("are of rows that are the same by what both know them by", () => {
    const old = { features: [{ properties: { imei: "1", v: 1 } }, { properties: { imei: "2", v: 2 } }] };
    const now = { features: [2, 1].map((v) => ({ id: `${v}`, properties: { imei: `${v}`, v } })) };
    expect(differencesOf(old, now)).toEqual([
      { field: "features[].id", kind: "only in new", times: 2, old: "", new: '"1"' },
    ]);
  });

  it("compare rows that nothing tells apart in their order", () => {
    expect(
      differencesOf(
        [
          { imei: "1", a: 1 },
          { imei: "1", a: 2 },
        ],
        [
          { imei: "1", a: 1 },
          { imei: "1", a: 3 },
        ],
      ),
    ).toMatchObject([{ field: "[].a", kind: "value", times: 1 }]);
  });
});

describe("npm run compat", () => {
  it("finds this system the same as itself, and tells what another says otherwise", async () => {
    await using stack = await startStack({
      vars: { OLD_PATHS_ACCESS: "origin", CORS_ORIGINS: "https://map.example.com" },
    });
    await stack.tick("* * * * *");
    await stack.lastRun("live");
    const same = await compat([
      "--old",
      stack.url,
      "--new",
      stack.url,
      "--origin",
      "https://map.example.com",
      "--path",
      "live",
      "--path",
      "fleet-dashboard",
      "--path",
      "trips",
    ]);
    expect(same).toMatchObject({ code: 0, errors: "" });

    const asked: string[] = [];
    await using other = await serve((method, url, body) => {
      asked.push(`${method} ${url} ${body}`);
      return { type: "FeatureCollection", features: [], count: 0 };
    });
    const different = await compat([
      ...["--old", other.url, "--new", stack.url, "--origin", "https://map.example.com"],
      ...[
        "--path",
        "live",
        "--path",
        "trips",
        "--paths",
        "live=/live",
        "--from",
        "2026-01-15",
        "--to",
        "2026-01-15",
      ],
    ]);
    expect(different.code).toBe(1);
    expect(different.output).toContain("missing in new");
    expect(asked).toEqual(["GET /live ", "GET /trips?from=2026-01-15&to=2026-01-15 "]);
  });

  it("says who does not answer, and what is called wrongly", async () => {
    await using other = await serve(() => ({}));
    const gone = await compat(["--old", "http://127.0.0.1:1", "--new", other.url, "--path", "health"]);
    expect(gone).toMatchObject({
      code: 2,
      errors: expect.stringContaining("the old system does not answer"),
    });
    for (const wrong of [
      ["--new", other.url],
      ["--old", "ftp://x", "--new", other.url],
      ["--old", other.url, "--new", other.url, "--path", "nothing"],
      ["--old", other.url, "--new", other.url, "--path", "track"],
      ["--old", other.url, "--new", other.url, "--paths", "nothing=/x"],
      ["--old", "https://user:secret@example.com", "--new", other.url],
    ]) {
      const { code, errors } = await compat(wrong);
      expect([code, errors]).toEqual([1, expect.stringMatching(/--/)]);
      expect(errors).not.toContain("secret");
    }
  });
});

async function compat(args: string[]) {
  const { code, stdout: output, stderr: errors } = await callCommand(compatCommand, args);
  return { code, output, errors };
}

/** Another system. */
async function serve(answer: (method: string, url: string, body: string) => unknown) {
  const server = createServer(async (request, response) => {
    let body = "";
    for await (const chunk of request) body += chunk;
    response.setHeader("content-type", "application/geo+json");
    response.end(JSON.stringify(answer(request.method ?? "", request.url ?? "", body)));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    [Symbol.asyncDispose]: () => new Promise<void>((resolve) => void server.close(() => resolve())),
  };
}
