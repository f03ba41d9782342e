import { beforeAll, describe, expect, it, vi } from "vitest";
import { admin, ask, expectProblem, makeKey, posted, reader } from "./caller.ts";
import { askConfigured } from "./configured.ts";

const READS = [
  "/v1/ledger",
  "/v1/receipts/019bc0d2-0000-7c44-9d2a-3f6f0c7a1e55",
  "/v1/pushes",
  "/v1/parked",
  "/v1/dead-letters",
  "/v1/rejected",
  "/v1/rejected/reasons",
  "/v1/jobs",
  "/v1/jobs/hours",
  "/v1/metrics",
  "/v1/jobs/trips/runs/019bc0d2-0000-7c44-9d2a-3f6f0c7a1e55",
  "/v1/audit",
  "/v1/alerts",
  "/v1/vendor/devices",
  "/v1/vendor/devices/860000000000001",
];
const REDRIVES = ["/v1/parked/redrive", "/v1/dead-letters/redrive", "/v1/rejected/redrive"];
const ALL: [string, RequestInit][] = [
  ...READS.map((path): [string, RequestInit] => [path, {}]),
  ...REDRIVES.map((path): [string, RequestInit] => [path, posted({})]),
  ["/v1/jobs/trips/runs", {}],
  ["/v1/jobs/ledger/runs", posted({})],
  ["/v1/vehicles/860000000000001/refresh", { method: "POST" }],
  ["/v1/alerts/test", { method: "POST" }],
];

let askAsAdmin: Awaited<ReturnType<typeof admin>>;

beforeAll(async () => {
  askAsAdmin = await admin();
});

