import { afterEach, expect, it } from "vitest";
import lastRuns from "#sql/workers/polls/windows/last-runs.sql";
import { newId } from "../../../../shared/ids.ts";
import { database } from "../../writer/deliver.ts";

/** Of no schedule: only this file has runs of it. */
const JOB = "last-runs-test";

afterEach(async () => {
  await database()`delete from private.job_runs where job = ${JOB}`;
});

/** A run a tick planned; minutes before now. */
async function ran(plannedMin: number, endedMin: number | null, cause = "tick"): Promise<string> {
  const id = newId();
  const at = (min: number) => new Date(Date.now() - min * 60_000).toISOString();
  await database()`
    insert into private.job_runs (id, job, cause, planned_at, windows, windows_left, vehicles, ended_at)
    values (${id}, ${JOB}, ${cause}, ${at(plannedMin)}, 1, 0, 1, ${endedMin === null ? null : at(endedMin)})`;
  return id;
}

const told = async () => (await database().unsafe(lastRuns, [JOB])).map(({ id }) => id as string).toSorted();

it("has a tick hear of the run before, and of none that an earlier tick has heard of", async () => {
  expect(await told()).toEqual([]);
  await ran(60, 55);
  const last = await ran(30, 25);
  await ran(20, 10, "request");
  expect(await told()).toEqual([last]);
});

it("has a tick hear of a run that went on beside a newer one and ended after it was planned", async () => {
  const long = await ran(60, 10);
  const last = await ran(30, 25);
  expect(await told()).toEqual([long, last].toSorted());
  // The next tick has told of it.
  const next = await ran(5, 1);
  expect(await told()).toEqual([next]);
});

it("has a tick hear of the oldest run that goes on, beside the newest that ended", async () => {
  const open = await ran(90, null);
  await ran(60, null);
  const ended = await ran(30, 25);
  await ran(5, null);
  expect(await told()).toEqual([open, ended].toSorted());
});
