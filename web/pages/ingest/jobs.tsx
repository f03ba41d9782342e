import { Badge } from "../../parts/badge.tsx";
import { age, count, durationS } from "../../parts/format.ts";
import { Answered } from "../../parts/states.tsx";
import { type Column, Table } from "../../parts/table.tsx";
import { Value } from "../../parts/value.tsx";
import type { Answer } from "../../shell/answer.ts";
import type { Answers } from "../../shell/api.ts";
import { nowSlow } from "../../shell/clock.ts";
import { query, setQuery } from "../../shell/url.ts";
import { ingest } from "../../texts/ingest.ts";
import { JobDrawer } from "./job-drawer.tsx";
import { visible } from "./raw.tsx";

export type Job = Answers["Jobs"]["jobs"][number];

const words = ingest.jobs;

/** Every job: how it is, when it runs next, how far behind it is. */
export function Jobs({ of }: { of: Answer<Answers["Jobs"]> }) {
  const { sort, job: chosen } = query.value;
  const nowMs = nowSlow.value;
  return (
    <section class="card" aria-labelledby="jobs-title">
      <h2 id="jobs-title">{words.title}</h2>
      <Answered of={of} minHeightPx={600}>
        {({ jobs }) => (
          <>
            <Table
              caption={words.caption}
              columns={columnsAt(nowMs)}
              rows={jobs}
              rowKey={({ job }) => job}
              sort={sort}
              onSort={(next) => setQuery({ sort: next })}
              onRow={({ job }) => setQuery({ job }, { replace: false })}
              selected={chosen ?? null}
              maxHeight="none"
            />
            {chosen !== undefined && <JobDrawer name={chosen} job={jobs.find(({ job }) => job === chosen)} />}
          </>
        )}
      </Answered>
    </section>
  );
}

const columnsAt = (nowMs: number): Column<Job>[] => [
  { key: "job", header: words.job, cell: ({ job }) => job, sortBy: ({ job }) => job },
  {
    key: "state",
    header: words.state,
    cell: (job) => <JobState of={job} />,
    sortBy: ({ status, off }) => ORDER.indexOf(off ? "off" : status),
  },
  {
    key: "success",
    header: words.lastSuccess,
    align: "end",
    cell: ({ lastSuccessAt }) => age(lastSuccessAt, nowMs),
    sortBy: ({ lastSuccessAt }) => lastSuccessAt && nowMs - Date.parse(lastSuccessAt),
  },
  {
    key: "next",
    header: words.next,
    align: "end",
    cell: ({ nextDueAt, off }) => (off ? words.off : nextOf(nextDueAt, nowMs)),
    sortBy: ({ nextDueAt }) => Date.parse(nextDueAt),
  },
  {
    key: "lag",
    header: words.lag,
    hint: words.lagHint,
    align: "end",
    cell: ({ windowed, coverage }) =>
      windowed ? (
        <Value of={coverage?.oldestTo} as={(at) => age(at, nowMs)} />
      ) : (
        <span class="unseen">{words.noLag}</span>
      ),
    sortBy: ({ coverage }) => coverage?.oldestTo && nowMs - Date.parse(coverage.oldestTo),
  },
  {
    key: "waiting",
    header: words.waiting,
    hint: words.waitingHint,
    align: "end",
    cell: (job) => (job.depth === null ? null : count(depthOf(job))),
    sortBy: depthOf,
  },
  {
    key: "result",
    header: words.result,
    cell: ({ error, errorCode, lastRunAt }) =>
      lastRunAt === null ? (
        <span class="soft">{words.neverRan}</span>
      ) : errorCode === null && error === null ? (
        words.done
      ) : (
        <span class="cut wrong" title={visible(error ?? "")}>
          {visible([errorCode, error].filter(Boolean).join(": "))}
        </span>
      ),
  },
];

const ORDER = ["failing", "late", "ok", "off"];

/** How a job is, in a word with its mark. */
export function JobState({ of: { status, off } }: { of: Pick<Job, "status" | "off"> }) {
  if (off) return <Badge tone="muted">{words.off}</Badge>;
  const tones = { ok: "ok", late: "warn", failing: "bad" } as const;
  return <Badge tone={tones[status]}>{words[status]}</Badge>;
}

export const nextOf = (nextDueAt: string, nowMs: number): string => {
  const inS = (Date.parse(nextDueAt) - nowMs) / 1000;
  return inS <= 0 ? words.due : words.inTime(durationS(inS));
};

function depthOf({ depth }: Job): number | null {
  return depth && depth.waiting + depth.withQueue + depth.underWay;
}
