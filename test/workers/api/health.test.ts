import { createExecutionContext } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { afterEach, describe, expect, it, vi } from "vitest";
import { app } from "../../../workers/api/app.ts";
import { type JobHealth, judgeIngest } from "../../../workers/api/ingest-health.ts";
import { schedule } from "../../../workers/polls/schedule.ts";
import { ask, ORIGIN } from "./caller.ts";
import { expectDocumented } from "./document.ts";

const nobodyListens = { connectionString: "postgres://x:x@127.0.0.1:1/x" };

const askWithoutDatabase = async (path: string): Promise<Response> =>
  app.fetch(
    new Request(`${ORIGIN}${path}`),
    { ...env, DB_READ: nobodyListens } as Env,
    createExecutionContext(),
  );

afterEach(() => {
  vi.restoreAllMocks();
});

describe("GET /health", () => {
  it("says that the Worker runs, and which version", async () => {
    const body = await expectDocumented("/health", await ask("/health"));
    expect(body).toEqual({
      status: "ok",
      environment: "dev",
      mode: "owner",
      version: expect.stringMatching(/./),
      warnings: [],
    });
  });

  it("needs no database", async () => {
    expect((await askWithoutDatabase("/health")).status).toBe(200);
  });

  it("answers HEAD", async () => {
    const response = await ask("/health", { method: "HEAD" });
    expect(response.status).toBe(200);
    expect(await response.text()).toBe("");
  });
});

describe("GET /health/ready", () => {
  it("says that the database answers and what waits for the writer", async () => {
    const response = await ask("/health/ready");
    expect(response.status).toBe(200);
    const body = await expectDocumented("/health/ready", response);
    expect(body).toMatchObject({
      status: "ready",
      database: "ok",
      backlog: { messages: expect.any(Number) },
    });
  });

  it("says 503 without a database, in words that hold no internals", async () => {
    const logged = vi.spyOn(console, "error").mockImplementation(() => {});
    const response = await askWithoutDatabase("/health/ready");
    expect(response.status).toBe(503);
    const body = await expectDocumented("/health/ready", response);
    expect(body).toMatchObject({ status: "not_ready", database: "down" });
    expect(Object.keys(body as object).sort()).toEqual(["backlog", "database", "status"]);
    expect(logged.mock.calls).toMatchObject([[{ event: "database_unavailable" }]]);
    expect(JSON.stringify(logged.mock.calls)).not.toContain("x:x@");
  });

  it("does not wait for a queue that says nothing", async () => {
    vi.spyOn(console, "warn").mockImplementation(() => {});
    const silent = { ...env, WRITES: undefined } as unknown as Env;
    const response = await app.fetch(new Request(`${ORIGIN}/health/ready`), silent, createExecutionContext());
    expect(response.status).toBe(200);
    expect(await expectDocumented("/health/ready", response)).toMatchObject({ backlog: null });
  });
});

describe("GET /health/ingest", () => {
  it("lists every scheduled job, and its status says whether all are ok", async () => {
    const response = await ask("/health/ingest");
    const body = await expectDocumented<{ status: string; jobs: { job: string; status: string }[] }>(
      "/health/ingest",
      response,
    );
    expect(body.jobs.map(({ job }) => job)).toEqual(Object.keys(schedule));
    const ok = body.jobs.every(({ status }) => status === "ok");
    expect(body.status).toBe(ok ? "ok" : "not_ok");
    expect(response.status).toBe(ok ? 200 : 503);
  });
});

