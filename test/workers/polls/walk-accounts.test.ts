import { env } from "cloudflare:workers";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { JimiClient, type JimiSessionPort } from "../../../shared/jimi/client.ts";
import { emptyOutcome } from "../../../workers/polls/outcome.ts";
import { walkAccounts } from "../../../workers/polls/walk-accounts.ts";
import { collectLines, type Line } from "../lines.ts";

/** Children by account, as the vendor lists them: trees that the simulated one has not. */
let children: Record<string, unknown[]>;
let asked: string[];
let lines: Line[];

beforeEach(() => {
  asked = [];
  lines = collectLines();
  vi.spyOn(globalThis, "fetch").mockImplementation(async (_, init) => {
    const target = new URLSearchParams(String(init?.body)).get("target") ?? "";
    asked.push(target);
    const result = children[target];
    return Response.json(
      result === undefined
        ? { code: 1001, message: "no permission" }
        : { code: 0, message: "success", result },
    );
  });
});
afterEach(() => {
  vi.restoreAllMocks();
});

const session: JimiSessionPort = {
  permit: async () => ({ granted: true, token: "t", generation: 1, notBefore: 0, reportSuccess: false }),
  report: async () => {},
};

async function walk(targets: string[], deadlineMs = Number.POSITIVE_INFINITY) {
  const endpoint = { url: "https://vendor.example.com/route/rest", appKey: "key", appSecret: "secret" };
  const outcome = emptyOutcome();
  const tree = await walkAccounts({
    ...{ env, runId: "run", startedMs: 0, deadlineMs, outcome, isRequested: false },
    config: { TRACKSOLID_TARGETS: targets } as never,
    client: new JimiClient(endpoint, session, deadlineMs),
  });
  const parents = Object.fromEntries(
    Array.from(tree.children, ([parent, items]) => [
      parent,
      items.map((item) => (item as { account?: string } | null)?.account ?? null),
    ]),
  );
  return { ...tree, parents, failures: outcome.failures };
}

const named = (...accounts: string[]) => accounts.map((account) => ({ account, email: "x@example.com" }));

it("walks down to the last account, and asks each once", async () => {
  children = { a: named("b", "c"), b: named("d"), c: [], d: named("e"), e: [], x: named("c") };
  const { parents, accounts, complete, children: found } = await walk(["a", "x", "b"]);
  expect(asked).toEqual(["a", "x", "b", "c", "d", "e"]);
  expect(parents).toEqual({ a: ["b"], x: ["c"], b: ["d"], d: ["e"] });
  expect(accounts).toEqual(["b", "c", "d", "e"]);
  expect(complete).toBe(true);
  expect(JSON.stringify([...found])).not.toContain("example.com");
});

it("finds the same where the vendor lists everything below at once", async () => {
  children = { a: named("b", "c", "d"), b: named("c", "d"), c: named("d"), d: [] };
  const { parents } = await walk(["a"]);
  expect(parents).toEqual({ a: ["b"], b: ["c"], c: ["d"] });
  expect(asked).toEqual(["a", "b", "c", "d"]);
});

it("gets over accounts that lie below themselves", async () => {
  children = { a: named("a", "b"), b: named("c"), c: named("a", "b") };
  const { parents, complete } = await walk(["a"]);
  expect(asked).toEqual(["a", "b", "c"]);
  expect(parents).toEqual({ c: ["b", "a"], b: ["c"] });
  expect(complete).toBe(true);
});

it("keeps what names no account for the writer to reject", async () => {
  children = { a: [{ name: "nobody" }, null, "text", ...named("b")], b: [] };
  expect((await walk(["a"])).parents).toEqual({ a: ["b", null, null, null] });
});

it("ends where a tree does not, and says so", async () => {
  children = Object.fromEntries(Array.from({ length: 50 }, (_, n) => [String(n), named(String(n + 1))]));
  const { complete } = await walk(["0"]);
  expect(asked).toHaveLength(8);
  expect(complete).toBe(true);
  children = { root: named(...Array.from({ length: 500 }, (_, n) => `leaf ${n}`)) };
  for (const { account } of children.root as { account: string }[]) children[account] = [];
  asked = [];
  expect((await walk(["root"])).accounts).toHaveLength(500);
  expect(asked).toHaveLength(200);
  expect(lines.filter(({ event }) => event === "accounts_not_walked")).toMatchObject([
    { accounts: 1 },
    { accounts: 301 },
  ]);
});

it("passes over an account that may not list, and tells of it", async () => {
  children = { a: named("b", "c"), c: named("d"), d: [] };
  const { accounts, complete, failures } = await walk(["a"]);
  expect(accounts).toEqual(["b", "c", "d"]);
  expect(complete).toBe(true);
  expect(failures).toEqual([]);
  expect(lines).toMatchObject([
    { level: "warn", event: "list_refused", account: "b", list: "child accounts", errorCode: "rejected" },
  ]);
});

it("is not complete where an account gave no readable answer", async () => {
  children = { a: named("b"), b: "nonsense" as never };
  expect(await walk(["a"])).toMatchObject({ complete: false, accounts: ["b"], failures: [] });
});

it("ends with the time of its run, and with a vendor that answers nobody", async () => {
  children = { a: named("b"), b: [] };
  expect(await walk(["a"], 0)).toMatchObject({ complete: false, accounts: [], failures: [] });
  vi.mocked(fetch).mockRejectedValue(new TypeError("network"));
  expect(await walk(["a", "b"], Date.now() + 100)).toMatchObject({
    complete: false,
    failures: [{ what: "child accounts of a", failure: { kind: "unreachable" } }],
  });
});
