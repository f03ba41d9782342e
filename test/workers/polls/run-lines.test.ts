import { afterEach, beforeAll, beforeEach, expect, it, vi } from "vitest";
import { runTick } from "../../../workers/polls/run.ts";
import type { World } from "../../setup/world.ts";
import { collectLines, type Line } from "../lines.ts";
import { database } from "../writer/deliver.ts";
import { makeVendor, type Vendor } from "./vendor.ts";

const LIVE = "* * * * *";
const DEVICES = "7 * * * *";
const METHOD = "jimi.user.device.location.list";

let vendor: Vendor;
let world: World;
let lines: Line[];
const points: AnalyticsEngineDataPoint[] = [];
const METRICS = { writeDataPoint: (point: AnalyticsEngineDataPoint) => void points.push(point) };
const bindings = (change: object = {}) => ({ ...vendor.bindings, METRICS, ...change }) as Env;

beforeAll(async () => {
  vendor = await makeVendor(3);
  world = vendor.world;
});

/** Jobs that ask the vendor; others run beside them. */
const POLLS: unknown[] = ["live", "devices"];

/** The lines that sum up a job: there must be one, whatever happens. */
const summaries = () => lines.filter(({ event, job }) => event === "poll" && POLLS.includes(job));

beforeEach(async () => {
  await world.clearCalls();
  lines = collectLines();
  points.length = 0;
});

afterEach(async () => {
  vi.restoreAllMocks();
  await world.clearFaults();
});

it("sums up a run, and its calls by what became of them", async () => {
  await world.addFault({ kind: "busy", method: METHOD, times: 1 });
  await runTick(LIVE, bindings());
  const calls = await world.calls(METHOD);
  expect(summaries()).toEqual([
    {
      level: "info",
      event: "poll",
      job: "live",
      runId: expect.stringMatching(/^[0-9a-f-]{36}$/),
      durationMs: expect.any(Number),
      apiCalls: calls.length,
      items: expect.any(Number),
      leftToRun: null,
      windows: 0,
      errorCode: null,
      error: null,
    },
  ]);
  const vendor = points.filter(({ blobs }) => blobs?.[0] === "vendor" && blobs[1] === METHOD);
  expect(vendor.map(({ indexes, blobs, doubles }) => [indexes, blobs, doubles?.[1]])).toEqual(
    expect.arrayContaining([
      [[METHOD], ["vendor", METHOD, "busy", "-1"], 1],
      [[METHOD], ["vendor", METHOD, "ok", ""], calls.length - 1],
    ]),
  );
  expect(vendor).toHaveLength(2);
  for (const { doubles = [] } of vendor) expect(doubles[0]).toBeGreaterThanOrEqual(doubles[2] ?? Number.NaN);
});

it("sums up a run that failed", async () => {
  await world.addFault({ kind: "parameter", method: METHOD });
  await expect(runTick(LIVE, bindings())).rejects.toThrow("live: ");
  expect(summaries()).toMatchObject([
    {
      level: "error",
      job: "live",
      errorCode: "rejected",
      error: expect.stringMatching(/./),
      durationMs: expect.any(Number),
    },
  ]);
});

it("sums up a run that could not begin", async () => {
  await expect(runTick(LIVE, bindings({ TRACKSOLID_TARGETS: "" }))).rejects.toThrow("TRACKSOLID_TARGETS");
  expect(summaries()).toMatchObject([{ level: "error", errorCode: "misconfigured", apiCalls: 0, items: 0 }]);
});

it("sums up a run that left the work to another", async () => {
  const holder = crypto.randomUUID();
  const sql = database();
  const until = new Date(Date.now() + 60_000).toISOString();
  await sql`insert into private.leases values ('devices', ${holder}, ${new Date().toISOString()}, ${until})`;
  await runTick(DEVICES, bindings());
  await sql`delete from private.leases where holder = ${holder}`;
  expect(summaries()).toMatchObject([
    { level: "info", job: "devices", leftToRun: holder, apiCalls: 0, items: 0, errorCode: null },
  ]);
});

it("sums up as failed a run whose record the queue does not take", async () => {
  const WRITES = {
    sendBatch: (batch: { body: string }[]) => {
      if (batch[0]?.body.includes('"kind":"run"')) throw new Error("the queue is away");
    },
  };
  await expect(runTick(LIVE, bindings({ WRITES }))).rejects.toThrow("the queue is away");
  expect(summaries()).toMatchObject([{ level: "error", errorCode: "internal", error: "the queue is away" }]);
});

it("says once that no job is scheduled", async () => {
  await expect(runTick("13 13 * * *", bindings())).rejects.toThrow("13 13");
  // The batches of the ticks before may still be written.
  const said = lines.filter(({ event }) => !event.startsWith("batch_"));
  expect(said).toMatchObject([{ level: "error", event: "tick_without_job", cron: "13 13 * * *" }]);
});
