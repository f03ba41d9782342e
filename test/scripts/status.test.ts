import { execFile } from "node:child_process";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, expect, inject, it } from "vitest";
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
  const shown = [...stdout.matchAll(/^ {2}([a-z-]+) +(?:\d+ s ago +in .* ok|0 {2}off)$/gm)].map(
    ([, job]) => job,
  );
  expect(shown.sort()).toEqual(Object.keys(schedule).sort());
});

it("says the same to programs", async () => {
  const { stdout, code } = await status("--json");
  expect(code).toBe(0);
  expect(JSON.parse(stdout)).toMatchObject({
    ...{ isWell: true, url: stack.url, ready: { database: "ok" }, ingest: { degraded: [] } },
    ledger: { balanced: true },
    jobs: { jobs: expect.arrayContaining([expect.objectContaining({ job: "live", status: "ok" })]) },
  });
});

it("puts first what is wrong, with its reason, and says where the remedy is", async () => {
  await stack.sql`
    insert into tracksolid.ingestion_log (run_id, endpoint, run_at, duration_ms, success, error_code, error)
    values (gen_random_uuid(), 'trips', now(), 1, false, 'credentials', ${"Wrong\npassword"})`;
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
  const { stdout, code } = await status();
  await proxy.mend();
  expect(code).toBe(1);
  expect(stdout).toMatch(/^ {2}service {3}dev, version /m);
  expect(stdout).toMatch(/^! database {2}does not answer/m);
  expect(stdout).toMatch(/^! jobs {6}.*\(request [0-9a-f-]+\)$/m);
  expect(stdout).toMatch(/^! books {5}.*\(request /m);
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
  const child = execFile(process.execPath, [
    "scripts/status.ts",
    "--url",
    stack.url,
    "--key",
    key,
    "--watch",
  ]);
  let output = "";
  child.stdout?.on("data", (text) => (output += text));
  await expect.poll(() => output, { timeout: 60_000 }).toContain("balanced");
  child.kill("SIGINT");
  // The failed run of before.
  expect(await new Promise((resolve) => child.once("exit", resolve))).toBe(1);
});
