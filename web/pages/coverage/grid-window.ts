import type { RefObject } from "preact";
import { useLayoutEffect, useRef, useState } from "preact/hooks";
import { watchSight } from "../../parts/in-sight.ts";

/** As the page's sheet has them. */
export const ROW_PX = 32;
const HEAD_PX = 100;
/** Beyond what is seen, for a quick finger. */
const AROUND = 10;

/** Which rows of the scrolling box are in sight: only these are in the page. */
export function useRowsInSight(rows: number): {
  box: RefObject<HTMLDivElement | null>;
  from: number;
  to: number;
  show: (row: number, col: number) => void;
} {
  const box = useRef<HTMLDivElement>(null);
  const [seen, setSeen] = useState({ first: 0, last: 40 });
  useLayoutEffect(() => {
    const element = box.current;
    if (element === null) return;
    const look = () => {
      const first = Math.floor(element.scrollTop / ROW_PX);
      const last = Math.ceil((element.scrollTop + element.clientHeight) / ROW_PX);
      setSeen((before) => (before.first === first && before.last === last ? before : { first, last }));
    };
    return watchSight(element, look);
  }, []);

  /** Brings a cell from behind the head, the names and the ends into sight. */
  function show(row: number, col: number): void {
    const element = box.current;
    if (element === null) return;
    const top = row * ROW_PX;
    const roomPx = element.clientHeight - HEAD_PX - ROW_PX;
    if (row >= 0 && top < element.scrollTop) element.scrollTop = top;
    else if (top > element.scrollTop + roomPx) element.scrollTop = top - roomPx;
    const head = element.querySelector<HTMLElement>(`[data-at="-1,${col}"]`);
    const name = element.querySelector<HTMLElement>(".coverage-corner");
    if (head === null || name === null) return;
    const left = head.offsetLeft - name.offsetWidth;
    const right = head.offsetLeft + head.offsetWidth;
    if (left < element.scrollLeft) element.scrollLeft = left;
    else if (right > element.scrollLeft + element.clientWidth)
      element.scrollLeft = right - element.clientWidth;
  }

  const from = Math.max(0, Math.min(seen.first, rows) - AROUND);
  return { box, from, to: Math.min(rows, seen.last + AROUND), show };
}