describe("judgeIngest", () => {
  const now = Date.UTC(2026, 0, 15, 8, 30, 0);
  const secondsAgo = (seconds: number) => new Date(now - seconds * 1000);

  const row = (change: Partial<JobHealth> = {}): JobHealth => ({
    endpoint: "live",
    last_run_at: secondsAgo(10),
    last_run_success: true,
    last_error_code: null,
    last_error: null,
    last_rows_received: 160,
    last_vehicles_left_out: 3,
    last_success_at: secondsAgo(10),
    ...change,
  });

  const live = (rows: JobHealth[]) => judgeIngest({}, rows, now).find(({ job }) => job === "live");

  it("says everything of a job that runs", () => {
    expect(live([row()])).toEqual({
      job: "live",
      status: "ok",
      off: false,
      everyS: 60,
      lastRunAt: "2026-01-15T08:29:50.000Z",
      lastSuccessAt: "2026-01-15T08:29:50.000Z",
      lastSuccessAgeS: 10,
      rowsReceived: 160,
      vehiclesLeftOut: 3,
      errorCode: null,
    });
  });

  it.each([
    ["succeeded two and a half periods ago", row({ last_success_at: secondsAgo(150) }), "ok"],
    ["succeeded a second earlier", row({ last_success_at: secondsAgo(151) }), "late"],
    ["never ran", null, "late"],
    [
      "failed last, whenever it succeeded",
      row({ last_run_success: false, last_error_code: "busy" }),
      "failing",
    ],
    ["failed and never succeeded", row({ last_run_success: false, last_success_at: null }), "failing"],
  ])("a job that %s", (_, only, status) => {
    expect(live(only === null ? [] : [only])?.status).toBe(status);
  });

  it("takes no notice of what is no job", () => {
    const once = row({
      endpoint: "driver_import",
      last_success_at: secondsAgo(90 * 86_400),
      last_run_success: false,
    });
    expect(judgeIngest({}, [once, row()], now)).toEqual(judgeIngest({}, [row()], now));
  });

  it("measures each job by its own period", () => {
    const rows = Object.keys(schedule).map((endpoint) =>
      row({ endpoint, last_success_at: secondsAgo(1_000) }),
    );
    for (const { status, everyS } of judgeIngest({ POLL_OBD: "on", CANARY: "on" }, rows, now)) {
      expect([everyS, status]).toEqual([everyS, everyS < 400 ? "late" : "ok"]);
    }
  });

  it.each([
    [150, "ok"],
    [151, "late"],
  ])("awaits the first run of a job as long as any other: %s s after the first of all", (agoS, status) => {
    const others = [row({ endpoint: "writer", logging_since: secondsAgo(agoS) })];
    expect(live(others)).toMatchObject({ status, lastRunAt: null, lastSuccessAgeS: null });
  });

  it.each([
    ["on", false],
    ["off", true],
    ["perhaps", true],
    [undefined, true],
  ])("expects nothing of a job unless its switch says on: %s", (POLL_OBD, off) => {
    const judged = judgeIngest({ POLL_OBD, CANARY: "on" }, [], now);
    expect(judged.filter((job) => job.off).map(({ job }) => job)).toEqual(off ? ["obd"] : []);
    expect(judged.every(({ off, status }) => status === (off ? "ok" : "late"))).toBe(true);
    // What somebody asked for may fail without making ingest unhealthy.
    const failed = row({ endpoint: "obd", last_run_success: false, last_error_code: "busy" });
    expect(judgeIngest({ POLL_OBD }, [failed], now).find(({ job }) => job === "obd")).toMatchObject({
      ...{ off, status: off ? "ok" : "failing", errorCode: "busy" },
    });
  });

  it("does not judge what is not scheduled", () => {
    const on = { POLL_OBD: "on", CANARY: "on" };
    const jobs = judgeIngest(on, [row({ endpoint: "backfill", last_run_success: false })], now);
    expect(jobs.map(({ job }) => job)).toEqual(Object.keys(schedule));
    expect(jobs.every(({ status }) => status === "late")).toBe(true);
  });
});

it.each(["/health", "/health/ready", "/health/ingest"])("never lets %s be cached", async (path) => {
  expect((await ask(path)).headers.get("cache-control")).toBe("no-store");
});

it("documents what /health/ingest answers without a database", async () => {
  await expectDocumented("/health/ingest", await askWithoutDatabase("/health/ingest"));
});
