import type { ChartColumn } from "../../charts/columns.tsx";
import type { Kind } from "../../charts/series.tsx";
import { dateTime, time } from "../../parts/time.ts";
import type { Answers } from "../../shell/api.ts";
import { ingest } from "../../texts/ingest.ts";

type JobHours = Answers["JobHours"];
export type HourRow = JobHours["hours"][number];

const HOUR_MS = 3_600_000;
/** A chart has some thirty columns at most: a phone shows no more. */
const MOST_COLUMNS = 30;
const STEPS_H = [1, 3, 6, 12, 24];
/** Failures beyond them share one colour. */
const NAMED_FAILURES = 2;

/** Rows of hours as columns of a chart. @param part what a row counts as, by the kinds of the chart */
export function columnsOf(
  { from, to, hours }: JobHours,
  kinds: readonly string[],
  part: (row: HourRow) => Readonly<Record<string, number>>,
): ChartColumn[] {
  const spanH = (Date.parse(to) - Date.parse(from)) / HOUR_MS;
  const stepH = STEPS_H.find((step) => spanH / step <= MOST_COLUMNS) ?? 24;
  const stepMs = stepH * HOUR_MS;
  const startOf = (at: string) => Math.floor(Date.parse(at) / stepMs) * stepMs;
  const sums = new Map<number, Record<string, number>>();
  for (let ms = startOf(from); ms < Date.parse(to); ms += stepMs) {
    sums.set(ms, Object.fromEntries(kinds.map((kind) => [kind, 0])));
  }
  for (const row of hours) {
    const sum = sums.get(startOf(row.hour));
    if (sum === undefined) continue;
    for (const [kind, value] of Object.entries(part(row))) sum[kind] = (sum[kind] ?? 0) + value;
  }
  return [...sums].map(([ms, parts]) => ({
    key: String(ms),
    label: stepH === 1 ? time(ms) : dateTime(ms),
    parts,
  }));
}

/** How results of runs are drawn: what went well, the failures most calls were spent on, the others. */
export function resultKinds(hours: readonly HourRow[]) {
  const calls = new Map<string, number>();
  for (const { errorCode, apiCalls } of hours) {
    if (errorCode !== null && apiCalls > 0) calls.set(errorCode, (calls.get(errorCode) ?? 0) + apiCalls);
  }
  const codes = [...calls].sort((one, other) => other[1] - one[1]).map(([code]) => code);
  const named = codes.slice(0, NAMED_FAILURES);
  const looks = [
    { colour: "var(--bad)", pattern: "stripes" },
    { colour: "var(--series-2)", pattern: "dots" },
  ] as const;
  const kinds: Record<string, Kind> = {
    ok: { label: ingest.calls.ok, colour: "var(--series-1)", pattern: "full" },
  };
  named.forEach((code, at) => {
    kinds[`code-${at}`] = { label: code, ...(looks[at] ?? looks[0]) };
  });
  if (codes.length > named.length) {
    kinds.others = { label: ingest.calls.others, colour: "var(--series-4)", pattern: "hollow" };
  }
  const kindOf = ({ errorCode }: HourRow): string => {
    if (errorCode === null) return "ok";
    const at = named.indexOf(errorCode);
    return at < 0 ? "others" : `code-${at}`;
  };
  return { kinds, kindOf };
}

/** What a job did in the span. */
export interface JobSum {
  job: string;
  runs: number;
  failed: number;
  calls: number;
  items: number;
  /** Failures, the most frequent first. */
  failures: { code: string; runs: number }[];
}

/** Hours added up by job. */
export function sumsByJob(hours: readonly HourRow[]): JobSum[] {
  const sums = new Map<string, JobSum>();
  for (const { job, errorCode, runs, apiCalls, items } of hours) {
    const sum = sums.get(job) ?? { job, runs: 0, failed: 0, calls: 0, items: 0, failures: [] };
    sums.set(job, sum);
    sum.runs += runs;
    sum.calls += apiCalls;
    sum.items += items;
    if (errorCode === null) continue;
    sum.failed += runs;
    const failure = sum.failures.find(({ code }) => code === errorCode);
    if (failure) failure.runs += runs;
    else sum.failures.push({ code: errorCode, runs });
  }
  for (const { failures } of sums.values()) failures.sort((one, other) => other.runs - one.runs);
  return [...sums.values()];
}
