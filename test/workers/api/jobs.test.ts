import { expect, it } from "vitest";
import { newId } from "../../../shared/ids.ts";
import { schedule } from "../../../workers/polls/schedule.ts";
import { planSpan } from "../../../workers/polls/windows/plan-run.ts";
import { database } from "../writer/deliver.ts";
import { admin } from "./caller.ts";
import { expectDocumented } from "./document.ts";
import { addVehicle, ago, imeis } from "./fleet.ts";

interface Job {
  job: string;
  cron: string;
  status: string;
  off: boolean;
  nextDueAt: string;
  lastRunAt: string | null;
  errorCode: string | null;
  error: string | null;
  windowed: boolean;
  coverage: { vehicles: number; neverAsked: number; oldestTo: string | null; newestTo: string | null } | null;
  depth: { waiting: number; withQueue: number; underWay: number } | null;
  openRuns: { id: string; cause: string; plannedAt: string; windows: number; windowsLeft: number }[];
}

async function jobs(): Promise<Map<string, Job>> {
  const response = await (await admin())("/v1/jobs");
  expect(response.headers.get("cache-control")).toBe("no-store");
  const body = await expectDocumented<{ jobs: Job[] }>("/v1/jobs", response);
  return new Map(body.jobs.map((job) => [job.job, job]));
}

it("lists the whole schedule, with what comes next", async () => {
  const askedMs = Date.now();
  const all = await jobs();
  expect([...all.keys()]).toEqual(Object.keys(schedule));
  for (const [name, { cron, everyS }] of Object.entries(schedule)) {
    const job = all.get(name);
    expect(job).toMatchObject({ cron, everyS, status: expect.stringMatching(/^(ok|late|failing)$/) });
    expect(job?.off).toBe(name === "obd");
    const inMs = Date.parse(job?.nextDueAt ?? "") - askedMs;
    expect(inMs).toBeGreaterThan(0);
    expect(inMs).toBeLessThanOrEqual(everyS * 1000 + 60_000);
  }
});

it("tells what the newest run failed of, in words", async () => {
  const id = newId();
  const runAt = new Date(Date.now() + 60_000).toISOString();
  await database()`
    insert into tracksolid.ingestion_log (run_id, endpoint, run_at, duration_ms, success, error_code, error)
    values (${id}, 'parking', ${runAt}, 5, false, 'busy', 'Tracksolid answered -1: system busy')`;
  expect((await jobs()).get("parking")).toMatchObject({
    ...{ status: "failing", lastRunAt: runAt, errorCode: "busy" },
    error: "Tracksolid answered -1: system busy",
  });
});

it("tells what a job has covered of the enabled vehicles, and of no other", async () => {
  const [asked = "", never = "", disabled = ""] = imeis(3);
  await Promise.all([addVehicle(asked, {}), addVehicle(never, {}), addVehicle(disabled, { enabled: false })]);
  const before = (await jobs()).get("parking")?.coverage;
  // Older and newer than what any other test covers.
  const [oldest = "", newest = "", older = ""] = ["2026-02-01", "2026-12-31", "2026-01-31"].map(
    (day) => `${day}T00:00:00.000Z`,
  );
  const note = (imei: string, to: string) => database()`
    insert into tracksolid.poll_watermarks values ('parking', '*', ${imei}, '2026-01-01T00:00:00Z', ${to})`;
  await Promise.all([note(asked, oldest), note(disabled, older)]);
  expect((await jobs()).get("parking")).toMatchObject({ windowed: true, coverage: { oldestTo: oldest } });
  await note(never, newest);
  const after = (await jobs()).get("parking")?.coverage;
  expect(after).toMatchObject({ oldestTo: oldest, newestTo: newest });
  expect(after?.vehicles).toBeGreaterThanOrEqual((before?.vehicles ?? 0) + 2);
  expect((await jobs()).get("ledger")).toMatchObject({
    windowed: false,
    coverage: null,
    depth: null,
    openRuns: [],
  });
});

it("tells what waits, and the runs that go on", async () => {
  const [imei = ""] = imeis(1);
  await addVehicle(imei, { account: "a" });
  // A job of which no other test plans windows.
  const depth = async () => (await jobs()).get("obd")?.depth ?? { waiting: 0, withQueue: 0, underWay: 0 };
  const before = await depth();
  const toMs = Date.parse(ago(86_400));
  const span = { fromMs: toMs - 3 * 86_400_000, toMs };
  const id = newId();
  await planSpan(database(), { id, job: "obd", cause: "request", plannedMs: Date.now() }, span, [imei]);
  expect(await depth()).toEqual({ ...before, waiting: before.waiting + 3 });
  await database()`update private.job_windows set sent_at = ${ago(0)} where run_id = ${id} and number <= 2`;
  await database()`update private.job_windows set holder = 'x' where run_id = ${id} and number = 1`;
  expect(await depth()).toEqual({
    waiting: before.waiting + 1,
    withQueue: before.withQueue + 1,
    underWay: before.underWay + 1,
  });
  expect((await jobs()).get("obd")?.openRuns).toContainEqual({
    ...{ id, cause: "request", plannedAt: expect.any(String), vehicles: 1, windows: 3, windowsLeft: 3 },
  });
  await database()`delete from private.job_runs where id = ${id}`;
  expect(await depth()).toEqual(before);
});
