import { useMemo } from "preact/hooks";
import { durationS, percent } from "../../parts/format.ts";
import { words } from "../../texts/coverage.ts";
import { is } from "./grid-roles.ts";
import { amountWords, heightsOf, spanWords } from "./kinds.tsx";
import { type Amount, expectedS, knownShare, type Row } from "./rows.ts";
import type { Slot } from "./view.ts";

/** Of a cell, without the lines around it. */
const CELL_PX = 28;
const FLEET_PX = 48;

interface Cells {
  id: string;
  by: "hour" | "day";
  slots: readonly Slot[];
  /** Slots that begin after it are still to come. */
  nowMs: number;
}

/** Columns of a row that are selected, and the one where the keyboard is; -1: none. */
export interface Marks {
  firstSelected: number;
  lastSelected: number;
  active: number;
}

/** A vehicle's row. It is made anew only when something of it changed: thousands are scrolled past. */
export function VehicleRow({
  at,
  row,
  firstSelected,
  lastSelected,
  active,
  ...cells
}: Cells & Marks & { at: number; row: Row }) {
  const { id, by, slots, nowMs } = cells;
  return useMemo(
    () => (
      <div {...is("row", { "aria-rowindex": at + 3 })} class="coverage-row">
        <div
          {...is("rowheader")}
          class="coverage-name"
          data-row={at}
          title={`${row.label} ${row.who} ${row.imei}`}
        >
          {row.label}
        </div>
        {slots.map((slot, col) => {
          const amount = row.cells[col] ?? null;
          const isLater = slot.fromMs > nowMs;
          const isSelected = firstSelected <= col && col <= lastSelected;
          const label = `${row.label}, ${spanWords(by, slot, slot)}: ${amountWords(amount, isLater)}`;
          return (
            <div
              key={col}
              id={`${id}-${at}-${col}`}
              {...is("gridcell", { "aria-label": label, "aria-selected": isSelected })}
              class="coverage-cell"
              data-at={`${at},${col}`}
              data-kind={amount ? "amount" : isLater ? "later" : "nothing"}
              data-active={col === active || undefined}
              title={label}
              style={amount ? heightsOf(amount, CELL_PX) : {}}
            />
          );
        })}
        <div {...is("gridcell")} class="coverage-total">
          <Total of={row.total} />
        </div>
      </div>
    ),
    [id, by, at, row, slots, nowMs, firstSelected, lastSelected, active],
  );
}

/** All vehicles that are shown: as high as they were under way, beside the others. */
export function FleetRow({
  totals,
  all,
  firstSelected,
  lastSelected,
  active,
  ...cells
}: Cells & Marks & { totals: readonly Amount[]; all: Amount }) {
  const { id, by, slots, nowMs } = cells;
  const most = Math.max(1, ...totals.map(expectedS));
  return (
    <div {...is("row", { "aria-rowindex": 2 })} class="coverage-row coverage-fleet">
      <div {...is("rowheader")} class="coverage-name">
        {words.grid.fleet}
      </div>
      {slots.map((slot, col) => {
        const total = totals[col] ?? null;
        const amount = total && expectedS(total) > 0 ? total : null;
        const isLater = slot.fromMs > nowMs;
        const label = `${words.grid.fleet}, ${spanWords(by, slot, slot)}: ${amountWords(amount, isLater)}`;
        const heightPx = amount ? Math.max(6, Math.round((expectedS(amount) / most) * FLEET_PX)) : 0;
        return (
          <div
            key={col}
            id={`${id}--1-${col}`}
            {...is("gridcell", {
              "aria-label": label,
              "aria-selected": firstSelected <= col && col <= lastSelected,
            })}
            class="coverage-fleet-cell"
            data-at={`-1,${col}`}
            data-active={col === active || undefined}
            title={label}
          >
            {amount && (
              <div
                class="coverage-cell"
                data-kind="amount"
                style={{ ...heightsOf(amount, heightPx), height: `${heightPx}px` }}
              />
            )}
          </div>
        );
      })}
      <div {...is("gridcell")} class="coverage-total">
        <Total of={all} />
      </div>
    </div>
  );
}

/** What misses, and which share of the time under way is known. */
function Total({ of }: { of: Amount }) {
  const share = knownShare(of);
  if (share === null) return <span class="soft">{words.kinds.nothing}</span>;
  return (
    <>
      <strong class={of.missingS > 0 ? "wrong" : "soft"}>
        {of.missingS > 0 ? durationS(of.missingS) : words.grid.allKnown}
      </strong>
      {of.missingS > 0 && <span class="soft"> {percent(share, share > 0.9 && share < 1 ? 1 : 0)}</span>}
    </>
  );
}
