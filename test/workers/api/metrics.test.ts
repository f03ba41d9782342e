import { createExecutionContext, runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { expect, it, vi } from "vitest";
import { jimiSession } from "../../../durable-objects/jimi-session/index.ts";
import type { Token } from "../../../durable-objects/jimi-session/token.ts";
import { app } from "../../../workers/api/app.ts";
import { database, deliver, locationItem, messageOf, newImei } from "../writer/deliver.ts";
import { ask, expectProblem, makeKey, ORIGIN, reader } from "./caller.ts";

/** Figures by name and labels, as they stand in the text. */
type Figures = Record<string, number>;

async function scrape(bindings: object = {}): Promise<Figures> {
  const headers = { authorization: `Bearer ${await makeKey({ scopes: ["admin"] })}` };
  const request = new Request(`${ORIGIN}/metrics`, { headers });
  const response = await app.fetch(request, { ...env, ...bindings } as Env, createExecutionContext());
  expect(response.status).toBe(200);
  expect(response.headers.get("content-type")).toBe("text/plain; version=0.0.4; charset=utf-8");
  expect(response.headers.get("cache-control")).toBe("no-store");
  return read(await response.text());
}

/** Reads the text format, strictly: every figure under the HELP and TYPE of its own name, each once. */
function read(text: string): Figures {
  const figures: Figures = {};
  const seen: string[] = [];
  let name = "";
  expect(text.endsWith("\n")).toBe(true);
  for (const line of text.trimEnd().split("\n")) {
    const help = /^# HELP (tracksolid_[a-z_]+) \S/.exec(line);
    if (help) {
      name = help[1] ?? "";
      expect(seen).not.toContain(name);
      seen.push(name);
    } else if (line.startsWith("#")) {
      expect(line).toBe(`# TYPE ${name} gauge`);
    } else {
      const figure = /^([a-z_]+)((?:\{(?:[a-z]+="(?:[^"\\\n]|\\["\\n])*",?)+\})?) (\S+)$/.exec(line);
      expect(figure, line).not.toBeNull();
      expect(figure?.[1]).toBe(name);
      const key = name.slice("tracksolid_".length) + figure?.[2];
      expect(figures).not.toHaveProperty([key]);
      figures[key] = Number(figure?.[3]);
    }
  }
  return figures;
}

async function devices(): Promise<number> {
  return (await database()`select from tracksolid.devices`).length;
}

it("says what the database knows", async () => {
  const before = await scrape();
  const run = {
    ...{
      id: crypto.randomUUID(),
      job: "live",
      runAt: new Date().toISOString(),
      durationMs: 10,
      success: false,
    },
    ...{
      apiCalls: 4,
      rowsReceived: 3,
      accountsListed: null,
      vehiclesListed: null,
      errorCode: "busy",
      error: "-1",
    },
  };
  const imei = newImei();
  const now = new Date().toISOString().slice(0, 19).replace("T", " ");
  const item = locationItem(imei, { gpsTime: now, hbTime: now });
  await deliver([messageOf("location", [item, locationItem("nobody")]), messageOf("run", [run])]);
  const known = await devices();
  const after = await scrape();
  const grown = (name: string) => (after[name] ?? 0) - (before[name] ?? 0);
  expect(after).toMatchObject({
    'up{part="database"}': 1,
    'up{part="queue"}': 1,
    'up{part="vendor_session"}': 1,
  });
  expect(after.newest_fix_age_seconds).toBeLessThan(60);
  expect(after.newest_contact_age_seconds).toBeLessThan(60);
  expect(after['last_success_age_seconds{job="writer"}']).toBeLessThan(60);
  expect(grown('runs_last_hour{job="live"}')).toBeGreaterThanOrEqual(1);
  expect(grown('runs_failed_last_hour{job="live",code="busy"}')).toBeGreaterThanOrEqual(1);
  expect(grown('vendor_calls_last_hour{job="live"}')).toBeGreaterThanOrEqual(4);
  expect(grown('rows_inserted_last_hour{job="writer"}')).toBeGreaterThanOrEqual(1);
  expect(grown('items_rejected_last_hour{job="writer"}')).toBeGreaterThanOrEqual(1);
  expect(after).toHaveProperty(['rows_updated_last_hour{job="writer"}']);
  expect(after).toHaveProperty(['rows_duplicate_last_hour{job="writer"}']);
  expect(after['devices{status="moving"}']).toBeGreaterThanOrEqual(1);
  for (const status of ["idling", "parked", "silent", "unknown", "canary", "hidden", "disabled"]) {
    expect(after).toHaveProperty([`devices{status="${status}"}`]);
  }
  // Other tests add devices meanwhile.
  const shown = Object.entries(after).filter(([name]) => name.startsWith("devices{"));
  const sum = shown.reduce((total, [, count]) => total + count, 0);
  expect(sum).toBeGreaterThanOrEqual(known);
  expect(sum).toBeLessThanOrEqual(await devices());
});

it("says what waits in the queue, and how the vendor's session is", async () => {
  const method = `jimi.test.${crypto.randomUUID()}`;
  const session = jimiSession(env);
  const token: Token = {
    ...{ accessToken: "a", refreshToken: "r", generation: 1 },
    ...{ issuedAt: Date.now(), expiresAt: Date.now() + 7_200_000 },
  };
  // The vendor of these tests is shared: others count its calls.
  await runInDurableObject(session, (_, state) => state.storage.kv.put("token", token));
  await session.report(method, { kind: "quota", message: "made up" });
  const figures = await scrape();
  await session.report(method, null);
  expect(figures.vendor_token_expiry_seconds).toBeGreaterThan(60);
  expect(figures.vendor_token_expiry_seconds).toBeLessThanOrEqual(7_200);
  const pause = figures[`vendor_pause_seconds{method="${method}"}`];
  expect(pause).toBeGreaterThan(3_500);
  expect(pause).toBeLessThanOrEqual(3_600);
  for (const name of ["queue_backlog_messages", "queue_backlog_bytes", "queue_oldest_age_seconds"]) {
    expect(figures[name]).toBeGreaterThanOrEqual(0);
  }
  expect(await scrape()).not.toHaveProperty([`vendor_pause_seconds{method="${method}"}`]);
});

it("says what became of the requests for addresses", async () => {
  const before = await scrape();
  const of = (outcome: string) => `geocoder_cells{outcome="${outcome}"}`;
  const cell = { cell: "9:9", lat: 9.5, lng: 36.8, atMs: Date.now() };
  await env.GEOCODER.getByName("all").want([cell]);
  await expect
    .poll(async () => (await scrape())[of("answered")], { timeout: 10_000 })
    .toBe((before[of("answered")] ?? 0) + 1);
  const after = await scrape();
  for (const outcome of ["asked", "unknown", "failed", "dropped"])
    expect(after).toHaveProperty([of(outcome)]);
  expect(after).toMatchObject({ geocoder_waiting_cells: 0, geocoder_pause_seconds: 0 });
});

it("leaves out what cannot be had, and says so", async () => {
  vi.spyOn(console, "error").mockImplementation(() => {});
  vi.spyOn(console, "warn").mockImplementation(() => {});
  const figures = await scrape({
    DB_READ: { connectionString: "postgres://x:x@127.0.0.1:1/x" },
    WRITES: {
      metrics: async () => {
        throw new Error("silent");
      },
    },
    TRACKSOLID_USER: "",
    GEOCODER: {
      getByName() {
        throw new Error("silent");
      },
    },
    LIVE_MAP: {
      getByName() {
        throw new Error("silent");
      },
    },
  });
  vi.restoreAllMocks();
  expect(figures).toEqual({
    'up{part="database"}': 0,
    'up{part="queue"}': 0,
    'up{part="vendor_session"}': 0,
    'up{part="geocoder"}': 0,
    'up{part="live_map"}': 0,
  });
});

it("is for administrators only, with reads open too", async () => {
  await expectProblem(await ask("/metrics"), "key_required");
  await expectProblem(await (await reader())("/metrics"), "scope_missing");
  const open = { ...env, OPEN_READS: "1" } as unknown as Env;
  const response = await app.fetch(new Request(`${ORIGIN}/metrics`), open, createExecutionContext());
  await expectProblem(response, "scope_missing");
});

it("is limited neither by address nor by key", async () => {
  const headers = { authorization: `Bearer ${await makeKey({ scopes: ["admin"] })}` };
  const READ_LIMITER = { limit: async () => ({ success: false }) };
  const request = new Request(`${ORIGIN}/metrics`, { headers });
  const response = await app.fetch(request, { ...env, READ_LIMITER } as Env, createExecutionContext());
  expect(response.status).toBe(200);
});

it("answers HEAD, and refuses other methods", async () => {
  const headers = { authorization: `Bearer ${await makeKey({ scopes: ["admin"] })}` };
  const head = await ask("/metrics", { method: "HEAD", headers });
  expect([head.status, await head.text()]).toEqual([200, ""]);
  await expectProblem(await ask("/metrics", { method: "POST", headers }), "method_not_allowed");
});
