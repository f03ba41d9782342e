import { Columns } from "../../charts/columns.tsx";
import { count, km, kmh, percent } from "../../parts/format.ts";
import { Answered } from "../../parts/states.tsx";
import type { Column } from "../../parts/table.tsx";
import { sortRows } from "../../parts/table.tsx";
import { day } from "../../parts/time.ts";
import { Value } from "../../parts/value.tsx";
import type { Answers } from "../../shell/api.ts";
import { fleet as t } from "../../texts/fleet.ts";
import { useAllPages, useFigures } from "./answers.ts";
import { ChangeCell, restsOn, shareOf } from "./change.tsx";
import { chartHeightPx } from "./chart-height.ts";
import { FigureTable, fileName, sortOf } from "./group-table.tsx";
import { byGroup, groupColumn, groupLabel, intoGroup, rowKeyOf } from "./groups.tsx";
import { NothingKnown } from "./nothing-known.tsx";
import { ShareBars } from "./share-bars.tsx";
import { hours, timeKinds } from "./summary.tsx";
import { type Group, setSort, type View } from "./view.ts";

const PATH = "/v1/analytics/utilisation";
/** More bars than that are a table. */
const BARS = 12;

type Groups = Answers["UtilisationList"]["groups"];
export type Row = Groups[number];
type Figures = NonNullable<Row["period"]>;

/** All groups, with their figures. */
export const useGroups = (view: View, group: Group) =>
  useAllPages("UtilisationList", PATH, { ...view.asked, group_by: group }, (all, page) => ({
    ...page,
    groups: [...all.groups, ...page.groups],
  }));

/** What vehicles did with their time: each day, each group. */
export function Utilisation({ view }: { view: View }) {
  const { group, period, asked } = view;
  const byDay = useFigures("UtilisationList", PATH, { ...asked, group_by: "day", limit: 400 });
  const groups = useGroups(view, group);
  const columns = columnsOf(group);
  const sort = sortOf(view.sort, columns, group === "day" ? "name" : "-moving");
  return (
    <>
      <div class="fleet-charts">
        <div class="card">
          <Answered
            of={byDay}
            minHeightPx={270}
            isEmpty={({ totals }) => isUnknown(totals.period)}
            empty={<NothingKnown />}
          >
            {(data) => (
              <Columns
                label={t.charts.utilisationByDay}
                kinds={timeKinds}
                heightPx={chartHeightPx()}
                as={(value) => percent(value)}
                columns={data.groups.map((row) => ({
                  key: row.key ?? "",
                  label: day(row.key ?? ""),
                  parts: sharesOf(row.period),
                }))}
              />
            )}
          </Answered>
        </div>
        {group !== "day" && (
          <div class="card">
            <Answered
              of={groups}
              minHeightPx={270}
              isEmpty={({ totals }) => isUnknown(totals.period)}
              empty={<NothingKnown />}
            >
              {(data) => {
                const rows = sortRows(data.groups, columns, sort);
                return (
                  <>
                    <ShareBars
                      label={t.charts.utilisationBy(t.groups[group])}
                      of={t.groups[group]}
                      kinds={timeKinds}
                      bars={rows.slice(0, BARS).map((row) => ({
                        key: rowKeyOf(row),
                        label: groupLabel(row, group),
                        parts: sharesOf(row.period),
                      }))}
                    />
                    <FirstOf shown={BARS} all={rows.length} />
                  </>
                );
              }}
            </Answered>
          </div>
        )}
      </div>
      <Answered of={groups} minHeightPx={320}>
        {(data) => (
          <FigureTable
            name={t.tabs.utilisation}
            columns={columns}
            rows={data.groups}
            rowKey={rowKeyOf}
            sort={sort}
            onSort={setSort}
            onRow={intoGroup(group, period)}
            isCut={data.next !== null}
            by={byGroup(group)}
            file={{
              path: PATH,
              query: { ...asked, group_by: group },
              name: fileName("utilisation", period),
            }}
          />
        )}
      </Answered>
    </>
  );
}

/** Says that a chart has not all rows of the table. */
export function FirstOf({ shown, all }: { shown: number; all: number }) {
  return all > shown ? <p class="small soft">{t.charts.first(count(shown), count(all))}</p> : null;
}

const isUnknown = (totals: Figures | null) => (totals?.knownVehicleDays ?? 0) === 0;

/** Shares of all of the time, so that columns are of one height and unknown is as large as it is. */
function sharesOf(figures: Figures | null): Record<string, number | null> {
  const { movingS = null, idlingS = null, parkedS = null, unknownS = null } = figures ?? {};
  const whole = (movingS ?? 0) + (idlingS ?? 0) + (parkedS ?? 0) + (unknownS ?? 0);
  const share = (seconds: number | null) => (seconds === null || whole === 0 ? null : seconds / whole);
  return {
    ...{ moving: share(movingS), idling: share(idlingS), parked: share(parkedS), unknown: share(unknownS) },
  };
}

function columnsOf(group: Group): Column<Row>[] {
  const seconds = (name: "movingS" | "idlingS" | "parkedS") => ({
    cell: ({ period }: Row) => <Value of={period?.[name]} as={hours} />,
    sortBy: ({ period }: Row) => period?.[name],
    align: "end" as const,
  });
  const unknownShare = ({ period }: Row) => sharesOf(period).unknown;
  return [
    groupColumn<Row>(group),
    { key: "moving", header: t.table.moving, ...seconds("movingS") },
    {
      key: "change",
      header: t.table.change,
      hint: t.table.since,
      cell: ({ period, before }) => <ChangeCell value={period?.movingS} before={before?.movingS} />,
      sortBy: ({ period, before }) => shareOf(period?.movingS, before?.movingS),
      align: "end",
    },
    { key: "idling", header: t.table.idling, ...seconds("idlingS") },
    { key: "parked", header: t.table.parked, ...seconds("parkedS") },
    {
      key: "unknown",
      header: t.table.unknown,
      hint: t.table.ofTime,
      cell: (row) => <Value of={unknownShare(row)} as={percent} />,
      sortBy: unknownShare,
      align: "end",
    },
    {
      key: "used",
      header: t.table.used,
      cell: ({ period }) => <Value of={period?.usedVehicleDays} as={count} />,
      sortBy: ({ period }) => period?.usedVehicleDays,
      align: "end",
    },
    {
      key: "distance",
      header: t.table.distance,
      cell: ({ period }) => <Value of={period?.distanceKm} as={km} />,
      sortBy: ({ period }) => period?.distanceKm,
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
      key: "speed",
      header: t.table.maxSpeed,
      cell: ({ period }) => <Value of={period?.maxSpeedKmh} as={kmh} />,
      sortBy: ({ period }) => period?.maxSpeedKmh,
      align: "end",
    },
    {
      key: "rests",
      header: t.table.rests,
      cell: ({ period }) => <Value of={period} as={(of) => restsOn(of.knownVehicleDays, of.vehicleDays)} />,
      sortBy: ({ period }) => period && period.knownVehicleDays / Math.max(1, period.vehicleDays),
      align: "end",
    },
  ];
}