describe("the administrators' routes", () => {
  it.each(ALL)("%s asks for a key", async (path, init) => {
    await expectProblem(await ask(path, init), "key_required");
    const open = await askConfigured({ OPEN_READS: "1" }, path, init);
    await expectProblem(open, "scope_missing");
  });

  it.each(ALL)("%s is not for a key that reads", async (path, init) => {
    const detail = await expectProblem(await (await reader())(path, init), "scope_missing");
    expect(detail).toContain('"admin"');
    const key = await makeKey({ kind: "pk", origins: ["https://map.example.com"] });
    const headers = { ...init.headers, authorization: `Bearer ${key}`, origin: "https://map.example.com" };
    await expectProblem(await ask(path, { ...init, headers }), "scope_missing");
  });

  it("are those below them too", async () => {
    await expectProblem(await (await reader())("/v1/ledger/nothing"), "scope_missing");
    await expectProblem(await askAsAdmin("/v1/ledger/nothing"), "not_found");
    await expectProblem(await (await reader())("/v1/ledgers"), "not_found");
    await expectProblem(await (await reader())("/v1/vehicles/x/refresh/nothing"), "scope_missing");
    await expectProblem(await (await reader())("/v1/vehicles/x/nothing"), "not_found");
    await expectProblem(await (await reader())("/v1/vehicles//refreshed"), "not_found");
  });

  it.each(READS)("%s is only read", async (path) => {
    const response = await askAsAdmin(path, posted({}));
    expect(response.headers.get("allow")).toBe("GET, HEAD");
    await expectProblem(response, "method_not_allowed");
  });

  it.each(REDRIVES)("%s is only posted to", async (path) => {
    for (const method of ["GET", "PUT", "DELETE"]) {
      const response = await askAsAdmin(path, { method });
      expect(response.headers.get("allow")).toBe("POST");
      await expectProblem(response, "method_not_allowed");
    }
    expect((await askAsAdmin(path, { method: "HEAD" })).status).toBe(405);
  });

  it.each(REDRIVES)("%s answers the preflight of a page", async (path) => {
    const headers = { origin: "https://ops.example.com", "access-control-request-method": "POST" };
    const response = await ask(path, { method: "OPTIONS", headers });
    expect(response.headers.get("access-control-allow-methods")).toBe("POST");
    expect(response.headers.get("access-control-allow-headers")).toContain("Content-Type");
  });

  it.each(REDRIVES)("%s takes no body for all of them by mistake", async (path) => {
    const bodies: [RequestInit, RegExp][] = [
      [{ method: "POST" }, /application\/json/],
      [{ method: "POST", body: '{"reason":"x"}' }, /application\/json/],
      [{ ...posted({}), body: "" }, /./],
      [{ ...posted({}), body: "{" }, /./],
      [posted(null), /./],
      [posted([]), /./],
      [posted("all"), /./],
      [posted({ reasons: "database_away" }), /reasons/],
      [posted({ reason: 1 }), /reason/],
      [posted({ reason: "a b" }), /reason/],
      [posted({ from: "yesterday" }), /from/],
      [posted({ from: "0000-01-01T00:00:00Z" }), /2000/],
      [posted({ to: "2026-02-30T00:00:00Z" }), /to/],
      [posted({ ids: [] }), /ids/],
      [posted({ ids: ["nonsense"] }), /ids/],
      [posted({ ids: [btoa("large/2026/01/15/08/x.json")] }), /ids/],
      [posted({ ids: [btoa("parked/../dead/x.ndjson.gz")] }), /ids/],
      [posted({ ids: Array.from({ length: 101 }, () => "x") }), /ids/],
      [posted({ after: "nonsense" }), /after/],
      [posted({ after: btoa('["2026-02-30T00:00:00Z","x",1,0]') }), /after/],
    ];
    for (const [init, wrong] of bodies) {
      expect(await expectProblem(await askAsAdmin(path, init), "invalid_request")).toMatch(wrong);
    }
    await expectProblem(await askAsAdmin(path, posted({ reason: "x".repeat(70_000) })), "body_too_large");
  });

  it.each([
    [
      "/v1/ledger",
      [
        "from=x",
        "to=2026-01-15",
        "from=1999-12-31T23:59:59Z",
        "producer=",
        "producer=%00",
        "to=2026-02-30T00:00:00Z",
      ],
    ],
    [
      "/v1/ledger",
      [
        "from=2026-01-15T00:00:00Z&to=2026-01-15T00:00:00Z",
        "from=2026-01-01T00:00:00Z&to=2026-12-31T00:00:00Z",
      ],
    ],
    [
      "/v1/parked",
      ["limit=0", "limit=1001", "after=x", `after=${btoa("dead/2026/x.ndjson.gz")}`, "reason='", "kind=a,b"],
    ],
    ["/v1/dead-letters", ["limit=0x10", `after=${btoa("parked/2026/x.ndjson.gz")}`, "from=now"]],
    [
      "/v1/rejected",
      [
        "imei=1",
        "redriven=yes",
        "after=e30",
        `after=${btoa('["2026-01-15T08:30:08.000000Z","a\\u0000",1,0]')}`,
      ],
    ],
    [
      "/v1/jobs/trips/runs",
      ["success=maybe", "limit=0", "after=e30", `after=${btoa('["0000-01-01T00:00:00Z","x"]')}`],
    ],
    ["/v1/jobs/trips/runs/019bc0d2-0000-7c44-9d2a-3f6f0c7a1e55", ["limit=x", "after=-1", "after=9999999999"]],
  ])("%s refuses what is no filter", async (path, queries) => {
    for (const one of queries) {
      await expectProblem(await askAsAdmin(`${path}?${one}`), "invalid_request");
    }
  });

  it.each(["nothing", "019bc0d2", "..%2f..", "%00", "019bc0d2-0000-7c44-9d2a-3f6f0c7a1e5'"])(
    "know no receipt %s",
    async (id) => {
      await expectProblem(await askAsAdmin(`/v1/receipts/${id}`), "invalid_request");
    },
  );

  it("say so when the database is away", async () => {
    vi.spyOn(console, "error").mockImplementation(() => {});
    const headers = { authorization: `Bearer ${await makeKey({ scopes: ["admin"] })}` };
    const DB_INGEST = { connectionString: "postgres://x:x@127.0.0.1:1/x" };
    const alone = ["/v1/ledger", "/v1/rejected", "/v1/jobs", "/v1/jobs/trips/runs", "/v1/audit"];
    for (const path of [...alone, READS[1] ?? ""]) {
      await expectProblem(await askConfigured({ DB_INGEST }, path, { headers }), "database_unavailable");
    }
    const init = posted({});
    const response = await askConfigured({ DB_INGEST }, "/v1/rejected/redrive", {
      ...init,
      headers: { ...init.headers, ...headers },
    });
    await expectProblem(response, "database_unavailable");
    vi.restoreAllMocks();
  });
});
