import { Bars } from "../../charts/bars.tsx";
import { Columns } from "../../charts/columns.tsx";
import type { Kind } from "../../charts/series.tsx";
import { count, litres, number } from "../../parts/format.ts";
import { Answered } from "../../parts/states.tsx";
import { sortRows } from "../../parts/table.tsx";
import { day } from "../../parts/time.ts";
import type { Answers } from "../../shell/api.ts";
import { fleet as t } from "../../texts/fleet.ts";
import { useAllPages, useFigures } from "./answers.ts";
import { Costs } from "./costs.tsx";
import { Explain } from "./explain.tsx";
import { fuelColumns } from "./fuel-columns.tsx";
import { FigureTable, fileName, sortOf } from "./group-table.tsx";
import { byGroup, groupLabel, intoGroup, rowKeyOf } from "./groups.tsx";
import { NothingKnown } from "./nothing-known.tsx";
import { FirstOf } from "./utilisation.tsx";
import { setSort, type View } from "./view.ts";

const PATH = "/v1/analytics/fuel";
const BARS = 12;

type Groups = Answers["FuelList"]["groups"];

const KINDS = {
  reportedL: { label: t.table.reported, colour: "var(--series-1)", pattern: "full" },
  estimatedL: { label: t.table.estimated, colour: "var(--series-3)", pattern: "stripes" },
} satisfies Record<string, Kind>;

/** Fuel that vehicles used, were filled with and lost. What is reported and what is estimated are never added. */
export function Fuel({ view }: { view: View }) {
  const { group, asked, period } = view;
  const byDay = useFigures("FuelList", PATH, { ...asked, group_by: "day", limit: 400 });
  const groups = useAllPages("FuelList", PATH, { ...asked, group_by: group }, (all, page) => ({
    ...page,
    groups: [...all.groups, ...page.groups],
  }));
  const columns = fuelColumns(group);
  const sort = sortOf(view.sort, columns, group === "day" ? "name" : "-reported");
  return (
    <>
      <div class="fleet-charts">
        <div class="card">
          <Answered
            of={byDay}
            minHeightPx={440}
            isEmpty={({ totals }) => isUnknown(totals.period)}
            empty={<NothingKnown />}
          >
            {(data) => (
              <div class="stack">
                <Litres name="reportedL" label={t.charts.reportedByDay} groups={data.groups} />
                <Litres name="estimatedL" label={t.charts.estimatedByDay} groups={data.groups} />
                <p class="small soft row fleet-explained">
                  {(["fuelReportedL", "fuelEstimatedL"] as const).map((name) => (
                    <span key={name}>
                      {t.figures[name]}
                      <Explain of={name} />
                    </span>
                  ))}
                </p>
              </div>
            )}
          </Answered>
        </div>
        <div class="card stack">
          <Answered of={groups} minHeightPx={300}>
            {(data) => {
              const rows = sortRows(data.groups, columns, sort);
              return (
                <div class="stack">
                  {group === "day" ? (
                    <Columns
                      label={t.charts.litresByDay}
                      kinds={{ rate: KINDS.reportedL }}
                      as={litres}
                      tickAs={(value) => number(value, Number.isInteger(value) ? 0 : 1)}
                      columns={data.groups.map(({ key, period: of, before }) => ({
                        key: key ?? "",
                        label: day(key ?? ""),
                        parts: { rate: of?.reportedLPer100Km ?? null },
                        before: before?.reportedLPer100Km ?? null,
                      }))}
                    />
                  ) : (
                    <>
                      <Bars
                        label={t.charts.litresBy(t.groups[group])}
                        as={litres}
                        bars={rows.slice(0, BARS).map((row) => ({
                          key: rowKeyOf(row),
                          label: groupLabel(row, group),
                          value: row.period?.reportedLPer100Km ?? null,
                          before: row.before?.reportedLPer100Km ?? null,
                        }))}
                      />
                      <FirstOf shown={BARS} all={rows.length} />
                    </>
                  )}
                  <p class="small soft row fleet-explained">
                    {(["lPer100Km", "refills", "fills"] as const).map((name) => (
                      <span key={name}>
                        {t.figures[name]}
                        <Explain of={name} />
                      </span>
                    ))}
                  </p>
                  <Costs costs={data.totals.period?.costs ?? []} before={data.totals.before?.costs ?? []} />
                </div>
              );
            }}
          </Answered>
        </div>
      </div>
      <Answered of={groups} minHeightPx={320}>
        {(data) => (
          <FigureTable
            name={t.tabs.fuel}
            columns={columns}
            rows={data.groups}
            rowKey={rowKeyOf}
            sort={sort}
            onSort={setSort}
            onRow={intoGroup(group, period)}
            isCut={data.next !== null}
            by={byGroup(group)}
            file={{ path: PATH, query: { ...asked, group_by: group }, name: fileName("fuel", period) }}
          />
        )}
      </Answered>
    </>
  );
}

function Litres({ name, label, groups }: { name: keyof typeof KINDS; label: string; groups: Groups }) {
  return (
    <Columns
      label={label}
      kinds={{ [name]: KINDS[name] }}
      as={litres}
      tickAs={count}
      heightPx={160}
      columns={groups.map(({ key, period, before }) => ({
        key: key ?? "",
        label: day(key ?? ""),
        parts: { [name]: period?.[name] ?? null },
        before: before?.[name] ?? null,
      }))}
    />
  );
}

const isUnknown = (totals: Answers["FuelList"]["totals"]["period"]) =>
  totals === null || (totals.reportedL === null && totals.estimatedL === null);
