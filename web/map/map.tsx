// A map for every page: where vehicles are, and whatever the page draws below them.

import { useSignal } from "@preact/signals";
import { useEffect, useId, useLayoutEffect, useRef } from "preact/hooks";
import type { LiveVehicle } from "../client/index.js";
import { session } from "../shell/session.ts";
import { t } from "../texts/en.ts";
import {
  createFleetMap,
  type FleetMapControl,
  type MapHandle,
  type MapListener,
  type Stage,
} from "./controller.ts";
import { type Bounds, type Camera, metresPerPixel, type Padding } from "./geo.ts";
import "./map.css";
import type { Projection } from "./projection.ts";
import { drawScale } from "./scale.ts";
import type { MapLayer } from "./view.ts";

export type { MapHandle } from "./controller.ts";
export type { Bounds, Camera, Padding, Place } from "./geo.ts";
export type { MapLayer } from "./view.ts";

const NOTHING: readonly never[] = [];

/** What a reader has to know of how it is drawn. */
const NOTES: Partial<Record<Stage, string>> = {
  "no-style": t.map.noStyle,
  "no-webgl": t.map.noWebGl,
  "not-loaded": t.map.notLoaded,
};

export interface FleetMapProps extends Partial<Omit<MapListener, "onStage" | "onDrawn">> {
  /** Names it for screen readers, e.g. "Map of the vehicles". */
  label: string;
  /** What it shows, in words, for who cannot see it; and where the same is to be had as text. */
  summary: string;
  /** Where it looks first; null: at `fit`. Later changes do not move it: `handle` does. */
  camera?: Camera | null;
  /** What it shows first, as soon as it is known, and whenever `fitKey` changes. */
  fit?: Bounds | null;
  fitKey?: string;
  /** What panels cover of it. */
  padding?: Padding;
  /** Drawn below the vehicles, in this order. */
  layers?: readonly MapLayer[];
  vehicles?: readonly LiveVehicle[];
  selectedImei?: string | null;
  /** The positions are not live: they lose their colour. */
  isStale?: boolean;
  /** Is given the map as soon as it is there. */
  handle?: (map: MapHandle | null) => void;
}

/**
 * A map that fills its place. A plain canvas first, MapLibre once it is loaded; with the keyboard: arrows, plus, minus,
 * 0 for all vehicles, Escape for none selected.
 * @example
 * <FleetMap label={t.history.map} summary={words} fit={boundsOf(fixes)} fitKey={day} layers={[trackLayer]} />
 */
export function FleetMap(props: FleetMapProps) {
  const { label, summary, camera = null, fit = null, fitKey = "", padding, handle } = props;
  const { layers = NOTHING, vehicles = NOTHING, selectedImei = null, isStale = false } = props;
  const root = useRef<HTMLElement>(null);
  const base = useRef<HTMLCanvasElement>(null);
  const gl = useRef<HTMLDivElement>(null);
  const overlay = useRef<HTMLCanvasElement>(null);
  const scale = useRef<HTMLDivElement>(null);
  const map = useRef<FleetMapControl | null>(null);
  const fitted = useRef<string | null>(camera === null ? null : fitKey);
  const stage = useSignal<Stage>("plain");
  const words = useId();

  const listener: MapListener = {
    ...props,
    onStage: (next) => {
      stage.value = next;
    },
    onDrawn: (view: Projection) => {
      const perPixelM = metresPerPixel(view.camera.lat, view.camera.zoom);
      if (scale.current) drawScale(scale.current, perPixelM);
    },
  };

  useLayoutEffect(() => {
    const [r, b, g, v] = [root.current, base.current, gl.current, overlay.current];
    if (!r || !b || !g || !v) return;
    const made = createFleetMap(
      { root: r, base: b, gl: g, vehicles: v },
      { label, describedBy: words, camera, padding, listener },
    );
    map.current = made;
    handle?.(made);
    return () => {
      handle?.(null);
      map.current = null;
      made.remove();
    };
  }, []);
  map.current?.listen(listener);
  useLayoutEffect(() => map.current?.show(vehicles), [vehicles]);
  useLayoutEffect(() => map.current?.select(selectedImei), [selectedImei]);
  useLayoutEffect(() => map.current?.setLayers(layers), [layers]);
  const { top = 0, right = 0, bottom = 0, left = 0 } = padding ?? {};
  useLayoutEffect(() => map.current?.setPadding({ top, right, bottom, left }), [top, right, bottom, left]);
  useEffect(() => {
    if (fit === null || fitted.current === fitKey) return;
    fitted.current = fitKey;
    map.current?.fit(fit);
  }, [fit, fitKey]);

  const inset = { top: `${top}px`, right: `${right}px`, bottom: `${bottom}px`, left: `${left}px` };
  const { styleUrl, base: tiles } = session.value?.map ?? {};
  const credit = styleUrl && stage.value !== "no-style" ? null : (tiles?.attribution ?? t.map.credit);
  return (
    <section ref={root} class={isStale ? "map stale" : "map"} data-map="plain">
      <p class="unseen" id={words}>
        {summary} {t.map.keys}
      </p>
      <div class="map-gl" ref={gl} />
      <canvas class="map-base" ref={base} role="img" aria-label={label} aria-describedby={words} />
      <canvas class="map-vehicles" ref={overlay} />
      <div class="map-furniture" style={inset}>
        {NOTES[stage.value] && (
          <p class="map-note" role="status">
            {NOTES[stage.value]}
          </p>
        )}
        <div class="map-scale" ref={scale} aria-hidden="true" />
        {credit && <p class="map-credit">{credit}</p>}
        <div class="map-tools">
          <ToolButton label={t.map.zoomIn} path="M10 4v12M4 10h12" onClick={() => map.current?.zoomBy(1)} />
          <ToolButton label={t.map.zoomOut} path="M4 10h12" onClick={() => map.current?.zoomBy(-1)} />
          {(vehicles.length > 0 || fit !== null) && (
            <ToolButton
              label={vehicles.length > 0 ? t.map.fitVehicles : t.map.fit}
              path="M4 8V4h4M12 4h4v4M16 12v4h-4M8 16H4v-4"
              onClick={() =>
                vehicles.length > 0 ? map.current?.fitVehicles() : fit && map.current?.fit(fit)
              }
            />
          )}
        </div>
      </div>
    </section>
  );
}

function ToolButton({ label, path, onClick }: { label: string; path: string; onClick: () => void }) {
  return (
    <button type="button" aria-label={label} title={label} onClick={onClick}>
      <svg viewBox="0 0 20 20" aria-hidden="true">
        <path d={path} />
      </svg>
    </button>
  );
}
