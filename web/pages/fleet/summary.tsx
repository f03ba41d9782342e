import type { ComponentChildren } from "preact";
import { statusKinds } from "../../charts/series.tsx";
import { count, durationS, km, litres, percent } from "../../parts/format.ts";
import { Answered, Empty } from "../../parts/states.tsx";
import type { Answers } from "../../shell/api.ts";
import { fleet as t } from "../../texts/fleet.ts";
import { useFigures } from "./answers.ts";
import { Change } from "./change.tsx";
import { Explain, type Explained } from "./explain.tsx";
import { Known } from "./known.tsx";
import { ShareBars } from "./share-bars.tsx";
import { clearFilters, type View } from "./view.ts";

type Summary = Answers["FleetSummary"];
type Name = keyof Summary["figures"] & Explained;

/** How each figure is written; the order is that of the page. */
const FIGURES: readonly [Name, (value: number) => string][] = [
  ["distanceKm", km],
  ["movingS", hours],
  ["idlingS", hours],
  ["trips", count],
  ["speedingEvents", count],
  ["harshEvents", count],
  ["fuelReportedL", litres],
  ["fuelEstimatedL", litres],
  ["coverageShare", (value) => percent(value, 1)],
];

export const timeKinds = statusKinds({
  moving: t.figures.movingS,
  idling: t.figures.idlingS,
  parked: t.figures.parkedS,
  unknown: t.figures.unknownS,
});

/** The period in figures, each against the period before and with how much of it is known. */
export function FleetSummary({ view }: { view: View }) {
  const summary = useFigures("FleetSummary", "/v1/analytics/fleet-summary", view.asked);
  return (
    <div class="fleet-summary">
      <h2 class="unseen">{t.summary.title}</h2>
      <Answered
        of={summary}
        minHeightPx={260}
        isEmpty={({ vehicles }) => vehicles === 0}
        empty={<NoVehicles isFiltered={Object.keys(view.filters).length > 0} />}
      >
        {(data) => (
          <>
            <Unlike data={data} />
            <TimeBars data={data} byDriver={view.filters.driver !== undefined} />
            <ul class="fleet-tiles">
              <Active data={data} />
              {FIGURES.map(([name, as]) => (
                <Tile key={name} name={name} data={data} as={as} />
              ))}
            </ul>
          </>
        )}
      </Answered>
    </div>
  );
}

function NoVehicles({ isFiltered }: { isFiltered: boolean }) {
  return (
    <Empty title={t.summary.noVehicles} hint={t.summary.noVehiclesHint}>
      {isFiltered && (
        <button type="button" class="button" onClick={clearFilters}>
          {t.filters.clear}
        </button>
      )}
    </Empty>
  );
}

/** Beyond that a change may be one of what is known, not of what was done. */
const UNLIKE = 0.1;

function Unlike({ data: { figures, vehicleDays, vehicleDaysBefore } }: { data: Summary }) {
  const { knownVehicleDays, knownVehicleDaysBefore } = figures.movingS;
  const share = knownVehicleDays / Math.max(1, vehicleDays);
  const before = knownVehicleDaysBefore / Math.max(1, vehicleDaysBefore);
  if (Math.abs(share - before) <= UNLIKE) return null;
  return <p class="small fleet-unlike">{t.known.unlike(percent(share), percent(before))}</p>;
}

/** What the time of all vehicles went into, now and before: what nobody knows is part of it. */
function TimeBars({ data: { figures }, byDriver }: { data: Summary; byDriver: boolean }) {
  const { movingS, idlingS, parkedS, unknownS } = figures;
  const parts = (when: "value" | "before") => ({
    ...{ moving: movingS[when], idling: idlingS[when], parked: parkedS[when], unknown: unknownS[when] },
  });
  const bars = [
    { key: "now", label: t.summary.now, parts: parts("value") },
    { key: "before", label: t.summary.before, parts: parts("before") },
  ];
  return (
    <div class="card fleet-time">
      <ShareBars label={t.summary.time} of={t.figures.movingS} bars={bars} kinds={timeKinds} />
      <p class="small soft row fleet-explained">
        {(["movingS", "idlingS", "parkedS", "unknownS"] as const).map((name) => (
          <span key={name}>
            {t.figures[name]}
            <Explain of={name} />
          </span>
        ))}
        {byDriver && <span>{t.summary.byDriver}</span>}
      </p>
    </div>
  );
}

function Active({ data }: { data: Summary }) {
  const { vehiclesActive } = data.figures;
  const of = (value: number | null) =>
    value === null ? null : t.summary.vehicles(count(value), count(data.vehicles));
  return (
    <Figure name="vehiclesActive" data={data} value={of(vehiclesActive.value)}>
      <Change value={vehiclesActive.value} before={vehiclesActive.before} as={count} />
    </Figure>
  );
}

function Tile({ name, data, as }: { name: Name; data: Summary; as: (value: number) => string }) {
  const { value, before } = data.figures[name];
  return (
    <Figure name={name} data={data} value={value === null ? null : as(value)}>
      <Change value={value} before={before} as={as} inPoints={name === "coverageShare"} />
    </Figure>
  );
}

function Figure({
  name,
  data,
  value,
  children,
}: {
  name: Name;
  data: Summary;
  value: string | null;
  children: ComponentChildren;
}) {
  const { knownVehicleDays, knownVehicleDaysBefore } = data.figures[name];
  return (
    <li class="card fleet-tile" data-figure={name}>
      <header>
        <h3>{t.figures[name]}</h3>
        <Explain of={name} />
      </header>
      <p class={value === null ? "fleet-value not-known" : "fleet-value figures"}>
        {value ?? t.charts.unknown.toLowerCase()}
      </p>
      {children}
      <Known
        known={knownVehicleDays}
        all={data.vehicleDays}
        knownBefore={knownVehicleDaysBefore}
        allBefore={data.vehicleDaysBefore}
      />
    </li>
  );
}

/** Sums of a fleet are compared in hours, not in days of 24 of them. */
export function hours(seconds: number): string {
  return seconds < 3_600 ? durationS(seconds) : `${count(seconds / 3_600)}\u00a0${t.hours}`;
}
