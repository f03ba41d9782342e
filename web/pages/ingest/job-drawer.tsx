import { Dialog } from "../../parts/dialog.tsx";
import { age, count } from "../../parts/format.ts";
import { Empty } from "../../parts/states.tsx";
import { dateTime } from "../../parts/time.ts";
import { nowSlow } from "../../shell/clock.ts";
import { query, setQuery } from "../../shell/url.ts";
import { t } from "../../texts/en.ts";
import { ingest } from "../../texts/ingest.ts";
import { type Job, JobState, nextOf } from "./jobs.tsx";
import { OneRun } from "./one-run.tsx";
import { visible } from "./raw.tsx";
import { RunJob } from "./run-job.tsx";
import { Runs } from "./runs.tsx";

/** One job: how it is, its runs, and a way to have it run now. */
export function JobDrawer({ name, job }: { name: string; job: Job | undefined }) {
  const close = () => setQuery({ job: null, run: null, runs: null });
  const { run } = query.value;
  if (job === undefined) {
    return (
      <Dialog title={ingest.runs.unknown} onClose={close}>
        <Empty title={ingest.runs.unknown} hint={ingest.runs.unknownHint(name)} />
      </Dialog>
    );
  }
  return (
    <Dialog title={ingest.runs.title(job.job)} onClose={close} isWide>
      <JobFacts job={job} />
      {run === undefined ? (
        <>
          <RunJob job={job} />
          <Runs job={job.job} />
        </>
      ) : (
        <OneRun job={job.job} id={run} />
      )}
    </Dialog>
  );
}

function JobFacts({ job }: { job: Job }) {
  const words = ingest.jobs;
  const nowMs = nowSlow.value;
  const ago = (at: string | null) =>
    at === null ? t.never : `${dateTime(at)}, ${t.line.ago(age(at, nowMs))}`;
  return (
    <dl class="facts">
      <dt>{words.state}</dt>
      <dd>
        <JobState of={job} />
      </dd>
      <dt>{words.schedule}</dt>
      <dd>
        {words.cron(job.cron)} · {words.next} {nextOf(job.nextDueAt, nowMs)}
      </dd>
      <dt>{words.lastRun}</dt>
      <dd>{ago(job.lastRunAt)}</dd>
      <dt>{words.lastSuccess}</dt>
      <dd>{ago(job.lastSuccessAt)}</dd>
      {job.error !== null && (
        <>
          <dt>{words.result}</dt>
          <dd class="wrong">{visible([job.errorCode, job.error].filter(Boolean).join(": "))}</dd>
        </>
      )}
      {job.coverage && (
        <>
          <dt>{words.covered}</dt>
          <dd>
            {ago(job.coverage.oldestTo)} ·{" "}
            {words.coveredVehicles(count(job.coverage.vehicles), job.coverage.neverAsked)}
          </dd>
        </>
      )}
      {job.openRuns.length > 0 && (
        <>
          <dt>{words.open}</dt>
          <dd>
            {job.openRuns.map(({ id, cause, windows, windowsLeft }) => (
              <button
                key={id}
                type="button"
                class="button plain"
                onClick={() => setQuery({ run: id }, { replace: false })}
              >
                {ingest.runs.causes[cause] ?? cause}{" "}
                {ingest.runs.windowsOf(count(windows - windowsLeft), count(windows))}
              </button>
            ))}
          </dd>
        </>
      )}
    </dl>
  );
}
