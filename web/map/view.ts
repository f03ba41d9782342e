// What a map can do, whichever canvas it is drawn on: the plain one of the first view, or MapLibre's.

import type { GeoJSON } from "geojson";
import type { LayerSpecification } from "maplibre-gl";
import type { Camera, Padding } from "./geo.ts";
import type { Palette } from "./palette.ts";
import type { Projection } from "./projection.ts";

/** A layer of MapLibre's; its source is one of those beside it. */
export type DrawnLayer = Exclude<LayerSpecification, { type: "background" }>;

/** What a page draws on the map, below the vehicles. Names of sources and layers are the page's own. */
export interface MapLayer {
  id: string;
  /** Drawn anew when it is another object than before. */
  sources: Record<string, GeoJSON>;
  layers: DrawnLayer[];
  /** Properties of what was clicked on: of its topmost feature. */
  onClick?: (properties: Record<string, unknown>) => void;
}

export interface MapView {
  projection(): Projection;
  setPadding(padding: Padding): void;
  /** @param isCalm at once instead of gliding there */
  move(camera: Camera, isCalm: boolean): void;
  setLayers(layers: readonly MapLayer[]): void;
  setPalette(palette: Palette): void;
  resize(): void;
  /** @returns whether a layer of the page took the click */
  click(px: number, py: number): boolean;
  remove(): void;
}

export interface ViewEvents {
  /** It was drawn: so must be what lies on it. */
  onFrame(): void;
  /** It stands still again. @param isByHand a reader moved it */
  onMoved(camera: Camera, isByHand: boolean): void;
  onClick(px: number, py: number, isFinger: boolean): void;
  onHover(px: number, py: number): void;
  /** The reader took hold of it. */
  onGrab(): void;
}
