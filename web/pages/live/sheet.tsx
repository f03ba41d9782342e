import type { ComponentChildren } from "preact";
import { useRef } from "preact/hooks";
import { t } from "../../texts/en.ts";

/** A finger that moved less than this has tapped. */
const SLOP_PX = 12;

/** What lies beside the map; on phones a sheet at the bottom that is drawn up over it. */
export function Sheet({
  isOpen,
  onOpen,
  children,
}: {
  isOpen: boolean;
  onOpen: (open: boolean) => void;
  children: ComponentChildren;
}) {
  const grabbedY = useRef<number | null>(null);
  const isDragged = useRef(false);
  return (
    <section id="panel" class="live-panel" data-open={isOpen} aria-label={t.live.panel}>
      <button
        type="button"
        class="live-handle phone-only"
        aria-expanded={isOpen}
        aria-controls="panel-content"
        aria-label={isOpen ? t.live.hideList : t.live.showList}
        onPointerDown={(event) => {
          grabbedY.current = event.clientY;
          isDragged.current = false;
          event.currentTarget.setPointerCapture(event.pointerId);
        }}
        onPointerUp={(event) => {
          const movedPx = event.clientY - (grabbedY.current ?? event.clientY);
          isDragged.current = Math.abs(movedPx) > SLOP_PX;
          if (isDragged.current) onOpen(movedPx < 0);
        }}
        // After a drag the sheet already is where it was dragged to.
        onClick={() => !isDragged.current && onOpen(!isOpen)}
      >
        <span aria-hidden="true" />
      </button>
      <div id="panel-content" class="live-panel-content">
        {children}
      </div>
    </section>
  );
}
