import { useMemo } from "preact/hooks";
import { count } from "../../parts/format.ts";
import { PageHead } from "../../parts/page-head.tsx";
import { DayPicker, PeriodPicker } from "../../parts/period.tsx";
import { Segmented } from "../../parts/segmented.tsx";
import { Answered, Empty, Failed, Loading } from "../../parts/states.tsx";
import { dayRange } from "../../parts/time.ts";
import { announce } from "../../shell/announce.tsx";
import { useAnswer } from "../../shell/answer.ts";
import { type Answers, ask } from "../../shell/api.ts";
import { askForKey } from "../../shell/key.ts";
import { may, session } from "../../shell/session.ts";
import { words } from "../../texts/coverage.ts";
import { t } from "../../texts/en.ts";
import { saveCells } from "./as-file.ts";
import "./coverage.css";
import { Filters } from "./filters.tsx";
import { Grid } from "./grid.tsx";
import { List } from "./list.tsx";
import { rowsOf, shownRows } from "./rows.ts";
import { Run } from "./run.tsx";
import { Selected } from "./selected.tsx";
import { useHeldRows, useSelection } from "./selection.ts";
import { Summary } from "./summary.tsx";
import { clearFilters, MOST_DAYS, setAs, setBy, setDay, setPeriod, useView, type View } from "./view.ts";

/** Hours are computed anew every minute; asking for what is known costs a tag. */
const EVERY_MS = 60_000;

const HOUR_MS = 3_600_000;

const BY = (["hour", "day"] as const).map((value) => ({ value, label: words.by[value] }));
const AS = (["grid", "table"] as const).map((value) => ({ value, label: words.as[value] }));

/** Of the time vehicles were under way, how much is known; and what to do about the rest. */
export default function CoveragePage() {
  const view = useView();
  const { by, from, to, account, city } = view;
  const isRefused = session.value !== null && !may("read");
  const answer = useAnswer(
    isRefused ? null : `coverage ${by} ${from} ${to} ${account} ${city}`,
    (signal) =>
      ask(
        "CoverageGrid",
        "/v1/coverage/grid",
        { by, from, to, account: account ?? undefined, city: city ?? undefined },
        { signal },
      ),
    { everyMs: EVERY_MS },
  );
  if (isRefused) return <Refused />;
  return (
    <div class="page coverage">
      <PageHead title={t.pages.coverage.title} hint={words.hint} />
      <div class="coverage-choice">
        <Segmented label={words.by.name} options={BY} value={by} onChange={setBy} />
        {by === "hour" ? (
          <DayPicker value={view.day} onChange={setDay} />
        ) : (
          <PeriodPicker
            value={view.period}
            onChange={setPeriod}
            presets={["7d", "28d", "month"]}
            mostDays={MOST_DAYS}
          />
        )}
      </div>
      <Run onEnd={answer.reload} />
      <Answered of={answer} minHeightPx={600}>
        {(data) => (isOf(data, view) ? <Known view={view} data={data} isOld={answer.isOld} /> : <Loading />)}
      </Answered>
    </div>
  );
}

/** Another span's answer has other columns, and cannot stand for this one until it comes. */
const isOf = ({ by, from }: Answers["CoverageGrid"], view: View) =>
  by === view.by && Math.floor(Date.parse(view.from) / HOUR_MS) === Date.parse(from) / HOUR_MS;

function Known({ view, data, isOld }: { view: View; data: Answers["CoverageGrid"]; isOld: boolean }) {
  const { show, sort, text, account, city } = view;
  // The answer before is drawn in its own columns, as far as there are any.
  const all = useMemo(() => rowsOf(data, view.slots.length), [data, view.slots.length]);
  const rows = useHeldRows(useMemo(() => shownRows(all, { show, sort, text }), [all, show, sort, text]));
  const slots = useMemo(() => view.slots, [view.from, view.to, view.by]);
  const shown = { ...view, slots };
  const selection = useSelection(rows, slots);
  const isWhole = rows.length === all.length && account === null && city === null && data.leftOut === 0;
  const range =
    view.by === "hour" ? dayRange(view.day, view.day) : dayRange(view.period.from, view.period.to);
  const caption = view.by === "hour" ? words.grid.hours(range) : words.grid.days(range);
  return (
    <div class="coverage-known-part">
      <Summary rows={rows} />
      <Filters view={view} />
      <div class="coverage-view">
        <div class="coverage-main">
          <div class="coverage-bar">
            <p class="soft small figures" role="status">
              {words.shown(all.length, count(rows.length), count(all.length))}
              {data.leftOut > 0 && ` · ${words.leftOut(count(data.leftOut))}`}
            </p>
            <Segmented label={words.as.name} options={AS} value={view.as} onChange={setAs} />
            <button
              type="button"
              class="button"
              disabled={isOld || rows.length === 0}
              onClick={() => announce(words.saved(saveCells(rows, slots, view)))}
            >
              {words.csv}
            </button>
          </div>
          {rows.length === 0 ? (
            <div class="card">
              <Empty
                title={all.length === 0 && isWhole ? words.filters.noVehicles : words.filters.none}
                hint={all.length === 0 && isWhole ? words.filters.noVehiclesHint : words.filters.noneHint}
              >
                {!(all.length === 0 && isWhole) && (
                  <button type="button" class="button" onClick={clearFilters}>
                    {words.filters.clear}
                  </button>
                )}
              </Empty>
            </div>
          ) : view.as === "table" ? (
            <List
              rows={rows}
              caption={caption}
              selected={selection ? (rows[selection.row]?.imei ?? null) : null}
            />
          ) : (
            <Grid key={`${view.by} ${view.from}`} view={shown} rows={rows} selection={selection} />
          )}
        </div>
        <Selected view={shown} rows={rows} selection={selection} isWhole={isWhole} />
      </div>
    </div>
  );
}

function Refused() {
  return (
    <div class="page">
      <PageHead title={t.pages.coverage.title} hint={words.hint} />
      <Failed
        title={t.states.refused}
        hint={words.refused}
        also={
          <button type="button" class="button" onClick={() => askForKey(null)}>
            {t.menu.otherKey}
          </button>
        }
      />
    </div>
  );
}
