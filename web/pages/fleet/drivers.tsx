import { Bars } from "../../charts/bars.tsx";
import { Columns } from "../../charts/columns.tsx";
import type { Kind } from "../../charts/series.tsx";
import { count, km, kmh, number, percent } from "../../parts/format.ts";
import { Answered } from "../../parts/states.tsx";
import type { Column } from "../../parts/table.tsx";
import { Value } from "../../parts/value.tsx";
import type { Answers } from "../../shell/api.ts";
import { fleet as t } from "../../texts/fleet.ts";
import { useAllPages } from "./answers.ts";
import { restsOn } from "./change.tsx";
import { chartHeightPx } from "./chart-height.ts";
import { Explain } from "./explain.tsx";
import { FigureTable, fileName, sortOf } from "./group-table.tsx";
import { NothingKnown } from "./nothing-known.tsx";
import { setSort, type View } from "./view.ts";

const PATH = "/v1/analytics/driver-behaviour";
const BARS = 12;
/** Scores that are told together: so few bands that each has some, down to the lowest score. The last one has the 100. */
const BANDS = [2, 5, 10];
const MOST_BANDS = 8;

type Driver = Answers["DriverBehaviourList"]["drivers"][number];
/** The list has none without figures of the period. */
type Figures = NonNullable<Driver["period"]>;

const KINDS = {
  scored: { label: t.charts.scored, colour: "var(--series-1)", pattern: "full" },
  unscored: { label: t.charts.unscored, colour: "var(--unknown)", pattern: "hollow" },
} satisfies Record<string, Kind>;

/** How drivers drove. */
export function Drivers({ view }: { view: View }) {
  const { asked, period } = view;
  const answer = useAllPages("DriverBehaviourList", PATH, asked, (all, page) => ({
    ...page,
    drivers: [...all.drivers, ...page.drivers],
  }));
  const columns = columnsOf();
  return (
    <Answered
      of={answer}
      minHeightPx={620}
      isEmpty={({ drivers }) => drivers.length === 0}
      empty={<NothingKnown />}
    >
      {({ drivers, next }) => (
        <div class="fleet-tab">
          <div class="fleet-charts">
            <div class="card">
              <Scores drivers={drivers} />
            </div>
            <div class="card">
              <Lowest drivers={drivers} />
            </div>
          </div>
          <FigureTable
            name={t.tabs.drivers}
            columns={columns}
            rows={drivers}
            rowKey={({ driver }) => driver}
            sort={sortOf(view.sort, columns, "score")}
            onSort={setSort}
            isCut={next !== null}
            file={{ path: PATH, query: asked, name: fileName("driver-behaviour", period) }}
          />
        </div>
      )}
    </Answered>
  );
}

/** How many drivers have which score; those without one are a column of their own. */
function Scores({ drivers }: { drivers: readonly Driver[] }) {
  const scores = drivers.map(({ period }) => period?.score ?? null);
  const lowest = Math.min(100, ...scores.filter((score) => score !== null));
  const wide = BANDS.find((band) => (100 - lowest) / band <= MOST_BANDS) ?? 10;
  const first = Math.min(100 - wide, Math.floor(lowest / wide) * wide);
  const bands = Array.from({ length: (100 - first) / wide }, (_, at) => {
    const [from, to] = [first + at * wide, first + (at + 1) * wide];
    const isLast = to === 100;
    const inside = scores.filter((score) => score !== null && score >= from && (score < to || isLast));
    return {
      key: String(from),
      label: `${from}–${isLast ? to : to - 1}`,
      parts: { scored: inside.length, unscored: 0 },
    };
  });
  const unscored = scores.filter((score) => score === null).length;
  return (
    <>
      <Columns
        label={t.charts.scores}
        head={t.charts.score}
        kinds={KINDS}
        heightPx={chartHeightPx()}
        as={(value) => (value === 1 ? t.charts.driver(count(value)) : t.charts.drivers(count(value)))}
        tickAs={(value) => (Number.isInteger(value) ? count(value) : "")}
        columns={[
          ...bands,
          {
            key: "unknown",
            label: t.charts.unknown,
            parts: { scored: 0, unscored },
          },
        ]}
      />
      <p class="small soft row">
        {t.figures.score}
        <Explain of="score" />
      </p>
    </>
  );
}

function Lowest({ drivers }: { drivers: readonly Driver[] }) {
  const lowest = drivers
    .filter(({ period }) => period && period.score !== null)
    .sort((a, b) => (a.period?.score ?? 0) - (b.period?.score ?? 0))
    .slice(0, BARS);
  return (
    <Bars
      label={t.charts.attention}
      as={(value) => number(value, 1)}
      most={100}
      bars={lowest.map(({ driver, period, before }) => ({
        key: driver,
        label: driver,
        value: period?.score ?? null,
        before: before?.score ?? null,
      }))}
    />
  );
}

function columnsOf(): Column<Driver>[] {
  const figure = (
    key: string,
    header: string,
    get: (figures: Figures) => number | null,
    as: (value: number) => string,
    hint?: string,
  ): Column<Driver> => ({
    key,
    header,
    ...(hint !== undefined && { hint }),
    cell: ({ period }) => <Value of={period && get(period)} as={as} />,
    sortBy: ({ period }) => period && get(period),
    align: "end",
  });
  const gained = ({ period, before }: Driver) =>
    typeof period?.score === "number" && typeof before?.score === "number"
      ? period.score - before.score
      : null;
  return [
    { key: "driver", header: t.table.driver, cell: ({ driver }) => driver, sortBy: ({ driver }) => driver },
    figure("rank", t.table.rank, ({ rank }) => rank, count),
    figure(
      "score",
      t.table.score,
      ({ score }) => score,
      (value) => number(value, 1),
    ),
    {
      key: "change",
      header: t.table.change,
      hint: t.change.points,
      cell: (row) => (
        <Value
          of={gained(row)}
          as={(by) => `${by > 0 ? "+" : by < 0 ? "−" : "±"}${number(Math.abs(by), 1)}`}
        />
      ),
      sortBy: gained,
      align: "end",
    },
    figure("distance", t.table.distance, ({ distanceKm }) => distanceKm, km),
    figure("speeding", t.table.speeding, ({ speedingPer100Km }) => speedingPer100Km, two, t.table.per100),
    figure("harsh", t.table.harsh, ({ harshPer100Km }) => harshPer100Km, two, t.table.per100),
    figure("idling", t.table.idlingShare, ({ idlingShare }) => idlingShare, percent, t.table.ofEngine),
    figure("speed", t.table.maxSpeed, ({ maxSpeedKmh }) => maxSpeedKmh, kmh),
    figure("trips", t.table.trips, ({ trips }) => trips, count),
    {
      key: "rests",
      header: t.table.rests,
      cell: ({ period }) => <Value of={period} as={(of) => restsOn(of.knownDriverDays, of.driverDays)} />,
      sortBy: ({ period }) => period && period.knownDriverDays / Math.max(1, period.driverDays),
      align: "end",
    },
  ];
}

const two = (value: number) => number(value, 2);
