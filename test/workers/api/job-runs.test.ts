import { afterEach, describe, expect, it } from "vitest";
import { newId } from "../../../shared/ids.ts";
import { planSpan } from "../../../workers/polls/windows/plan-run.ts";
import { database } from "../writer/deliver.ts";
import { admin, expectProblem, query } from "./caller.ts";
import { expectDocumented } from "./document.ts";
import { addVehicle, ago, imeis } from "./fleet.ts";

interface Run {
  id: string;
  runAt: string;
  durationMs: number | null;
  success: boolean | null;
  plan: { cause: string; windows: number; windowsLeft: number } | null;
}

const LIST = "/v1/jobs/{job}/runs";
const ONE = "/v1/jobs/{job}/runs/{id}";

async function list(
  job: string,
  values: Record<string, string> = {},
): Promise<{ runs: Run[]; next: string | null }> {
  return expectDocumented(LIST, await (await admin())(`/v1/jobs/${job}/runs${query(values)}`));
}

/** Logs a run, as the writer does. */
async function logRun(job: string, runAt: string, success = true, id = newId()): Promise<string> {
  await database()`
    insert into tracksolid.ingestion_log (run_id, endpoint, run_at, duration_ms, success, api_calls, rows_received, error_code, error)
    values (${id}, ${job}, ${runAt}, 1200, ${success}, 3, 40, ${success ? null : "busy"}, ${success ? null : "It was busy"})`;
  return id;
}

const planned: string[] = [];

afterEach(async () => {
  for (const id of planned.splice(0)) await database()`delete from private.job_runs where id = ${id}`;
});

/** A run of three windows that are with the queue, and nobody takes. */
async function planRun(): Promise<{ id: string; imei: string }> {
  const [imei = ""] = imeis(1);
  await addVehicle(imei, { account: "a" });
  const id = newId();
  const toMs = Date.parse(ago(86_400));
  const span = { fromMs: toMs - 3 * 86_400_000, toMs };
  await planSpan(database(), { id, job: "tracks", cause: "request", plannedMs: Date.now() }, span, [imei]);
  await database()`update private.job_windows set sent_at = ${ago(0)} where run_id = ${id}`;
  planned.push(id);
  return { id, imei };
}

