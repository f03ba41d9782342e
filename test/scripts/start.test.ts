import { type ChildProcess, spawn } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, inject, it, vi } from "vitest";
import { localRoleUrls } from "../../scripts/database/roles.ts";
import { readStartOptions } from "../../scripts/local/options.ts";
import { commandOf } from "../../scripts/local/processes.ts";
import { startCuttableProxy } from "../setup/cuttable-proxy.ts";
import { createDatabase } from "../setup/database.ts";

let folder = "";
const children: ChildProcess[] = [];

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "tracksolid-start-"));
});
afterEach(async () => {
  for (const child of children.splice(0)) {
    child.kill("SIGINT");
    if (child.exitCode === null && child.signalCode === null)
      await new Promise((resolve) => child.once("exit", resolve));
  }
  await rm(folder, { recursive: true, force: true });
});

/** Runs `npm start` in a folder of its own. */
const start = (...options: string[]) => startWith({}, ...options);

/** The same with some of the environment. */
function startWith(settings: Record<string, string>, ...options: string[]) {
  const { DATABASE_URL: _, ...environment } = { ...process.env };
  for (const name of Object.keys(environment))
    if (name.startsWith("TRACKSOLID_") || name.startsWith("CLOUDFLARE_HYPERDRIVE")) delete environment[name];
  const child = spawn(process.execPath, ["scripts/start.ts", "--folder", folder, ...options], {
    env: { ...environment, ...settings },
  });
  children.push(child);
  let output = "";
  child.stdout.on("data", (chunk) => (output += chunk));
  child.stderr.on("data", (chunk) => (output += chunk));
  const exited = new Promise<number | null>((resolve) => child.once("exit", resolve));
  const says = (pattern: RegExp) =>
    vi.waitFor(
      () => {
        const match = pattern.exec(output);
        if (!match) throw new Error(`not yet said: ${pattern}\n${output}`);
        return match;
      },
      { timeout: 120_000, interval: 100 },
    );
  return { child, says, exited, output: () => output };
}

/** Processes that name this test's folder on their command line. */
function left(): string[] {
  const { readdirSync } = process.getBuiltinModule("node:fs");
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid)
    .map((name) => commandOf(Number(name)))
    .filter((command) => command.includes(folder));
}

