// How names stand on our own styles. Without `glyphs` MapLibre draws them from fonts that the device has.

import type { LayerSpecification } from "maplibre-gl";

/** The weight is read from the name, and the device's own sans-serif stands in for a family that it lacks. */
export const REGULAR = ["sans-serif"];
export const BOLD = ["Bold"];

interface Look {
  colour: string;
  size: number;
  font: string[];
  halo: string;
  maxzoom?: number;
  /** In ems, between letters. */
  spacing?: number;
}

/** Names of a source of its own: features know from which zoom they show, and the first ones come first. */
export function nameLayer(
  id: string,
  { colour, size, font, halo, maxzoom = 24, spacing = 0 }: Look,
): LayerSpecification {
  return {
    ...{ id, source: id, type: "symbol", maxzoom },
    filter: ["<=", ["get", "zoom"], ["zoom"]],
    layout: {
      "text-field": ["get", "name"],
      "text-font": font,
      "text-size": size,
      "text-letter-spacing": spacing,
      "symbol-sort-key": ["get", "rank"],
    },
    paint: { "text-color": colour, "text-halo-color": halo, "text-halo-width": 1.4 },
  };
}
