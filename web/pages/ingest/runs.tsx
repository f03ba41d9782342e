import { useState } from "preact/hooks";
import { Badge } from "../../parts/badge.tsx";
import { count, durationS } from "../../parts/format.ts";
import { Segmented } from "../../parts/segmented.tsx";
import { Answered } from "../../parts/states.tsx";
import { type Column, Table } from "../../parts/table.tsx";
import { dateTime } from "../../parts/time.ts";
import { Value } from "../../parts/value.tsx";
import { useAnswer } from "../../shell/answer.ts";
import { type Answers, ask } from "../../shell/api.ts";
import { query, setQuery } from "../../shell/url.ts";
import { t } from "../../texts/en.ts";
import { ingest } from "../../texts/ingest.ts";
import { EVERY_MS } from "./now.ts";
import { visible } from "./raw.tsx";

export type Run = Answers["JobRun"];

const words = ingest.runs;
const STEP = 25;
const MOST = 1_000;

/** The runs of a job, newest first. */
export function Runs({ job }: { job: string }) {
  const [limit, setLimit] = useState(STEP);
  const onlyFailed = query.value.runs === "failed";
  const runs = useAnswer(
    `ingest runs ${job} ${onlyFailed} ${limit}`,
    (signal) => {
      const success = onlyFailed ? "false" : undefined;
      return ask("JobRuns", `/v1/jobs/${encodeURIComponent(job)}/runs`, { limit, success }, { signal });
    },
    { everyMs: EVERY_MS },
  );
  return (
    <>
      <Segmented
        label={words.which}
        options={[
          { value: "all", label: words.all },
          { value: "failed", label: words.failed },
        ]}
        value={onlyFailed ? "failed" : "all"}
        onChange={(which) => setQuery({ runs: which === "failed" ? "failed" : null })}
      />
      <Answered of={runs} minHeightPx={280}>
        {(page) => (
          <div class="stack">
            <Table
              caption={words.caption(job)}
              columns={COLUMNS}
              rows={page.runs}
              rowKey={({ id }) => id}
              onRow={({ id }) => setQuery({ run: id }, { replace: false })}
              empty={onlyFailed ? words.noneFailed : words.none}
              maxHeight="46dvh"
            />
            {page.next !== null && limit < MOST && (
              <button
                type="button"
                class="button"
                disabled={runs.isOld}
                onClick={() => setLimit(Math.min(MOST, limit * 4))}
              >
                {ingest.more}
              </button>
            )}
          </div>
        )}
      </Answered>
    </>
  );
}

const COLUMNS: Column<Run>[] = [
  { key: "when", header: words.when, cell: ({ runAt }) => dateTime(runAt) },
  { key: "result", header: words.result, cell: (run) => <RunResult of={run} /> },
  {
    key: "took",
    header: words.took,
    align: "end",
    cell: ({ durationMs }) => (durationMs === null ? words.going : tookMs(durationMs)),
  },
  { key: "calls", header: words.calls, align: "end", cell: ({ apiCalls }) => count(apiCalls) },
  { key: "items", header: words.items, align: "end", cell: ({ rowsReceived }) => count(rowsReceived) },
  {
    key: "windows",
    header: words.windows,
    align: "end",
    cell: ({ plan }) => plan && words.windowsOf(count(plan.windows - plan.windowsLeft), count(plan.windows)),
  },
  { key: "why", header: words.why, cell: ({ plan }) => plan && (words.causes[plan.cause] ?? plan.cause) },
  {
    key: "error",
    header: words.error,
    cell: ({ error }) => error && <span class="cut">{visible(error)}</span>,
  },
];

/** What became of a run. */
export function RunResult({ of: { success, errorCode } }: { of: Run }) {
  if (success === null) return <Badge tone="info">{words.going}</Badge>;
  if (success) return <Badge tone="ok">{words.ok}</Badge>;
  return <Badge tone="bad">{errorCode ?? words.failed}</Badge>;
}

/** @example tookMs(1200) // "1.2 s" */
export const tookMs = (ms: number): string =>
  ms < 60_000 ? `${(ms / 1000).toFixed(1)}\u00a0${t.units.seconds}` : durationS(ms / 1000);

/** A span, or that it is unknown. */
export const SpanOf = ({ from, to }: { from: string | null; to: string | null }) => (
  <>
    <Value of={from} as={dateTime} /> – <Value of={to} as={dateTime} />
  </>
);
