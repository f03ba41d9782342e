import { useMemo } from "preact/hooks";
import { count, durationS, percent } from "../../parts/format.ts";
import { day as dayWords } from "../../parts/time.ts";
import { href } from "../../shell/url.ts";
import { words } from "../../texts/coverage.ts";
import { Backfill } from "./backfill.tsx";
import { Gaps } from "./gaps.tsx";
import { spanWords, vehicleWords } from "./kinds.tsx";
import { expectedS, knownShare, type Row, sumOf } from "./rows.ts";
import { partOf, type Selection, select, selectNothing } from "./selection.ts";
import { Amounts } from "./summary.tsx";
import type { View } from "./view.ts";

const selected = words.selected;
const WORST = 5;

/** What is known of what is selected, and what can be done about it. */
export function Selected({
  view,
  rows,
  selection,
  isWhole,
}: {
  view: View;
  rows: readonly Row[];
  selection: Selection | null;
  /** The rows are all vehicles in service. */
  isWhole: boolean;
}) {
  if (selection === null) {
    return (
      <section class="card coverage-selected is-empty" aria-label={selected.title}>
        <p class="state-title">{selected.none}</p>
        <p class="soft">{selected.noneHint}</p>
      </section>
    );
  }
  return <Part view={view} rows={rows} selection={selection} isWhole={isWhole} />;
}

function Part({
  view,
  rows,
  selection,
  isWhole,
}: {
  view: View;
  rows: readonly Row[];
  selection: Selection;
  isWhole: boolean;
}) {
  const part = partOf(rows, view.slots, selection);
  const { firstCol, lastCol } = part;
  const worst = useMemo(
    () =>
      part.rows
        .map((row) => ({ row, amount: sumOf(row.cells.slice(firstCol, lastCol + 1)) }))
        .sort((a, b) => b.amount.missingS - a.amount.missingS),
    [part.rows.length, part.rows[0], part.rows.at(-1), firstCol, lastCol],
  );
  const [first, last] = [part.slots[0], part.slots.at(-1)];
  const [only] = part.rows;
  if (!first || !last || !only) return null;
  const all = sumOf(worst.map(({ amount }) => amount));
  const share = knownShare(all);
  const isOne = part.rows.length === 1;
  const missing = worst.filter(({ amount }) => amount.missingS > 0);
  const span = spanWords(view.by, first, last);
  return (
    <section class="card coverage-selected" aria-label={selected.title}>
      <header>
        <div>
          <h2>
            <bdi>{vehicleWords(part.rows.map(({ label }) => label))}</bdi>
          </h2>
          <p class="soft figures">{span}</p>
        </div>
        <Steps rows={rows} selection={selection} last={view.slots.length - 1} />
        <button type="button" class="button icon-only" aria-label={selected.close} onClick={selectNothing}>
          <svg class="icon" viewBox="0 0 20 20" aria-hidden="true">
            <path d="M5 5l10 10M15 5 5 15" />
          </svg>
        </button>
      </header>
      <p role="status">
        {expectedS(all) === 0
          ? words.kinds.nothing
          : `${words.known} ${percent(share, share !== null && share > 0.9 && share < 1 ? 1 : 0)}`}
      </p>
      <Amounts of={all} />
      <Backfill
        vehicles={part.rows}
        isWhole={isWhole && part.rows.length === rows.length}
        first={first}
        last={last}
        span={span}
      />
      <p class="coverage-links">
        {isOne && (
          <a
            href={href("/history", {
              vehicle: only.imei,
              day: worstDay(only, part.slots, firstCol),
              ...(view.by === "hour" && { at: new Date(first.fromMs).toISOString().replace(".000", "") }),
            })}
          >
            {selected.history(only.label, dayWords(worstDay(only, part.slots, firstCol)))}
          </a>
        )}
        {view.by === "day" && (
          <a
            href={href("/coverage", {
              day: worstDay(isOne ? only : null, part.slots, firstCol),
              ...(isOne && { rows: only.imei }),
            })}
          >
            {selected.byHour(dayWords(worstDay(isOne ? only : null, part.slots, firstCol)))}
          </a>
        )}
      </p>
      {!isOne && missing.length > 0 && (
        <div>
          <h3>{selected.worst}</h3>
          <ol class="coverage-worst">
            {missing.slice(0, WORST).map(({ row, amount }) => (
              <li key={row.imei}>
                <button
                  type="button"
                  class="button plain"
                  onClick={() => {
                    const at = rows.indexOf(row);
                    select(rows, { row: at, toRow: at, col: firstCol, toCol: lastCol });
                  }}
                >
                  <bdi>{row.label}</bdi>
                </button>
                <span class="wrong figures">{durationS(amount.missingS)}</span>
              </li>
            ))}
          </ol>
          {missing.length > WORST && (
            <p class="soft small">{selected.andMore(count(missing.length - WORST))}</p>
          )}
        </div>
      )}
      {isOne ? (
        <Gaps imei={only.imei} fromMs={first.fromMs} toMs={last.toMs} />
      ) : (
        <p class="soft small">{words.gaps.tooMany}</p>
      )}
    </section>
  );
}

/** For a finger: the cells beside the one that was hit. */
function Steps({ rows, selection, last }: { rows: readonly Row[]; selection: Selection; last: number }) {
  const { row, toRow, col, toCol } = selection;
  if (row !== toRow || col !== toCol) return null;
  const step = (by: number) => select(rows, { row, toRow, col: col + by, toCol: col + by });
  const button = (by: number, label: string, path: string) => (
    <button
      type="button"
      class="button icon-only"
      aria-label={label}
      disabled={col + by < 0 || col + by > last}
      onClick={() => step(by)}
    >
      <svg class="icon" viewBox="0 0 20 20" aria-hidden="true">
        <path d={path} />
      </svg>
    </button>
  );
  return (
    <span class="coverage-steps">
      {button(-1, selected.earlier, "M12 4 6 10l6 6")}
      {button(1, selected.later, "M8 4l6 6-6 6")}
    </span>
  );
}

/** Of several days the one that is looked for: on which most is missing. */
function worstDay(row: Row | null, slots: readonly { day: string }[], firstCol: number): string {
  let worst = slots[0]?.day ?? "";
  let most = 0;
  slots.forEach(({ day }, at) => {
    const missingS = row?.cells[firstCol + at]?.missingS ?? 0;
    if (missingS > most) [worst, most] = [day, missingS];
  });
  return worst;
}
