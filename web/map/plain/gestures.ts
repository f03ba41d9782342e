// Mouse, wheel, touch and keyboard on the plain canvas, turned into movements and taps.

/** A finger that moved less than this was a tap. */
const TAP_SLOP_PX = 8;
const KEY_STEP_PX = 90;
/** A wheel stands still for so long before the view counts as settled. */
const WHEEL_REST_MS = 200;

interface Handlers {
  onGrab(): void;
  panBy(dx: number, dy: number): void;
  zoomAt(delta: number, px: number, py: number): void;
  zoomBy(delta: number): void;
  onSettled(): void;
  onTap(px: number, py: number, isFinger: boolean): void;
  onHover(px: number, py: number): void;
}

/** @returns ends it */
export function listenToGestures(target: HTMLElement, handlers: Handlers): () => void {
  const fingers = new Map<number, { x: number; y: number }>();
  const ending = new AbortController();
  const { signal } = ending;
  let start = { x: 0, y: 0 };
  let isDragged = false;
  let rest: ReturnType<typeof setTimeout> | undefined;

  const spread = () => {
    const [a, b] = [...fingers.values()];
    return a && b ? { x: (a.x + b.x) / 2, y: (a.y + b.y) / 2, span: Math.hypot(a.x - b.x, a.y - b.y) } : null;
  };

  target.addEventListener(
    "pointerdown",
    (event) => {
      if (event.button !== 0) return;
      handlers.onGrab();
      target.setPointerCapture(event.pointerId);
      isDragged = fingers.size > 0;
      if (fingers.size === 0) start = { x: event.offsetX, y: event.offsetY };
      fingers.set(event.pointerId, { x: event.offsetX, y: event.offsetY });
    },
    { signal },
  );

  target.addEventListener(
    "pointermove",
    (event) => {
      const finger = fingers.get(event.pointerId);
      if (!finger) {
        if (event.pointerType === "mouse") handlers.onHover(event.offsetX, event.offsetY);
        return;
      }
      const before = spread();
      const [dx, dy] = [event.offsetX - finger.x, event.offsetY - finger.y];
      finger.x = event.offsetX;
      finger.y = event.offsetY;
      const after = spread();
      if (before && after) {
        handlers.panBy(after.x - before.x, after.y - before.y);
        if (before.span > 0 && after.span > 0) {
          handlers.zoomAt(Math.log2(after.span / before.span), after.x, after.y);
        }
        return;
      }
      if (!isDragged && Math.hypot(finger.x - start.x, finger.y - start.y) < TAP_SLOP_PX) return;
      isDragged = true;
      handlers.panBy(dx, dy);
    },
    { signal },
  );

  function release(event: PointerEvent) {
    if (!fingers.delete(event.pointerId) || fingers.size > 0) return;
    if (isDragged) handlers.onSettled();
    else if (event.type === "pointerup") {
      handlers.onTap(event.offsetX, event.offsetY, event.pointerType !== "mouse");
    }
  }
  target.addEventListener("pointerup", release, { signal });
  target.addEventListener("pointercancel", release, { signal });
  target.addEventListener("dblclick", (event) => handlers.zoomBy(event.shiftKey ? -1 : 1), { signal });

  target.addEventListener(
    "wheel",
    (event) => {
      event.preventDefault();
      handlers.onGrab();
      const lines = event.deltaMode === WheelEvent.DOM_DELTA_LINE ? 18 : 1;
      // A trackpad's pinch arrives as a wheel with ctrl and much smaller steps.
      const delta = -event.deltaY * lines * (event.ctrlKey ? 0.012 : 0.0022);
      handlers.zoomAt(Math.max(-1, Math.min(1, delta)), event.offsetX, event.offsetY);
      clearTimeout(rest);
      rest = setTimeout(handlers.onSettled, WHEEL_REST_MS);
    },
    { passive: false, signal },
  );

  target.addEventListener(
    "keydown",
    (event) => {
      if (event.ctrlKey || event.metaKey || event.altKey) return;
      const step = event.shiftKey ? KEY_STEP_PX * 3 : KEY_STEP_PX;
      const keys: Record<string, () => void> = {
        ArrowLeft: () => handlers.panBy(step, 0),
        ArrowRight: () => handlers.panBy(-step, 0),
        ArrowUp: () => handlers.panBy(0, step),
        ArrowDown: () => handlers.panBy(0, -step),
        "+": () => handlers.zoomBy(1),
        "=": () => handlers.zoomBy(1),
        "-": () => handlers.zoomBy(-1),
      };
      const action = keys[event.key];
      if (!action) return;
      event.preventDefault();
      handlers.onGrab();
      action();
      if (event.key.startsWith("Arrow")) handlers.onSettled();
    },
    { signal },
  );
  return () => {
    clearTimeout(rest);
    ending.abort();
  };
}
