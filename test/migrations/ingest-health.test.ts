import { afterAll, beforeAll, expect, it } from "vitest";
import { type Cadence, schedule } from "../../workers/polls/schedule.ts";
import { createDatabase, type OwnDatabase } from "../setup/database.ts";
import { nodesOf } from "../setup/plans.ts";

let database: OwnDatabase;
beforeAll(async () => {
  database = await createDatabase("migrated");
});
afterAll(() => database[Symbol.asyncDispose]());

const AS_OF = "2026-10-06T12:00:00Z";

/** Runs of a job so many minutes before, newest last. */
async function ran(job: string, ...runs: [minutesAgo: number, success: boolean][]): Promise<void> {
  for (const [minutes, success] of runs) {
    await database.sql`
      insert into tracksolid.ingestion_log (run_id, endpoint, run_at, duration_ms, success, error_code, error)
      select ${`${job} ${minutes}`}, ${job}, ${AS_OF}::timestamptz - make_interval(mins => ${minutes}), 1, ${success},
        case when not ${success} then 'busy' end, case when not ${success} then 'said so' end`;
  }
}

async function health() {
  const rows = await database.sql`select * from reporting.fn_ingest_health(${AS_OF})`;
  return new Map(rows.map((row) => [row.job as string, row]));
}

it("expects the jobs of the schedule, and the writer", async () => {
  const listed =
    await database.sql`select job, every_s, optional from tracksolid.pipeline_jobs where every_s is not null`;
  const jobs: [string, Cadence][] = Object.entries(schedule);
  expect(new Map(listed.map(({ job, every_s, optional }) => [job, { every_s, optional }]))).toEqual(
    new Map(
      jobs.map(([job, { everyS, switchedBy }]) => [
        job,
        { every_s: everyS, optional: switchedBy !== undefined },
      ]),
    ),
  );
});

it("judges each job by its period, and nothing that was run by hand", async () => {
  await database.sql`truncate tracksolid.ingestion_log`;
  const none = await health();
  expect(none.size).toBe(Object.keys(schedule).length + 1);
  expect(none.get("live")).toMatchObject({ status: "late", last_run_at: null, runs_24h: 0 });
  expect(none.get("obd")).toMatchObject({ status: "ok" });
  expect(none.get("writer")).toMatchObject({ status: "ok" });

  await ran("live", [25 * 60, true], [70, false], [3, true], [2, false], [1, true]);
  await ran("trips", [50, true], [20, false]);
  await ran("alarms", [13, true]);
  await ran("replay", [2_000, false]);
  // What comes after is not known yet.
  await ran("tracks", [40, true], [-5, false]);
  const after = await health();
  expect(after.has("replay")).toBe(false);
  expect(after.get("live")).toMatchObject({
    ...{ status: "ok", last_success_age_s: 60, last_error_code: "busy", last_error: "said so" },
    ...{ runs_1h: 3, failures_1h: 1, runs_24h: 4, failures_24h: 2 },
    last_failure_at: new Date(Date.parse(AS_OF) - 120_000),
  });
  expect(after.get("trips")).toMatchObject({ status: "failing", runs_1h: 2, failures_1h: 1 });
  expect(after.get("alarms")).toMatchObject({ status: "late" });
  expect(after.get("tracks")).toMatchObject({ status: "ok", runs_24h: 1 });
  // The log began more than a day ago: that is late for an hourly job, not for a daily one.
  expect(after.get("devices")).toMatchObject({ status: "late" });
  expect(after.get("housekeeping")).toMatchObject({ status: "ok" });
  const byName =
    await database.sql`select endpoint, last_run_success from reporting.v_ingest_health order by endpoint`;
  expect([...byName]).toEqual([
    { endpoint: "alarms", last_run_success: true },
    { endpoint: "live", last_run_success: true },
    { endpoint: "tracks", last_run_success: false },
    { endpoint: "trips", last_run_success: false },
  ]);
});

it.each(["reporting.v_ingest_health", `reporting.fn_ingest_health('${AS_OF}')`])(
  "reads of a log of 100,000 rows through indexes only what it tells: %s",
  async (source) => {
    const { sql } = database;
    await sql`truncate tracksolid.ingestion_log`;
    // Ninety days of the writer and two jobs, one of which has failed for the last thirty.
    await sql`
      insert into tracksolid.ingestion_log (run_id, endpoint, run_at, duration_ms, success)
      select n::text, (array['writer', 'live', 'trips'])[1 + n % 3], ${AS_OF}::timestamptz - n * interval '78 s', 1,
        n % 3 < 2 or n > 33333
      from generate_series(1, 100000) n`;
    await sql`vacuum analyze tracksolid.ingestion_log`;
    const [row] = await sql.unsafe(`explain (analyze, format json) select * from ${source}`);
    const nodes = nodesOf(row?.["QUERY PLAN"][0].Plan).filter(
      (node) => node["Relation Name"] === "ingestion_log",
    );
    expect(nodes.length).toBeGreaterThanOrEqual(2);
    let read = 0;
    for (const node of nodes) {
      expect(node["Node Type"]).toMatch(/^Index (Only )?Scan$/);
      read += (node["Actual Rows"] + (node["Rows Removed by Filter"] ?? 0)) * node["Actual Loops"];
    }
    // The runs of a day, which are counted, and some of each job.
    expect(read).toBeLessThan(source.includes("fn_") ? 86_400 / 78 + 200 : 100);
  },
);