it("takes another port when the wanted one is taken, shows moving vehicles, leaves nothing behind, and survives a hard kill", async () => {
  const blocker = createServer();
  await new Promise<void>((resolve) => blocker.listen(0, "127.0.0.1", resolve));
  const { port } = blocker.address() as { port: number };
  const first = start("--port", String(port));
  await first.says(new RegExp(`Port ${port} is taken by another program; using \\d+`));
  blocker.close();
  const [, url] = await first.says(/Map\s+(http:\S+)\//);
  const [, key] = await first.says(/Development key\s+(sk_\S+)/);
  await first.says(/1\d\d vehicles \([1-9]\d* moving\) · \d+ fixes · \d+ trips · \d+ pushes · last poll \d/);
  const live = (await (await fetch(`${url}/v1/live`)).json()) as { features: unknown[] };
  expect(live.features.length).toBeGreaterThan(100);
  expect((await fetch(`${url}/v1/live`, { headers: { authorization: `Bearer ${key}` } })).status).toBe(200);
  expect((await fetch(`${url}/`)).headers.get("content-type")).toContain("text/html");

  const twin = start("--port", "0");
  expect(await twin.exited).toBe(1);
  expect(twin.output()).toContain("is using");

  first.child.kill("SIGKILL");
  await first.exited;
  expect(left().length).toBeGreaterThan(0);

  const second = start("--port", "0");
  await second.says(/[1-9]\d+ vehicles/);
  second.child.kill("SIGINT");
  expect(await second.exited).toBe(0);
  await expect.poll(left, { timeout: 10_000 }).toEqual([]);
});

it("keeps through a hard kill what was parked; what waits in the local queue is gone, and the books say so", async () => {
  await using proxy = await startCuttableProxy(Number(new URL(inject("cluster").adminUrl).port));
  await using database = await createDatabase("migrated");
  const url = new URL(database.url);
  url.port = String(proxy.port);
  const urls = localRoleUrls(url.href);
  const settings = {
    DATABASE_URL: database.url,
    DATABASE_URL_INGEST: urls.ingest,
    DATABASE_URL_READ: urls.read,
    DATABASE_URL_ANALYST: urls.analyst,
  };
  const run = async () => {
    const world = ["--", "--vehicles", "5"];
    const stack = startWith(settings, "--port", "0", "--yes", "--live-every-s", "3600", ...world);
    const [, pushUrl] = await stack.says(/Pushes\s+(http:\S+)\//);
    const [, key] = await stack.says(/Development key\s+(sk_\S+)/);
    const base = new URL(pushUrl ?? "").origin;
    const headers = { authorization: `Bearer ${key}` };
    const ask = async <Answer>(path: string) =>
      (await (await fetch(`${base}${path}`, { headers })).json()) as Answer;
    const push = async (imei: string) => {
      const at = new Date().toISOString().slice(0, 19).replace("T", " ");
      const item = { deviceImei: imei, gpsTime: at, gateTime: at, lat: -1.28, lng: 36.81 };
      const response = await fetch(`${pushUrl}/pushgps`, { method: "POST", body: JSON.stringify([item]) });
      expect(response.status).toBe(200);
    };
    const kill = async () => {
      stack.child.kill("SIGKILL");
      await stack.exited;
    };
    return { ask, push, kill };
  };
  const fixes = async (imei: string) =>
    (await database.sql`select from tracksolid.position_history where imei = ${imei}`).length;
  const [waiting, parked] = ["862000000000001", "862000000000002"] as const;

  const first = await run();
  await proxy.cut();
  await first.push(waiting);
  // It is not known yet that the database is away, nor is it back before the next start has ended what the first left running.
  await first.kill();
  const second = await run();
  await vi.waitFor(
    async () => {
      await second.push(parked);
      const { objects } = await second.ask<{ objects: { kinds: string }[] }>("/v1/parked?kind=pushgps");
      expect(objects.length).toBeGreaterThan(0);
    },
    { timeout: 60_000, interval: 500 },
  );
  await second.kill();

  await proxy.mend();
  const third = await run();
  await expect.poll(() => fixes(parked), { timeout: 60_000 }).toBeGreaterThan(0);
  expect(await fixes(waiting)).toBe(0);
  const { pending, missing } = await third.ask<{
    pending: { messages: number };
    missing: { messages: number };
  }>("/v1/ledger");
  expect(pending.messages + missing.messages).toBeGreaterThan(0);
}, 240_000);

it("explains its options", async () => {
  const help = start("--help");
  expect(await help.exited).toBe(0);
  expect(help.output()).toContain("--fresh");
  const mistyped = start("--frehs");
  expect(await mistyped.exited).toBe(2);
  expect(mistyped.output()).toMatch(/--fresh.*'--frehs'[^\n]*\n$/s);
});

it.each([
  [["--prot", "1"], "'--prot'"],
  [["fresh"], "'fresh'"],
  [["--port", "x"], '--port is a whole number from 0 to 65535, not "x".'],
  [["--port", "65536"], "--port is"],
  [["--live-every-s", "0"], "--live-every-s is"],
])("does not begin with what it does not understand: %j", (args, said) => {
  expect(() => readStartOptions(args)).toThrow(said);
});

it("leaves to the simulator what stands behind --", () => {
  expect(readStartOptions(["--port", "0", "--", "--vehicles", "5"])).toMatchObject({
    ...{ port: 0, ofSimulator: ["--vehicles", "5"] },
  });
});

it("does not set passwords on somebody else's database", async () => {
  const child = spawn(process.execPath, ["scripts/start.ts", "--folder", folder], {
    env: { ...process.env, DATABASE_URL: "postgres://owner:x@db.example.com/fleet" },
  });
  children.push(child);
  let output = "";
  child.stderr.on("data", (chunk) => (output += chunk));
  expect(await new Promise((resolve) => child.once("exit", resolve))).toBe(1);
  expect(output).toContain("DATABASE_URL_INGEST");
});
