import postgres from "postgres";
import { afterAll, beforeAll, expect, inject, it, vi } from "vitest";
import { admin as administrator, ask } from "../workers/api/caller.ts";
import { expectDocumented } from "../workers/api/document.ts";

// Only where TIMESCALE_URL is set: what no other server has. Jobs need the Timescale licence.

const PROCEDURE = `fails_${crypto.randomUUID().replaceAll("-", "")}`;

/** A superuser of the shared database. */
const admin = () => postgres(inject("cluster").sharedUrl, { max: 1, onnotice: () => {} });

const [setting] = await admin()`select current_setting('timescaledb.license') = 'timescale' as licensed`;
const test = it.skipIf(!setting?.licensed);

let job: number;

beforeAll(async () => {
  if (!setting?.licensed) return;
  const sql = admin();
  await sql.unsafe(`
    create procedure public.${PROCEDURE}(job_id int, config jsonb) language plpgsql as $$
    begin
      raise exception 'It cannot be done';
    end $$`);
  const [added] = await sql`select add_job(${`public.${PROCEDURE}`}::text::regproc, '1 hour') as id`;
  job = added?.id;
  await vi.waitFor(
    async () => {
      const [run] =
        await sql`select last_run_status from timescaledb_information.job_stats where job_id = ${job}`;
      expect(run?.last_run_status).toBe("Failed");
    },
    { timeout: 50_000, interval: 200 },
  );
});

afterAll(async () => {
  if (!setting?.licensed) return;
  const sql = admin();
  await sql`select delete_job(${job})`;
  await sql.unsafe(`drop procedure public.${PROCEDURE}`);
});

/** Jobs at an instant, as a role. */
const jobsAt = (role: string, hoursAhead: number) =>
  admin().begin(async (tx) => {
    await tx`set local role ${tx(role)}`;
    const rows = await tx`
      select * from reporting.fn_timescale_jobs(now() + make_interval(hours => ${hoursAhead})) order by job_id`;
    return new Map(rows.map((row) => [row.job_id as number, row]));
  });

test("names a job whose last run failed; why, only to who may know", async () => {
  const failed = { procedure: PROCEDURE, relation: null, status: "failing", last_success_at: null };
  const seen = (await jobsAt("dashboard_ro", 0)).get(job);
  expect(seen).toMatchObject({ ...failed, last_error: null, last_run_at: expect.any(Date) });
  expect(Number(seen?.failures)).toBeGreaterThanOrEqual(1);
  const [known] = await admin()`select * from reporting.fn_timescale_jobs(now()) where job_id = ${job}`;
  expect(known).toMatchObject({ ...failed, last_error: "It cannot be done" });
});

test("says in health and metrics which job fails, and that data comes in all the same", async () => {
  const response = await ask("/health/ingest");
  const { status, degraded } = await expectDocumented<{ status: string; degraded: string[] }>(
    "/health/ingest",
    response,
  );
  expect(response.status).toBe(status === "ok" ? 200 : 503);
  const sentence = degraded.find((words) => words.includes(PROCEDURE));
  expect(sentence).toMatch(
    new RegExp(
      `^TimescaleDB's job ${job} \\(${PROCEDURE}\\) failed at its last run, 20\\S+Z; it last succeeded never\\.`,
    ),
  );
  const text = await (await (await administrator())("/metrics")).text();
  expect(text).toContain(
    `tracksolid_timescale_job_failing{job="${job}",relation="",procedure="${PROCEDURE}"} 1`,
  );
});

test("calls a job overdue that an hour after its time has not run, and none before", async () => {
  const sql = admin();
  const [planned] = await sql`
    select add_job(${`public.${PROCEDURE}`}::text::regproc, '1 day', initial_start => now() + interval '6 hours') as id`;
  const statusAt = async (hoursAhead: number) => {
    const { relation, status } = (await jobsAt("dashboard_ro", hoursAhead)).get(planned?.id) ?? {};
    return { relation, status };
  };
  expect(await statusAt(0)).toEqual({ relation: null, status: "ok" });
  expect(await statusAt(6)).toEqual({ relation: null, status: "ok" });
  expect(await statusAt(8)).toEqual({ relation: null, status: "overdue" });
  await sql`select delete_job(${planned?.id})`;
});

test("names the table that a policy works on", async () => {
  const procedures = new Map(
    [...(await jobsAt("dashboard_ro", 0)).values()].map(({ relation, procedure }) => [relation, procedure]),
  );
  expect(procedures.get("tracksolid.position_history")).toBe("policy_compression");
});

test("leaves out what is TimescaleDB's own, and does not await a job that is switched off", async () => {
  const sql = admin();
  const [idle] =
    await sql`select add_job(${`public.${PROCEDURE}`}::text::regproc, '1 hour', scheduled => false) as id`;
  const later = await jobsAt("dashboard_ro", 24 * 365);
  expect(later.get(idle?.id)).toMatchObject({ status: "ok" });
  expect([...later.keys()].every((id) => id >= 1000)).toBe(true);
  await sql`select delete_job(${idle?.id})`;
});
