import type postgres from "postgres";
import facts from "#sql/workers/alerts/sources/facts.sql";
import notMoved from "#sql/workers/alerts/sources/not-moved.sql";
import { alertConfig } from "../../../shared/alert-config.ts";
import { heard, inOneTrip, openDatabase, type Parameter } from "../../../shared/database.ts";
import { settings } from "../../../shared/settings.ts";
import { toIso } from "../../../shared/time.ts";
import { type JobHealth, judgeIngest, selectHealth } from "../../api/ingest-health.ts";
import { selectTroubledJobs, type TroubledJob, wordsOf } from "../../api/timescale-jobs.ts";
import type { InsightKind } from "../../insights/kinds.ts";
import { rulesAt, tellQuery } from "../../insights/tell.ts";
import type { AlertRuleName, Finding } from "../rules.ts";
import { judgedJobs } from "./jobs.ts";

/** Insights that cannot wait for the next morning. */
const URGENT = { late_start: "driver_late", outside_city: "outside_city" } as const satisfies Partial<
  Record<InsightKind, AlertRuleName>
>;

/** Rules that the database alone knows of. */
export const DATABASE_RULES = [
  "ingest_late",
  "token_failing",
  "ledger_unbalanced",
  "coverage_low",
  "rejections",
  "recompute_behind",
  "connections",
  "timescale_job",
  "unknown_pushes",
  "canary_silent",
  "not_moved",
  "driver_late",
  "outside_city",
] as const satisfies AlertRuleName[];

/** What the database tells. @throws where it does not answer */
export async function askDatabase(env: Env, nowMs: number): Promise<Finding[]> {
  const sql = openDatabase(env.DB_INGEST);
  const asOf = toIso(nowMs);
  const read = <Row extends object>(statement: string, parameters: Parameter[] = []) =>
    heard(inOneTrip<Row>(sql, statement, parameters), settings.silentDatabaseMs);
  const { ALERT_NOT_MOVED_BY } = alertConfig(env);
  const told = await read<Finding>(facts, [asOf]);
  const jobs = judgedJobs(judgeIngest(env, await read<JobHealth>(selectHealth), nowMs));
  const timescale = (await read<TroubledJob>(selectTroubledJobs, [asOf])).map(
    (job): Finding => ({ rule: "timescale_job", subject: String(job.job_id), text: wordsOf(job) }),
  );
  const standing = ALERT_NOT_MOVED_BY === "" ? [] : await read<Finding>(notMoved, [asOf, ALERT_NOT_MOVED_BY]);
  return [...told, ...jobs, ...timescale, ...standing, ...(await urgent(read, nowMs))];
}

interface Insight {
  kind: keyof typeof URGENT;
  day: string;
  subject: string;
  title: string;
}

/** Insights of today, as far as it has come. */
async function urgent(
  read: <Row extends object>(
    statement: string,
    parameters: Parameter[],
  ) => Promise<postgres.RowList<Row[]> | Row[]>,
  nowMs: number,
): Promise<Finding[]> {
  const statement = `select t.kind, left(t.id, 10) as day, t.subject, t.title from (${tellQuery(
    Object.keys(URGENT) as InsightKind[],
  )}) t`;
  const [today] = await read<{ day: string }>(
    "select ($1::text::timestamptz at time zone zone)::date::text as day from tracksolid.fleet",
    [toIso(nowMs)],
  );
  const insights = await read<Insight>(statement, [today?.day ?? "", rulesAt(nowMs)]);
  return insights.map(({ kind, day, subject, title }) => ({
    rule: URGENT[kind],
    // Who began late today may do so again tomorrow; who is away stays away.
    subject: kind === "late_start" ? `${subject} ${day}` : subject,
    text: title,
  }));
}
