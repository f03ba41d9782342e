// @ts-check
// Mouse, wheel, touch and keyboard on the map canvas, turned into camera movements and taps.

/** A finger that moved less than this was a tap. */
const TAP_SLOP_PX = 8;
const DOUBLE_TAP_MS = 320;
const KEY_STEP_PX = 90;

/**
 * @param {HTMLElement} target
 * @param {import("./camera.js").Camera} camera
 * @param {{ onTap: (px: number, py: number, touch: boolean) => void, onHover: (px: number, py: number) => void, onFit: () => void, onEscape: () => void }} handlers
 */
export function listenToGestures(target, camera, handlers) {
  /** @type {Map<number, { x: number, y: number }>} */
  const fingers = new Map();
  let start = { x: 0, y: 0 };
  let dragged = false;
  let velocity = { x: 0, y: 0, atMs: 0 };
  let lastTap = { x: 0, y: 0, atMs: 0 };

  const spread = () => {
    const [a, b] = [...fingers.values()];
    return a && b ? { x: (a.x + b.x) / 2, y: (a.y + b.y) / 2, span: Math.hypot(a.x - b.x, a.y - b.y) } : null;
  };

  target.addEventListener("pointerdown", (event) => {
    if (event.button !== 0) return;
    camera.stop();
    target.setPointerCapture(event.pointerId);
    if (fingers.size === 0) {
      start = { x: event.offsetX, y: event.offsetY };
      dragged = false;
      velocity = { x: 0, y: 0, atMs: event.timeStamp };
    } else dragged = true;
    fingers.set(event.pointerId, { x: event.offsetX, y: event.offsetY });
  });

  target.addEventListener("pointermove", (event) => {
    const finger = fingers.get(event.pointerId);
    if (!finger) {
      if (event.pointerType === "mouse") handlers.onHover(event.offsetX, event.offsetY);
      return;
    }
    const before = spread();
    const dx = event.offsetX - finger.x;
    const dy = event.offsetY - finger.y;
    finger.x = event.offsetX;
    finger.y = event.offsetY;
    const after = spread();
    if (before && after) {
      camera.panBy(after.x - before.x, after.y - before.y);
      if (before.span > 0 && after.span > 0)
        camera.zoomAt(Math.log2(after.span / before.span), after.x, after.y);
      return;
    }
    if (!dragged && Math.hypot(finger.x - start.x, finger.y - start.y) < TAP_SLOP_PX) return;
    dragged = true;
    target.dataset.dragging = "1";
    const dt = Math.max(1, event.timeStamp - velocity.atMs);
    velocity = {
      x: velocity.x * 0.6 + (dx / dt) * 0.4,
      y: velocity.y * 0.6 + (dy / dt) * 0.4,
      atMs: event.timeStamp,
    };
    camera.panBy(dx, dy);
  });

  /** @param {PointerEvent} event */
  function release(event) {
    if (!fingers.delete(event.pointerId) || fingers.size > 0) return;
    delete target.dataset.dragging;
    if (dragged) {
      const flicked = event.type === "pointerup" && event.timeStamp - velocity.atMs < 60;
      if (flicked) camera.glide(velocity.x, velocity.y);
      return;
    }
    if (event.type !== "pointerup") return;
    const tap = { x: event.offsetX, y: event.offsetY, atMs: event.timeStamp };
    // Not the dblclick event: Safari sends none for fingers when touch-action is none.
    const double =
      tap.atMs - lastTap.atMs < DOUBLE_TAP_MS && Math.hypot(tap.x - lastTap.x, tap.y - lastTap.y) < 30;
    lastTap = double ? { x: 0, y: 0, atMs: 0 } : tap;
    if (double) camera.zoomSmoothly(event.shiftKey ? -1 : 1, tap.x, tap.y);
    else handlers.onTap(tap.x, tap.y, event.pointerType !== "mouse");
  }
  target.addEventListener("pointerup", release);
  target.addEventListener("pointercancel", release);

  target.addEventListener(
    "wheel",
    (event) => {
      event.preventDefault();
      camera.stop();
      const lines = event.deltaMode === WheelEvent.DOM_DELTA_LINE ? 18 : 1;
      // A trackpad's pinch arrives as a wheel with ctrl and much smaller steps.
      const delta = -event.deltaY * lines * (event.ctrlKey ? 0.012 : 0.0022);
      camera.zoomAt(Math.max(-1, Math.min(1, delta)), event.offsetX, event.offsetY);
    },
    { passive: false },
  );

  target.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const step = event.shiftKey ? KEY_STEP_PX * 3 : KEY_STEP_PX;
    /** @type {Record<string, () => void>} */
    const keys = {
      ArrowLeft: () => camera.panBy(step, 0),
      ArrowRight: () => camera.panBy(-step, 0),
      ArrowUp: () => camera.panBy(0, step),
      ArrowDown: () => camera.panBy(0, -step),
      "+": () => camera.zoomSmoothly(1),
      "=": () => camera.zoomSmoothly(1),
      "-": () => camera.zoomSmoothly(-1),
      _: () => camera.zoomSmoothly(-1),
      0: handlers.onFit,
      Escape: handlers.onEscape,
    };
    const action = keys[event.key];
    if (!action) return;
    event.preventDefault();
    action();
  });
}
