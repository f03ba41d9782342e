// Moves the plain canvas where it stays: without WebGL it pans, zooms and flies as MapLibre would.

import { type Camera, latToY, lngToX, WORLD_PX, xToLng, yToLat } from "../geo.ts";
import { clampZoom } from "../projection.ts";
import type { ViewEvents } from "../view.ts";
import { listenToGestures } from "./gestures.ts";
import { drawPageLayers, featureAt } from "./layers.ts";
import type { PlainView } from "./view.ts";

const FLY_MS = 420;

/** Lets readers move a plain view. @returns ends that */
export function animate(view: PlainView, target: HTMLElement, events: ViewEvents, calm: () => boolean) {
  let frame = 0;
  const stop = () => cancelAnimationFrame(frame);

  function panBy(dx: number, dy: number) {
    const now = view.projection();
    const { lng, lat, zoom } = now.camera;
    view.set({
      lng: xToLng(lngToX(lng) - dx / now.scale),
      lat: yToLat(latToY(lat) - dy / now.scale),
      zoom,
    });
  }

  /** Changes the zoom and keeps the place under the pixel. */
  function zoomAt(delta: number, px: number, py: number) {
    const now = view.projection();
    const [x, y] = [now.x(px), now.y(py)];
    const zoom = clampZoom(now.camera.zoom + delta);
    const scale = WORLD_PX * 2 ** zoom;
    const [offX, offY] = [now.px(lngToX(now.camera.lng)), now.py(latToY(now.camera.lat))];
    view.set({ lng: xToLng(x - (px - offX) / scale), lat: yToLat(y - (py - offY) / scale), zoom });
  }

  function fly(to: Camera, isCalm: boolean) {
    stop();
    const from = view.projection().camera;
    const startMs = performance.now();
    const step = (nowMs: number) => {
      const t = isCalm ? 1 : Math.max(0, Math.min(1, (nowMs - startMs) / FLY_MS));
      const eased = t * t * (3 - 2 * t);
      view.set({
        lng: from.lng + (to.lng - from.lng) * eased,
        lat: from.lat + (to.lat - from.lat) * eased,
        zoom: from.zoom + (to.zoom - from.zoom) * eased,
      });
      if (t < 1) frame = requestAnimationFrame(step);
      else events.onMoved(view.projection().camera, false);
    };
    step(startMs);
  }

  view.move = fly;
  view.click = (px, py) => {
    const found = featureAt(view.projection(), view.layers(), px, py);
    found?.layer.onClick?.(found.properties);
    return found !== null;
  };
  view.drawLayersWith(drawPageLayers);

  const ended = listenToGestures(target, {
    onGrab: () => {
      stop();
      events.onGrab();
    },
    panBy,
    zoomAt,
    zoomBy: (delta) => {
      const { camera } = view.projection();
      fly({ ...camera, zoom: clampZoom(camera.zoom + delta) }, calm());
    },
    onSettled: () => events.onMoved(view.projection().camera, true),
    onTap: events.onClick,
    onHover: events.onHover,
  });
  return () => {
    stop();
    ended();
  };
}
