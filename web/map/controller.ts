// Runs one map: first the plain canvas, then MapLibre's over it without a jump, the vehicles on top of either.

import { effect } from "@preact/signals";
import type { LiveVehicle } from "../client/index.js";
import { client } from "../shell/api.ts";
import { isDark } from "../shell/theme.ts";
import { loadBasemap } from "./basemap.ts";
import {
  type Bounds,
  boundsOf,
  type Camera,
  NO_PADDING,
  type Padding,
  type Place,
  xToLng,
  yToLat,
} from "./geo.ts";
import type { startEngine } from "./hand-over.ts";
import { createOverlay } from "./overlay.ts";
import { paletteOf } from "./palette.ts";
import { createPlainView } from "./plain/view.ts";
import { listenForPlaces } from "./pointing.ts";
import { cameraFor, type Projection } from "./projection.ts";
import { type Town, townsOf } from "./vehicles/towns.ts";
import type { MapLayer, MapView, ViewEvents } from "./view.ts";

/** East Africa: where it looks until it is told where. */
const FIRST_CAMERA: Camera = { lng: 36.8, lat: -1.3, zoom: 5 };
const AGAIN_MS = 5_000;
/** After so many times the reader is told; it is tried on. */
const TOLD_AFTER = 4;
/** A fit of what a bubble stands for may go this near. */
const CLUSTER_ZOOM = 16;

/**
 * plain: for now; full: MapLibre; no-style: MapLibre, over what we bring along, since the style that is configured does not
 * come; no-webgl, not-loaded: the plain canvas stays.
 */
export type Stage = "plain" | "full" | "no-style" | "no-webgl" | "not-loaded";

/** How a page moves a map that is there. */
export interface MapHandle {
  camera(): Camera;
  fly(to: Place & { zoom?: number }): void;
  /** Moves there only as far as needed to have the place in what is not covered. */
  reveal(place: Place): void;
  fit(bounds: Bounds, maxZoom?: number): void;
  /** Shows every vehicle that is drawn. */
  fitVehicles(): void;
  zoomBy(delta: number): void;
}

export interface MapElements {
  root: HTMLElement;
  base: HTMLCanvasElement;
  gl: HTMLElement;
  vehicles: HTMLCanvasElement;
}

/** What a page is told; the newest ones count. */
export interface MapListener {
  onVehicle?: ((imei: string | null) => void) | undefined;
  /** An empty place was clicked on. */
  onClick?: ((place: Place) => void) | undefined;
  /** A place was asked about: by the right button, a long press, the menu key. */
  onPlace?: ((place: Place) => void) | undefined;
  /** Where the pointer is; null: on no place. */
  onPointer?: ((place: Place | null) => void) | undefined;
  /** It stands still again. @param isByHand a reader moved it */
  onCamera?: ((camera: Camera, isByHand: boolean) => void) | undefined;
  /** A reader took hold of it. */
  onGrab?: (() => void) | undefined;
  onStage: (stage: Stage) => void;
  onDrawn: (view: Projection) => void;
}

export interface FleetMapControl extends MapHandle {
  listen(listener: MapListener): void;
  show(vehicles: Iterable<LiveVehicle>): void;
  select(imei: string | null): void;
  setPadding(padding: Padding): void;
  setLayers(layers: readonly MapLayer[]): void;
  remove(): void;
}

const lessMotion = matchMedia("(prefers-reduced-motion: reduce)");