describe("the runs of a job", () => {
  it("are listed newest first, a page at a time", async () => {
    // Two at the same moment: none is left out or shown twice.
    const at = [3, 2, 2, 1].map((minutes) => ago(minutes * 60));
    const ids: string[] = [];
    // Ids of one millisecond are in no order.
    const inOrder = at.map(() => newId()).sort();
    for (const [n, runAt] of at.entries()) ids.push(await logRun("ledger", runAt, true, inOrder[n]));
    const mine = (runs: Run[]) => runs.map(({ id }) => id).filter((id) => ids.includes(id));
    const whole = await list("ledger", { limit: "1000" });
    expect(mine(whole.runs)).toEqual([ids[3], ids[2], ids[1], ids[0]]);
    expect(whole.runs.find(({ id }) => id === ids[0])).toEqual({
      ...{ id: ids[0], runAt: at[0], durationMs: 1200, success: true, apiCalls: 3, rowsReceived: 40 },
      ...{ vehiclesLeftOut: null, errorCode: null, error: null, plan: null },
    });
    const paged: Run[] = [];
    for (let after: string | null = ""; after !== null; ) {
      const page: { runs: Run[]; next: string | null } = await list("ledger", {
        limit: "1",
        ...(after && { after }),
      });
      expect(page.runs.length).toBeLessThanOrEqual(1);
      paged.push(...page.runs);
      after = page.next;
    }
    expect(mine(paged)).toEqual(mine(whole.runs));
  });

  it("are chosen by whether they succeeded", async () => {
    const good = await logRun("ledger", ago(30));
    const bad = await logRun("ledger", ago(20), false);
    const { id: open } = await planRun();
    const idsOf = async (job: string, success: string) =>
      (await list(job, { success })).runs.map(({ id }) => id);
    expect(await idsOf("ledger", "true")).toContain(good);
    expect(await idsOf("ledger", "true")).not.toContain(bad);
    expect(await idsOf("ledger", "false")).toContain(bad);
    expect(await idsOf("ledger", "false")).not.toContain(good);
    for (const success of ["true", "false"]) expect(await idsOf("tracks", success)).not.toContain(open);
  });

  it("show what goes on, once, and what of it is done", async () => {
    const { id } = await planRun();
    const mine = async () => (await list("tracks", { limit: "1000" })).runs.filter((run) => run.id === id);
    const open = await mine();
    expect(open).toMatchObject([
      {
        durationMs: null,
        success: null,
        plan: { cause: "request", vehicles: 1, windows: 3, windowsLeft: 3, done: 0 },
      },
    ]);
    // It has ended, and its row is still on its way to the log.
    await database()`update private.job_runs set windows_left = 0, done = 3, ended_at = ${ago(0)} where id = ${id}`;
    expect(await mine()).toMatchObject([{ success: null, plan: { windowsLeft: 0, done: 3 } }]);
    await logRun("tracks", open[0]?.runAt ?? "", true, id);
    expect(await mine()).toMatchObject([{ success: true, durationMs: 1200, plan: { windows: 3, done: 3 } }]);
  });

  it("are shown one by one, with their windows a page at a time", async () => {
    const { id, imei } = await planRun();
    await database()`
      update private.job_windows
      set outcome = 'failed', missing = ${JSON.stringify([imei])}::text::json, error_code = 'busy', error = 'It was busy',
        taken_at = ${ago(9)}, ended_at = ${ago(5)}, api_calls = 2, items = 1
      where run_id = ${id} and number = 1`;
    const one = async (values: Record<string, string> = {}) =>
      expectDocumented<{ windows: { number: number }[]; next: string | null }>(
        ONE,
        await (await admin())(`/v1/jobs/tracks/runs/${id.toUpperCase()}${query(values)}`),
      );
    const whole = await one();
    expect(whole).toMatchObject({ id, success: null, next: null, plan: { windows: 3 } });
    expect(whole.windows).toMatchObject([
      {
        ...{ number: 1, account: null, vehicles: 1, imeis: [imei], outcome: "failed", missing: [imei] },
        ...{ apiCalls: 2, items: 1, errorCode: "busy", error: "It was busy" },
        ...{ sentAt: expect.any(String), takenAt: expect.any(String), endedAt: expect.any(String) },
      },
      { number: 2, outcome: null, missing: [], takenAt: null, endedAt: null },
      { number: 3 },
    ]);
    const first = await one({ limit: "2" });
    expect(first).toMatchObject({ windows: [{ number: 1 }, { number: 2 }], next: "2" });
    expect(await one({ limit: "2", after: "2" })).toMatchObject({ windows: [{ number: 3 }], next: null });
  });

  it("have no windows where they are not cut", async () => {
    const id = await logRun("ledger", ago(10));
    const response = await (await admin())(`/v1/jobs/ledger/runs/${id}`);
    expect(await expectDocumented(ONE, response)).toMatchObject({ id, plan: null, windows: [], next: null });
  });

  it("are those of one job", async () => {
    const ask = await admin();
    const { id } = await planRun();
    expect(await expectProblem(await ask(`/v1/jobs/trips/runs/${id}`), "not_found")).toContain(id);
    expect(await expectProblem(await ask("/v1/jobs/nothing/runs"), "not_found")).toContain("/v1/jobs");
    await expectProblem(await ask("/v1/jobs/toString/runs"), "not_found");
    await expectProblem(await ask(`/v1/jobs/writer/runs/${id}`), "not_found");
    await expectProblem(await ask(`/v1/jobs/tracks/runs/${newId()}`), "not_found");
    await expectProblem(await ask("/v1/jobs/tracks/runs/x"), "invalid_request");
    await expectProblem(await ask("/v1/jobs/a%20b/runs"), "invalid_request");
  });
});
