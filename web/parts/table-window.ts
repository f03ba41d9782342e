import type { RefObject } from "preact";
import { useLayoutEffect, useRef, useState } from "preact/hooks";
import { watchSight } from "./in-sight.ts";

/** Fewer are drawn all: the browser's own search then finds everything. */
const ALL_UP_TO = 150;
/** Beyond what is seen, for a quick finger. */
const AROUND = 20;
/** Until a row has been measured. */
const ROW_PX = 37;
/** No screen shows more before it has been measured. */
const FIRST = 60;

/** The rows of a scrolling box that have to be drawn, and the room to keep for the others. All rows are of one height. */
export function useWindow(rows: number): {
  box: RefObject<HTMLElement | null>;
  from: number;
  to: number;
  beforePx: number;
  afterPx: number;
} {
  const box = useRef<HTMLElement>(null);
  const [seen, setSeen] = useState({ first: 0, last: FIRST, rowPx: ROW_PX });
  const isAll = rows <= ALL_UP_TO;

  useLayoutEffect(() => {
    const element = box.current;
    if (element === null || isAll) return;
    const look = () => {
      const row = element.querySelector("tbody tr[aria-rowindex]")?.getBoundingClientRect().height ?? 0;
      const rowPx = row > 0 ? row : ROW_PX;
      const first = Math.floor(element.scrollTop / rowPx);
      const last = Math.ceil((element.scrollTop + element.clientHeight) / rowPx);
      setSeen((before) =>
        before.first === first && before.last === last && before.rowPx === rowPx
          ? before
          : { first, last, rowPx },
      );
    };
    return watchSight(element, look);
  }, [isAll, rows]);

  if (isAll) return { box, from: 0, to: rows, beforePx: 0, afterPx: 0 };
  const from = Math.max(0, Math.min(seen.first - AROUND, rows - FIRST));
  const to = Math.min(rows, seen.last + AROUND);
  return { box, from, to, beforePx: from * seen.rowPx, afterPx: (rows - to) * seen.rowPx };
}
