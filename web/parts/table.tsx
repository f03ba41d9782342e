import type { ComponentChildren } from "preact";
import { useMemo } from "preact/hooks";
import { shared } from "../texts/shared.ts";
import { count } from "./format.ts";
import { HeaderCell } from "./table-header.tsx";
import { useWindow } from "./table-window.ts";
import "../styles/table.css";

/** A column of a table. */
export interface Column<R> {
  key: string;
  header: string;
  /** What the heading leaves out: a unit, how it is counted. */
  hint?: string;
  cell: (row: R) => ComponentChildren;
  /** What it is sorted by; without it cannot be. Unknown comes last either way. */
  sortBy?: (row: R) => string | number | null | undefined;
  /** Figures stand at the end. */
  align?: "start" | "end";
  /** Names the row for a screen reader; the first column unless another does. */
  isRowHeader?: boolean;
}

/** A column's key; with `-` before it from the most to the least. */
export type Sort = string;

/**
 * A real table that holds thousands of rows: only those in sight, and some around them, are in the page.
 * @param sort a column's key, `-` before it for descending; kept by the page, in its URL
 * @param onRow makes the row's first cell a button
 */
export function Table<R>({
  caption,
  showCaption = false,
  columns,
  rows,
  rowKey,
  sort,
  onSort,
  onRow,
  selected = null,
  empty = shared.table.empty,
  maxHeight = "70dvh",
}: {
  caption: string;
  showCaption?: boolean;
  columns: readonly Column<R>[];
  rows: readonly R[];
  rowKey: (row: R) => string;
  sort?: Sort | null | undefined;
  onSort?: (sort: Sort) => void;
  onRow?: (row: R) => void;
  selected?: string | null;
  empty?: ComponentChildren;
  /** Of the table, before it scrolls by itself. */
  maxHeight?: string;
}) {
  const sorted = useMemo(() => sortRows(rows, columns, sort ?? null), [rows, columns, sort]);
  const { box, from, to, beforePx, afterPx } = useWindow(sorted.length);
  const header = columns.find((column) => column.isRowHeader) ?? columns[0];
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by keyboard.
    <section class="table-box" ref={box} style={{ maxHeight }} tabIndex={0} aria-label={caption}>
      <table class="table" aria-rowcount={sorted.length + 1}>
        <caption class={showCaption ? "label" : "unseen"}>
          {caption}, {shared.table.rows(sorted.length, count(sorted.length))}
        </caption>
        <thead>
          <tr aria-rowindex={1}>
            {columns.map((column) => (
              <HeaderCell key={column.key} column={column} sort={sort ?? null} onSort={onSort} />
            ))}
          </tr>
        </thead>
        <tbody>
          {sorted.length === 0 && (
            <tr>
              <td class="table-empty soft" colSpan={columns.length}>
                {empty}
              </td>
            </tr>
          )}
          {beforePx > 0 && <Spacer heightPx={beforePx} />}
          {sorted.slice(from, to).map((row, at) => {
            const key = rowKey(row);
            return (
              <tr
                key={key}
                data-key={key}
                aria-rowindex={from + at + 2}
                aria-current={key === selected ? "true" : undefined}
                class={onRow ? "is-button" : undefined}
                onClick={onRow && (() => onRow(row))}
              >
                {columns.map((column) => {
                  const className = column.align === "end" ? "end" : undefined;
                  if (column !== header)
                    return (
                      <td key={column.key} class={className}>
                        {column.cell(row)}
                      </td>
                    );
                  return (
                    <th key={column.key} scope="row" class={className}>
                      {/* A click on it is the row's own click. */}
                      {onRow ? (
                        <button type="button" class="row-button">
                          {column.cell(row)}
                        </button>
                      ) : (
                        column.cell(row)
                      )}
                    </th>
                  );
                })}
              </tr>
            );
          })}
          {afterPx > 0 && <Spacer heightPx={afterPx} />}
        </tbody>
      </table>
    </section>
  );
}

const Spacer = ({ heightPx }: { heightPx: number }) => <tr style={{ height: `${heightPx}px` }} />;

const words = new Intl.Collator("en", { numeric: true, sensitivity: "base" });

/** Unknown last whichever way, and rows that are equal as they came. */
export function sortRows<R>(
  rows: readonly R[],
  columns: readonly Column<R>[],
  sort: Sort | null,
): readonly R[] {
  if (sort === null) return rows;
  const isDown = sort.startsWith("-");
  const by = columns.find(({ key }) => key === (isDown ? sort.slice(1) : sort))?.sortBy;
  if (by === undefined) return rows;
  const valued = rows.map((row) => ({ row, value: by(row) ?? null }));
  valued.sort((a, b) => {
    if (a.value === null || b.value === null) return Number(a.value === null) - Number(b.value === null);
    const order =
      typeof a.value === "number" && typeof b.value === "number"
        ? a.value - b.value
        : words.compare(String(a.value), String(b.value));
    return isDown ? -order : order;
  });
  return valued.map(({ row }) => row);
}
