import type { RefObject } from "preact";
import { useLayoutEffect, useRef, useState } from "preact/hooks";

/** How wide a box is, and goes on being. */
export function useWidth(): { box: RefObject<HTMLDivElement | null>; widthPx: number } {
  const box = useRef<HTMLDivElement>(null);
  const [widthPx, setWidthPx] = useState(0);
  useLayoutEffect(() => {
    const element = box.current;
    if (element === null) return;
    setWidthPx(element.clientWidth);
    const sizing = new ResizeObserver(() => setWidthPx(element.clientWidth));
    sizing.observe(element);
    return () => sizing.disconnect();
  }, []);
  return { box, widthPx };
}
