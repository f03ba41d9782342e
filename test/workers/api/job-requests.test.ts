import { createMessageBatch } from "cloudflare:test";
import { afterEach, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { newId } from "../../../shared/ids.ts";
import worker from "../../../workers/index.ts";
import type { JobMessage } from "../../../workers/polls/job-message.ts";
import { planMissing } from "../../../workers/polls/windows/plan-run.ts";
import { sendWindows } from "../../../workers/polls/windows/send-windows.ts";
import { makeVendor, type Vendor } from "../polls/vendor.ts";
import { database } from "../writer/deliver.ts";
import { admin, expectProblem, makeKey, posted } from "./caller.ts";
import { askConfigured } from "./configured.ts";
import { expectDocumented } from "./document.ts";
import { addVehicle, imeis } from "./fleet.ts";

interface Requested {
  job: string;
  id?: string;
  windows?: number;
  vehicles?: number;
  from?: string;
  to?: string;
}

const ROUTE = "/v1/jobs/{job}/runs";
const DAY_S = 86_400;

/** One now for a test, so that a span of two days is not a millisecond longer. */
const startMs = Date.now();
const ago = (seconds: number) => new Date(startMs - seconds * 1000).toISOString();

let vendor: Vendor;
let key: string;
let vehicle: string;
let waiting: JobMessage[];

/** The queue of jobs, delivered from when a test says so. */
const JOBS = {
  send: async (body: JobMessage) => void waiting.push(body),
  sendBatch: async (batch: { body: JobMessage }[]) => void waiting.push(...batch.map(({ body }) => body)),
};

beforeAll(async () => {
  vendor = await makeVendor(2);
  key = await makeKey({ scopes: ["admin"] });
  const [truth] = await vendor.world.vehicles();
  vehicle = truth?.imei ?? "";
  await addVehicle(vehicle, { account: truth?.account ?? null });
});
beforeEach(async () => {
  waiting = [];
  // Other tests leave windows with a queue that nobody delivers from: they would take the room of these.
  await database()`
    update private.job_windows set ended_at = now()
    where job in ('trips', 'alarms') and sent_at is not null and ended_at is null`;
  for (const level of ["info", "warn", "error"] as const)
    vi.spyOn(console, level).mockImplementation(() => {});
});
afterEach(() => {
  vi.restoreAllMocks();
});

function request(job: string, body: unknown, bindings: object = {}): Promise<Response> {
  const init = posted(body);
  const headers = { ...init.headers, authorization: `Bearer ${key}` };
  return askConfigured({ ...vendor.bindings, JOBS, ...bindings }, `/v1/jobs/${job}/runs`, {
    ...init,
    headers,
  });
}

async function accepted(job: string, body: unknown): Promise<Requested> {
  const response = await request(job, body);
  expect(response.status).toBe(202);
  expect(response.headers.get("cache-control")).toBe("no-store");
  const requested = await expectDocumented<Requested>(ROUTE, response, "post");
  const run = requested.id === undefined ? null : `/v1/jobs/${job}/runs/${requested.id}`;
  expect(response.headers.get("location")).toBe(run);
  return requested;
}

async function refused(job: string, body: unknown): Promise<string> {
  const detail = await expectProblem(await request(job, body), "invalid_request");
  expect(waiting).toEqual([]);
  return detail;
}

/** Delivers what waits in the queue of jobs, and what comes of that. */
async function work(): Promise<void> {
  for (let body = waiting.shift(); body !== undefined; body = waiting.shift()) {
    const message = { id: crypto.randomUUID(), timestamp: new Date(), attempts: 1, body };
    await worker.queue(createMessageBatch("tracksolid-jobs-dev", [message]), {
      ...vendor.bindings,
      JOBS,
    } as unknown as Env);
  }
}

describe("a span that is asked for", () => {
  it("is cut into windows, asked for, and ends as a run that can be read", async () => {
    const from = ago(3 * DAY_S);
    const to = ago(DAY_S);
    const requested = await accepted("trips", { from, to, imeis: [vehicle, vehicle] });
    expect(requested).toEqual({ job: "trips", id: expect.any(String), windows: 2, vehicles: 1, from, to });
    expect(waiting).toMatchObject([
      { v: 1, what: "window", runId: requested.id, number: 1 },
      { what: "window", runId: requested.id, number: 2 },
    ]);
    await work();
    const path = `/v1/jobs/trips/runs/${requested.id}`;
    const ask = await admin();
    await expect
      .poll(async () => (await ask(path)).json(), { timeout: 20_000 })
      .toMatchObject({
        ...{ success: true, errorCode: null, plan: { cause: "request", from, to, windowsLeft: 0, done: 2 } },
        windows: [
          { number: 1, imeis: [vehicle], outcome: "done", missing: [] },
          { number: 2, imeis: [vehicle], outcome: "done", missing: [] },
        ],
      });
    const calls = await vendor.world.calls("jimi.device.track.mileage");
    expect(calls.length).toBeGreaterThanOrEqual(2);
  });

  it("may be asked for twice", async () => {
    const body = { from: ago(2 * DAY_S), to: ago(DAY_S), imeis: [vehicle] };
    const runs = [await accepted("trips", body), await accepted("trips", body)];
    await work();
    const rows = () => database()`select * from tracksolid.trips where imei = ${vehicle} order by start_time`;
    await expect.poll(async () => (await rows()).length, { timeout: 20_000 }).toBeGreaterThan(0);
    const ended = await database()`
      select done from private.job_runs where id in ${database()(runs.map(({ id }) => id ?? ""))} and ended_at is not null`;
    expect(ended).toEqual([{ done: 1 }, { done: 1 }]);
  });

  it("keeps no vehicle from its ticks, which come first", async () => {
    const span = { from: ago(80 * DAY_S), to: ago(20 * DAY_S), imeis: [vehicle] };
    const { id: long, windows } = await accepted("alarms", span);
    expect(windows).toBe(60);
    const sent = waiting
      .splice(0)
      .flatMap((work) => (work.what === "window" && work.runId === long ? [work.number] : []));
    expect(sent.length).toBeGreaterThan(0);
    const tick = newId();
    const sql = database();
    await planMissing(sql, { id: tick, job: "alarms", plannedMs: Date.now() });
    const planned = await sql`
      select number from private.job_windows where run_id = ${tick} and imeis::text like ${`%${vehicle}%`}`;
    expect(planned).toHaveLength(1);
    await sql`update private.job_windows set ended_at = now() where run_id = ${long ?? ""} and number in ${sql(sent)}`;
    await sendWindows({ ...vendor.bindings, JOBS } as unknown as Env, sql, "alarms");
    expect(waiting[0]).toMatchObject({ runId: tick });
    await sql`delete from private.job_runs where id in (${tick}, ${long ?? ""})`;
  });

  it("is what the vendor's reach leaves of it", async () => {
    const askedMs = Date.now();
    const {
      windows,
      from = "",
      to = "",
    } = await accepted("alarms", { from: "2000-01-01T00:00:00Z", imeis: [vehicle] });
    expect(windows).toBe(89);
    expect(Date.parse(from)).toBeGreaterThanOrEqual(askedMs - 89 * DAY_S * 1000);
    expect(Date.parse(to)).toBeGreaterThan(askedMs - 15_000);
    expect(Date.parse(to)).toBeLessThan(Date.now());
    const ahead = await accepted("alarms", { from: ago(3600), to: "2199-01-01T00:00:00Z", imeis: [vehicle] });
    expect(Date.parse(ahead.to ?? "")).toBeLessThan(Date.now());
    // Few are with the queue at once.
    expect(waiting.length).toBeLessThanOrEqual(8);
    await database()`delete from private.job_runs where job = 'alarms' and cause = 'request'`;
  });

  it("has nothing to ask for of vehicles that cannot be asked for", async () => {
    const [orphan = ""] = imeis(1);
    await addVehicle(orphan, { account: null });
    const from = ago(2 * DAY_S);
    const requested = await accepted("parking", { from, to: ago(DAY_S), imeis: [orphan] });
    expect(requested).toEqual({ job: "parking", windows: 0, vehicles: 0, from, to: expect.any(String) });
    expect(waiting).toEqual([]);
  });

  it("is refused in words where it is none", async () => {
    const [stranger = "", ...strangers] = imeis(8);
    const span = { from: ago(2 * DAY_S), to: ago(DAY_S) };
    expect(await refused("trips", {})).toMatch(/^from: /);
    expect(await refused("trips", { to: span.to })).toMatch(/^from: /);
    expect(await refused("trips", { from: span.to, to: span.from })).toBe("from: must be before to");
    expect(await refused("trips", { from: span.to, to: span.to })).toBe("from: must be before to");
    expect(await refused("trips", { from: ago(-3600) })).toMatch(/^from: must be before 20\d\d-/);
    expect(await refused("trips", { from: ago(-1800), to: ago(-3600) })).toMatch(
      /^from: must be before 20\d\d-/,
    );
    expect(await refused("tracks", { from: ago(120 * DAY_S), to: ago(100 * DAY_S) })).toMatch(
      /^to: must be after 20\d\d-.*tracks/,
    );
    expect(await refused("trips", { ...span, imeis: [vehicle, stranger] })).toBe(
      `imeis: no device has the IMEI ${stranger}`,
    );
    expect(await refused("trips", { ...span, imeis: [stranger, ...strangers] })).toBe(
      `imeis: no device has the IMEI ${[stranger, ...strangers].slice(0, 5).join(", ")} and 3 more`,
    );
    expect(await refused("trips", { ...span, imeis: [] })).toMatch(/^imeis/);
    expect(await refused("trips", { ...span, imeis: imeis(800).concat(imeis(201)) })).toMatch(/^imeis/);
    expect(await refused("trips", { ...span, imeis: ["1"] })).toContain("14 to 17 digits");
    expect(await refused("trips", { ...span, from: "yesterday" })).toMatch(/^from/);
    expect(await refused("trips", { ...span, cause: "tick" })).toContain("cause");
    expect(await refused("trips", null)).toMatch(/./);
    await expectProblem(await request("nothing", span), "not_found");
  });

  it("is refused where it has too many windows to be planned at once", async () => {
    const many = imeis(800);
    await database()`
      insert into tracksolid.devices (imei, enabled, facts_at, created_at, changed_at)
      select imei, false, now(), now(), now() from json_array_elements_text(${JSON.stringify(many)}::text::json) as imei`;
    const detail = await refused("trips", { from: "2000-01-01T00:00:00Z", imeis: many });
    expect(detail).toMatch(/^to: the span is 11680 windows/);
  });

  it("waits for the database", async () => {
    const DB_INGEST = { connectionString: "postgres://x:x@127.0.0.1:1/x" };
    const response = await request("trips", { from: ago(DAY_S), imeis: [vehicle] }, { DB_INGEST });
    expect(response.headers.get("retry-after")).toBe("5");
    await expectProblem(response, "database_unavailable");
  });
});

describe("another job", () => {
  it("runs once more", async () => {
    expect(await accepted("ledger", {})).toEqual({ job: "ledger" });
    expect(waiting).toEqual([{ v: 1, what: "job", job: "ledger" }]);
    expect(await accepted("live", {})).toEqual({ job: "live" });
    waiting.shift();
    await vendor.world.clearCalls();
    await work();
    expect((await vendor.world.calls("jimi.user.device.location.list")).length).toBeGreaterThan(0);
  });

  it("is asked for no span", async () => {
    expect(await refused("live", { from: ago(3600) })).toMatch(/^from: the job live .*\{\}/);
    expect(await refused("ledger", { imeis: [vehicle] })).toMatch(/^imeis: /);
  });
});
