import { afterEach, expect, it } from "vitest";
import { newId } from "../../../../shared/ids.ts";
import { endWindows } from "../../../../workers/polls/windows/end-windows.ts";
import { planMissing } from "../../../../workers/polls/windows/plan-run.ts";
import { addVehicle } from "../../api/fleet.ts";
import { database, newImei } from "../../writer/deliver.ts";

const DAY_MS = 86_400_000;

const runs: string[] = [];

// They are planned for the vehicles of all tests, and keep none of them from the next.
afterEach(async () => {
  await database()`delete from private.job_runs where id in ${database()(runs)}`;
});

/** Plans a tick. @returns Its windows of a vehicle, oldest first */
async function planned(imei: string, plannedMs: number) {
  const sql = database();
  const id = newId();
  runs.push(id);
  await planMissing(sql, { id, job: "parking", plannedMs });
  return sql<{ run_id: string; number: number; from_time: Date; to_time: Date }[]>`
    select run_id, number, from_time, to_time from private.job_windows
    where run_id = ${id} and imeis::text like ${`%${imei}%`} order by number`;
}

const done = { holder: null, outcome: "done" as const, missing: null, apiCalls: 1, items: 0 };

it("asks once for all the vendor still has of a vehicle that was away for longer", async () => {
  const imei = newImei();
  const sql = database();
  const startedMs = Date.now();
  await addVehicle(imei, { account: "away" });
  const long = new Date(startedMs - 120 * DAY_MS).toISOString();
  await sql`insert into tracksolid.poll_watermarks values ('parking', '*', ${imei}, ${long}, ${long})`;

  const windows = await planned(imei, startedMs);
  expect(windows).toHaveLength(89);
  for (const { run_id: runId, number } of windows) {
    await endWindows(sql, [{ runId, number, ...done, errorCode: null, error: null }], startedMs);
  }
  const [watermark] = await sql`
    select covered_from, covered_to from tracksolid.poll_watermarks where job = 'parking' and imei = ${imei}`;
  expect(watermark).toEqual({ covered_from: windows[0]?.from_time, covered_to: windows.at(-1)?.to_time });
  expect(await planned(imei, startedMs + 900_000)).toHaveLength(1);
});
