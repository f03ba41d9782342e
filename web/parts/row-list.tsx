import type { ComponentChildren } from "preact";
import { useId, useLayoutEffect, useRef, useState } from "preact/hooks";
import { watchSight } from "./in-sight.ts";

/** Beyond what is seen, for a quick finger. */
const AROUND = 8;
const PAGE_ROWS = 8;
/** Until the box has been measured. */
const FIRST_PX = 800;

/** What a row is told of where it stands. */
export interface RowPlace {
  id: string;
  /** From the top of the list, px. */
  top: number;
  /** From 1. */
  position: number;
  size: number;
  isChosen: boolean;
  /** It is where the keys are. */
  isActive: boolean;
}

/**
 * A list of which one entry is chosen, by pointer or keyboard; of thousands only the rows in sight are on the page.
 * @param rowPx Height of every row; in CSS too.
 * @param chosen Key of the entry that is chosen. It is scrolled to when it becomes another, not with every update.
 * @param onChoose null: none is to be chosen
 * @param row Draws an entry; its element has the entry's key.
 */
export function RowList<Entry>({
  id,
  label,
  entries,
  keyOf,
  rowPx,
  chosen,
  onChoose,
  row,
}: {
  id: string;
  label: string;
  entries: readonly Entry[];
  keyOf: (entry: Entry) => string;
  rowPx: number;
  chosen: string | null;
  onChoose: (entry: Entry | null) => void;
  row: (entry: Entry, place: RowPlace) => ComponentChildren;
}) {
  const box = useRef<HTMLDivElement>(null);
  const [seen, setSeen] = useState({ top: 0, height: FIRST_PX });
  const [active, setActive] = useState<string | null>(null);
  const rowId = useId();
  const idOf = (key: string) => `${rowId}-${encodeURIComponent(key)}`;
  const atOf = (key: string | null) => (key === null ? -1 : entries.findIndex((one) => keyOf(one) === key));
  const keyAt = (at: number): string | null => {
    const entry = entries[at];
    return entry === undefined ? null : keyOf(entry);
  };

  useLayoutEffect(() => {
    const element = box.current;
    if (!element) return;
    return watchSight(element, () => setSeen({ top: element.scrollTop, height: element.clientHeight }));
  }, []);

  function reveal(at: number) {
    const element = box.current;
    if (!element || at < 0) return;
    const top = at * rowPx;
    if (top < element.scrollTop) element.scrollTop = top;
    else if (top + rowPx > element.scrollTop + element.clientHeight)
      element.scrollTop = top + rowPx - element.clientHeight;
  }
  useLayoutEffect(() => {
    setActive(chosen);
    reveal(atOf(chosen));
  }, [chosen]);

  function onKeyDown(event: KeyboardEvent) {
    const at = atOf(active);
    const last = entries.length - 1;
    const steps: Record<string, number> = {
      ArrowDown: at + 1,
      ArrowUp: at - 1,
      PageDown: at + PAGE_ROWS,
      PageUp: at - PAGE_ROWS,
      Home: 0,
      End: last,
    };
    const to = steps[event.key];
    const entry = entries[at];
    if (to !== undefined && last >= 0) {
      const next = Math.max(0, Math.min(last, to));
      setActive(keyAt(next));
      reveal(next);
    } else if ((event.key === "Enter" || event.key === " ") && entry !== undefined) onChoose(entry);
    else if (event.key === "Escape") onChoose(null);
    else return;
    event.preventDefault();
  }

  const first = Math.max(0, Math.floor(seen.top / rowPx) - AROUND);
  const drawn = entries.slice(first, Math.ceil((seen.top + seen.height) / rowPx) + AROUND);
  const isActiveDrawn = active !== null && drawn.some((entry) => keyOf(entry) === active);
  return (
    <div
      ref={box}
      id={id}
      class="row-list"
      role="listbox"
      tabIndex={0}
      aria-label={label}
      aria-activedescendant={isActiveDrawn ? idOf(active) : undefined}
      onKeyDown={onKeyDown}
      onFocus={() => active === null && setActive(keyAt(0))}
    >
      <div role="presentation" style={{ height: `${entries.length * rowPx}px` }}>
        {drawn.map((entry, i) => {
          const key = keyOf(entry);
          return row(entry, {
            ...{ id: idOf(key), top: (first + i) * rowPx, position: first + i + 1, size: entries.length },
            ...{ isChosen: key === chosen, isActive: key === active },
          });
        })}
      </div>
    </div>
  );
}
