import { execFile } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, inject, it } from "vitest";
import { keysCommand } from "../../scripts/keys.ts";
import type { Status } from "../../scripts/status/ask.ts";
import { screenOf } from "../../scripts/status/screen.ts";
import { statusCommand } from "../../scripts/status.ts";
import { schedule } from "../../workers/polls/schedule.ts";
import { callCommand } from "../setup/command.ts";
import { startCuttableProxy } from "../setup/cuttable-proxy.ts";
import { PUSH_TOKEN, type Stack, startStack } from "../setup/harness.ts";

let proxy: Awaited<ReturnType<typeof startCuttableProxy>>;
let stack: Stack;
let key: string;

beforeAll(async () => {
  proxy = await startCuttableProxy(Number(new URL(inject("cluster").adminUrl).port));
  stack = await startStack({ world: { vehicles: 3, seed: 97 }, databasePort: proxy.port });
  key = await stack.makeKey(["admin"]);
});
afterAll(async () => {
  await stack[Symbol.asyncDispose]();
  await proxy[Symbol.asyncDispose]();
});

const status = (...words: string[]) =>
  callCommand(statusCommand, ["--url", stack.url, "--key", key, ...words]);

/** Every job has succeeded, `ageS` ago. */
const succeeded = (ageS: number) => stack.sql`
  insert into tracksolid.ingestion_log (run_id, endpoint, run_at, duration_ms, success)
  select gen_random_uuid(), job, now() - make_interval(secs => ${ageS}), 1, true
  from unnest(${Object.keys(schedule)}::text[]) job`;

it("marks nothing where all is well", async () => {
  await succeeded(1);
  await stack.fetch("/pushgps", {
    method: "POST",
    body: JSON.stringify({
      token: PUSH_TOKEN,
      data_list: [{ deviceImei: "862000000000097", gpsTime: "2026-01-15 08:30:00", lat: -1.28, lng: 36.81 }],
    }),
  });
  await expect.poll(async () => (await status()).stdout).toMatch(/1 items received, 1 written.*balanced/);
  const { stdout, stderr, code } = await status();
  expect([stderr, code]).toEqual(["", 0]);
  expect(stdout).toContain(stack.url);
  expect(stdout).toMatch(/database {2}answers; nothing waits for the writer/);
  expect(stdout).not.toMatch(/^!/m);
  const shown = [...stdout.matchAll(/^ {2}([a-z-]+) +(?:\d+ s ago +in .* ok|(?:0 {2})?off)$/gm)].map(
    ([, job]) => job,
  );
  expect(shown.sort()).toEqual(Object.keys(schedule).sort());
});

it("says the same to programs", async () => {
  await succeeded(1);
  const { stdout, code } = await status("--json");
  expect(code).toBe(0);
  expect(JSON.parse(stdout)).toMatchObject({
    ...{ isWell: true, url: stack.url, ready: { database: "ok" }, ingest: { degraded: [] } },
    ledger: { balanced: true },
    jobs: { jobs: expect.arrayContaining([expect.objectContaining({ job: "live", status: "ok" })]) },
  });
});

/** Every job has succeeded but one, whose newest run failed. */
async function oneFailed() {
  await succeeded(1);
  await stack.sql`
    insert into tracksolid.ingestion_log (run_id, endpoint, run_at, duration_ms, success, error_code, error)
    values (gen_random_uuid(), 'trips', now(), 1, false, 'credentials', ${"Wrong\npassword"})`;
}

it("puts first what is wrong, with its reason, and says where the remedy is", async () => {
  await oneFailed();
  const { stdout, code } = await status();
  expect(code).toBe(1);
  expect(stdout.split("\n").filter((line) => line.startsWith("!"))).toEqual([
    expect.stringMatching(/^! trips .*failing: credentials: Wrong password$/),
  ]);
  expect(stdout.indexOf("! trips")).toBeLessThan(stdout.indexOf("live"));
  expect(stdout).toContain("docs/runbook.md");
});

