import { Bars } from "../../charts/bars.tsx";
import { Columns } from "../../charts/columns.tsx";
import type { Kind } from "../../charts/series.tsx";
import { count, km, percent } from "../../parts/format.ts";
import { Answered } from "../../parts/states.tsx";
import { type Column, sortRows } from "../../parts/table.tsx";
import { day } from "../../parts/time.ts";
import { Value } from "../../parts/value.tsx";
import type { Answers } from "../../shell/api.ts";
import { fleet as t } from "../../texts/fleet.ts";
import { useFigures } from "./answers.ts";
import { ChangeCell, restsOn, shareOf } from "./change.tsx";
import { FigureTable, fileName, sortOf } from "./group-table.tsx";
import { byGroup, groupColumn, groupLabel, intoGroup, rowKeyOf } from "./groups.tsx";
import { NothingKnown } from "./nothing-known.tsx";
import { FirstOf, type Row, useGroups } from "./utilisation.tsx";
import { type Group, lookInto, setSort, type View } from "./view.ts";

const PATH = "/v1/analytics/distance-daily";
const BARS = 12;

type Listed = Answers["DistanceDaily"]["days"][number];
/** Every day of the list has figures, though its schema is shared with what may have none. */
type Day = Listed & { period: NonNullable<Listed["period"]> };

const SOURCES = {
  odometer: { label: t.charts.sources.odometer, colour: "var(--series-1)", pattern: "full" },
  vendor: { label: t.charts.sources.vendor, colour: "var(--series-2)", pattern: "stripes" },
  gps: { label: t.charts.sources.gps, colour: "var(--series-3)", pattern: "dots" },
} satisfies Record<string, Kind>;

const KNOWN = {
  known: { label: t.charts.known, colour: "var(--series-1)", pattern: "full" },
  unknown: { label: t.charts.unknown, colour: "var(--unknown)", pattern: "hollow" },
} satisfies Record<string, Kind>;

/** How far vehicles drove: each day with where that is known from, each group. */
export function Distance({ view }: { view: View }) {
  const byDay = useFigures("DistanceDaily", PATH, { ...view.asked, limit: 400 });
  return (
    <>
      <div class="fleet-charts">
        <div class="card stack">
          <Answered
            of={byDay}
            minHeightPx={440}
            isEmpty={({ totals }) => (totals.period?.knownVehicleDays ?? 0) === 0}
            empty={<NothingKnown />}
          >
            {({ days }) => <DayCharts days={days.filter(hasFigures)} />}
          </Answered>
        </div>
        {view.group !== "day" && <GroupChart view={view} />}
      </div>
      {view.group === "day" ? (
        <Answered of={byDay} minHeightPx={320}>
          {({ days, next }) => <DayTable view={view} days={days.filter(hasFigures)} isCut={next !== null} />}
        </Answered>
      ) : (
        <GroupTable view={view} />
      )}
    </>
  );
}

const hasFigures = (day: Listed): day is Day => day.period !== null;

function DayCharts({ days }: { days: readonly Day[] }) {
  return (
    <div class="stack">
      <Columns
        label={t.charts.distanceByDay}
        kinds={SOURCES}
        as={km}
        tickAs={count}
        columns={days.map(({ day: of, period: { bySource }, before }) => ({
          key: of,
          label: day(of),
          parts: {
            odometer: bySource.odometer.distanceKm,
            vendor: bySource.vendor.distanceKm,
            gps: bySource.gps.distanceKm,
          },
          before: before?.distanceKm ?? null,
        }))}
      />
      <Columns
        label={t.charts.restsByDay}
        kinds={KNOWN}
        as={(value) => percent(value)}
        heightPx={110}
        columns={days.map(({ day: of, period: { knownVehicleDays, vehicleDays } }) => {
          const known = vehicleDays > 0 ? knownVehicleDays / vehicleDays : 0;
          return { key: of, label: day(of), parts: { known, unknown: 1 - known } };
        })}
      />
    </div>
  );
}

function DayTable({ view, days, isCut }: { view: View; days: readonly Day[]; isCut: boolean }) {
  const columns = dayColumns();
  return (
    <FigureTable
      name={t.tabs.distance}
      columns={columns}
      rows={days}
      rowKey={({ day: of }) => of}
      sort={sortOf(view.sort, columns, "name")}
      onSort={setSort}
      onRow={({ day: of }) => lookInto("day", of, view.period)}
      isCut={isCut}
      by={byGroup("day")}
      file={{ path: PATH, query: view.asked, name: fileName("distance-daily", view.period) }}
    />
  );
}

