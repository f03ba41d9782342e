// MapLibre's map behind our own vehicles: tiles, lines, names, gestures. Loaded after the first view.

import * as maplibre from "maplibre-gl";
import "maplibre-gl/dist/maplibre-gl.css";
import type { Camera, Padding } from "./geo.ts";
import { MAX_ZOOM, MIN_ZOOM, projectionOf } from "./projection.ts";
import type { MapLayer, MapView, ViewEvents } from "./view.ts";

export { styleOf } from "./style/choose.ts";

// Its worker is asked for now, not when the map is made.
maplibre.prewarm();

/** Tiles and styles that do not come in this time do not keep the map from being shown. */
const SHOW_AFTER_MS = 4_000;
/** A style that does not come in this time is taken for one that failed. */
const STYLE_PATIENCE_MS = 10_000;
/** A context that is lost comes back within a second of being seen, or never. */
const LOST_FOR_GOOD_MS = 8_000;
/** Lines and dots are easier to meet with some pixels around the pointer. */
const REACH_PX = 6;

export type Style = maplibre.StyleSpecification | string;

interface Start {
  camera: Camera;
  padding: Padding;
  style: Style;
  /** Names the map for screen readers. */
  label: string;
  /** Of the element with its text. */
  describedBy: string;
  texts: Record<string, string>;
  isCalm: boolean;
  /** Headers for what is asked of our own origin. */
  headers: () => Record<string, string>;
  /** Credits of a style from elsewhere are shown by MapLibre; ours are shown by the page. */
  hasCredits: boolean;
  /** The style did not come: without another one there is no map. */
  onStyleFailed(): void;
  /** Its first picture is there. */
  onReady(): void;
  /** Its graphics are gone, for good. */
  onLost(): void;
}

export interface GlView extends MapView {
  setStyle(style: Style): void;
}