export function createFleetMap(
  elements: MapElements,
  start: {
    label: string;
    describedBy: string;
    camera: Camera | null;
    padding: Padding | undefined;
    listener: MapListener;
  },
): FleetMapControl {
  let listener = start.listener;
  let padding = start.padding ?? NO_PADDING;
  let layers: readonly MapLayer[] = [];
  let palette = paletteOf(isDark());
  let towns: readonly Town[] = [];
  /** The map beneath has names of its own. */
  let hasNames = false;
  let isRemoved = false;
  const isCalm = () => lessMotion.matches;

  const events: ViewEvents = {
    onFrame: () => overlay.draw(),
    onMoved: (camera, isByHand) => listener.onCamera?.(camera, isByHand),
    onGrab: () => listener.onGrab?.(),
    onClick(px, py, isFinger) {
      const { marker, cluster } = overlay.hit(px, py, isFinger);
      if (marker) return listener.onVehicle?.(marker.imei);
      if (cluster) {
        const bounds = boundsOf(cluster.members.map(({ facts }) => facts));
        return bounds && control.fit(bounds, CLUSTER_ZOOM);
      }
      if (view.click(px, py)) return;
      listener.onVehicle?.(null);
      listener.onClick?.(placeAt(px, py));
    },
    onHover(px, py) {
      const { marker, cluster } = overlay.hit(px, py, false);
      overlay.hover(marker?.imei ?? null);
      elements.root.classList.toggle("over", marker !== undefined || cluster !== undefined);
      listener.onPointer?.(placeAt(px, py));
    },
  };

  const plain = createPlainView(elements.base, events, {
    ...{ camera: start.camera ?? FIRST_CAMERA, padding, palette },
  });
  let view: MapView = plain;
  const overlay = createOverlay(elements.vehicles, {
    projection: () => view.projection(),
    ...{ nowMs: client.nowMs, isCalm },
    onDrawn: (projection) => listener.onDrawn(projection),
  });
  overlay.setPalette(palette);
  plain.resize();
  overlay.resize();
  loadBasemap().then(
    ({ places }) => {
      towns = townsOf(places);
      overlay.setTowns(hasNames ? [] : towns);
    },
    // The plain canvas has said so.
    () => {},
  );

  function placeAt(px: number, py: number): Place {
    const now = view.projection();
    return { lng: xToLng(now.x(px)), lat: yToLat(now.y(py)) };
  }

  let engine: ReturnType<typeof startEngine> | null = null;
  let again: ReturnType<typeof setTimeout> | undefined;
  let failures = 0;
  /** What follows the first view: on a bad line it may fail to come. */
  function follow(): void {
    import("./hand-over.ts").then(
      ({ startEngine }) => {
        if (isRemoved) return;
        engine = startEngine(elements, events, {
          ...{ label: start.label, describedBy: start.describedBy, isCalm, plain },
          onView(next, stage, isNamed) {
            view = next;
            hasNames = isNamed;
            overlay.setTowns(hasNames ? [] : towns);
            view.setPadding(padding);
            view.setLayers(layers);
            overlay.draw();
            listener.onStage(stage);
          },
        });
      },
      () => {
        if (isRemoved) return;
        again = setTimeout(follow, AGAIN_MS);
        failures += 1;
        if (failures === TOLD_AFTER) listener.onStage("not-loaded");
      },
    );
  }
  follow();

  const endTheme = effect(() => {
    const dark = isDark();
    // A moment later: the page's own colours change with the same signal.
    queueMicrotask(() => {
      if (isRemoved) return;
      palette = paletteOf(dark);
      plain.setPalette(palette);
      overlay.setPalette(palette);
      engine?.setPalette(palette);
    });
  });

  const sizes = new ResizeObserver(() => {
    plain.resize();
    engine?.resize();
    overlay.resize();
  });
  sizes.observe(elements.root);
  const endPlaces = listenForPlaces(elements.root, (px, py) => listener.onPlace?.(placeAt(px, py)));
  const leave = () => {
    overlay.hover(null);
    listener.onPointer?.(null);
  };
  elements.root.addEventListener("pointerleave", leave);
  // Besides the keys that move either map.
  const onKeyDown = ({ key, ctrlKey, metaKey, altKey }: KeyboardEvent) => {
    if (ctrlKey || metaKey || altKey) return;
    if (key === "0") control.fitVehicles();
    else if (key === "Escape") listener.onVehicle?.(null);
  };
  elements.root.addEventListener("keydown", onKeyDown);

  const control: FleetMapControl = {
    camera: () => view.projection().camera,
    fly: ({ lng, lat, zoom = control.camera().zoom }) => view.move({ lng, lat, zoom }, isCalm()),
    reveal({ lng, lat }) {
      const now = view.projection();
      const inner = cameraFor([lng, lat, lng, lat], now.width, now.height, padding, now.camera.zoom);
      const { west, south, east, north } = seen(now);
      if (lng < west || lng > east || lat < south || lat > north) view.move(inner, isCalm());
    },
    fit(bounds, maxZoom) {
      const { width, height } = view.projection();
      view.move(cameraFor(bounds, width, height, padding, maxZoom), isCalm());
    },
    fitVehicles() {
      const bounds = boundsOf(overlay.shown().map(({ facts }) => facts));
      if (bounds) control.fit(bounds);
    },
    zoomBy(delta) {
      const { lng, lat, zoom } = control.camera();
      view.move({ lng, lat, zoom: zoom + delta }, isCalm());
    },
    listen(next) {
      listener = next;
    },
    show: overlay.show,
    select: overlay.select,
    setPadding(next) {
      padding = next;
      view.setPadding(next);
      overlay.drawSoon();
    },
    setLayers(next) {
      layers = next;
      view.setLayers(next);
    },
    remove() {
      isRemoved = true;
      endTheme();
      endPlaces();
      elements.root.removeEventListener("pointerleave", leave);
      elements.root.removeEventListener("keydown", onKeyDown);
      sizes.disconnect();
      clearTimeout(again);
      engine?.remove();
      plain.remove();
      overlay.remove();
    },
  };
  return control;
}

/** What of the map is not covered, in degrees. */
function seen({ x, y, width, height, padding }: Projection) {
  return {
    west: xToLng(x(padding.left)),
    east: xToLng(x(width - padding.right)),
    north: yToLat(y(padding.top)),
    south: yToLat(y(height - padding.bottom)),
  };
}
