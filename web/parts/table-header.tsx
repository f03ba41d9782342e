import { shared } from "../texts/shared.ts";
import type { Column, Sort } from "./table.tsx";
import "../styles/table.css";

/** The heading of a column, a button where it can be sorted by. */
export function HeaderCell<R>({
  column,
  sort,
  onSort,
}: {
  column: Column<R>;
  sort: Sort | null;
  onSort: ((sort: Sort) => void) | undefined;
}) {
  const { key, header, hint, align, sortBy } = column;
  const isUp = sort === key;
  const isDown = sort === `-${key}`;
  const words = (
    <>
      {header}
      {hint && <span class="soft"> {hint}</span>}
    </>
  );
  return (
    <th
      scope="col"
      class={align === "end" ? "end" : undefined}
      aria-sort={isUp ? "ascending" : isDown ? "descending" : undefined}
    >
      {sortBy && onSort ? (
        <button
          type="button"
          class="sort"
          title={shared.table.sortBy(header)}
          // Of figures the largest are looked for first, of names the first ones.
          onClick={() => onSort(nextSort(key, isUp, isDown, align === "end"))}
        >
          {words}
          <svg class="sort-mark" viewBox="0 0 8 12" aria-hidden="true" data-on={isUp || isDown}>
            <path
              d={isUp ? "M1 7l3-4 3 4z" : isDown ? "M1 5l3 4 3-4z" : "M1.5 5 4 2l2.5 3zM1.5 7 4 10l2.5-3z"}
            />
          </svg>
        </button>
      ) : (
        words
      )}
    </th>
  );
}

function nextSort(key: string, isUp: boolean, isDown: boolean, downFirst: boolean): Sort {
  if (!isUp && !isDown) return downFirst ? `-${key}` : key;
  return isUp ? `-${key}` : key;
}
