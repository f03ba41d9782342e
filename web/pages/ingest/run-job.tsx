import { useRef, useState } from "preact/hooks";
import { ActionButton } from "../../parts/action.tsx";
import { count } from "../../parts/format.ts";
import { PeriodPicker } from "../../parts/period.tsx";
import { instantsOf, type Period, periodOf } from "../../parts/periods.ts";
import { dateTime } from "../../parts/time.ts";
import { VehiclePicker } from "../../parts/vehicle-picker.tsx";
import { type Answers, send } from "../../shell/api.ts";
import { setQuery } from "../../shell/url.ts";
import { ingest } from "../../texts/ingest.ts";
import type { Job } from "./jobs.tsx";

type Requested = Answers["JobRequested"];

const words = ingest.runJob;
/** As many as the API takes are not picked by hand. */
const MOST_PICKED = 50;

/** Has a job run now; one that asks for spans, for days of the past. */
export function RunJob({ job: { job, windowed } }: { job: Pick<Job, "job" | "windowed"> }) {
  const [period, setPeriod] = useState<Period>(() => periodOf("yesterday"));
  const [imeis, setImeis] = useState<string[]>([]);
  const planned = useRef<string | null>(null);

  async function run() {
    const only = imeis.length > 0 ? { imeis } : {};
    const body = windowed ? { ...instantsOf(period), ...only } : {};
    const answer = await send<Requested>("POST", `/v1/jobs/${encodeURIComponent(job)}/runs`, body);
    planned.current = answer.id ?? null;
    return <Planned of={answer} />;
  }

  return (
    <ActionButton
      scope="admin"
      label={words.label}
      title={words.title(job)}
      confirm={words.confirm}
      explain={
        windowed ? (
          <div class="stack">
            <p>{words.spans(job)}</p>
            <PeriodPicker value={period} onChange={setPeriod} presets={["today", "yesterday", "7d"]} />
            <VehiclePicker label={words.vehicles} value={imeis} onChange={setImeis} most={MOST_PICKED} />
          </div>
        ) : (
          <p>{words.plain(job)}</p>
        )
      }
      run={run}
      onDone={() => planned.current !== null && setQuery({ run: planned.current }, { replace: false })}
    />
  );
}

function Planned({ of: { windows, vehicles, from, to } }: { of: Requested }) {
  if (windows === undefined) return <p>{words.asked}</p>;
  if (windows === 0) return <p>{words.nothing}</p>;
  return (
    <>
      <p>{words.planned(windows, count(vehicles))}</p>
      {from && to && <p class="soft">{words.reach(dateTime(from), dateTime(to))}</p>}
    </>
  );
}
