import { Columns } from "../../charts/columns.tsx";
import type { Kind } from "../../charts/series.tsx";
import { count, percent } from "../../parts/format.ts";
import { Answered, Empty } from "../../parts/states.tsx";
import { sortRows } from "../../parts/table.tsx";
import { day } from "../../parts/time.ts";
import { fleet as t } from "../../texts/fleet.ts";
import { useAllPages } from "./answers.ts";
import { chartHeightPx } from "./chart-height.ts";
import { driverColumns, entryColumns } from "./clock-columns.tsx";
import { byDriver, type ClockDay, type ClockStatus, countsOf, expectedOf, STATUSES } from "./clock-days.ts";
import { Explain } from "./explain.tsx";
import { FigureTable, fileName, sortOf } from "./group-table.tsx";
import { FirstOf } from "./utilisation.tsx";
import { CLOCK_GROUPS, lookAtDay, setGroup, setSort, type View } from "./view.ts";
import { WorkingDays } from "./working-days.tsx";

const PATH = "/v1/analytics/driver-clock";
const BARS = 12;

const KINDS: Record<ClockStatus, Kind> = {
  late: { label: t.clock.status.late, colour: "var(--warn)", pattern: "stripes" },
  missing: { label: t.clock.status.missing, colour: "var(--bad)", pattern: "full" },
  on_time: { label: t.clock.status.on_time, colour: "var(--ok)", pattern: "full" },
  awaited: { label: t.clock.status.awaited, colour: "var(--series-1)", pattern: "dots" },
  free: { label: t.clock.status.free, colour: "var(--parked)", pattern: "dots" },
  unknown: { label: t.clock.status.unknown, colour: "var(--unknown)", pattern: "hollow" },
};

/** When days of drivers began and ended. */
export function Clock({ view }: { view: View }) {
  const answer = useAllPages("DriverClock", PATH, view.asked, (all, page) => ({
    ...page,
    days: [...all.days, ...page.days],
  }));
  return (
    <Answered
      of={answer}
      minHeightPx={620}
      isEmpty={({ days }) => days.length === 0}
      empty={<Empty title={t.clock.empty} hint={t.clock.emptyHint} />}
    >
      {({ days, next }) => <ClockDays view={view} days={days} isCut={next !== null} />}
    </Answered>
  );
}

function ClockDays({ view, days, isCut }: { view: View; days: readonly ClockDay[]; isCut: boolean }) {
  const isByDriver = view.clockGroup === "driver";
  const drivers = byDriver(days);
  const columns = driverColumns();
  const sort = sortOf(view.sort, columns, "-late");
  const entries = entryColumns();
  const shared = {
    name: t.tabs.clock,
    onSort: setSort,
    isCut,
    by: { groups: CLOCK_GROUPS, value: view.clockGroup, words: t.groups, onChange: setGroup },
    file: { path: PATH, query: view.asked, name: fileName("driver-clock", view.period) },
  };
  return (
    <div class="fleet-tab">
      <div class="fleet-charts">
        <div class="card">
          <Statuses days={days} />
        </div>
        <div class="card">
          <WorkingDays
            label={view.period.from === view.period.to ? t.charts.workingDay : t.charts.working}
            drivers={sortRows(drivers, columns, sort).slice(0, BARS)}
          />
          <FirstOf shown={BARS} all={drivers.length} />
        </div>
      </div>
      {isByDriver ? (
        <FigureTable
          {...shared}
          columns={columns}
          rows={drivers}
          rowKey={({ driver }) => driver}
          sort={sort}
        />
      ) : (
        <FigureTable
          {...shared}
          columns={entries}
          rows={days}
          onRow={({ day: of, imei }) => lookAtDay(imei, of)}
          rowKey={({ day: of, driver, imei }) => `${of} ${imei} ${driver}`}
          sort={sortOf(view.sort, entries, "-day")}
        />
      )}
    </div>
  );
}

/** How days began, day by day; and how many in all. */
function Statuses({ days }: { days: readonly ClockDay[] }) {
  const byDay = new Map<string, ClockDay[]>();
  for (const entry of days) {
    const of = byDay.get(entry.day);
    if (of) of.push(entry);
    else byDay.set(entry.day, [entry]);
  }
  const counts = countsOf(days);
  const kinds = Object.fromEntries(
    STATUSES.filter((status) => counts[status] > 0 || status === "unknown").map((status) => [
      status,
      KINDS[status],
    ]),
  );
  const expected = expectedOf(counts);
  return (
    <div class="stack">
      <p class="fleet-value figures">
        {expected === 0
          ? counts.awaited > 0
            ? t.clock.awaited(count(counts.awaited))
            : t.clock.noShift
          : `${percent(counts.on_time / expected)} ${t.clock.status.on_time.toLowerCase()}`}
      </p>
      {expected > 0 && <p class="small soft">{t.clock.outOf(count(counts.on_time), count(expected))}</p>}
      <Columns
        label={t.charts.clockByDay}
        kinds={kinds}
        heightPx={chartHeightPx()}
        as={count}
        tickAs={(value) => (Number.isInteger(value) ? count(value) : "")}
        columns={[...byDay].map(([of, entries]) => ({ key: of, label: day(of), parts: countsOf(entries) }))}
      />
      <p class="small soft row">
        {t.figures.late}
        <Explain of="late" />
        {t.clock.unlisted}
      </p>
    </div>
  );
}
