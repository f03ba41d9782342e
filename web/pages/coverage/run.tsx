import { useEffect } from "preact/hooks";
import { Badge } from "../../parts/badge.tsx";
import { count } from "../../parts/format.ts";
import { Failed } from "../../parts/states.tsx";
import { dateTime } from "../../parts/time.ts";
import { useAnswer } from "../../shell/answer.ts";
import { type Answers, ask } from "../../shell/api.ts";
import { may, session } from "../../shell/session.ts";
import { href, query, setQuery } from "../../shell/url.ts";
import { words } from "../../texts/coverage.ts";

const run = words.run;
const EVERY_MS = 2_000;

/** How the backfill goes that the URL names. */
export function Run({ onEnd }: { onEnd: () => void }) {
  const [job, id] = (query.value.run ?? "").split(":");
  // What is none in a link is asked of nobody.
  if (!job || !id || !/^[\w-]{1,60}$/.test(job) || !/^[0-9a-f-]{36}$/i.test(id)) return null;
  const close = (
    <button type="button" class="button" onClick={() => setQuery({ run: null })}>
      {run.close}
    </button>
  );
  if (session.value !== null && !may("admin")) {
    return (
      <section class="card coverage-run" aria-label={run.title(job)}>
        <p class="soft">{run.notAdmin}</p>
        {close}
      </section>
    );
  }
  return (
    <section class="card coverage-run" aria-label={run.title(job)}>
      <Progress key={id} job={job} id={id} onEnd={onEnd} />
      {close}
    </section>
  );
}

function Progress({ job, id, onEnd }: { job: string; id: string; onEnd: () => void }) {
  const path = `/v1/jobs/${job}/runs/${id}`;
  const { data, error, reload } = useAnswer(
    `coverage run ${job} ${id}`,
    (signal) => ask("JobRunWithWindows", path, { limit: 1 }, { signal }),
    { everyMs: EVERY_MS },
  );
  const success = data?.success ?? null;
  useEffect(() => {
    if (success !== null) onEnd();
  }, [success]);
  if (data === null)
    return error ? <Failed error={error} onRetry={reload} /> : <p class="soft">{run.planning}</p>;
  return <Facts job={job} of={data} />;
}

function Facts({ job, of: data }: { job: string; of: Answers["JobRunWithWindows"] }) {
  const { success, plan, apiCalls, rowsReceived, id } = data;
  const [all, left] = [plan?.windows ?? 0, plan?.windowsLeft ?? 0];
  return (
    <div class="coverage-run-facts">
      <p class="row">
        <strong>{run.title(job)}</strong>
        {plan?.from && plan.to && (
          <span class="soft figures">
            {dateTime(plan.from)} – {dateTime(plan.to)}
          </span>
        )}
        <span role="status">
          {success === null ? (
            <Badge tone="info">{run.going(count(all - left), count(all))}</Badge>
          ) : success ? (
            <Badge tone="ok">{run.done}</Badge>
          ) : (
            <Badge tone="bad">{run.failed}</Badge>
          )}
        </span>
      </p>
      {plan && (
        <progress
          max={Math.max(1, all)}
          value={all - left}
          aria-label={run.going(count(all - left), count(all))}
        />
      )}
      <p class="soft small figures">
        {plan && `${run.counts(count(plan.done), count(plan.postponed), count(plan.failed + plan.lost))} · `}
        {run.brought(count(rowsReceived), count(apiCalls))}
        {data.error && ` · ${data.error}`} ·{" "}
        <a href={href("/ingest", { view: "jobs", job, run: id })}>{run.more}</a>
      </p>
      {success !== null && <p class="soft small">{run.after}</p>}
    </div>
  );
}
