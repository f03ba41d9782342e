import { useRef, useState } from "preact/hooks";
import { ActionButton } from "../../parts/action.tsx";
import { count } from "../../parts/format.ts";
import { type Answers, client, send } from "../../shell/api.ts";
import { setQuery } from "../../shell/url.ts";
import { words } from "../../texts/coverage.ts";
import { vehicleWords } from "./kinds.tsx";
import type { Row } from "./rows.ts";
import type { Slot } from "./view.ts";

type Requested = Answers["JobRequested"];

const backfill = words.backfill;
const JOBS = Object.keys(backfill.jobs) as (keyof typeof backfill.jobs)[];

/** As the API takes. */
const MOST_IMEIS = 1_000;

/** Asks the vendor again for what is selected. */
export function Backfill({
  vehicles,
  isWhole,
  first,
  last,
  span,
}: {
  vehicles: readonly Row[];
  /** They are all that are in service: none has to be named. */
  isWhole: boolean;
  first: Slot;
  last: Slot;
  span: string;
}) {
  const [job, setJob] = useState<(typeof JOBS)[number]>("tracks");
  const planned = useRef<Requested | null>(null);
  if (first.fromMs >= client.nowMs()) return <p class="soft">{backfill.later}</p>;
  const isTooMany = vehicles.length > MOST_IMEIS && !isWhole;
  if (isTooMany) return <p class="soft">{backfill.tooMany(count(MOST_IMEIS))}</p>;

  async function run() {
    const [from, to] = [first.fromMs, last.toMs].map((ms) => new Date(ms).toISOString());
    const imeis = vehicles.map(({ imei }) => imei);
    const only = vehicles.length > MOST_IMEIS ? {} : { imeis };
    const answer = await send<Requested>("POST", `/v1/jobs/${job}/runs`, { from, to, ...only });
    planned.current = answer;
    const { windows = 0, vehicles: asked } = answer;
    if (windows === 0) return <p>{backfill.nothing}</p>;
    const them = backfillVehicles(asked ?? 0);
    return <p>{backfill.planned(windows, count(windows), them)}</p>;
  }

  const whom =
    isWhole && vehicles.length > 1 ? backfill.all : vehicleWords(vehicles.map(({ label }) => label));
  return (
    <ActionButton
      scope="admin"
      label={backfill.label}
      title={backfill.title}
      confirm={backfill.confirm}
      explain={
        <div class="stack">
          <p>{backfill.explain(whom, span)}</p>
          <label class="coverage-job">
            <span class="label">{backfill.what}</span>
            <select
              class="input"
              value={job}
              onChange={(event) =>
                setJob(JOBS.find((name) => name === event.currentTarget.value) ?? "tracks")
              }
            >
              {JOBS.map((name) => (
                <option key={name} value={name}>
                  {backfill.jobs[name]}
                </option>
              ))}
            </select>
          </label>
        </div>
      }
      run={run}
      onDone={() => {
        const id = planned.current?.id;
        if (id !== undefined) setQuery({ run: `${job}:${id}` });
      }}
    />
  );
}

const backfillVehicles = (vehicles: number) => words.selected.vehicles(vehicles, count(vehicles));
