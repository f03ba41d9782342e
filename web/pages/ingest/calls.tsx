import { Columns } from "../../charts/columns.tsx";
import type { Kind } from "../../charts/series.tsx";
import { count } from "../../parts/format.ts";
import { Answered, Empty } from "../../parts/states.tsx";
import { type Column, Table } from "../../parts/table.tsx";
import { useAnswer } from "../../shell/answer.ts";
import { type Answers, ask, client } from "../../shell/api.ts";
import { query, setQuery } from "../../shell/url.ts";
import { ingest } from "../../texts/ingest.ts";
import { columnsOf, type JobSum, resultKinds, sumsByJob } from "./hours.ts";
import { SLOWLY_MS } from "./now.ts";
import { hoursBefore, useSpan } from "./views.ts";

const words = ingest.calls;

/** Calls of the vendor by result, and what the writer made of what came. */
export function Calls() {
  const { span, hours } = useSpan();
  const answer = useAnswer(
    `ingest hours ${span}`,
    (signal) => ask("JobHours", "/v1/jobs/hours", { from: hoursBefore(client.nowMs(), hours) }, { signal }),
    { everyMs: SLOWLY_MS },
  );
  return (
    <section class="card" aria-labelledby="calls-title">
      <h2 id="calls-title">{words.title}</h2>
      <Answered
        of={answer}
        minHeightPx={760}
        isEmpty={({ hours }) => hours.length === 0}
        empty={<Empty title={words.none} />}
      >
        {(data) => (
          <div class="stack">
            <CallsChart of={data} />
            <h3>{words.byJob}</h3>
            <Table
              caption={words.byJob}
              columns={COLUMNS}
              rows={sumsByJob(data.hours)}
              rowKey={({ job }) => job}
              sort={query.value.by ?? "-calls"}
              onSort={(by) => setQuery({ by })}
              maxHeight="none"
            />
            <RowsChart of={data} />
          </div>
        )}
      </Answered>
    </section>
  );
}

function CallsChart({ of }: { of: Answers["JobHours"] }) {
  const { kinds, kindOf } = resultKinds(of.hours);
  const columns = columnsOf(of, Object.keys(kinds), (row) => ({ [kindOf(row)]: row.apiCalls }));
  return <Columns label={words.chart} columns={columns} kinds={kinds} as={count} head={words.time} />;
}

const ROW_KINDS: Record<"inserted" | "updated" | "duplicate" | "rejected", Kind> = {
  inserted: { label: words.inserted, colour: "var(--series-1)", pattern: "full" },
  updated: { label: words.updated, colour: "var(--series-3)", pattern: "stripes" },
  duplicate: { label: words.duplicate, colour: "var(--parked)", pattern: "dots" },
  rejected: { label: words.rejected, colour: "var(--bad)", pattern: "hollow" },
};

function RowsChart({ of }: { of: Answers["JobHours"] }) {
  const columns = columnsOf(of, Object.keys(ROW_KINDS), ({ inserted, updated, duplicate, rejected }) => ({
    inserted,
    updated,
    duplicate,
    rejected,
  }));
  return <Columns label={words.rows} columns={columns} kinds={ROW_KINDS} as={count} head={words.time} />;
}

const COLUMNS: Column<JobSum>[] = [
  { key: "job", header: words.job, cell: ({ job }) => job, sortBy: ({ job }) => job },
  {
    key: "calls",
    header: words.calls,
    align: "end",
    cell: ({ calls }) => count(calls),
    sortBy: ({ calls }) => calls,
  },
  {
    key: "runs",
    header: words.runs,
    align: "end",
    cell: ({ runs }) => count(runs),
    sortBy: ({ runs }) => runs,
  },
  {
    key: "failed",
    header: words.failed,
    align: "end",
    cell: ({ failed }) => (failed > 0 ? <strong class="wrong">{count(failed)}</strong> : count(failed)),
    sortBy: ({ failed }) => failed,
  },
  {
    key: "items",
    header: words.items,
    align: "end",
    cell: ({ items }) => count(items),
    sortBy: ({ items }) => items,
  },
  {
    key: "results",
    header: words.results,
    cell: ({ failures, runs, failed }) =>
      [
        runs > failed && `${words.ok} ${count(runs - failed)}`,
        ...failures.map(({ code, runs }) => `${code} ${count(runs)}`),
      ]
        .filter(Boolean)
        .join(", "),
  },
];
