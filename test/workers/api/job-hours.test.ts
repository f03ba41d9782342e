import { expect, it } from "vitest";
import { newId } from "../../../shared/ids.ts";
import { database } from "../writer/deliver.ts";
import { admin, expectProblem, query } from "./caller.ts";
import { expectDocumented } from "./document.ts";

interface Hours {
  from: string;
  to: string;
  hours: {
    hour: string;
    job: string;
    errorCode: string | null;
    runs: number;
    apiCalls: number;
    items: number;
  }[];
}

/** Nothing else runs in that year. */
const DAY = "2021-03-04";

async function logRun(job: string, runAt: string, errorCode: string | null, success = errorCode === null) {
  await database()`
    insert into tracksolid.ingestion_log (run_id, endpoint, run_at, duration_ms, success, api_calls, rows_received, rows_rejected, error_code)
    values (${newId()}, ${job}, ${runAt}, 1200, ${success}, 3, 40, 2, ${errorCode})`;
}

const ask = async (values: Record<string, string>) => (await admin())(`/v1/jobs/hours${query(values)}`);

it("adds up runs by hour, job and result", async () => {
  const job = `made-up-${newId()}`;
  await logRun(job, `${DAY}T07:59:59.999Z`, null);
  await logRun(job, `${DAY}T08:00:00Z`, null);
  await logRun(job, `${DAY}T08:59:59.999Z`, null);
  await logRun(job, `${DAY}T08:30:00Z`, "too_frequent");
  await logRun(job, `${DAY}T08:31:00Z`, null, false);
  await logRun(job, `${DAY}T09:00:00Z`, null);
  const span = { from: `${DAY}T08:00:00Z`, to: `${DAY}T09:00:00Z` };
  const response = await ask(span);
  expect(response.headers.get("cache-control")).toBe("no-store");
  const { hours, from, to } = await expectDocumented<Hours>("/v1/jobs/hours", response);
  expect({ from, to }).toEqual({ from: `${DAY}T08:00:00.000Z`, to: `${DAY}T09:00:00.000Z` });
  const mine = hours.filter((row) => row.job === job);
  const of = (runs: number) => ({
    ...{ hour: `${DAY}T08:00:00Z`, job, runs, apiCalls: 3 * runs, items: 40 * runs },
    ...{ inserted: 0, updated: 0, duplicate: 0, rejected: 2 * runs },
  });
  expect(mine).toEqual([
    { ...of(2), errorCode: null },
    { ...of(1), errorCode: "too_frequent" },
    { ...of(1), errorCode: "unknown" },
  ]);
});

it("is of the last day unless told, and of nothing where nothing ran", async () => {
  const { from, to } = await expectDocumented<Hours>("/v1/jobs/hours", await ask({}));
  expect(Date.parse(to) - Date.parse(from)).toBe(86_400_000);
  const empty = await ask({ from: "2020-01-01T00:00:00Z", to: "2020-01-02T00:00:00Z" });
  expect((await expectDocumented<Hours>("/v1/jobs/hours", empty)).hours).toEqual([]);
});

it("refuses what is no span", async () => {
  const refused = (values: Record<string, string>) =>
    ask(values).then((answer) => expectProblem(answer, "invalid_request"));
  expect(await refused({ from: "yesterday" })).toContain("from");
  expect(await refused({ from: `${DAY}T08:00:00Z`, to: `${DAY}T08:00:00Z` })).toContain("before to");
  expect(await refused({ from: "2021-03-01T00:00:00Z", to: "2021-03-09T00:00:00Z" })).toContain("7 days");
});
