import { useId, useMemo } from "preact/hooks";
import { Legend, Patterns, statusKinds } from "../../charts/series.tsx";
import { type Stretch, Strip, StripAxis } from "../../charts/strip.tsx";
import { StatusMark } from "../../parts/badge.tsx";
import { kmh } from "../../parts/format.ts";
import { whyOf } from "../../parts/states.tsx";
import { msOf } from "../../parts/time.ts";
import { t } from "../../texts/en.ts";
import { words } from "../../texts/history.ts";
import { type VehicleDay, wayIn } from "./day.ts";
import { Swatch } from "./look.tsx";
import type { Replay } from "./replay.ts";
import type { Day } from "./view.ts";
import { whereaboutsAt } from "./way.ts";

const KINDS = statusKinds(t.status);
const NOTHING: readonly Stretch[] = [];

export const stretchesOf = ({ activity }: VehicleDay): readonly Stretch[] => {
  if (activity.isOld || activity.data === null) return NOTHING;
  return activity.data.stretches.map(({ state, from, to }) => ({
    ...{ kind: state, fromMs: msOf(from), toMs: msOf(to) },
  }));
};

/** What each vehicle did, hour by hour, and what it does at the instant. */
export function Strips({
  vehicles,
  day,
  replay,
}: {
  vehicles: readonly VehicleDay[];
  day: Day;
  replay: Replay;
}) {
  const id = useId();
  return (
    <section class="history-strips" aria-label={words.strips}>
      <div class="history-legend">
        <svg class="unseen" aria-hidden="true">
          <Patterns id={id} kinds={KINDS} />
        </svg>
        <Legend id={id} kinds={KINDS} />
      </div>
      {vehicles.map((vehicle) => (
        <Row key={vehicle.imei} vehicle={vehicle} day={day} replay={replay} />
      ))}
      <div class="history-lane">
        <StripAxis fromMs={day.fromMs} toMs={day.toMs} />
      </div>
    </section>
  );
}

function Row({ vehicle, day, replay }: { vehicle: VehicleDay; day: Day; replay: Replay }) {
  const { label, slot, activity } = vehicle;
  const stretches = useMemo(() => stretchesOf(vehicle), [activity.data, activity.isOld]);
  const atMs = replay.atMs.value;
  const state = stretches.find(({ fromMs, toMs }) => atMs !== null && fromMs <= atMs && atMs < toMs)?.kind;
  const here = atMs === null ? null : whereaboutsAt(wayIn(vehicle), atMs);
  return (
    <div class="history-row">
      <p class="history-row-head">
        <Swatch slot={slot} />
        <span class="history-label">{label}</span>
        {state && (
          <span class="history-state">
            <StatusMark of={state} />
            {t.status[state as keyof typeof t.status] ?? t.unknown}
          </span>
        )}
        <span class="soft figures">{speedWords(here)}</span>
        {activity.error && (
          <span class="wrong small" role="alert">
            {words.activityNotAnswered}: {whyOf(activity.error)}{" "}
            <button type="button" class="button plain" onClick={activity.reload}>
              {t.tryAgain}
            </button>
          </span>
        )}
      </p>
      <div class="history-lane">
        <Strip
          label={words.strip(label)}
          fromMs={day.fromMs}
          toMs={day.toMs}
          stretches={stretches}
          kinds={KINDS}
          heightPx={18}
          cursorMs={atMs}
          onPick={(ms) => {
            replay.pause();
            replay.seek(ms);
          }}
          hasLegend={false}
          hasAxis={false}
          hasTable={false}
        />
      </div>
    </div>
  );
}

function speedWords(here: ReturnType<typeof whereaboutsAt>): string {
  return here?.isKnown ? kmh(here.speedKmh) : "";
}
