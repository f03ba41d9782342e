import { useState } from "preact/hooks";
import { Badge, type Tone } from "../../parts/badge.tsx";
import { count } from "../../parts/format.ts";
import { Answered } from "../../parts/states.tsx";
import { type Column, Table } from "../../parts/table.tsx";
import { dateTime } from "../../parts/time.ts";
import { Text } from "../../parts/value.tsx";
import { useAnswer } from "../../shell/answer.ts";
import { type Answers, ask } from "../../shell/api.ts";
import { setQuery } from "../../shell/url.ts";
import { ingest } from "../../texts/ingest.ts";
import { EVERY_MS } from "./now.ts";
import { visible } from "./raw.tsx";
import { RunResult, SpanOf, tookMs } from "./runs.tsx";
import { linkTo } from "./views.ts";

type OneRunAnswer = Answers["JobRunWithWindows"];
type JobWindow = OneRunAnswer["windows"][number];

const words = ingest.runs;
const STEP = 100;
const MOST = 1_000;

/** One run with its windows. */
export function OneRun({ job, id }: { job: string; id: string }) {
  const [limit, setLimit] = useState(STEP);
  const path = `/v1/jobs/${encodeURIComponent(job)}/runs/${encodeURIComponent(id)}`;
  const run = useAnswer(
    `ingest run ${job} ${id} ${limit}`,
    (signal) => ask("JobRunWithWindows", path, { limit }, { signal }),
    { everyMs: EVERY_MS },
  );
  return (
    <>
      <p>
        <button type="button" class="button" onClick={() => setQuery({ run: null })}>
          {words.back}
        </button>
      </p>
      <Answered of={run} minHeightPx={220}>
        {(data) => (
          <div class="stack">
            <RunFacts of={data} />
            {data.plan === null ? (
              <p class="soft">{words.noWindows}</p>
            ) : (
              <Table
                caption={words.windowsTitle}
                columns={COLUMNS}
                rows={data.windows}
                rowKey={({ number }) => String(number)}
                maxHeight="46dvh"
              />
            )}
            {data.next !== null && limit < MOST && (
              <button type="button" class="button" disabled={run.isOld} onClick={() => setLimit(MOST)}>
                {ingest.more}
              </button>
            )}
          </div>
        )}
      </Answered>
    </>
  );
}

function RunFacts({ of: run }: { of: OneRunAnswer }) {
  return (
    <dl class="facts">
      <dt>{words.run}</dt>
      <dd>
        <code>{run.id}</code> · <a href={linkTo("past", { receipt: run.id })}>{words.receipt}</a>
      </dd>
      <dt>{words.result}</dt>
      <dd>
        <RunResult of={run} /> {run.error && visible(run.error)}
      </dd>
      <dt>{words.when}</dt>
      <dd>
        {dateTime(run.runAt)}
        {run.durationMs !== null && ` · ${words.took} ${tookMs(run.durationMs)}`}
      </dd>
      <dt>{words.calls}</dt>
      <dd>
        {count(run.apiCalls)} · {words.items} {count(run.rowsReceived)}
      </dd>
      {run.plan && (
        <>
          <dt>{words.why}</dt>
          <dd>{words.causes[run.plan.cause] ?? run.plan.cause}</dd>
          <dt>{words.span}</dt>
          <dd>
            <SpanOf from={run.plan.from} to={run.plan.to} /> ·{" "}
            {words.ofVehicles(run.plan.vehicles, count(run.plan.vehicles))}
          </dd>
        </>
      )}
    </dl>
  );
}

const COLUMNS: Column<JobWindow>[] = [
  { key: "number", header: words.number, align: "end", cell: ({ number }) => count(number) },
  { key: "state", header: words.state, cell: (jobWindow) => <WindowState of={jobWindow} /> },
  { key: "span", header: words.span, cell: ({ from, to }) => <SpanOf from={from} to={to} /> },
  { key: "account", header: words.account, cell: ({ account }) => account && <Text of={account} /> },
  {
    key: "vehicles",
    header: words.vehicles,
    align: "end",
    cell: ({ vehicles, imeis }) => (vehicles === 1 ? (imeis[0] ?? "1") : count(vehicles)),
  },
  { key: "calls", header: words.calls, align: "end", cell: ({ apiCalls }) => count(apiCalls) },
  { key: "items", header: words.items, align: "end", cell: ({ items }) => count(items) },
  {
    key: "error",
    header: words.error,
    cell: ({ error, errorCode, missing }) => (
      <span class="cut" title={visible(error ?? "")}>
        {[errorCode, error && visible(error), missing.length > 0 && words.missing(missing.length)]
          .filter(Boolean)
          .join(": ")}
      </span>
    ),
  },
];

const TONES: Record<string, Tone> = { done: "ok", postponed: "warn", failed: "bad", lost: "bad" };

function WindowState({ of: { outcome, sentAt, takenAt } }: { of: JobWindow }) {
  if (outcome !== null)
    return <Badge tone={TONES[outcome] ?? "muted"}>{words.outcomes[outcome] ?? outcome}</Badge>;
  const word = takenAt ? words.taken : sentAt ? words.sent : words.notSent;
  return <Badge tone="info">{word}</Badge>;
}