function dayColumns(): Column<Day>[] {
  const source = (name: keyof typeof SOURCES, header: string): Column<Day> => ({
    key: name,
    header,
    cell: ({ period }) => <Value of={period.bySource[name].distanceKm} as={km} />,
    sortBy: ({ period }) => period.bySource[name].distanceKm,
    align: "end",
  });
  return [
    { key: "name", header: t.groups.day, cell: ({ day: of }) => day(of), sortBy: ({ day: of }) => of },
    {
      key: "distance",
      header: t.table.distance,
      cell: ({ period }) => <Value of={period.distanceKm} as={km} />,
      sortBy: ({ period }) => period.distanceKm,
      align: "end",
    },
    {
      key: "change",
      header: t.table.change,
      hint: t.table.since,
      cell: ({ period, before }) => <ChangeCell value={period.distanceKm} before={before?.distanceKm} />,
      sortBy: ({ period, before }) => shareOf(period.distanceKm, before?.distanceKm),
      align: "end",
    },
    source("odometer", t.table.odometer),
    source("vendor", t.table.vendor),
    source("gps", t.table.gps),
    {
      key: "rests",
      header: t.table.rests,
      cell: ({ period }) => restsOn(period.knownVehicleDays, period.vehicleDays),
      sortBy: ({ period }) => period.knownVehicleDays / Math.max(1, period.vehicleDays),
      align: "end",
    },
  ];
}

function GroupChart({ view }: { view: View }) {
  const { group } = view;
  const groups = useGroups(view, group);
  const columns = groupColumns(group);
  return (
    <div class="card">
      <Answered of={groups} minHeightPx={300}>
        {(data) => {
          const rows = sortRows(data.groups, columns, sortOf(view.sort, columns, "-distance"));
          return (
            <>
              <Bars
                label={t.charts.distanceBy(t.groups[group])}
                as={km}
                bars={rows.slice(0, BARS).map((row) => ({
                  key: rowKeyOf(row),
                  label: groupLabel(row, group),
                  value: row.period?.distanceKm ?? null,
                  before: row.before?.distanceKm ?? null,
                }))}
              />
              <FirstOf shown={BARS} all={rows.length} />
            </>
          );
        }}
      </Answered>
    </div>
  );
}

function GroupTable({ view }: { view: View }) {
  const { group, asked, period } = view;
  const groups = useGroups(view, group);
  const columns = groupColumns(group);
  return (
    <Answered of={groups} minHeightPx={320}>
      {(data) => (
        <FigureTable
          name={t.tabs.distance}
          columns={columns}
          rows={data.groups}
          rowKey={rowKeyOf}
          sort={sortOf(view.sort, columns, "-distance")}
          onSort={setSort}
          onRow={intoGroup(group, period)}
          isCut={data.next !== null}
          by={byGroup(group)}
          file={{
            path: "/v1/analytics/utilisation",
            query: { ...asked, group_by: group },
            name: fileName("distance", period),
          }}
        />
      )}
    </Answered>
  );
}

function groupColumns(group: Group): Column<Row>[] {
  return [
    groupColumn<Row>(group),
    {
      key: "distance",
      header: t.table.distance,
      cell: ({ period }) => <Value of={period?.distanceKm} as={km} />,
      sortBy: ({ period }) => period?.distanceKm,
      align: "end",
    },
    {
      key: "change",
      header: t.table.change,
      hint: t.table.since,
      cell: ({ period, before }) => <ChangeCell value={period?.distanceKm} before={before?.distanceKm} />,
      sortBy: ({ period, before }) => shareOf(period?.distanceKm, before?.distanceKm),
      align: "end",
    },
    {
      key: "trips",
      header: t.table.trips,
      cell: ({ period }) => <Value of={period?.trips} as={count} />,
      sortBy: ({ period }) => period?.trips,
      align: "end",
    },
    {
      key: "rests",
      header: t.table.rests,
      cell: ({ period }) => (
        <Value of={period} as={(of) => restsOn(of.distanceVehicleDays, of.vehicleDays)} />
      ),
      sortBy: ({ period }) => period && period.distanceVehicleDays / Math.max(1, period.vehicleDays),
      align: "end",
    },
  ];
}