export function createGlView(container: HTMLElement, events: ViewEvents, start: Start): GlView {
  let layers: readonly MapLayer[] = [];
  /** As they are on the map now. */
  let drawn: readonly MapLayer[] = [];
  let isStyled = false;
  let hasFailed = false;
  let lost: ReturnType<typeof setTimeout> | undefined;
  let patience: ReturnType<typeof setTimeout> | undefined;

  const map = new maplibre.Map({
    container,
    style: start.style,
    center: [start.camera.lng, start.camera.lat],
    zoom: start.camera.zoom,
    ...{ minZoom: MIN_ZOOM, maxZoom: MAX_ZOOM, maxPitch: 0 },
    // North is up: our own symbols turn with the heading, not with the map.
    ...{ dragRotate: false, pitchWithRotate: false, touchPitch: false, rollEnabled: false },
    renderWorldCopies: false,
    attributionControl: start.hasCredits ? { compact: true } : false,
    fadeDuration: start.isCalm ? 0 : 200,
    locale: { "Map.Title": start.label, ...start.texts },
    transformRequest: (url) =>
      new URL(url, location.href).origin === location.origin ? { url, headers: start.headers() } : { url },
  });
  map.getCanvas().setAttribute("aria-describedby", start.describedBy);
  map.touchZoomRotate.disableRotation();
  map.keyboard.disableRotation();
  map.jumpTo({ padding: start.padding });

  const cameraNow = (): Camera => {
    const { lng, lat } = map.getCenter();
    return { lng, lat, zoom: map.getZoom() };
  };
  const paddingNow = (): Padding => ({ top: 0, right: 0, bottom: 0, left: 0, ...map.getPadding() });

  function drawLayers() {
    if (!isStyled) return;
    for (const page of drawn) {
      if (layers.some(({ id }) => id === page.id)) continue;
      for (const layer of page.layers) if (map.getLayer(layer.id)) map.removeLayer(layer.id);
      for (const source of Object.keys(page.sources)) if (map.getSource(source)) map.removeSource(source);
    }
    for (const page of layers) {
      const before = drawn.find(({ id }) => id === page.id);
      for (const [id, data] of Object.entries(page.sources)) {
        const source = map.getSource(id);
        if (source === undefined) map.addSource(id, { type: "geojson", data });
        else if (before?.sources[id] !== data && source instanceof maplibre.GeoJSONSource) {
          void source.setData(data);
        }
      }
      for (const layer of page.layers) {
        if (before?.layers === page.layers && map.getLayer(layer.id)) continue;
        if (map.getLayer(layer.id)) map.removeLayer(layer.id);
        map.addLayer(layer);
      }
    }
    drawn = layers;
  }

  /** A style is on its way. */
  function awaitStyle() {
    isStyled = false;
    clearTimeout(patience);
    patience = setTimeout(failStyle, STYLE_PATIENCE_MS);
  }
  function failStyle() {
    if (isStyled || hasFailed) return;
    hasFailed = true;
    start.onStyleFailed();
  }
  /** Only time in sight counts: a phone takes the context of what is hidden, and gives it back. */
  function awaitContext() {
    const wasSeen = !document.hidden;
    lost = setTimeout(
      () => (wasSeen && !document.hidden ? start.onLost() : awaitContext()),
      LOST_FOR_GOOD_MS,
    );
  }

  awaitStyle();
  let isReady = false;
  const ready = () => {
    if (isReady) return;
    isReady = true;
    start.onReady();
  };
  map.once("load", ready);
  map.on("style.load", () => {
    isStyled = true;
    clearTimeout(patience);
    drawn = [];
    drawLayers();
    setTimeout(ready, SHOW_AFTER_MS);
  });
  // A tile that is not there is not worth a word; everything else is.
  map.on("error", ({ error }) => {
    if (!("status" in error) || !isStyled) console.warn("The map:", error.message);
    failStyle();
  });
  map.on("render", () => events.onFrame());
  map.on("moveend", ({ originalEvent }) => events.onMoved(cameraNow(), originalEvent !== undefined));
  map.on("movestart", ({ originalEvent }) => {
    if (originalEvent !== undefined) events.onGrab();
  });
  map.on("click", ({ point, originalEvent }) => {
    const isFinger = "pointerType" in originalEvent && originalEvent.pointerType !== "mouse";
    events.onClick(point.x, point.y, isFinger);
  });
  map.on("mousemove", ({ point }) => events.onHover(point.x, point.y));
  map.on("webglcontextlost", () => {
    // Its style is gone with it, and comes back with it.
    isStyled = false;
    drawn = [];
    awaitContext();
  });
  map.on("webglcontextrestored", () => clearTimeout(lost));

  return {
    projection() {
      const { clientWidth, clientHeight } = map.getCanvas();
      return projectionOf(cameraNow(), clientWidth || 1, clientHeight || 1, paddingNow());
    },
    setPadding: (padding) => void map.jumpTo({ ...anchored(map, padding), padding }),
    move(camera, isCalm) {
      const target = { center: [camera.lng, camera.lat] as [number, number], zoom: camera.zoom };
      if (isCalm) map.jumpTo(target);
      else map.flyTo({ ...target, maxDuration: 900, essential: false });
    },
    setLayers(next) {
      layers = next;
      drawLayers();
    },
    setPalette() {},
    setStyle(style) {
      awaitStyle();
      map.setStyle(style, { diff: false });
    },
    resize: () => void map.resize(),
    click(px, py) {
      const clickable = drawn.filter(({ onClick }) => onClick);
      const ids = clickable
        .flatMap((page) => page.layers.map(({ id }) => id))
        .filter((id) => map.getLayer(id));
      if (ids.length === 0) return false;
      const box: [maplibre.PointLike, maplibre.PointLike] = [
        [px - REACH_PX, py - REACH_PX],
        [px + REACH_PX, py + REACH_PX],
      ];
      const [hit] = map.queryRenderedFeatures(box, { layers: ids });
      if (!hit) return false;
      const page = clickable.find((one) => one.layers.some(({ id }) => id === hit.layer.id));
      page?.onClick?.(hit.properties);
      return true;
    },
    remove() {
      clearTimeout(lost);
      clearTimeout(patience);
      map.remove();
    },
  };
}

/** A panel that opens moves the middle, not the picture. */
function anchored(map: maplibre.Map, padding: Padding) {
  const { clientWidth: width, clientHeight: height } = map.getCanvas();
  const middle = map.unproject([
    (padding.left + width - padding.right) / 2,
    (padding.top + height - padding.bottom) / 2,
  ]);
  return { center: middle };
}