it("shows what is still known while the database is away", async () => {
  await proxy.cut();
  try {
    const { stdout, code } = await status();
    expect(code).toBe(1);
    expect(stdout).toMatch(/^ {2}service {3}dev, version /m);
    expect(stdout).toMatch(/^! database {2}does not answer/m);
    expect(stdout).toMatch(/^! jobs {6}.*\(request [0-9a-f-]+\)$/m);
    expect(stdout).toMatch(/^! books {5}.*\(request /m);
    expect(stdout).toMatch(/^ {2}kept {6}0 items parked, 0 items dead/m);
  } finally {
    await proxy.mend();
  }
});

it("tells of what was kept however long ago", async () => {
  const { BUCKET } = await stack.bindings();
  const key = "parked/held/2020/01/15/08/019bc0d2-5b1c-7c44-9d2a-3f6f0c7a1e55.ndjson.gz";
  await BUCKET.put(key, "x", { customMetadata: { reason: "refused", messages: "2", items: "7" } });
  const { stdout, code } = await status();
  await BUCKET.delete(key);
  expect(code).toBe(1);
  expect(stdout).toMatch(/^! kept {6}\d+ items parked, 0 items dead$/m);
});

it("refuses a key that may not see it, in the API's own words", async () => {
  const reader = await stack.makeKey(["read"]);
  const { stdout, code } = await callCommand(statusCommand, ["--url", stack.url, "--key", reader]);
  expect(code).toBe(1);
  expect(stdout).toMatch(/^! jobs .*scope/m);
  expect(stdout).not.toContain(reader);
});

it("says that nobody answers, or somebody else", async () => {
  const nobody = await callCommand(statusCommand, ["--url", "http://127.0.0.1:1", "--key", key]);
  expect(nobody).toMatchObject({ code: 1, stdout: "" });
  expect(nobody.stderr).toMatch(/^http:\/\/127\.0\.0\.1:1 does not answer: /);

  const other = createServer((_, response) => response.end("<h1>It works</h1>"));
  await new Promise<void>((resolve) => other.listen(0, "127.0.0.1", resolve));
  const url = `http://127.0.0.1:${(other.address() as AddressInfo).port}`;
  const stranger = await callCommand(statusCommand, ["--url", url, "--key", key]);
  other.close();
  expect(stranger).toMatchObject({ code: 1, stdout: "" });
  expect(stranger.stderr).toContain("is it the right URL?");
});

it.each([
  [["now"], 2, "npm run status"],
  [["--env", "dev"], 1, '--env is staging or production, not "dev".'],
  [["--url", "api.example.com", "--key", "x"], 1, "is not where an API is"],
])("does not run as %j", async (words, code, said) => {
  const outcome = await callCommand(statusCommand, words);
  expect(outcome.code).toBe(code);
  expect(outcome.stdout + outcome.stderr).toContain(said);
});

it("watches until it is told to stop", async () => {
  await oneFailed();
  const child = execFile(process.execPath, [
    "scripts/status.ts",
    "--url",
    stack.url,
    "--key",
    key,
    "--watch",
  ]);
  try {
    let output = "";
    child.stdout?.on("data", (text) => (output += text));
    await expect.poll(() => output, { timeout: 60_000 }).toContain("balanced");
    const exited = new Promise((resolve) => child.once("exit", resolve));
    child.kill("SIGTERM");
    expect(await exited).toBe(1);
  } finally {
    child.kill("SIGKILL");
  }
});

it("takes back the key that it makes", async () => {
  const folder = await mkdtemp(join(tmpdir(), "tracksolid-status-"));
  try {
    // The stack keeps its keys elsewhere: it does not know this one.
    const { stdout, code } = await callCommand(statusCommand, ["--url", stack.url, "--folder", folder]);
    expect([stdout, code]).toEqual([expect.stringMatching(/^! jobs .*key is not known/m), 1]);
    const { stdout: left } = await callCommand(keysCommand, ["list", "--folder", folder]);
    expect(left).toBe("There are no keys.\n");
  } finally {
    await rm(folder, { recursive: true });
  }
});

const well: Status = {
  ...{ url: "https://api.example.com", askedAtMs: Date.parse("2026-01-15T08:30:00Z") },
  alive: { environment: "production", mode: "owner", version: "1", warnings: [] },
  ready: { database: "ok", backlog: { messages: 0, oldestAgeS: null } },
  ingest: { degraded: [] },
  jobs: { jobs: [] },
  alerts: { evaluatedAt: null, alerts: [], targets: [] },
  parked: { objects: [], next: null },
  deadLetters: { objects: [], next: null },
  ledger: {
    balanced: true,
    ...{ received: { messages: 2, items: 2_000 }, pending: { messages: 0, items: 0 } },
    ...{ delivered: { written: 1_990, duplicate: 9, rejected: 1 }, missing: { messages: 0, items: 0 } },
  },
};
const books = well.ledger as Exclude<Status["ledger"], string>;

it("shows nothing wrong of what is well", () => {
  expect(screenOf(well)).toMatchObject({ isWell: true, text: expect.not.stringMatching(/^!|runbook/m) });
});

it.each<[string, Partial<Status>, RegExp]>([
  [
    "old paths that are open",
    { alive: { environment: "production", mode: "owner", version: "1", warnings: ["old_paths_open"] } },
    /^! service .*; old paths open$/m,
  ],
  [
    "an alert",
    {
      alerts: {
        evaluatedAt: null,
        alerts: [
          {
            title: "A job is late",
            text: "trips",
            severity: "critical",
            since: "2026-01-15T08:00:00Z",
            rule: "ingest_late",
          },
        ],
        targets: [{ kind: "slack", host: "hooks.slack.com", failures: 3, reason: "it answered 403" }],
      },
    },
    /^! alert {5}A job is late: trips \(docs\/alerts\.md#ingest_late\)\n! alerts {4}slack at hooks\.slack\.com did not take the last 3: it answered 403$/m,
  ],
  [
    "dead letters, of which there are more",
    { deadLetters: { objects: [{ items: 1_200 }, { items: 34 }], next: "x" } },
    /^! kept {6}0 items parked, 1,234 and more items dead$/m,
  ],
  [
    "messages that are missing",
    { ledger: { ...books, balanced: false, missing: { messages: 3, items: 0 } } },
    /^! books .*3 messages, 0 items are missing$/m,
  ],
  ["sums that do not agree", { ledger: { ...books, balanced: false } }, /^! books .*the sums do not agree$/m],
  ["a job of the database", { ingest: { degraded: ["Job 1003\nfailed."] } }, /^! Job 1003 failed\.$/m],
  ["health that is not told", { ingest: "Too many requests." }, /^! health {4}Too many requests\.$/m],
])("marks %s", (_, change, line) => {
  const { text, isWell } = screenOf({ ...well, ...change });
  expect(isWell).toBe(false);
  expect(text).toMatch(line);
});

it("says how much waits, and for how long, which is nothing wrong", () => {
  const ready = { database: "ok" as const, backlog: { messages: 1_500, oldestAgeS: 300 } };
  const { text, isWell } = screenOf({ ...well, ready });
  expect([text, isWell]).toEqual([
    expect.stringContaining("1,500 messages wait for the writer, the oldest 5 min"),
    true,
  ]);
});
