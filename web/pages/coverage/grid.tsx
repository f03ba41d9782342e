import { useEffect, useId, useMemo, useRef, useState } from "preact/hooks";
import { dayRange } from "../../parts/time.ts";
import { nowSlow } from "../../shell/clock.ts";
import { words } from "../../texts/coverage.ts";
import { afterKey, type Place } from "./grid-keys.ts";
import { is } from "./grid-roles.ts";
import { FleetRow, type Marks, VehicleRow } from "./grid-row.tsx";
import { ROW_PX, useRowsInSight } from "./grid-window.ts";
import { headOf, spanWords } from "./kinds.tsx";
import { type Row, sumOf } from "./rows.ts";
import { isIn, type Selection, select, selectColumn, selectNothing, selectRow } from "./selection.ts";
import type { View } from "./view.ts";

/** Hours of the day begin; what is still to come changes no oftener. */
const MINUTE_MS = 60_000;

/** Vehicles by hours or days. One stop for the Tab key; arrow keys go from cell to cell. */
export function Grid({
  view,
  rows,
  selection,
}: {
  view: View;
  rows: readonly Row[];
  selection: Selection | null;
}) {
  const { by, slots } = view;
  const id = useId();
  const { box, from, to, show } = useRowsInSight(rows.length);
  const [active, setActive] = useState<Place>({
    row: selection?.toRow ?? 0,
    col: selection?.toCol ?? 0,
  });
  const drag = useRef<Place | null>(null);
  const at: Place = {
    row: Math.min(active.row, rows.length - 1),
    col: Math.min(active.col, slots.length - 1),
  };
  const nowMs = Math.floor(nowSlow.value / MINUTE_MS) * MINUTE_MS;
  const totals = useMemo(
    () => slots.map((_, col) => sumOf(rows.map(({ cells }) => cells[col] ?? null))),
    [rows, slots],
  );
  const all = useMemo(() => sumOf(totals), [totals]);
  const isAll =
    selection !== null &&
    rows.length > 1 &&
    isIn(selection, 0, selection.col) &&
    isIn(selection, rows.length - 1, selection.col);
  const cells = { id, by, slots, nowMs };

  // A link shows what it selects.
  useEffect(() => {
    if (selection) show(Math.min(selection.row, selection.toRow), Math.min(selection.col, selection.toCol));
  }, []);

  function choose(place: Place, extend: boolean) {
    setActive(place);
    if (place.row < 0) return selectColumn(place.col);
    const start = extend && selection ? selection : { row: at.row, col: at.col };
    const [row, col] = extend ? [Math.max(0, start.row), start.col] : [place.row, place.col];
    select(rows, { row, col, toRow: place.row, toCol: place.col });
  }

  function onKeyDown(event: KeyboardEvent) {
    const next = afterKey(event, at, rows.length, slots.length);
    if (next) {
      event.preventDefault();
      show(next.row, next.col);
      if (event.shiftKey && next.row >= 0 && at.row >= 0) choose(next, true);
      else setActive(next);
      return;
    }
    if (event.key === "Enter") choose(at, event.shiftKey);
    else if (event.key === " ") {
      const row = rows[at.row];
      if (row) selectRow(row.imei);
      else selectColumn(at.col);
    } else if (event.key === "Escape") selectNothing();
    else return;
    event.preventDefault();
  }

  /** A mouse draws; a finger scrolls, and its tap comes as a click. */
  function onPointer(event: PointerEvent) {
    if (event.pointerType !== "mouse") return;
    if (event.type === "pointerdown") {
      const place = event.button === 0 ? placeAt(event.target) : null;
      if (place) {
        drag.current = place;
        choose(place, event.shiftKey);
      }
    } else if (drag.current && event.buttons === 1) {
      const place = placeAt(event.target);
      if (place && place.row >= 0 && drag.current.row >= 0) {
        setActive(place);
        select(rows, { ...drag.current, toRow: place.row, toCol: place.col });
      }
    } else drag.current = null;
  }

  function onClick(event: MouseEvent) {
    const named = event.target instanceof Element ? event.target.closest("[data-row]") : null;
    const row = rows[Number(named?.getAttribute("data-row") ?? Number.NaN)];
    if (row) {
      setActive({ row: rows.indexOf(row), col: at.col });
      selectRow(row.imei);
      return;
    }
    const place =
      event instanceof PointerEvent && event.pointerType === "mouse" ? null : placeAt(event.target);
    if (place) choose(place, event.shiftKey);
  }

  const marks = (row: number): Marks => {
    const isHere = selection !== null && (row < 0 ? isAll : isIn(selection, row, selection.col));
    return {
      firstSelected: isHere ? Math.min(selection.col, selection.toCol) : -1,
      lastSelected: isHere ? Math.max(selection.col, selection.toCol) : -1,
      active: row === at.row ? at.col : -1,
    };
  };
  const caption =
    by === "hour"
      ? words.grid.hours(dayRange(view.day, view.day))
      : words.grid.days(dayRange(view.period.from, view.period.to));

  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: its role is a grid's.
    <div
      ref={box}
      {...is("grid", {
        tabIndex: 0,
        "aria-label": caption,
        "aria-describedby": `${id}-keys`,
        "aria-rowcount": rows.length + 2,
        "aria-colcount": slots.length + 2,
        "aria-multiselectable": true,
        // One that was scrolled out of sight is not in the page.
        ...((at.row < 0 || (from <= at.row && at.row < to)) && {
          "aria-activedescendant": `${id}-${at.row}-${at.col}`,
        }),
      })}
      class="coverage-grid"
      data-by={by}
      style={{ "--columns": String(slots.length) }}
      onKeyDown={onKeyDown}
      onPointerDown={onPointer}
      onPointerOver={onPointer}
      onPointerUp={onPointer}
      onClick={onClick}
    >
      <p id={`${id}-keys`} class="unseen">
        {words.grid.keys}
      </p>
      <div {...is("rowgroup")} class="coverage-head">
        <div {...is("row", { "aria-rowindex": 1 })} class="coverage-row">
          <div {...is("columnheader")} class="coverage-name coverage-corner">
            {words.grid.vehicle}
          </div>
          {slots.map((slot, col) => {
            const { first, second } = headOf(by, slot);
            return (
              <div
                key={col}
                {...is("columnheader")}
                class="coverage-hour"
                data-at={`-1,${col}`}
                title={words.grid.column(spanWords(by, slot, slot))}
              >
                {second && <span class="soft">{second} </span>}
                {first}
              </div>
            );
          })}
          <div {...is("columnheader")} class="coverage-total">
            {words.grid.total}
          </div>
        </div>
        <FleetRow {...cells} totals={totals} all={all} {...marks(-1)} />
      </div>
      <div
        {...is("rowgroup")}
        style={{ paddingTop: `${from * ROW_PX}px`, paddingBottom: `${(rows.length - to) * ROW_PX}px` }}
      >
        {rows.slice(from, to).map((row, place) => (
          <VehicleRow key={row.imei} {...cells} at={from + place} row={row} {...marks(from + place)} />
        ))}
      </div>
    </div>
  );
}

function placeAt(target: EventTarget | null): Place | null {
  const word = target instanceof Element ? target.closest("[data-at]")?.getAttribute("data-at") : null;
  const [row, col] = (word ?? "").split(",").map(Number);
  return word && row !== undefined && col !== undefined ? { row, col } : null;
}
